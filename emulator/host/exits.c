#include "host/exits.h"

const struct exit_row exit_rows[] = {
	{ "0", EXITS_PLAIN | EXITS_CTL, "done" },
	{ "0", EXITS_CHECK, "no file has an error" },
	{ "0", EXITS_PLAY, "all passed" },
	{ "N", EXITS_EXEC, "the exit status of COMMAND, unless another line applies" },
	{ "1", EXITS_PLAIN, "failed; a message says why" },
	{ "1", EXITS_CHECK, "a file has an error, or not all output was written" },
	{ "1", EXITS_CTL,
		"the emulator refused the request, or not all output was written" },
	{ "1", EXITS_PLAY, "a scenario failed, or not all output was written" },
	{ "1", EXITS_EXEC,
		"COMMAND exited with 0, but --on-exit fail has complaints, or a gap of "
		"--sweep broke it" },
	{ "2", EXITS_PLAIN | EXITS_CHECK | EXITS_CTL, "usage error" },
	{ "2", EXITS_PLAY, "usage error, or a scenario cannot be loaded" },
	{ "3", EXITS_CTL, "no emulator is running" },
	{ "4", EXITS_CTL, "timed out" },
	{ "5", EXITS_CHECK, "nothing to check" },
	{ "5", EXITS_PLAY, "nothing to play: no scenario, or no gap for --sweep" },
	{ "124", EXITS_EXEC, "--wait timed out; COMMAND was not started" },
	{ "125", EXITS_EXEC,
		"usage error, fauxtrack itself failed, or nothing was tested (--sweep "
		"found no gap, --at is out of range)" },
	{ "126", EXITS_EXEC, "COMMAND cannot be executed" },
	{ "127", EXITS_EXEC, "COMMAND was not found" },
	{ "128+N", EXITS_EXEC,
		"signal N ended COMMAND, or ended exec before COMMAND started" },
	{ NULL },
};

const struct exits_group exits_groups[] = {
	{ EXITS_PLAIN, "compare doctor dwl help import lines list record run schema "
		       "trace" },
	{ EXITS_CHECK, "check" },
	{ EXITS_CTL, "ctl" },
	{ EXITS_EXEC, "exec" },
	{ EXITS_PLAY, "play" },
	{ EXITS_PLAIN, NULL },
};

void exits_print(enum exits of, struct page *p)
{
	const struct exit_row *r;

	page_section(p, PAGE_EXITS, NULL, 6);
	for (r = exit_rows; r->status; r++)
		if (r->of & of)
			page_row(p, r->status, r->help);
}

int exits_usage(enum exits of)
{
	return of == EXITS_EXEC ? EXITS_OWN : EXITS_USAGE;
}

int exits_failed(enum exits of)
{
	return of == EXITS_EXEC ? EXITS_OWN : EXITS_FAILED;
}
