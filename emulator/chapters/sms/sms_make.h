/* Makes messages of the text typed at a prompt, and reads the arguments with it. */
#pragma once

#include "at/at.h"
#include "codec/tpdu.h"
#include "gsm/sms.h"

/* PDU mode: the typed text as a message of that kind, whose TPDU has `length` octets as
 * the command says (sms-formats.md Checks of a PDU). Returns AT_OK, or AT_CMS(304). */
int sms_make_pdu(struct channel *ch, enum tpdu_kind kind, size_t length,
	struct address *sc, struct tpdu *t);

/* Text mode: the same with the values of +CSMP and +CSCS, to or from `a` (sms.md Text
 * checks). Returns AT_OK, or AT_CMS(305). */
int sms_make_text(
	struct channel *ch, enum tpdu_kind kind, const struct address *a, struct tpdu *t);

/* The address in argument `at`, with the type in the next one if it is given. Returns
 * AT_OK, or AT_CMS(305). */
int sms_make_address(const struct at_call *c, size_t at, struct address *a);

/* The status in an argument, in the format of +CMGF; -1: it is none. */
int sms_status_of(const struct modem *m, const struct at_arg *arg);

/* The number in an argument of type AT_TEXT; -1: it is none. */
long sms_number_of(const struct at_arg *arg);
