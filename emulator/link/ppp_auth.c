/* The host logs in by PAP (RFC 1334) or CHAP (RFC 1994). Any login is good here: it goes
 * into the request for the context, and the network judges it (gprs.md PPP
 * authentication). */
#include <string.h>

#include "link/ppp_int.h"

enum { /* PAP: RFC 1334 clause 2.2 */
	PAP_REQUEST = 1,
	PAP_ACK = 2,
};
enum { /* CHAP: RFC 1994 clause 4 */
	CHAP_CHALLENGE = 1,
	CHAP_RESPONSE = 2,
	CHAP_SUCCESS = 3,
};

#define NAME "WAVECOM" /* of the modem in a Challenge: inferred */

static struct gprs_login *login(const struct channel *ch)
{
	return &ppp_of(ch)->login;
}

static void challenge(struct channel *ch)
{
	struct gprs_login *l = login(ch);
	uint8_t mem[1 + GPRS_DIGEST + sizeof(NAME) - 1];

	mem[0] = GPRS_DIGEST;
	memcpy(mem + 1, l->challenge, GPRS_DIGEST);
	memcpy(mem + 1 + GPRS_DIGEST, NAME, sizeof(NAME) - 1);
	ppp_of(ch)->tries++;
	ppp_say(ch, PPP_CHAP,
		&(struct ppp_control){ CHAP_CHALLENGE, l->id, mem, sizeof(mem) });
	ppp_restart_timer(ch, PPP_RESTART);
}

void ppp_auth_start(struct channel *ch, unsigned protocol)
{
	struct gprs_login *l = login(ch);
	size_t i;

	ppp_of(ch)->logged_in = false;
	ppp_of(ch)->tries = 0;
	*l = (struct gprs_login){ .by = protocol == PPP_CHAP ? GPRS_LOGIN_CHAP
							     : GPRS_LOGIN_PAP };
	ppp_phase(ch, PPP_PHASE_AUTHENTICATE);
	if (protocol == PPP_PAP) {
		ppp_restart_timer(ch, PPP_MAX_CONFIGURE * PPP_RESTART);
		return;
	}
	l->id = 1;
	for (i = 0; i < sizeof(l->challenge); i++)
		l->challenge[i] = (uint8_t)rand_below(&ch->modem->rand, 256);
	challenge(ch);
}

/* The host does not log in: as long as for LCP (inferred). */
void ppp_auth_timeout(struct channel *ch)
{
	if (login(ch)->by == GPRS_LOGIN_CHAP && ppp_of(ch)->tries < PPP_MAX_CONFIGURE)
		challenge(ch);
	else
		ppp_close(ch, PPP_LOST);
}

static void good(struct channel *ch)
{
	bool before = ppp_of(ch)->logged_in;

	ppp_of(ch)->logged_in = true;
	if (before)
		return;
	ppp_restart_timer(ch, 0);
	ppp_ipcp_start(ch);
}

/* As text; a zero octet ends it. */
static void keep(char out[GPRS_LOGIN + 1], const uint8_t *text, size_t len)
{
	if (len > GPRS_LOGIN)
		len = GPRS_LOGIN;
	memcpy(out, text, len);
	out[len] = '\0';
}

static void pap_rx(struct channel *ch, const struct ppp_control *packet)
{
	static const char welcome[] = "Welcome!";
	const uint8_t *p = packet->data;
	bool greets = firmware_has(ch->modem->fw, QUIRK_PPP_DUMMY_ADDRESS);
	uint8_t text[sizeof(welcome)] = { 0 };
	size_t user, password;

	if (packet->code != PAP_REQUEST || packet->len < 2)
		return;
	user = p[0];
	if (user + 2 > packet->len)
		return;
	password = p[1 + user];
	if (user + password + 2 > packet->len)
		return;
	if (!ppp_of(ch)->logged_in) {
		keep(login(ch)->user, p + 1, user);
		keep(login(ch)->password, p + 2 + user, password);
	}
	if (greets) {
		text[0] = sizeof(welcome) - 1;
		memcpy(text + 1, welcome, sizeof(welcome) - 1);
	}
	/* a repetition is answered again: the first answer was lost */
	ppp_say(ch, PPP_PAP,
		&(struct ppp_control){ PAP_ACK, packet->id, text, 1u + text[0] });
	good(ch);
}

static void chap_rx(struct channel *ch, const struct ppp_control *packet)
{
	struct gprs_login *l = login(ch);

	if (packet->code != CHAP_RESPONSE || packet->id != l->id || !packet->len ||
		packet->data[0] != GPRS_DIGEST || packet->len < 1 + GPRS_DIGEST)
		return;
	if (!ppp_of(ch)->logged_in) {
		memcpy(l->response, packet->data + 1, GPRS_DIGEST);
		keep(l->user, packet->data + 1 + GPRS_DIGEST,
			packet->len - 1 - GPRS_DIGEST);
	}
	ppp_say(ch, PPP_CHAP, &(struct ppp_control){ CHAP_SUCCESS, packet->id, NULL, 0 });
	good(ch);
}

void ppp_auth_rx(struct channel *ch, unsigned protocol, const struct ppp_control *packet)
{
	if (protocol == PPP_PAP && login(ch)->by == GPRS_LOGIN_PAP)
		pap_rx(ch, packet);
	else if (protocol == PPP_CHAP && login(ch)->by == GPRS_LOGIN_CHAP)
		chap_rx(ch, packet);
}
