/* The GPRS bearer: its context (gsm/gprs.h), and its loss.
 *
 *            =1,6          =4,6,0            context there
 *   CLOSED ---------> OPEN ---------> STARTING ----------> STARTED
 *      ^                ^  <----------- refused               |
 *      +----- =0,6 -----+------------- =5,6, context lost ----+
 */
#include <string.h>

#include <nettle/md5.h>

#include "at/reply.h"
#include "at/run.h"
#include "chapters/gprs/gprs.h"
#include "chapters/wip/wip.h"
#include "link/link.h"
#include "state/modem_state.h"

const struct name wip_bearer_states[] = {
	{ WIP_BEARER_CLOSED, "closed", NULL },
	{ WIP_BEARER_OPEN, "open", NULL },
	{ WIP_BEARER_STARTING, "starting", NULL },
	{ WIP_BEARER_STARTED, "started", NULL },
	{ 0, NULL, NULL },
};

static struct wip_bearer *bearer_of(const struct modem *m)
{
	return &wip_of(m)->bearer;
}

static int cid_of(const struct modem *m)
{
	return bearer_of(m)->o.number[WIP_CID];
}

static void become(struct modem *m, enum wip_bearer_state to)
{
	bearer_of(m)->state = to;
	m->s.wip_context = to >= WIP_BEARER_STARTING;
	modem_notify(m, NOTICE_WIP,
		to == WIP_BEARER_STARTED    ? "bearer started"
		: to == WIP_BEARER_STARTING ? "bearer starting"
					    : "bearer stopped",
		WIP_GPRS);
}

void wip_bearer_default(struct modem *m)
{
	const struct wip_kept *kept = &m->cold->wip.kept;
	struct wip_bearer *b = bearer_of(m);

	if (kept->bearer) {
		b->o = kept->o;
		return;
	}
	b->o = (struct wip_bearer_options){ .apn_given = false };
	b->o.number[WIP_PAP] = b->o.number[WIP_CHAP] = 1;
	b->o.number[WIP_CID] = 1;
}

bool wip_bearer_up(const struct modem *m)
{
	return bearer_of(m)->state == WIP_BEARER_STARTED;
}

/* RFC 1994 clause 4.1, with a challenge of the modem's own. */
static void sign(struct gprs_login *login, const char *password)
{
	struct md5_ctx md5;

	md5_init(&md5);
	md5_update(&md5, 1, &login->id);
	md5_update(&md5, strlen(password), (const uint8_t *)password);
	md5_update(&md5, sizeof(login->challenge), login->challenge);
	md5_digest(&md5, sizeof(login->response), login->response);
}

static void make_login(struct wip_bearer *b)
{
	struct gprs_login *login = &b->login;

	*login = (struct gprs_login){ .by = GPRS_LOGIN_NONE };
	strcpy(login->user, b->o.text[WIP_LOGIN]);
	if (!login->user[0])
		return;
	if (b->o.number[WIP_PAP]) {
		login->by = GPRS_LOGIN_PAP;
		strcpy(login->password, b->o.text[WIP_PASSWORD]);
	} else if (b->o.number[WIP_CHAP]) {
		login->by = GPRS_LOGIN_CHAP;
		sign(login, b->o.text[WIP_PASSWORD]);
	}
}

/* The context has the bearer's access point while it is used; +CGDCONT? shows it. That its
 * own definition comes back is inferred. */
static void define(struct modem *m)
{
	struct wip_bearer *b = bearer_of(m);
	struct gprs_context *c = gprs_context(&m->gprs, cid_of(m));

	if (b->shown || c->active)
		return;
	b->kept = *c;
	b->shown = true;
	c->defined = true;
	c->type = GPRS_IP;
	if (b->o.apn_given)
		strcpy(c->apn, b->o.text[WIP_APN]);
}

static void restore(struct modem *m)
{
	struct wip_bearer *b = bearer_of(m);

	if (b->shown)
		*gprs_context(&m->gprs, cid_of(m)) = b->kept;
	b->shown = false;
}

static void release(struct modem *m)
{
	struct wip_bearer *b = bearer_of(m);

	if (b->asks)
		gprs_cancel(&m->gprs);
	b->asks = false;
	if (b->state >= WIP_BEARER_STARTING)
		gprs_deactivate(&m->gprs, GPRS_CID(cid_of(m)));
	restore(m);
}

/* wip.md WIP error codes: 847 to 849 came later. */
static int error_of(const struct modem *m, int gprs)
{
	switch (gprs) {
	case GPRS_GOOD:
		return 0;
	case GPRS_NO_SERVICE:
		return wip_version(m) < WIP_3_21 ? WIP_GPRS_FAILED : WIP_NO_BEARER;
	case GPRS_LOGIN_WRONG:
		return WIP_LOGIN_FAILED;
	default:
		return WIP_GPRS_FAILED;
	}
}

/* The request has ended. */
static int answer(struct modem *m)
{
	int error = gprs_error(&m->gprs);

	bearer_of(m)->asks = false;
	if (!error) {
		become(m, WIP_BEARER_STARTED);
		return 0;
	}
	at_gprs_failed(m, error);
	log_note(&m->log, LOG_NET,
		"the network refuses the context of the WIP bearer: error %d (27.007 "
		"clause 9.2.2)",
		error);
	release(m);
	become(m, WIP_BEARER_OPEN);
	return error_of(m, error);
}

/* While another request is under way, this one waits for its end. Returns -1 while it is
 * under way. */
static int ask(struct modem *m)
{
	struct wip_bearer *b = bearer_of(m);

	if (gprs_busy(&m->gprs))
		return -1;
	b->asks = gprs_activate(&m->gprs, GPRS_CID(cid_of(m)), &b->login);
	return b->asks ? -1 : answer(m);
}

bool wip_bearer_start(struct modem *m, int *error)
{
	struct wip_bearer *b = bearer_of(m);

	if (b->state != WIP_BEARER_OPEN)
		*error = WIP_BAD_STATE;
	else if (link_speaks_ppp(m))
		*error = WIP_LINE_BUSY;
	else if (m->live.cgclass == CGCLASS_CC)
		*error = WIP_GPRS_FAILED;
	else
		*error = 0;
	if (*error)
		return false;
	at_gprs_network(m);
	make_login(b);
	define(m);
	become(m, WIP_BEARER_STARTING);
	*error = ask(m);
	return *error < 0;
}

int wip_bearer_result(struct modem *m)
{
	struct wip_bearer *b = bearer_of(m);

	if (b->state != WIP_BEARER_STARTING)
		return WIP_GPRS_FAILED;
	if (gprs_busy(&m->gprs))
		return -1;
	return b->asks ? answer(m) : ask(m);
}

void wip_bearer_cancel(struct modem *m)
{
	if (bearer_of(m)->state != WIP_BEARER_STARTING)
		return;
	release(m);
	become(m, WIP_BEARER_OPEN);
}

void wip_bearer_stop(struct modem *m)
{
	if (bearer_of(m)->state < WIP_BEARER_STARTING)
		return;
	release(m);
	become(m, WIP_BEARER_OPEN);
	sockets_lose(m);
}

bool wip_bearer_lost(struct modem *m)
{
	if (!wip_bearer_up(m) || gprs_context(&m->gprs, cid_of(m))->active)
		return false;
	release(m);
	become(m, WIP_BEARER_OPEN);
	sockets_lose(m);
	return true;
}
