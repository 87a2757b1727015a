/* What is in a PPP frame: the protocol, the control packets of LCP, IPCP, PAP and CHAP, and
 * their options (RFC 1661 clauses 5 and 6, RFC 1332 clause 3, RFC 1334, RFC 1994). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/names.h"

enum ppp_protocol { /* RFC 1661 clause 2 */
	PPP_IP = 0x0021,
	PPP_IPCP = 0x8021,
	PPP_LCP = 0xc021,
	PPP_PAP = 0xc023,
	PPP_CHAP = 0xc223,
};

enum ppp_code { /* RFC 1661 clause 5; IPCP has the first seven */
	PPP_CONFIGURE_REQUEST = 1,
	PPP_CONFIGURE_ACK,
	PPP_CONFIGURE_NAK,
	PPP_CONFIGURE_REJECT,
	PPP_TERMINATE_REQUEST,
	PPP_TERMINATE_ACK,
	PPP_CODE_REJECT,
	PPP_PROTOCOL_REJECT,
	PPP_ECHO_REQUEST,
	PPP_ECHO_REPLY,
	PPP_DISCARD_REQUEST,
};

/* Words for them, as the RFCs have them; each protocol has numbers of its own for codes. */
extern const struct name ppp_protocol_names[];
const struct name *ppp_code_names(unsigned protocol);

/* Reads the protocol of a frame, whose address and control, and the first octet of its
 * protocol, may be left out (clauses 6.5 and 6.6). Returns the length of what precedes the
 * information; 0: it is no frame of PPP. */
size_t ppp_header_read(const uint8_t *frame, size_t len, unsigned *protocol);

/* Writes address, control and protocol; as far as the flags say, without the first two,
 * and with one octet of a protocol below 256. Returns its length, at most 4. */
size_t ppp_header_write(uint8_t out[4], unsigned protocol, bool acfc, bool pfc);

struct ppp_control {
	uint8_t code, id;
	const uint8_t
		*data; /* what follows code, identifier and length, without padding */
	size_t len;
};

/* Reads a control packet from the information of a frame. False: it is shorter than its
 * length says. */
bool ppp_control_read(const uint8_t *p, size_t len, struct ppp_control *out);

/* Appends one; whole or not at all. */
bool ppp_control_write(struct buf *out, const struct ppp_control *packet);

struct ppp_option {
	uint8_t type;
	const uint8_t *value;
	size_t len; /* of the value */
};

/* Reads the option at *at in the data of a packet, and moves *at to the next. False at the
 * end; and at an option that is not whole, where *at stays before the end. */
bool ppp_option_next(
	const struct ppp_control *packet, size_t *at, struct ppp_option *out);

/* Whether the data of a packet are whole options. */
bool ppp_options_whole(const struct ppp_control *packet);

/* Appends an option, whole or not at all. */
bool ppp_option_write(struct buf *out, const struct ppp_option *option);

/* Numbers of 16 and 32 bits, high octet first. */
uint16_t ppp_get16(const uint8_t *p);
uint32_t ppp_get32(const uint8_t *p);
size_t ppp_put16(uint8_t *p, uint16_t value); /* returns 2 */
size_t ppp_put32(uint8_t *p, uint32_t value); /* returns 4 */
