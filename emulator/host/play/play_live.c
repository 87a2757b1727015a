#include "host/play/play_live.h"

#include <stdlib.h>

#include "conf/must.h"
#include "host/play/player_int.h"

struct play_live {
	struct player player;
	struct play_result result;
};

struct play_live *play_live_new(const struct scenario *s, const struct profile *p,
	const struct play_options *options)
{
	struct play_live *l = must(calloc(1, sizeof(*l)));

	l->player = (struct player){
		.scenario = s,
		.profile = p,
		.options = options,
		.echo = s->echo,
		.tally = { .bug = s },
		.result = &l->result,
	};
	play_modem_new(&l->player);
	play_boot(&l->player);
	return l;
}

void play_live_free(struct play_live *l)
{
	if (!l)
		return;
	play_trace_clear(&l->player);
	play_modem_free(&l->player);
	play_result_clear(&l->result);
	free(l);
}

bool play_live_type(struct play_live *l, const void *bytes, size_t len)
{
	return !l->player.failed &&
	       play_type(&l->player, (struct doc_place){ .file = "" }, bytes, len);
}

bool play_live_step(struct play_live *l, const struct step *s)
{
	if (!l->player.failed)
		play_step(&l->player, s);
	return !l->player.failed;
}

void play_live_wait(struct play_live *l, usec_t limit, bool (*done)(void *ctx), void *ctx)
{
	play_run(&l->player, l->player.now + limit, done, ctx);
}

const char *play_live_heard(const struct play_live *l, size_t *len)
{
	*len = l->player.len - l->player.seen;
	return l->player.out ? l->player.out + l->player.seen : "";
}

void play_live_take(struct play_live *l, size_t len)
{
	l->player.seen += len;
}

usec_t play_live_now(const struct play_live *l)
{
	return l->player.now;
}

const char *play_live_why(const struct play_live *l)
{
	return l->result.message ? l->result.message : "";
}
