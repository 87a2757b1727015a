/* Times of 3GPP 23.040: TP-SCTS and TP-DT (clause 9.2.3.11) and TP-VP in its three forms
 * (clause 9.2.3.12). Years 90-99 are 1990-1999, the others 2000-2089. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "codec/pdu.h"

#define TIMESTAMP_OCTETS 7
#define TIMESTAMP_ZONE   79 /* maximum, in quarters of an hour, either way */

struct timestamp {
	uint8_t year; /* 0-99 */
	uint8_t month, day, hour, minute, second;
	int8_t zone; /* local time minus GMT, in quarters of an hour */
};

/* Reads swapped semi-octets. A semi-octet that is not a digit counts as 0 (clause
 * 9.2.3.11). PDU_TIME when there was one or the result is not a time of the calendar; *t
 * is filled in all the same. */
enum pdu_error timestamp_get(const uint8_t octets[TIMESTAMP_OCTETS], struct timestamp *t);
void timestamp_put(const struct timestamp *t, uint8_t octets[TIMESTAMP_OCTETS]);

/* True for a date of the calendar, a time of day and a zone in range. */
bool timestamp_valid(const struct timestamp *t);

/* Seconds since 1970 GMT, and the reverse: the local time of a zone. Only for valid
 * times, and for 1990-2089. */
int64_t timestamp_unix(const struct timestamp *t);
void timestamp_from_unix(int64_t time, int zone, struct timestamp *t);

/* "yy/MM/dd,hh:mm:ss+zz" of 27.005 clause 3.1, 20 characters. */
bool timestamp_print(const struct timestamp *t, struct buf *out);
enum pdu_error timestamp_parse(const char *text, size_t len, struct timestamp *t);

enum validity_format { /* TP-VPF, clause 9.2.3.3 */
	VALIDITY_NONE = 0,
	VALIDITY_ENHANCED = 1,
	VALIDITY_RELATIVE = 2,
	VALIDITY_ABSOLUTE = 3,
};

/* TP-VP as coded: 0, 1 or 7 octets, depending on its format, which is in the first octet
 * of the SUBMIT. */
struct validity {
	uint8_t octets[TIMESTAMP_OCTETS];
};

size_t validity_octets(enum validity_format format);

/* PDU_VALIDITY: an invalid absolute time or time of day, an enhanced format that is
 * reserved or lacks its value, or zero seconds. */
enum pdu_error validity_check(enum validity_format format, const struct validity *v);

/* The number of seconds from `now` (Unix time) until a valid period ends, at least 0; -1
 * when the sender sets no limit. */
int64_t validity_seconds(
	enum validity_format format, const struct validity *v, int64_t now);

/* The seconds that a relative octet means: 5 minutes to 63 weeks (clause 9.2.3.12.1); and
 * the smallest octet that means at least that many seconds (255 for all above). */
uint32_t validity_relative(uint8_t octet);
uint8_t validity_relative_octet(uint32_t seconds);
