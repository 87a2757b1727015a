/* Calls between gsm/call.h, link/data.h and the language. */
#pragma once

#include "at/at.h"
#include "gsm/call.h"

/* What happens becomes RING, +CLIP, +CCWA, +WIND: 2, 5, 6, 9, NO CARRIER and the end of
 * commands; ctx is struct modem. */
void at_call_event(void *ctx, enum call_event e, const struct call *c);

/* False where AT+CGAUTO leaves circuit switched calls to nobody: neither S0 nor ATA takes
 * them. */
bool at_answers_circuits(const struct modem *m);

/* The pulse of the ring indicator is over; ctx is struct modem. */
void at_ring_off(void *ctx, usec_t now);

/* +++ is complete. */
void at_data_escaped(struct modem *m);

/* What +CR, +DR and +ILRR tell before CONNECT: the bearer, its compression, the speed of
 * the port. */
void at_info_bearer(struct modem *m, const char *bearer, const char *compressed);

/* CONNECT with the speed of the port, as GPRS tells it. */
void at_connect_port(struct modem *m);

/* CONNECT with what +CR, +DR and +ILRR tell before it; the port is online behind it. */
void at_data_connect(struct modem *m, const struct call *c);

/* works() of ATD and ATA: a voice call is being set up. */
bool at_works_on_call(const struct modem *m, const struct at_call *c);

/* What is typed while ATD or ATA waits for its end and no line is taken (call.md Aborting
 * a dial command): gives how many bytes of p it has taken, 0 if they must wait. */
size_t at_call_rx(struct modem *m, const unsigned char *p, size_t len);

/* The running ATD or ATA awaits the end of this call. Gives AT_PENDING. */
int at_await_call(struct modem *m, const struct call *c);

/* more() of ATD and ATA. */
int at_more_call(struct modem *m, struct at_call *c, enum at_why why);

/* DTR has fallen: &D1 leads a session online back to commands (OK), &D2 ends it and data
 * calls that are set up (NO CARRIER); where AT%D has dialled by DTR any call ends (OK).
 */
void at_call_dtr_off(struct modem *m);

/* DTR has come: dials where AT%D says so. */
void at_call_dtr_on(struct modem *m);

/* "0146290800",129: the type is 145 for a number with +. */
int at_number_type(const char *number);

/* The rate that CONNECT tells of a data call: that of +CBST. */
const char *at_bearer_speed(const struct modem *m);

/* run() of settings that are told without the name of the command. */
int run_bare(struct modem *m, struct at_call *c);

#define AT_CALL_NAME 100 /* bytes for a name with its quotes and commas */

/* The name of a number from the phonebooks, as it stands at the end of a line:
 * ,"FRED" behind these commas, "" if there is none. Gives out. */
const char *at_call_name(const struct modem *m, const char *number, const char *commas,
	char out[AT_CALL_NAME]);
