/* What was typed at the prompt, as a message. */
#pragma once

#include "at/at.h"
#include "codec/tpdu.h"
#include "gsm/sms.h"

/* PDU mode: text typed at the prompt as that kind of message, `length` octets as the
 * command said (sms-formats.md Checks of a PDU). AT_OK, or AT_CMS(304). */
int sms_make_pdu(struct modem *m, enum tpdu_kind kind, size_t length, struct address *sc,
	struct tpdu *t);

/* Text mode: the same by +CSMP and +CSCS, to or from `a` (sms.md Text checks). AT_OK, or
 * AT_CMS(305). */
int sms_make_text(
	struct modem *m, enum tpdu_kind kind, const struct address *a, struct tpdu *t);

/* An address as an argument has it, and its type if that is given. AT_OK, AT_CMS(305). */
int sms_make_address(const struct at_call *c, size_t at, struct address *a);

/* A status as an argument, in the format of +CMGF; -1: none. */
int sms_status_of(const struct modem *m, const struct at_arg *arg);

/* A number as an argument of a command whose arguments are texts; -1: none. */
long sms_number_of(const struct at_arg *arg);
