/* How the network of a profile handles GPRS; part of profile.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/names.h"
#include "base/usec.h"

#define PROFILE_APNS   8
#define PROFILE_APN    104
#define PROFILE_DNS    2
#define PROFILE_LOGINS 8
#define PROFILE_LOGIN  64 /* a user or a password with its zero */

/* How PPP must bring a login. */
enum login_way {
	LOGIN_ANY,
	LOGIN_PAP,
	LOGIN_CHAP,
};
extern const struct name login_way_names[];

/* An access point that wants a login; the others take any, and none. */
struct login_conf {
	char apn[PROFILE_APN];
	char user[PROFILE_LOGIN], password[PROFILE_LOGIN];
	enum login_way way;
};

/* Errors are numbers of 27.007 clause 9.2.2, 0: no error. */
struct gprs_conf {
	int attach_error, activation_error;
	bool edge; /* its cells offer EDGE */
	usec_t attach_time, activation_time, detach_time, drop_after;
	char address[16];          /* assigned to the first context */
	char dns[PROFILE_DNS][16]; /* name servers, told by IPCP */
	size_t n_dns;
	char apns[PROFILE_APNS]
		 [PROFILE_APN]; /* known ones; if there are none, all are accepted */
	size_t n_apns;
	struct login_conf logins[PROFILE_LOGINS];
	size_t n_logins;
};
