/* Supplementary services as several commands and the MMI say them. */
#pragma once

#include "at/at.h"
#include "gsm/call.h"
#include "gsm/ss.h"

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

/* The class that a call belongs to. */
enum ss_class at_service_class(const struct call *c);

/* +CSSI, where AT+CSSN asks for it. */
void at_urc_cssi(struct modem *m, enum at_cssi code);

/* A call has been dialled: tells of the own forwarding. */
void at_tell_dialled(struct modem *m, const struct call *c);

/* A call rings or waits here: tells how it has come. */
void at_tell_called(struct modem *m, const struct call *c);

/* A call on hold has been released by the other side. */
void at_tell_released(struct modem *m);

/* CALL_EVENT_HINT. */
void at_tell_hint(struct modem *m, const struct call *c);

/* Stores what the network now keeps, and gives the result of a request. */
int at_ss_verdict(struct modem *m, enum ss_verdict v);

/* "+CCFC: <status>,<class>[,<number>,<type>[,,,<time>]]" for each class that the set
 * names and something is registered for; one line for all where nothing is (services.md
 * +CCFC). */
void at_info_forward(struct modem *m, enum ss_reason reason, unsigned classes);

/* "<name>: 1,<class>" for each class of the set that is in `on`, or one line that says 0
 * for all. */
void at_info_classes(struct modem *m, const char *name, unsigned on, unsigned classes);

/* AT_OK where a network answers, else the error. */
int at_ss_reachable(const struct modem *m);
