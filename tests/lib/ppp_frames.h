/* The host's end of PPP by hand, for tests of the modem's: frames as hexadecimal text,
 * without flags, stuffing and check sequence. Spaces and | are for the reader. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "rig.h"

/* Sends a frame with that map of control characters to escape; in frames_send() all. */
void frames_send_as(struct rig *r, uint32_t accm, const char *hex);
void frames_send(struct rig *r, const char *hex);

/* Takes the next frame out of the modem's output, with what stands before it: as
 * hexadecimal digits without spaces, "" if there is none. Valid until the next call. */
const char *frames_next(struct rig *r);

/* frames_next() is exactly this; fails the test otherwise. */
#define frames_expect(r, hex) frames_check((r), (hex), __FILE__, __LINE__)
void frames_check(struct rig *r, const char *hex, const char *file, int line);

/* AT+CGDCONT=1 for this access point (NULL: no context is defined), then ATD*99***1# or,
 * with cgdata, AT+CGDATA=1; the output up to CONNECT is taken. */
void frames_dial(struct rig *r, const char *apn, bool cgdata);

/* LCP with the request of a Supreme and an easy host, which logs in by PAP with this user
 * and password; NULL: the host refuses to log in. Ends where IPCP begins. */
void frames_log_in(struct rig *r, const char *user, const char *password);

/* The rest, up to IP packets: IPCP with the address 10.128.3.4. */
void frames_get_address(struct rig *r);
