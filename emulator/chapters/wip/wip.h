/* WIPsoft (wip.md): the stack, its bearer and its sockets. */
#pragma once

#include "at/at.h"
#include "link/sockets.h"
#include "state/wip_state.h"

/* wip.md WIP error codes */
enum {
	WIP_BAD_OPTION = 800,
	WIP_BAD_VALUE = 801,
	WIP_NO_MEMORY = 802,
	WIP_BAD_STATE = 803, /* of the stack or the bearer */
	WIP_OPEN_ALREADY = 804,
	WIP_NO_INTERFACE = 805,
	WIP_LINE_BUSY = 807,
	WIP_NO_SIM = 810,
	WIP_SIM_NOT_READY = 811,
	WIP_GPRS_FAILED = 812,
	WIP_LOGIN_FAILED = 814,
	WIP_PING = 819,
	WIP_FLASH_WRITE = 820,
	WIP_BAD_INDEX = 830,
	WIP_SOCKET_STATE = 831,
	WIP_BAD_PORT = 832,
	WIP_NOT_IMPLEMENTED = 834,
	WIP_NO_OPTION = 835,
	WIP_BAD_PROTOCOL = 837,
	WIP_NO_SOCKET = 838,
	WIP_CHANNEL = 839,
	WIP_ACTIVE = 840,
	WIP_PEER_CLOSED = 841,
	WIP_UNREACHABLE = 842,
	WIP_PEER_RESET = 843,
	WIP_STARTED = 844,
	WIP_RESERVED = 845,
	WIP_NOT_LICENSED = 846,
	WIP_NO_BEARER = 848,
	WIP_USER_REJECTED = 861,
	WIP_PASSWORD_REJECTED = 862,
	WIP_SERVER_NOT_READY = 866,
};

#define WIP_GPRS 6 /* <bid> */

#define WIP_REDIRECTS 8 /* that HTTP follows by default (inferred) */

/* Versions of WIPsoft, in hundredths (wip.md WIPsoft availability). */
enum {
	WIP_3_11 = 311,
	WIP_3_21 = 321,
};

/* wip.c */
struct wip *wip_of(const struct modem *m);

/* What the SIM lacks for WIPsoft: AT_OK, or 810, 811. */
int wip_sim(const struct modem *m);

/* The version that runs. */
int wip_version(const struct modem *m);

/* What the stack is set to. */
int wip_option(const struct modem *m, enum wip_option o);

/* config.c: the options of the stack as they are after a start. */
void wip_configure(struct modem *m);

/* bearer.c
 *
 * A start: true: it is under way, "+WIPBR" is woken; false: the result is in *error, 0 for
 * none. wip_bearer_result() has it in the end: -1 while it is under way. */
void wip_bearer_default(struct modem *m);
bool wip_bearer_start(struct modem *m, int *error);
int wip_bearer_result(struct modem *m);
void wip_bearer_cancel(struct modem *m);
/* Without a word; sockets end. */
void wip_bearer_stop(struct modem *m);
bool wip_bearer_up(const struct modem *m);
/* GPRS has changed. True: the bearer is lost, and its sockets have ended. */
bool wip_bearer_lost(struct modem *m);

/* events_wip.c: what the host sees of sockets. */
extern const struct socket_user wip_socket_user;

/* open.c: a port in the data phase learns that it is over: ^C, then this error. */
void wip_thrown_out(struct channel *ch, int error);

/* ... on all ports: the stack or the bearer ends. */
void wip_throw_out_all(struct modem *m, int error);

/* hold.c: other unsolicited lines of that port wait for the end of a +WIPCREATE; they go
 * on. */
void wip_hold(struct channel *ch);
void wip_hold_over(struct modem *m);

/* The host closes a socket; only its protocol learns that it goes. */
void wip_close(struct modem *m, struct socket *s);
void wip_forget(struct modem *m, struct socket *s);

/* cmd_wipping.c */
void wip_ping_stop(struct modem *m);

/* stop.c: ends all: AT+WIPCFG=0, a reset, power-off. */
void wip_stop(struct modem *m);
