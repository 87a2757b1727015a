#include "host/play/play_sweep.h"
#include "conf/must.h"

#include <stdlib.h>
#include <string.h>

#define TOLD 3 /* most broken gaps that are reported in full */

struct sweep_run {
	const struct scenario *scenario;
	const struct profile *const *profiles;
	struct play_options options;
	unsigned first; /* gaps of the modems before this one */
	struct play_swept *out;
	FILE *text;
	bool only; /* a single gap, which may be missing */
};

static void tell(struct sweep_run *r, unsigned at, const struct play_result *result)
{
	if (r->out->broken > TOLD)
		return;
	fprintf(r->text, "%s: gap %u, %s (--sweep %s --at %u)\n%s", r->scenario->path,
		r->first + at, result->gap[0] ? result->gap : "not reached",
		name_of(sweep_names, (int)r->options.sweep.kind), r->first + at,
		result->message ? result->message
				: "  the scenario passes, but does not reach this gap\n");
}

/* Plays the scenario with gap `at` of the present modem (0: none, which for a single gap
 * only counts). Returns the number of its gaps. */
static unsigned play_gap(struct sweep_run *r, unsigned at)
{
	struct play_result result;
	unsigned gaps;

	r->options.sweep.at = at;
	play(r->scenario, r->profiles, &r->options, &result);
	gaps = result.gaps;
	r->out->gaps += at && (result.gap[0] || !r->only);
	if (at && (!result.ok || (!result.gap[0] && !r->only))) {
		r->out->broken++;
		tell(r, at, &result);
	} else if (!result.ok && (at || !r->only)) {
		r->out->ok = false;
		fprintf(r->text, "%s", result.message);
	}
	play_result_clear(&result);
	return gaps;
}

/* The gaps of the present modem, or the one that is wanted among all. */
static void sweep_modem(struct sweep_run *r, unsigned wanted, FILE *trace)
{
	unsigned gaps, at;

	r->options.trace = NULL;
	gaps = play_gap(r, 0);
	r->options.trace = trace;
	for (at = 1; r->out->ok && at <= gaps; at++) {
		if (wanted && wanted != r->first + at)
			continue;
		if (!wanted && r->options.gap)
			r->options.gap(r->options.gap_ctx, at, gaps);
		play_gap(r, at);
	}
	r->first += gaps;
}

void play_sweep(const struct scenario *s, const struct profile *const *profiles,
	const struct play_options *options, struct play_swept *out)
{
	struct sweep_run r = { s, profiles, *options, 0, out, NULL,
		options->sweep.at != 0 };
	size_t modems = scenario_modems(s), i, len;

	*out = (struct play_swept){ .ok = true };
	r.text = open_memstream(&out->message, &len);
	must(r.text);
	if (modems == 1 && r.only)
		play_gap(&r, options->sweep.at);
	else
		for (i = 0; out->ok && i < modems; i++) {
			r.options.sweep_modem = i;
			sweep_modem(&r, options->sweep.at, options->trace);
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
