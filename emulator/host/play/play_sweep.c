#include "host/play/play_sweep.h"
#include "conf/must.h"

#include <stdlib.h>
#include <string.h>

#define TOLD 3 /* most broken gaps that are reported in full */

struct sweep_run {
	const struct scenario *scenario;
	const struct profile *profile;
	struct play_options options;
	struct play_swept *out;
	FILE *text;
	bool only; /* a single gap, which may be missing */
};

static void tell(struct sweep_run *r, unsigned at, const struct play_result *result)
{
	if (r->out->broken > TOLD)
		return;
	fprintf(r->text, "%s: gap %u, %s (--sweep %s --at %u)\n%s", r->scenario->path, at,
		result->gap[0] ? result->gap : "not reached",
		name_of(sweep_names, (int)r->options.sweep.kind), at,
		result->message ? result->message
				: "  the scenario passes, but does not reach this gap\n");
}

/* Plays the scenario with gap `at` (0: none). Returns the number of gaps. */
static unsigned play_gap(struct sweep_run *r, unsigned at)
{
	struct play_result result;
	unsigned gaps;

	r->options.sweep.at = at;
	play(r->scenario, r->profile, &r->options, &result);
	gaps = result.gaps;
	r->out->gaps += at && (result.gap[0] || !r->only);
	if (at && (!result.ok || (!result.gap[0] && !r->only))) {
		r->out->broken++;
		tell(r, at, &result);
	} else if (!result.ok) {
		r->out->ok = false;
		fprintf(r->text, "%s", result.message);
	}
	play_result_clear(&result);
	return gaps;
}

void play_sweep(const struct scenario *s, const struct profile *p,
	const struct play_options *options, struct play_swept *out)
{
	struct sweep_run r = { s, p, *options, out, NULL, options->sweep.at != 0 };
	unsigned at = options->sweep.at, gaps;
	size_t len;

	*out = (struct play_swept){ .ok = true };
	r.text = open_memstream(&out->message, &len);
	must(r.text);
	if (at) {
		play_gap(&r, at);
	} else {
		r.options.trace = NULL;
		gaps = play_gap(&r, 0);
		r.options.trace = options->trace;
		for (at = 1; out->ok && at <= gaps; at++) {
			if (options->gap)
				options->gap(options->gap_ctx, at, gaps);
			play_gap(&r, at);
		}
	}
	if (out->broken > TOLD)
		fprintf(r.text, "%s: %u more gaps failed\n", s->path, out->broken - TOLD);
	out->ok = out->ok && !out->broken;
	fclose(r.text);
	if (out->ok) {
		free(out->message);
		out->message = NULL;
	}
}
