#pragma once

struct profile;

/* What distinguishes units that share a profile. */
struct unit_numbers {
	char imei[16];
	char serial[16]; /* "": the IMEI */
	char imsi[16];
	char iccid[24];
	char own[48]; /* the first own number of the SIM, "" if none */
};

/* Those in the profile. */
struct unit_numbers unit_numbers_of(const struct profile *p);

/* The answer to AT+WMSN: the serial number, or the IMEI if there is none. */
const char *unit_serial(const struct unit_numbers *n);
