/* Steps `ppp` of a scenario: a host on the player's line (ppp_host.h), and its programs
 * (ppp_client.h). */
#include <stdlib.h>
#include <string.h>

#include "codec/hex.h"
#include "codec/ip.h"
#include "conf/must.h"
#include "host/net/peer.h"
#include "host/play/player_int.h"
#include "host/play/ppp_client.h"
#include "host/play/ppp_host.h"

#define RESTART     SEC(3) /* RFC 1661 clause 4.6 */
#define PAGE_MAX    1024
#define HTTP        80
#define ECHO        7
#define FRAME_SHOWN 200 /* digits, in a message */

struct play_ppp {
	struct player *player;
	struct ppp_host host;
	struct ppp_client client;
	const struct step *step; /* that is carried out */
	size_t frame;            /* length of the frame in host.rx */
	usec_t said;             /* when the host has last sent something */
};

static void put(void *ctx, const void *bytes, size_t len)
{
	struct play_ppp *s = ctx;

	s->said = s->player->all->now;
	play_type(s->player, s->step->at, bytes, len);
}

static void packet_came(void *ctx, const void *packet, size_t len)
{
	struct play_ppp *s = ctx;

	ppp_client_packet(&s->client, packet, len);
}

static void packet_goes(void *ctx, const void *packet, size_t len)
{
	struct play_ppp *s = ctx;

	if (!ppp_host_packet(&s->host, packet, len))
		play_fail(s->player, s->step->at,
			"a packet of %zu octets cannot be sent: the phase is %s, the "
			"modem's MRU %u",
			len, name_of(ppp_host_phases, (int)s->host.phase),
			(unsigned)s->host.mru);
}

static void trace(void *ctx, bool sent, const char *text)
{
	struct play_ppp *s = ctx;

	play_trace_text(s->player, "ppp %c %s", sent ? '>' : '<', text);
}

static void renew(struct play_ppp *s, const struct ppp_host_conf *conf)
{
	const struct ppp_host_ops ops = { s, put, packet_came, trace };

	ppp_host_init(&s->host, conf, &ops);
	s->client = (struct ppp_client){ .send = packet_goes, .ctx = s };
}

/* ---- what comes from the modem --------------------------------------------------- */

/* Passes on what has come; what follows the end of the link is left to other steps. */
static void hear(struct play_ppp *s)
{
	struct player *p = s->player;

	while (p->seen < p->len && !p->all->failed && s->host.phase != PPP_HOST_ENDED)
		ppp_host_rx(&s->host, (uint8_t)p->out[p->seen++]);
}

struct goal {
	struct play_ppp *s;
	bool (*reached)(struct play_ppp *s);
};

static bool heard_enough(void *ctx)
{
	struct goal *g = ctx;

	hear(g->s);
	return g->s->player->all->failed || g->s->host.phase == PPP_HOST_ENDED ||
	       g->reached(g->s);
}

/* Lets time pass until the goal is reached, at most until `end`; sends again what is not
 * answered. */
static bool reach(struct play_ppp *s, bool (*reached)(struct play_ppp *s), usec_t end)
{
	struct player *p = s->player;
	struct goal g = { s, reached };
	usec_t next;

	for (;;) {
		next = s->said + RESTART < end ? s->said + RESTART : end;
		play_run(p->all, next, heard_enough, &g);
		if (heard_enough(&g) || p->all->now >= end)
			break;
		if (p->all->now < s->said + RESTART)
			continue;
		s->said = p->all->now;
		ppp_host_again(&s->host);
	}
	return !p->all->failed && reached(s);
}

static const char *phase(const struct play_ppp *s)
{
	return name_of(ppp_host_phases, (int)s->host.phase);
}

/* ---- the verbs ------------------------------------------------------------------- */

static bool phase_reached(struct play_ppp *s)
{
	enum ppp_host_phase want = (enum ppp_host_phase)s->step->ppp.until;

	return s->host.phase == want || (want < PPP_HOST_UP && s->host.phase > want &&
						s->host.phase <= PPP_HOST_UP);
}

static void start(struct play_ppp *s, usec_t end)
{
	renew(s, &s->step->ppp.start);
	ppp_host_start(&s->host);
	if (!reach(s, phase_reached, end))
		play_fail(s->player, s->step->at,
			"PPP is in phase %s after %.3f s, expected %s", phase(s),
			(double)s->step->within / 1e6,
			name_of(ppp_host_phases, s->step->ppp.until));
}

static bool address(const char *text, uint8_t out[4])
{
	return ip_addr_read(text, strlen(text), out);
}

static bool client_done(struct play_ppp *s)
{
	return s->client.state != PPP_CLIENT_WAITS;
}

/* Waits for the client; false, failed, when it does not succeed. */
static bool client_ends(struct play_ppp *s, const char *what, usec_t end)
{
	if (reach(s, client_done, end) && s->client.state == PPP_CLIENT_DONE)
		return true;
	play_fail(s->player, s->step->at, "%s: %s; PPP is in phase %s", what,
		s->client.state == PPP_CLIENT_FAILED ? s->client.why : "no answer",
		phase(s));
	return false;
}

static void ping(struct play_ppp *s, usec_t end)
{
	uint8_t to[4] = { 0 };

	address(s->step->ppp.ping.to, to);
	ppp_client_ping(&s->client, to, (size_t)s->step->ppp.ping.bytes);
	if (s->step->ppp.ping.answered)
		client_ends(s, "ping", end);
	else if (reach(s, client_done, end))
		play_fail(s->player, s->step->at, "ping: expected no reply, it came");
}

static bool look_up(struct play_ppp *s, const char *name, usec_t end)
{
	ppp_client_resolve(&s->client, ppp_host_dns(&s->host, 0), name);
	return client_ends(s, "resolve", end);
}

static void resolve(struct play_ppp *s, usec_t end)
{
	const char *is = s->step->ppp.resolve.is;
	char text[IP_ADDR_TEXT];

	if (!strcmp(is, "none")) {
		ppp_client_resolve(
			&s->client, ppp_host_dns(&s->host, 0), s->step->ppp.resolve.name);
		if (!reach(s, client_done, end) || s->client.state == PPP_CLIENT_DONE)
			play_fail(s->player, s->step->at,
				"resolve: expected that there is no such name");
		return;
	}
	if (look_up(s, s->step->ppp.resolve.name, end) && *is &&
		strcmp(is, ip_addr_text(s->client.found, text)) != 0)
		play_fail(
			s->player, s->step->at, "resolve: expected %s, got %s", is, text);
}

/* Sends and receives by TCP; what comes must be `want`, when `same`, or end in it. */
static void exchange(struct play_ppp *s, const uint8_t to[4], uint16_t port,
	const void *out, size_t len, const void *want, size_t want_len, usec_t end)
{
	bool same = port == ECHO;
	size_t max = want_len + (same ? 0 : PAGE_MAX);
	struct buf in;
	char *mem = play_alloc(max);

	buf_init(&in, mem, max);
	ppp_client_connect(&s->client, to, port, out, len, &in, same ? want_len : 0);
	if (client_ends(s, same ? "echo" : "fetch", end) &&
		(in.len < want_len ||
			memcmp(in.data + in.len - want_len, want, want_len) != 0))
		play_fail(s->player, s->step->at,
			"%s: other octets came than expected: \"%s\"",
			same ? "echo" : "fetch", play_visible(in.data, in.len));
	s->client.in = NULL;
	s->client.state = PPP_CLIENT_IDLE;
	free(mem);
}

static void echo(struct play_ppp *s, usec_t end)
{
	const char *text = s->step->ppp.echo.text;
	size_t len = *text ? strlen(text) : (size_t)s->step->ppp.echo.bytes, i;
	char *bytes = play_alloc(len);
	uint8_t to[4] = { 0 };

	if (*text)
		len = play_unescape(text, bytes);
	for (i = 0; !*text && i < len; i++)
		bytes[i] = (char)(i + i / 256); /* every value, not the same each time */
	address(s->step->ppp.echo.to, to);
	exchange(s, to, ECHO, bytes, len, bytes, len, end);
	free(bytes);
}

static void fetch(struct play_ppp *s, usec_t end)
{
	static const char request[] = "GET / HTTP/1.0\r\n\r\n";
	const char *from = s->step->ppp.fetch;
	uint8_t to[4];

	if (!address(from, to)) {
		if (!look_up(s, from, end))
			return;
		memcpy(to, s->client.found, sizeof(to));
	}
	exchange(s, to, HTTP, request, sizeof(request) - 1, peer_page, strlen(peer_page),
		end);
}

static bool never(struct play_ppp *s)
{
	(void)s;
	return false;
}

static void idle(struct play_ppp *s, usec_t end)
{
	(void)end;
	reach(s, never, s->player->all->now + s->step->ppp.idle);
}

static void send_frame(struct play_ppp *s, usec_t end)
{
	uint8_t frame[PPP_FRAME_MAX];
	size_t len = ppp_octets(s->step->ppp.octets, frame, sizeof(frame));

	(void)end;
	ppp_host_frame(&s->host, frame, len);
}

/* Reads up to the end of a frame; the host is not asked, because it would answer. */
static bool frame_came(void *ctx)
{
	struct play_ppp *s = ctx;
	struct player *p = s->player;

	while (!s->frame && p->seen < p->len)
		s->frame = ppp_decode(&s->host.rx, (uint8_t)p->out[p->seen++]);
	return s->frame != 0;
}

static void frame(struct play_ppp *s, usec_t end)
{
	struct player *p = s->player;
	uint8_t want[PPP_FRAME_MAX];
	size_t len = ppp_octets(s->step->ppp.octets, want, sizeof(want)), got;
	const uint8_t *came = s->host.rx.data;
	char text[2 * PPP_FRAME_MAX];
	struct buf b;

	s->frame = 0;
	play_run(p->all, end, frame_came, s);
	got = s->frame;
	if (got >= 2 && came[0] == 0xff && came[1] == 0x03) {
		came += 2;
		got -= 2;
	}
	if (got == len && !memcmp(came, want, len))
		return;
	buf_init(&b, text, sizeof(text) - 1);
	hex_put(&b, came, got);
	text[b.len] = '\0';
	if (got)
		play_fail(p, s->step->at, "expected another frame, got %.*s%s",
			FRAME_SHOWN, text, b.len > FRAME_SHOWN ? "..." : "");
	else
		play_fail(p, s->step->at, "expected a frame, none came in %.3f s",
			(double)s->step->within / 1e6);
}

static bool ended(struct play_ppp *s)
{
	return s->host.phase == PPP_HOST_ENDED;
}

static void terminate(struct play_ppp *s, usec_t end)
{
	bool by_modem = s->step->ppp.terminate == PPP_BY_MODEM;

	if (!by_modem)
		ppp_host_terminate(&s->host);
	if (!reach(s, ended, end))
		play_fail(s->player, s->step->at, "no %s came; PPP is in phase %s",
			by_modem ? "Terminate-Request" : "Terminate-Ack", phase(s));
	else if (s->host.by_modem != by_modem)
		play_fail(s->player, s->step->at, "it was the %s that ended the link",
			by_modem ? "host" : "modem");
}

/* ---- the step -------------------------------------------------------------------- */

static const struct {
	void (*run)(struct play_ppp *s, usec_t end);
	bool silent; /* the host answers nothing: the next step has what the modem says */
} verbs[PPP_VERBS] = {
	[PPP_START] = { start, false },
	[PPP_PING] = { ping, false },
	[PPP_RESOLVE] = { resolve, false },
	[PPP_ECHO] = { echo, false },
	[PPP_FETCH] = { fetch, false },
	[PPP_IDLE] = { idle, false },
	[PPP_SEND] = { send_frame, true },
	[PPP_FRAME] = { frame, true },
	[PPP_TERMINATE] = { terminate, false },
};

static void check_values(struct play_ppp *s)
{
	const struct ppp_step *step = &s->step->ppp;
	char is[PPP_HOST_TEXT];
	size_t i;

	for (i = 0; i < step->n_expect; i++) {
		ppp_host_value(&s->host,
			name_find(ppp_host_values, step->expect[i].key)->value, is);
		if (strcmp(is, step->expect[i].value) != 0)
			play_fail(s->player, s->step->at, "expected %s: %s, it is %s",
				step->expect[i].key, step->expect[i].value, is);
	}
}

void play_ppp(struct player *p, const struct step *step)
{
	static const struct ppp_host_conf usual = { .magic = true };
	struct play_ppp *s = p->ppp;

	if (!s) {
		s = p->ppp = must(calloc(1, sizeof(*s)));
		s->player = p;
		renew(s, &usual);
	}
	s->step = step;
	s->said = p->all->now;
	memcpy(s->client.address, ppp_host_address(&s->host), sizeof(s->client.address));
	if (verbs[step->ppp.verb].run)
		verbs[step->ppp.verb].run(s, p->all->now + step->within);
	if (!p->all->failed)
		check_values(s);
	/* text follows the end of the link */
	if (!p->all->failed && !verbs[step->ppp.verb].silent && !ended(s))
		play_quiet(p, step->at);
}

void play_ppp_free(struct player *p)
{
	free(p->ppp);
	p->ppp = NULL;
}
