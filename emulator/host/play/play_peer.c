/* Steps `peer` of a scenario, and the world beyond WIPsoft that they change (peers.h). */
#include <stdlib.h>
#include <string.h>

#include "host/play/player_int.h"

/* ---- the world and the modem ----------------------------------------------------- */

static void there(void *ctx, unsigned id, uint16_t local, const struct socket_peer *peer)
{
	struct player *p = ctx;

	modem_socket_there(p->modem, p->all->now, id, local, peer);
}

static int accept_one(void *ctx, unsigned server, const struct socket_peer *peer)
{
	struct player *p = ctx;

	return modem_socket_accept(p->modem, p->all->now, server, peer);
}

static size_t room(void *ctx, unsigned id)
{
	const struct player *p = ctx;

	return modem_socket_room(p->modem, id);
}

static void rx(void *ctx, unsigned id, const struct socket_peer *from, const void *buf,
	size_t len)
{
	struct player *p = ctx;

	modem_socket_rx(p->modem, p->all->now, id, from, buf, len);
}

static void ended(void *ctx, unsigned id, enum socket_end why)
{
	struct player *p = ctx;

	modem_socket_ended(p->modem, p->all->now, id, why);
}

static void ready(void *ctx)
{
	struct player *p = ctx;

	modem_socket_ready(p->modem, p->all->now);
}

static void begun(void *ctx, unsigned id)
{
	struct player *p = ctx;

	modem_socket_begun(p->modem, p->all->now, id);
}

static void done(void *ctx, unsigned id, const struct socket_result *result)
{
	struct player *p = ctx;

	modem_socket_done(p->modem, p->all->now, id, result);
}

static void tell(void *ctx, const char *text)
{
	play_trace_text(ctx, "world: %s", text);
}

struct socket_ports play_peer_ports(struct player *p)
{
	const struct peers_ops ops = { p, there, accept_one, room, rx, ended, ready,
		begun, done, tell };

	if (!p->peers)
		p->peers = peers_new(&p->profile->network.hosts, &ops);
	peers_clear(p->peers);
	return peers_ports(p->peers);
}

bool play_peer_next(struct player *p)
{
	peers_time(p->peers, p->all->now);
	return peers_next(p->peers);
}

usec_t play_peer_due(const struct player *p)
{
	return peers_due(p->peers);
}

void play_peer_free(struct player *p)
{
	peers_free(p->peers);
	p->peers = NULL;
}

/* ---- the step -------------------------------------------------------------------- */

/* A text of the scenario as octets, which the caller frees. */
static char *octets_of(const char *text, size_t *len)
{
	char *out = play_alloc(strlen(text) + 1);

	*len = play_unescape(text, out);
	return out;
}

static char *every_octet(size_t len)
{
	char *out = play_alloc(len);
	size_t i;

	for (i = 0; i < len; i++)
		out[i] = peers_octet(i);
	return out;
}

/* The octets that the step names, which the caller frees. */
static char *wanted(const struct peer_step *c, size_t *len)
{
	if (c->verb == PEER_SENDS_BYTES || c->verb == PEER_RECEIVED_BYTES) {
		*len = (size_t)c->bytes;
		return every_octet(*len);
	}
	return octets_of(c->text, len);
}

static void serves(struct player *p, const struct step *s)
{
	const struct peer_step *c = &s->peer;
	struct peers_server *server = peers_serve(p->peers, c->host, c->port);
	const struct doc *files = c->files;
	size_t i, len;

	if (!server) {
		play_fail(p, s->at, "there are too many servers; leave some out");
		return;
	}
	server->kind = (enum peers_kind)c->serves;
	server->after = (size_t)c->after;
	memcpy(server->user, c->user, sizeof(server->user));
	memcpy(server->password, c->password, sizeof(server->password));
	memcpy(server->reason, c->reason, sizeof(server->reason));
	server->error = c->error;
	server->status = c->status;
	for (i = 0; files && i < files->n; i++) {
		char *data = octets_of(files->items[i].value->text, &len);

		if (!peers_store(server, files->items[i].key, data, len))
			play_fail(p, s->at,
				"this server has too many files; leave some "
				"out");
		free(data);
	}
}

/* The far side that the step means; NULL, failed, if there is none. */
static struct peers_far *far_of(struct player *p, const struct step *s)
{
	struct peers_far *f = peers_find(p->peers, s->peer.host, s->peer.port);

	if (!f)
		play_fail(p, s->at, "nothing was ever connected to %s",
			*s->peer.at ? s->peer.at : "anything");
	return f;
}

static void sends(struct player *p, const struct step *s)
{
	struct peers_far *f = far_of(p, s);
	size_t len;
	char *data = wanted(&s->peer, &len);

	if (f && !peers_send(p->peers, f, data, len))
		play_fail(p, s->at, "the far side cannot send: its connection is %s",
			name_of(peers_states, (int)peers_state(f)));
	free(data);
}

struct hope {
	struct player *p;
	const struct peer_step *c;
	size_t len;
};

static bool got_enough(void *ctx)
{
	const struct hope *h = ctx;
	struct peers_far *f = peers_find(h->p->peers, h->c->host, h->c->port);
	size_t len = 0;

	if (f)
		peers_got(f, &len);
	return len >= h->len;
}

static void received(struct player *p, const struct step *s)
{
	struct hope hope = { p, &s->peer, 0 };
	char *want = wanted(&s->peer, &hope.len);
	struct peers_far *f;
	const char *got;
	size_t len, same = 0;

	if (hope.len)
		play_run(p->all, p->all->now + s->within, got_enough, &hope);
	f = far_of(p, s);
	got = f ? peers_got(f, &len) : NULL;
	while (got && same < len && same < hope.len && got[same] == want[same])
		same++;
	if (f && (len != hope.len || same != len))
		play_fail(p, s->at,
			"expected that the far side has got %zu octets, \"%s\"; it has "
			"%zu, the first %zu as expected: \"%s\"",
			hope.len, play_visible(want, hope.len), len, same,
			play_visible(got, len));
	if (f)
		peers_heard(f, len);
	free(want);
}

static void does(struct player *p, const struct step *s)
{
	struct peers_far *f = far_of(p, s);

	if (!f)
		return;
	if (s->peer.does == PEER_CLOSES)
		peers_shut(p->peers, f);
	else if (s->peer.does == PEER_RESETS)
		peers_reset(p->peers, f);
	else
		peers_stall(p->peers, f, s->peer.does == PEER_STALLS);
}

static void is(struct player *p, const struct step *s)
{
	const struct peers_far *f = far_of(p, s);

	if (f && (int)peers_state(f) != s->peer.is)
		play_fail(p, s->at, "expected that its connection is %s, it is %s",
			name_of(peers_states, s->peer.is),
			name_of(peers_states, (int)peers_state(f)));
}

static void connects(struct player *p, const struct step *s)
{
	bool taken = peers_connect(p->peers, &s->peer.from, (uint16_t)s->peer.to);

	if (taken == s->peer.refused)
		play_fail(p, s->at,
			taken ? "expected that nobody listens at port %d, a server does"
			      : "nobody listens at port %d of the modem",
			s->peer.to);
}

static void datagram(struct player *p, const struct step *s)
{
	size_t len;
	char *data = wanted(&s->peer, &len);
	bool taken = peers_datagram(
		p->peers, &s->peer.from, (uint16_t)s->peer.to, data, len);

	if (taken == s->peer.refused)
		play_fail(p, s->at,
			taken ? "expected that port %d is not bound, it is"
			      : "no UDP socket of the modem is bound to port %d",
			s->peer.to);
	free(data);
}

static void asked(struct player *p, const struct step *s)
{
	const struct peers_far *f = far_of(p, s);

	if (f && strcmp(peers_asked(f), s->peer.asked) != 0)
		play_fail(p, s->at, "expected that it was asked \"%s\", it was \"%s\"",
			s->peer.asked, peers_asked(f));
}

static void stored(struct player *p, const struct step *s)
{
	const struct peer_step *c = &s->peer;
	const struct peers_server *server = peers_serve(p->peers, c->host, c->port);
	const struct doc *files = c->files;
	size_t i, len;

	for (i = 0; server && files && i < files->n; i++) {
		const char *name = files->items[i].key;
		const struct peers_file *f = peers_file(server, name);
		char *want = octets_of(files->items[i].value->text, &len);

		if (!f || f->len != len || memcmp(f->data, want, len) != 0)
			play_fail(p, s->at,
				"expected that file \"%s\" has \"%s\", it has \"%s\"",
				name, play_visible(want, len),
				f ? play_visible(f->data, f->len) : "no such name");
		free(want);
	}
}

static const struct {
	void (*run)(struct player *p, const struct step *s);
	bool acts; /* the time of "<@2s" begins anew */
} verbs[PEER_VERBS] = {
	[PEER_SERVES] = { serves, false },
	[PEER_SENDS] = { sends, true },
	[PEER_SENDS_BYTES] = { sends, true },
	[PEER_RECEIVED] = { received, false },
	[PEER_RECEIVED_BYTES] = { received, false },
	[PEER_DOES] = { does, true },
	[PEER_IS] = { is, false },
	[PEER_CONNECTS] = { connects, true },
	[PEER_DATAGRAM] = { datagram, true },
	[PEER_ASKED] = { asked, false },
	[PEER_STORED] = { stored, false },
};

void play_peer(struct player *p, const struct step *s)
{
	if (verbs[s->peer.verb].acts)
		p->all->did = p->all->now;
	if (verbs[s->peer.verb].run)
		verbs[s->peer.verb].run(p, s);
	play_drain(p);
}
