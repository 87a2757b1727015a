/* The host of the log at our modem, in virtual time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "conf/must.h"
#include "host/field/import_int.h"

#define LEAST_GAP MS(100)   /* shorter ones are no waits */
#define MOST_GAP  SEC(3600) /* longer ones are cut */
#define ANSWER    SEC(180)  /* how long our modem may take */
#define NO_ANSWER SEC(2)    /* where the log has none */
#define SETTLED   MS(300)   /* after what it says unasked, where the log has no times */
#define GUARD     MS(1100)  /* before and after +++ */
#define SAY_LATER MS(50)
#define TOGETHER  MS(500) /* lines of one moment */

struct stage {
	struct import *im;
	struct play_live *live;
	struct exchanges *parser;
	struct exchange *answer;         /* of the command that was typed last */
	char *said;                      /* unasked lines, each with a \n after it */
	bool numeric;                    /* ATV0 */
	struct scenario *owner[2 * 128]; /* of steps, which must outlive the play */
	size_t owners;
	size_t turn;
	bool dead;
};

/* ---- the demo --------------------------------------------------------------------- */

static struct import_step *note(
	struct stage *s, int kind, const void *bytes, size_t len, usec_t time)
{
	struct import *im = s->im;
	struct import_step *step;

	im->step = must(realloc(im->step, (im->steps + 1) * sizeof(*im->step)));
	step = &im->step[im->steps++];
	*step = (struct import_step){
		.kind = kind, .len = len, .time = time, .turn = s->turn
	};
	step->bytes = must(malloc(len + 1));
	if (len)
		memcpy(step->bytes, bytes, len);
	step->bytes[len] = '\0';
	return step;
}

static void forget_steps(struct import *im)
{
	while (im->steps)
		free(im->step[--im->steps].bytes);
}

/* ---- what comes ------------------------------------------------------------------- */

static void take(void *ctx, const struct exchange *x)
{
	struct stage *s = ctx;
	char *more;
	size_t i;

	if (x->command[0]) {
		exchange_free(s->answer);
		s->answer = exchange_copy(x);
	}
	for (i = 0; i < x->n; i++) {
		if (!x->line[i].unsolicited)
			continue;
		if (asprintf(&more, "%s%s\n", s->said ? s->said : "", x->line[i].text) <
			0)
			out_of_memory();
		free(s->said);
		s->said = more;
	}
}

/* Takes the first len octets of what has come; the echo of a line, if it is all there,
 * belongs to that line. */
static void hear(struct stage *s, size_t most, usec_t took)
{
	size_t len;
	const char *heard = play_live_heard(s->live, &len);

	if (len > most)
		len = most;
	if (!len)
		return;
	exchanges_bytes(s->parser, play_live_now(s->live), '<', heard, len, 0);
	note(s, DEMO_HEAR, heard, len, took);
	play_live_take(s->live, len);
}

static void pass(struct stage *s, usec_t time)
{
	play_live_wait(s->live, time, NULL, NULL);
	note(s, DEMO_WAIT, "", 0, time);
	hear(s, SIZE_MAX, 0);
}

static bool is_numeric(const char *line, size_t n)
{
	return n == 1 && line[0] >= '0' && line[0] <= '8';
}

/* The end of the first line that ends the command, 0: none yet. CONNECT ends it too, and
 * so does the prompt. */
static size_t answer_end(const struct stage *s)
{
	size_t len, i, start = 0;
	const char *p = play_live_heard(s->live, &len);
	char line[64];

	for (i = 0; i < len; i++) {
		if (p[i] == ' ' && i == start + 1 && p[start] == '>')
			return i + 1;
		if (p[i] != '\r' && p[i] != '\n')
			continue;
		if (p[i] == '\r' && i + 1 < len && p[i + 1] == '\n' && i > start)
			continue;
		snprintf(line, sizeof(line), "%.*s", (int)(i - start), p + start);
		line[strcspn(line, "\r")] = '\0';
		start = i + 1;
		if (exchange_is_result(line) ||
			(s->numeric && is_numeric(line, strlen(line))))
			return start;
	}
	return 0;
}

static bool answered(void *ctx)
{
	return answer_end(ctx) > 0;
}

static void wait_answer(struct stage *s, usec_t limit)
{
	usec_t begun = play_live_now(s->live);

	play_live_wait(s->live, limit, answered, s);
	if (!answer_end(s))
		note(s, DEMO_WAIT, "", 0, limit);
	s->im->turn[s->turn].took = play_live_now(s->live) - begun;
}

/* ---- typing ----------------------------------------------------------------------- */

static char *bytes_of(const char *visible, size_t *len, const char *end)
{
	char *bytes = must(malloc(strlen(visible) + strlen(end) + 1));
	struct buf b;

	buf_init(&b, bytes, strlen(visible) + strlen(end));
	buf_put_escaped(&b, visible);
	buf_puts(&b, end);
	*len = b.len;
	return bytes;
}

static bool keys(struct stage *s, const void *bytes, size_t len)
{
	exchanges_bytes(s->parser, play_live_now(s->live), '>', bytes, len, 0);
	note(s, DEMO_KEYS, bytes, len, 0);
	s->dead |= !play_live_type(s->live, bytes, len);
	return !s->dead;
}

/* A line with its CR; its echo comes at once, or not at all. */
static bool type_line(struct stage *s, const char *command)
{
	size_t len, heard;
	char *bytes = bytes_of(command, &len, "\r");
	struct import_step *step;
	const char *p;

	exchanges_bytes(s->parser, play_live_now(s->live), '>', bytes, len, 0);
	step = note(s, DEMO_TYPE, bytes, len - 1, 0);
	s->dead |= !play_live_type(s->live, bytes, len);
	p = play_live_heard(s->live, &heard);
	step->echoed = heard >= len && !memcmp(p, bytes, len);
	if (step->echoed) {
		exchanges_bytes(s->parser, play_live_now(s->live), '<', p, len, 0);
		play_live_take(s->live, len);
	}
	free(bytes);
	return !s->dead;
}

/* ---- steps of YAML ---------------------------------------------------------------- */

static bool other(struct stage *s, const char *yaml)
{
	char *text;
	struct doc_errors e;
	struct scenario *one;
	bool done = false;

	if (s->owners == sizeof(s->owner) / sizeof(s->owner[0]))
		return false;
	if (asprintf(&text, "name: one step\nprofile: %s\nsteps:\n  - %s\n",
		    s->im->guess.profile, yaml) < 0)
		out_of_memory();
	doc_errors_init(&e);
	one = scenario_read(s->im->library, "a step", text, strlen(text), &e);
	doc_errors_clear(&e);
	free(text);
	if (!one)
		return false;
	s->owner[s->owners++] = one;
	note(s, DEMO_OTHER, yaml, strlen(yaml), 0);
	done = play_live_step(s->live, one->steps);
	s->dead |= !done;
	return done;
}

/* ---- data ------------------------------------------------------------------------- */

static bool has_flag(const void *p, size_t n)
{
	return p && memchr(p, 0x7e, n < EXCHANGE_KEPT ? n : EXCHANGE_KEPT);
}

static bool is_ppp(const struct stage *s, const struct exchange *x)
{
	size_t len;
	const char *p = play_live_heard(s->live, &len);

	return strstr(x->command, "*99") || strstr(x->command, "*98") ||
	       has_flag(p, len) || has_flag(x->kept[0], x->data[0]) ||
	       has_flag(x->kept[1], x->data[1]);
}

/* Copies a text of PAP: a length and so many octets. */
static size_t pap_text(const uint8_t *p, size_t n, char out[64])
{
	size_t len = n ? p[0] : 0;

	out[0] = '\0';
	if (len >= 64 || len + 1 > n)
		return 0;
	memcpy(out, p + 1, len);
	out[len] = '\0';
	return len + 1;
}

/* The login of PAP (RFC 1334): protocol C023, code 1, identifier, length, peer, password.
 * PPP's escapes (7D) are taken off first. */
static bool pap(const struct exchange *x, char user[64], char password[64])
{
	size_t n = x->data[0] < EXCHANGE_KEPT ? x->data[0] : EXCHANGE_KEPT, i, len = 0,
	       used;
	uint8_t plain[EXCHANGE_KEPT];

	for (i = 0; x->kept[0] && i < n; i++)
		if (x->kept[0][i] == 0x7d && i + 1 < n)
			plain[len++] = x->kept[0][++i] ^ 0x20;
		else
			plain[len++] = x->kept[0][i];
	for (i = 0; i + 8 < len; i++) {
		if (plain[i] != 0xc0 || plain[i + 1] != 0x23 || plain[i + 2] != 1)
			continue;
		used = pap_text(plain + i + 6, len - i - 6, user);
		return used &&
		       pap_text(plain + i + 6 + used, len - i - 6 - used, password);
	}
	return false;
}

static bool ppp(struct stage *s, const struct exchange *x)
{
	char user[64] = "", password[64] = "", *yaml, *u, *w;
	bool done;

	if (pap(x, user, password)) {
		mask_login(s->im->mask, user);
		mask_login(s->im->mask, password);
	}
	u = import_quote(user);
	w = import_quote(password);
	if (asprintf(&yaml, "ppp: { start: { user: %s, password: %s } }", u, w) < 0)
		out_of_memory();
	done = other(s, yaml) && other(s, "ppp: { terminate: host }");

	free(yaml);
	free(u);
	free(w);
	if (done)
		pass(s, SEC(1));
	return done;
}

/* Bytes of a data call, both ways. */
static void far(struct stage *s, const struct exchange *x)
{
	size_t n = x->data[0] < 1024 ? x->data[0] : 1024;
	char yaml[2100] = "farend: { hex: \"", *p;
	size_t i;

	if (n && x->kept[0])
		keys(s, x->kept[0], n);
	n = x->data[1] < 1000 ? x->data[1] : 1000;
	if (n && x->kept[1]) {
		p = yaml + strlen(yaml);
		for (i = 0; i < n; i++)
			p += sprintf(p, "%02X", x->kept[1][i]);
		strcpy(p, "\" }");
		other(s, yaml);
	}
	pass(s, SEC(1));
	if (x->n && !strcmp(x->line[x->n - 1].text, "NO CARRIER") && !s->dead) {
		other(s, "hangup: {}");
		pass(s, SEC(1));
	}
}

/* The port is closed and opened: a call that is still there ends. */
static void leave(struct stage *s)
{
	if (s->dead)
		return;
	hear(s, SIZE_MAX, 0);
	other(s, "port: closed");
	pass(s, SEC(5));
	other(s, "port: open");
	pass(s, SEC(1));
	exchanges_end(s->parser);
	free(s->said); /* the end of the call is ours */
	s->said = NULL;
}

/* Our modem is in a data call. False: it has to be played again. */
static bool data(struct stage *s)
{
	struct turn *t = &s->im->turn[s->turn];
	bool logged = t->x->result && !strncmp(t->x->result, "CONNECT", 7);

	if (!logged || t->how != TURN_LOGGED) {
		leave(s);
		return true;
	}
	if (!is_ppp(s, t->x)) {
		far(s, t->x);
		leave(s);
		return !s->dead;
	}
	if (ppp(s, t->x))
		return true;
	turn_give_up(t, TURN_LOOSE,
		"the PPP session cannot be played; the demo hangs up after CONNECT");
	return false;
}

/* ---- turns ------------------------------------------------------------------------ */

/* What is typed at the prompt; without a text in the log the prompt is left. */
static void text(struct stage *s, const struct exchange *x)
{
	size_t len;
	char *bytes;

	if (x->text) {
		bytes = bytes_of(x->text, &len, x->cancelled ? "\x1b" : "\x1a");
		keys(s, bytes, len);
		free(bytes);
	} else {
		keys(s, "\x1b", 1);
	}
	wait_answer(s, ANSWER);
}

/* The host of the log has not waited for a prompt. */
static void text_anyway(struct stage *s, const struct exchange *x)
{
	size_t len;
	char *bytes = bytes_of(x->text, &len, "\x1a\r");

	keys(s, bytes, len);
	free(bytes);
	pass(s, SETTLED);
}

static bool at_prompt(const struct stage *s)
{
	size_t end = answer_end(s), len;
	const char *p = play_live_heard(s->live, &len);

	return end > 1 && p[end - 1] == ' ' && p[end - 2] == '>';
}

static usec_t patience(const struct exchange *x)
{
	return x->result || x->prompted ? ANSWER : NO_ANSWER;
}

static void set_numeric(struct stage *s, const char *command)
{
	if (strcasestr(command, "V0"))
		s->numeric = true;
	else if (strcasestr(command, "V1") || strcasestr(command, "&F"))
		s->numeric = false;
}

static bool ours_connects(const struct stage *s)
{
	return s->answer && s->answer->result &&
	       !strncmp(s->answer->result, "CONNECT", 7);
}

/* Octets up to the end of CONNECT: what follows belongs to the session. */
static size_t heard_now(const struct stage *s)
{
	size_t end = answer_end(s), len;
	const char *p = play_live_heard(s->live, &len);
	size_t i;

	for (i = 0; i + 9 <= end; i++)
		if (!memcmp(p + i, "\r\nCONNECT", 9))
			return end;
	return len;
}

static bool command(struct stage *s)
{
	struct turn *t = &s->im->turn[s->turn];
	struct exchange none = { .command = t->x->command };
	usec_t took;
	bool online, changed, unprompted;

	exchange_free(s->answer);
	s->answer = NULL;
	set_numeric(s, t->x->command);
	if (!type_line(s, t->x->command))
		return true;
	wait_answer(s, patience(t->x));
	took = t->took;
	if (at_prompt(s)) {
		hear(s, SIZE_MAX, took);
		text(s, t->x);
		took = t->took;
	}
	hear(s, heard_now(s), took);
	exchanges_end(s->parser);
	online = ours_connects(s);
	unprompted = t->x->text && !(s->answer && s->answer->prompted);
	changed = rules_compare(s->im, s->turn, s->answer ? s->answer : &none);
	if (changed)
		return false;
	if (unprompted)
		text_anyway(s, t->x);
	return !online || data(s);
}

/* Whether all that was said has this line; takes it out. */
static bool was_said(struct stage *s, const char *line)
{
	size_t n = strlen(line);
	char *p = s->said;

	while (p && *p) {
		if (!strncmp(p, line, n) && p[n] == '\n') {
			memmove(p, p + n + 1, strlen(p + n + 1) + 1);
			return true;
		}
		p += strcspn(p, "\n") + 1;
	}
	return false;
}

/* Adds a line, framed, to what a rule has to say. */
static void add_line(char **all, const char *line)
{
	char *more;

	if (asprintf(&more, "%s\\r\\n%s\\r\\n", *all ? *all : "", line) < 0)
		out_of_memory();
	free(*all);
	*all = more;
}

/* Unasked lines of the log in a turn, which our modem has not said. */
static char *missing(struct stage *s, const struct exchange *x)
{
	char *all = NULL;
	size_t i;

	for (i = 0; i < x->n; i++)
		if (x->line[i].unsolicited && !was_said(s, x->line[i].text))
			add_line(&all, x->line[i].text);
	return all;
}

/* The turn with a command before this one. */
static long asked_before(const struct import *im, size_t turn)
{
	long i;

	for (i = (long)turn; i >= 0; i--)
		if (im->turn[i].x->command[0] && im->turn[i].how != TURN_CUT)
			return i;
	return -1;
}

static usec_t say_after(const struct stage *s, long before, size_t turn)
{
	const struct turn *t = &s->im->turn[turn], *b;
	usec_t least, logged;

	if (before < 0)
		return SAY_LATER;
	b = &s->im->turn[before];
	if ((size_t)before == turn)
		return 0;
	least = b->took + SAY_LATER;
	logged = t->x->asked - b->x->asked;
	return t->timed && logged > least ? logged / 1000 * 1000 : least;
}

/* Lines of turns [from, to) that our modem has not said become a rule, if they came
 * together. False: one was made. */
static bool unsolicited(struct stage *s, size_t from, size_t to)
{
	struct turn *t = &s->im->turn[from];
	char *all = NULL, *some, *both;
	long before = asked_before(s->im, from);
	bool made;
	size_t i;

	for (i = from; i < to; i++) {
		some = s->im->turn[i].how == TURN_LOGGED ? missing(s, s->im->turn[i].x)
							 : NULL;
		if (some && asprintf(&both, "%s%s", all ? all : "", some) < 0)
			out_of_memory();
		if (!some)
			continue;
		if (!all)
			t = &s->im->turn[i];
		free(all);
		free(some);
		all = both;
	}
	if (!all)
		return true;
	i = (size_t)(t - s->im->turn);
	made = rules_say(s->im, before, i, all, say_after(s, before, i));
	free(all);
	return !made;
}

/* What our modem says, and the log has nowhere near. */
static bool surplus(struct stage *s, size_t turn)
{
	char *line = s->said, *end;
	bool made = false;

	while (line && *line && !made) {
		end = strchr(line, '\n');
		*end = '\0';
		made = !exchange_is_result(line) && rules_hush(s->im, turn, line);
		line = end + 1;
	}
	free(s->said);
	s->said = NULL;
	return !made;
}

static bool is_unasked(const struct import *im, size_t turn)
{
	return turn < im->n && !im->turn[turn].x->command[0];
}

/* The end of the lines that came within a moment of this one. */
static size_t together(const struct import *im, size_t i, size_t end)
{
	size_t next = i + 1;

	while (next < end && im->turn[next].x->asked - im->turn[i].x->asked < TOGETHER)
		next++;
	return next;
}

/* The lines that follow without a command between them. */
static bool unasked(struct stage *s)
{
	struct import *im = s->im;
	size_t first = s->turn, end = first, i, next;
	usec_t time = SETTLED;

	while (is_unasked(im, end))
		end++;
	if (im->log->step && im->turn[end - 1].x->asked > im->turn[first].x->asked)
		time += im->turn[end - 1].x->asked - im->turn[first].x->asked;
	if (im->log->step && im->turn[first].gap > LEAST_GAP)
		time += im->turn[first].gap;
	pass(s, time < MOST_GAP ? time / 1000 * 1000 : MOST_GAP);
	exchanges_end(s->parser);
	for (i = first; i < end; i = next) {
		next = together(im, i, end);
		if (!unsolicited(s, i, next))
			return false;
	}
	s->turn = end - 1;
	return true;
}

static bool one_turn(struct stage *s)
{
	struct turn *t = &s->im->turn[s->turn];

	if (t->how == TURN_CUT)
		return true;
	if (!t->x->command[0])
		return unasked(s);
	if (t->timed && s->turn && t->gap >= LEAST_GAP)
		pass(s, t->gap < MOST_GAP ? t->gap / 1000 * 1000 : MOST_GAP);
	return command(s) && unsolicited(s, s->turn, s->turn + 1) &&
	       (is_unasked(s->im, s->turn + 1) || surplus(s, s->turn));
}

/* The modem cannot go on: the rest is not played. */
static void give_up(struct stage *s)
{
	size_t i;

	for (i = s->turn; i < s->im->n; i++)
		if (s->im->turn[i].how != TURN_CUT)
			turn_give_up(&s->im->turn[i], TURN_CUT,
				"our modem takes no more of it");
}

bool import_play(
	struct import *im, const struct scenario *scenario, const struct profile *p)
{
	const struct play_options options = { .mode = PLAY_COALESCED };
	struct stage s = { .im = im };
	bool whole = true;

	forget_steps(im);
	s.parser = exchanges_new(take, &s);
	s.live = play_live_new(scenario, p, &options);
	if (im->wipsoft)
		add_peers(&s);
	for (; s.turn < im->n && whole; s.turn++) {
		whole = one_turn(&s);
		if (s.dead) {
			if (whole)
				give_up(&s);
			whole = false;
		}
	}
	exchanges_free(s.parser);
	play_live_free(s.live);
	while (s.owners)
		scenario_free(s.owner[--s.owners]);
	exchange_free(s.answer);
	free(s.said);
	return whole;
}
