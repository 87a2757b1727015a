/* Supplementary services, USSD, charge and key sequences, for other files and chapters. */
#pragma once

#include "at/at.h"
#include "gsm/call.h"
#include "gsm/charge.h"
#include "gsm/ss.h"
#include "gsm/ussd.h"

/* Supplementary services: what several commands and the key sequences share. */

enum at_cssi { /* <code1> of +CSSI */
	CSSI_FORWARDS_ALL,
	CSSI_FORWARDS_SOME,
	CSSI_FORWARDED,
	CSSI_WAITS,
	CSSI_GROUP,
	CSSI_BARRED_OUT,
	CSSI_BARRED_IN,
	CSSI_CLIR_REFUSED,
	CSSI_DEFLECTED,
};

enum at_cssu { /* <code2> of +CSSU */
	CSSU_FORWARDED,
	CSSU_GROUP,
	CSSU_HELD,
	CSSU_RETRIEVED,
	CSSU_MULTIPARTY,
	CSSU_RELEASED,
	CSSU_DEFLECTED = 9,
	CSSU_SENT_ON,
};

/* The service class of a call. */
enum ss_class at_service_class(const struct call *c);

/* Sends +CSSI if AT+CSSN has switched it on. */
void at_urc_cssi(struct modem *m, enum at_cssi code);

/* A call has been dialled: +CSSI if calls to this number are forwarded. */
void at_tell_dialled(struct modem *m, const struct call *c);

/* A call rings or waits: +CSSU if it was forwarded, deflected or is of a closed user
 * group. */
void at_tell_called(struct modem *m, const struct call *c);

/* The far end has released a held call. */
void at_tell_released(struct modem *m);

/* For CALL_EVENT_HINT: the +CSSI or +CSSU of the call's hint. */
void at_tell_hint(struct modem *m, const struct call *c);

/* Saves what the network now holds; returns the result of a request. */
int at_ss_verdict(struct modem *m, enum ss_verdict v);

/* Sends "+CCFC: <status>,<class>[,<number>,<type>[,,,<time>]]" for each class of the set
 * that has a number registered, or one line for all if none has (services.md +CCFC). */
void at_info_forward(struct channel *ch, enum ss_reason reason, unsigned classes);

/* Sends "<name>: 1,<class>" for each class of the set that is in `on`, or one line with 0
 * for all. */
void at_info_classes(struct channel *ch, const char *name, unsigned on, unsigned classes);

/* AT_OK if the modem is registered, else the error. */
int at_ss_reachable(const struct modem *m);

/* USSD: connects gsm/ussd.h to the AT commands. */

/* Reports what the network sends as +CUSD. ctx is struct modem. */
void at_ussd_event(void *ctx, enum ussd_event e, const char *text, int dcs);

/* ATD*100#; where text is the string as typed, without the semicolon. Returns AT_OK or an
 * error; the network's answer comes as +CUSD if AT+CUSD=1 is set. */
int at_ussd_dial(struct modem *m, const char *text, size_t len);

/* Advice of charge: connects gsm/charge.h to the AT commands. */

/* Reports units as +CCCM; ends the calls at the limit. ctx is struct modem. */
void at_charge_event(void *ctx, enum charge_event e);

/* The key sequences of AT+CKPD (02.30, services.md GSM sequences). */

/* Carries out a key sequence for the running command. Returns AT_CME(3) if the sequence
 * is unknown, else a result like any handler. */
int keypad_sequence(struct channel *ch, struct at_call *c, const char *keys, size_t len);
