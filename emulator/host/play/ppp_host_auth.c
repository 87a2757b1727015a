/* PAP (RFC 1334) and CHAP with MD5 (RFC 1994), the side that is authenticated. */
#include <nettle/md5.h>
#include <string.h>

#include "host/play/ppp_host_int.h"

enum { /* the same numbers in both */
	PAP_REQUEST = 1,
	PAP_ACK,
	PAP_NAK,
	CHAP_CHALLENGE = 1,
	CHAP_RESPONSE,
	CHAP_SUCCESS,
	CHAP_FAILURE,
};

static size_t put_text(uint8_t *out, const char *text)
{
	size_t len = strlen(text);

	out[0] = (uint8_t)len;
	memcpy(out + 1, text, len);
	return 1 + len;
}

static void pap_request(struct ppp_host *h)
{
	uint8_t data[2 + sizeof(h->conf.user) + sizeof(h->conf.password)];
	size_t n = put_text(data, h->conf.user);

	n += put_text(data + n, h->conf.password);
	h->authenticates = true;
	h->pap_id = ++h->last_id;
	ppp_host_send(
		h, PPP_PAP, &(struct ppp_control){ PAP_REQUEST, h->pap_id, data, n });
}

/* With CHAP the modem begins. */
void auth_start(struct ppp_host *h)
{
	if (h->auth == PPP_PAP)
		pap_request(h);
}

static void pap(struct ppp_host *h, const struct ppp_control *in)
{
	size_t len = in->len ? in->data[0] : 0;

	if (in->id != h->pap_id || !h->authenticates ||
		(in->code != PAP_ACK && in->code != PAP_NAK))
		return;
	h->authenticates = false;
	if (len > in->len - !!in->len)
		len = 0;
	ppp_host_authenticated(h, in->code == PAP_ACK, len ? in->data + 1 : NULL, len);
}

/* RFC 1994 clause 4.1: the hash of id, secret and challenge. */
static void respond(struct ppp_host *h, const struct ppp_control *in)
{
	uint8_t data[1 + MD5_DIGEST_SIZE + sizeof(h->conf.user)];
	size_t len = in->len ? in->data[0] : 0, user = strlen(h->conf.user);
	struct md5_ctx md5;

	if (!len || len > in->len - 1)
		return;
	md5_init(&md5);
	md5_update(&md5, 1, &in->id);
	md5_update(&md5, strlen(h->conf.password), (const uint8_t *)h->conf.password);
	md5_update(&md5, len, in->data + 1);
	data[0] = MD5_DIGEST_SIZE;
	md5_digest(&md5, MD5_DIGEST_SIZE, data + 1);
	memcpy(data + 1 + MD5_DIGEST_SIZE, h->conf.user, user);
	ppp_host_send(h, PPP_CHAP,
		&(struct ppp_control){
			CHAP_RESPONSE, in->id, data, 1 + MD5_DIGEST_SIZE + user });
}

static void chap(struct ppp_host *h, const struct ppp_control *in)
{
	if (in->code == CHAP_CHALLENGE)
		respond(h, in);
	else if (in->code == CHAP_SUCCESS || in->code == CHAP_FAILURE)
		ppp_host_authenticated(h, in->code == CHAP_SUCCESS, in->data, in->len);
}

void auth_packet(struct ppp_host *h, unsigned protocol, const struct ppp_control *in)
{
	if (protocol == PPP_PAP)
		pap(h, in);
	else
		chap(h, in);
}
