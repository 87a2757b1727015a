#include "host/play/play_live.h"

#include <stdlib.h>

#include "conf/must.h"
#include "host/play/player_int.h"

struct play_live {
	struct play_all all;
	struct play_result result;
};

struct play_live *play_live_new(const struct scenario *s,
	const struct profile *const *profiles, const struct play_options *options)
{
	struct play_live *l = must(calloc(1, sizeof(*l)));

	play_all_open(&l->all, s, profiles, options, &l->result);
	return l;
}

/* The program is the host of this one. */
static struct player *own(const struct play_live *l)
{
	return &l->all.one[0];
}

void play_live_free(struct play_live *l)
{
	if (!l)
		return;
	play_all_close(&l->all);
	play_result_clear(&l->result);
	free(l);
}

bool play_live_type(struct play_live *l, const void *bytes, size_t len)
{
	return !l->all.failed &&
	       play_type(own(l), (struct doc_place){ .file = "" }, bytes, len);
}

bool play_live_step(struct play_live *l, const struct step *s)
{
	if (!l->all.failed)
		play_step(&l->all, s);
	return !l->all.failed;
}

void play_live_wait(struct play_live *l, usec_t limit, bool (*done)(void *ctx), void *ctx)
{
	play_run(&l->all, l->all.now + limit, done, ctx);
}

const char *play_live_heard(const struct play_live *l, size_t *len)
{
	*len = own(l)->len - own(l)->seen;
	return own(l)->out ? own(l)->out + own(l)->seen : "";
}

void play_live_take(struct play_live *l, size_t len)
{
	own(l)->seen += len;
}

usec_t play_live_now(const struct play_live *l)
{
	return l->all.now;
}

const char *play_live_why(const struct play_live *l)
{
	return l->result.message ? l->result.message : "";
}
