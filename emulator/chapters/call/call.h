/* Calls, for other files and chapters: between gsm/call.h, link/data.h and the language. */
#pragma once

#include "at/at.h"
#include "gsm/call.h"

/* Reports call events to the host: RING, +CLIP, +CCWA, +WIND: 2, 5, 6, 9, NO CARRIER;
 * ends commands that wait for a call. ctx is struct modem. */
void at_call_event(void *ctx, enum call_event e, const struct call *c);

/* False if AT+CGAUTO allows GPRS calls only: then neither S0 nor ATA answers a
 * circuit-switched call. */
bool at_answers_circuits(const struct modem *m);

/* Timer callback: ends the pulse of the ring indicator. ctx is struct modem. */
void at_ring_off(void *ctx, usec_t now);

/* +++ is complete: sends OK. */
void at_data_escaped(struct channel *ch);

/* Sends those of +CR, +DR and +ILRR that are switched on, before CONNECT: the bearer, its
 * compression, the speed of the port. */
void at_info_bearer(struct channel *ch, const char *bearer, const char *compressed);

/* Sends CONNECT with the speed of the port, as for GPRS. */
void at_connect_port(struct channel *ch);

/* works() of ATD and ATA: true while a voice call is being set up. */
bool at_works_on_call(const struct channel *ch, const struct at_call *c);

/* Takes bytes that arrive while ATD or ATA waits for its end and no line is taken
 * (call.md Aborting a dial command). Returns the number of bytes taken; 0: they must
 * wait. */
size_t at_call_rx(struct channel *ch, const unsigned char *p, size_t len);

/* The running ATD or ATA waits for the outcome of this call. Returns AT_PENDING. */
int at_await_call(struct channel *ch, const struct call *c);

/* Dials a number as ATD does; more() then continues with at_more_call(). */
int at_dial(struct channel *ch, struct at_call *c, const char *number, bool voice);

/* more() of ATD and ATA. */
int at_more_call(struct channel *ch, struct at_call *c, enum at_why why);

/* DTR has dropped: &D1 returns an online session to command mode (OK); &D2 ends it and
 * every data call, also one being set up (NO CARRIER). With AT%D1 any call ends
 * (OK). */
void at_call_dtr_off(struct channel *ch);

/* The port takes output again: sends the CONNECT of a call that S0 has answered meanwhile.
 */
void at_call_room(struct channel *ch);

/* The channel goes: the call that it waits for, and a data call, end. */
void at_call_close(struct channel *ch);

/* DTR has been raised: dials or sends a message if AT%D says so. */
void at_call_dtr_on(struct channel *ch);

/* The type of a number: 145 if it starts with +, else 129. */
int at_number_type(const char *number);

/* The rate that CONNECT reports for a data call, from +CBST: the present one, or the
 * caller's where neighbours call each other. */
const char *at_bearer_speed(const struct modem *m, const struct call *c);

/* run() of settings that are reported without the command's name. */
int at_run_unprefixed(struct channel *ch, struct at_call *c);

#define AT_CALL_NAME 100 /* bytes, for a name with its quotes and commas */

/* The phonebook name of a number as it ends a line: the commas, then "FRED" with its
 * quotes; "" if no phonebook has the number. Returns out. */
const char *at_call_name(const struct modem *m, const char *number, const char *commas,
	char out[AT_CALL_NAME]);
