/* The echo is taken off byte by byte; the rest of the modem's output is lines. */
#include "host/field/exchange.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "conf/must.h"

#define LONGEST 4096 /* octets of one line; longer ones are taken in pieces */
#define CTRL_Z  0x1a
#define ESC     0x1b

struct exchanges {
	void (*take)(void *ctx, const struct exchange *x);
	void *ctx;
	struct exchange *now; /* the running command, NULL: none */
	bool prompt;          /* it has asked for text */
	bool data;            /* after CONNECT */
	bool numeric;         /* ATV0: results are digits */
	char typed[LONGEST];  /* of the host: the line, or text, so far */
	size_t typed_len;
	unsigned long typed_where;
	char echo[LONGEST]; /* typed, and not yet sent back */
	size_t echo_len;
	char said[LONGEST]; /* of the modem: the line so far */
	size_t said_len;
	unsigned long said_where;
};

/* --- what lines are ------------------------------------------------------------------
 */

static bool begins(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

bool exchange_is_result(const char *line)
{
	static const char *const whole[] = { "OK", "ERROR", "NO CARRIER", "NO DIALTONE",
		"NO DIAL TONE", "BUSY", "NO ANSWER", "CONNECT", NULL };
	static const char *const starts[] = { "+CME ERROR", "+CMS ERROR", "CONNECT ",
		"#CME ERROR", NULL };
	size_t i;

	for (i = 0; whole[i]; i++)
		if (!strcmp(line, whole[i]))
			return true;
	for (i = 0; starts[i]; i++)
		if (begins(line, starts[i]))
			return true;
	return false;
}

/* Lines that no command asks for, whatever runs. */
static bool always_unsolicited(const char *line)
{
	static const char *const starts[] = { "RING", "+CRING:", "+CMTI:", "+CMT:",
		"+CBM:", "+CDS:", "+CDSI:", "+CBMI:", "+WIND:", "+CCWA:", "+CSSU:",
		"+CGEV:", "+WIPDATA:", "+WIPREADY:", "+WIPPEERCLOSE:", "+STIN:", NULL };
	size_t i;

	for (i = 0; starts[i]; i++)
		if (begins(line, starts[i]))
			return true;
	return false;
}

/* The name in front of a colon, "" if there is none. */
static size_t name_length(const char *line)
{
	size_t n = strcspn(line, ":");

	return line[0] == '+' && line[n] == ':' && n < 24 ? n : 0;
}

/* Whether the command line contains that name: "+CSQ" in "AT+CREG?;+CSQ". */
static bool names(const char *command, const char *name, size_t len)
{
	const char *p;

	for (p = command; *p; p++)
		if (!strncasecmp(p, name, len) && !isalnum((unsigned char)p[len]))
			return true;
	return false;
}

/* A number and nothing more: "+CREG: 5" while +CREG? runs is still unsolicited. */
static bool is_short_state(const char *line)
{
	static const char *const both[] = { "+CREG: ", "+CGREG: ", NULL };
	size_t i, n;

	for (i = 0; both[i]; i++) {
		n = strlen(both[i]);
		if (begins(line, both[i]))
			return line[n] && !line[n + strspn(line + n, "0123456789")];
	}
	return false;
}

bool exchange_answers(const char *command, const char *line)
{
	size_t n = name_length(line);

	if (!command[0])
		return false;
	if (n && names(command, line, n))
		return !is_short_state(line);
	if (always_unsolicited(line))
		return false;
	/* a line with a name of its own, unless the command shows settings */
	return !n || strcasestr(command, "&V") || strcasestr(command, "ATI") ||
	       strcasestr(command, "+CGDCONT");
}

/* --- the running command --------------------------------------------------------------
 */

static char *visible(const char *p, size_t len)
{
	char *text = must(malloc(4 * len + 1));
	struct buf b;

	buf_init(&b, text, 4 * len);
	buf_put_visible(&b, p, len);
	text[b.len] = '\0';
	return text;
}

void exchange_free(struct exchange *x)
{
	size_t i;

	if (!x)
		return;
	for (i = 0; i < x->n; i++)
		free(x->line[i].text);
	free(x->line);
	free(x->command);
	free(x->text);
	free(x->result);
	free(x->kept[0]);
	free(x->kept[1]);
	free(x);
}

static void finish(struct exchanges *e)
{
	if (!e->now)
		return;
	e->take(e->ctx, e->now);
	exchange_free(e->now);
	e->now = NULL;
	e->prompt = e->data = false;
}

static void add_line(struct exchange *x, usec_t at, const char *text, bool unsolicited)
{
	x->line = must(realloc(x->line, (x->n + 1) * sizeof(*x->line)));
	x->line[x->n++] = (struct exchange_line){ must(strdup(text)), at, unsolicited };
	x->answered = at;
}

static char *text_copy(const char *text)
{
	return text ? must(strdup(text)) : NULL;
}

static uint8_t *octets_copy(const uint8_t *octets, size_t len)
{
	len = len < EXCHANGE_KEPT ? len : EXCHANGE_KEPT;
	return octets ? memcpy(must(malloc(len + 1)), octets, len) : NULL;
}

struct exchange *exchange_copy(const struct exchange *x)
{
	struct exchange *copy = must(malloc(sizeof(*copy)));
	size_t i;

	*copy = *x;
	copy->command = text_copy(x->command);
	copy->text = text_copy(x->text);
	copy->result = text_copy(x->result);
	copy->line = x->n ? must(calloc(x->n, sizeof(*x->line))) : NULL;
	for (i = 0; i < x->n; i++) {
		copy->line[i] = x->line[i];
		copy->line[i].text = text_copy(x->line[i].text);
	}
	for (i = 0; i < 2; i++)
		copy->kept[i] = octets_copy(x->kept[i], x->data[i]);
	return copy;
}

static void say_alone(struct exchanges *e, usec_t at, char *text)
{
	char none[1] = "";
	struct exchange_line line = { text, at, true };
	struct exchange x = { .command = none,
		.line = &line,
		.n = 1,
		.asked = at,
		.answered = at,
		.where = e->said_where };

	e->take(e->ctx, &x);
}

/* ATV0 and its results: 0 OK to 8 NO ANSWER (V.250 6.3.5). */
static const char *numeric_result(const char *line)
{
	static const char *const results[] = { "OK", "CONNECT", NULL, "NO CARRIER",
		"ERROR", NULL, "NO DIALTONE", "BUSY", "NO ANSWER" };

	return line[0] >= '0' && line[0] <= '8' && !line[1] ? results[line[0] - '0']
							    : NULL;
}

static void end_line(struct exchanges *e, usec_t at)
{
	struct exchange *x = e->now;
	const char *result;
	char *text;

	if (!e->said_len)
		return;
	text = visible(e->said, e->said_len);
	e->said_len = 0;
	result = e->numeric ? numeric_result(text) : NULL;
	if (!result && exchange_is_result(text))
		result = text;
	if (!x) {
		say_alone(e, at, text);
	} else if (result) {
		x->result = must(strdup(result));
		x->answered = at;
		e->data = begins(result, "CONNECT");
		if (!e->data)
			finish(e);
	} else {
		add_line(x, at, text, !exchange_answers(x->command, text));
	}
	free(text);
}

static void end_text(struct exchanges *e, bool cancelled)
{
	free(e->now->text);
	e->now->text = visible(e->typed, e->typed_len);
	e->now->cancelled = cancelled;
	e->prompt = false;
	e->typed_len = 0;
}

/* The text was typed before the prompt came. */
static void typed_ahead(struct exchanges *e)
{
	char rest[LONGEST];
	size_t n, len;

	for (n = 0; n < e->typed_len; n++)
		if (e->typed[n] == CTRL_Z || e->typed[n] == ESC)
			break;
	if (n == e->typed_len)
		return;
	len = e->typed_len - n - 1;
	memcpy(rest, e->typed + n + 1, len);
	e->typed_len = n;
	end_text(e, e->typed[n] == ESC);
	memcpy(e->typed, rest, len);
	e->typed_len = len;
}

/* --- the modem's bytes ----------------------------------------------------------------
 */

static bool is_echo(struct exchanges *e, char c)
{
	if (!e->echo_len || e->said_len || e->echo[0] != c)
		return false;
	memmove(e->echo, e->echo + 1, --e->echo_len);
	if (e->now && c == '\r')
		e->now->echoed = true;
	return true;
}

static void keep(struct exchange *x, int side, char c)
{
	if (!x->kept[side])
		x->kept[side] = must(malloc(EXCHANGE_KEPT));
	if (x->data[side] < EXCHANGE_KEPT)
		x->kept[side][x->data[side]] = (uint8_t)c;
	x->data[side]++;
}

/* After CONNECT: the end of the call is a line of its own. */
static void data_byte(struct exchanges *e, usec_t at, char c)
{
	static const char end[] = "\r\nNO CARRIER\r\n";
	size_t n = strlen(end);

	if (c == '\n' && !e->now->data[1])
		return; /* of the line end of CONNECT */
	keep(e->now, 1, c);
	e->now->answered = at;
	if (e->said_len == sizeof(e->said))
		e->said_len = 0;
	e->said[e->said_len++] = c;
	if (e->said_len >= n && !memcmp(e->said + e->said_len - n, end, n)) {
		e->now->data[1] -= n;
		e->said_len = e->typed_len = 0;
		add_line(e->now, at, "NO CARRIER", false);
		finish(e);
	} else if (e->said_len > n) {
		memmove(e->said, e->said + e->said_len - n, n);
		e->said_len = n;
	}
}

static void modem_byte(struct exchanges *e, usec_t at, char c, unsigned long where)
{
	if (e->data) {
		data_byte(e, at, c);
		return;
	}
	if (is_echo(e, c))
		return;
	if (c == '\n' || c == '\r') {
		e->echo_len = 0; /* what is not sent back by now is not echoed */
		end_line(e, at);
		return;
	}
	if (!e->said_len)
		e->said_where = where;
	if (e->said_len == sizeof(e->said))
		end_line(e, at);
	e->said[e->said_len++] = c;
	if (e->now && e->said_len == 2 && !memcmp(e->said, "> ", 2)) {
		e->prompt = e->now->prompted = true;
		e->said_len = 0;
		typed_ahead(e);
	}
}

/* --- the host's bytes -----------------------------------------------------------------
 */

static void begin_command(struct exchanges *e, usec_t at)
{
	struct exchange *x;

	if (e->now) {
		e->now->cut_short = !e->now->result;
		e->now->cut = at;
		finish(e);
	}
	if (e->typed_len == 0)
		return;
	x = e->now = must(calloc(1, sizeof(*x)));
	x->command = visible(e->typed, e->typed_len);
	x->asked = x->answered = at;
	x->where = e->typed_where;
	if (strcasestr(x->command, "V0"))
		e->numeric = true;
	else if (strcasestr(x->command, "V1") || !strncasecmp(x->command, "ATZ", 3) ||
		 strcasestr(x->command, "&F"))
		e->numeric = false;
}

/* +++ ends the data; what follows is commands again. */
static void data_typed(struct exchanges *e, char c)
{
	keep(e->now, 0, c);
	e->typed[e->typed_len++ % 3] = c;
	if (e->typed_len >= 3 && !memcmp(e->typed, "+++", 3)) {
		e->now->data[0] -= 3;
		e->typed_len = e->said_len = 0;
		finish(e);
	}
}

/* Whether a host may send the text before the prompt, and some do. */
static bool takes_text(const struct exchanges *e)
{
	return e->now && !e->now->text && e->typed_len &&
	       (names(e->now->command, "+CMGS", 5) ||
		       names(e->now->command, "+CMGW", 5) ||
		       names(e->now->command, "+CMGC", 5));
}

static void host_byte(struct exchanges *e, usec_t at, char c, unsigned long where)
{
	if (e->data) {
		data_typed(e, c);
		return;
	}
	if (e->echo_len < sizeof(e->echo))
		e->echo[e->echo_len++] = c;
	if ((c == CTRL_Z || c == ESC) && (e->prompt || takes_text(e))) {
		end_text(e, c == ESC);
		return;
	}
	if (!e->prompt && (c == '\r' || c == '\n')) {
		/* an empty line right after a text is no command */
		if (e->typed_len || (c == '\r' && !(e->now && e->now->text)))
			begin_command(e, at);
		e->typed_len = 0;
		return;
	}
	if (!e->typed_len)
		e->typed_where = where;
	if (e->typed_len < sizeof(e->typed))
		e->typed[e->typed_len++] = c;
}

/* --- from outside ---------------------------------------------------------------------
 */

struct exchanges *exchanges_new(
	void (*take)(void *ctx, const struct exchange *x), void *ctx)
{
	struct exchanges *e = must(calloc(1, sizeof(*e)));

	e->take = take;
	e->ctx = ctx;
	return e;
}

void exchanges_free(struct exchanges *e)
{
	if (!e)
		return;
	exchange_free(e->now);
	free(e);
}

enum exchange_state exchanges_state(const struct exchanges *e)
{
	if (!e->now)
		return EXCHANGE_IDLE;
	if (e->data)
		return EXCHANGE_DATA;
	return e->prompt ? EXCHANGE_PROMPT : EXCHANGE_RUNS;
}

void exchanges_bytes(struct exchanges *e, usec_t at, char side, const void *buf,
	size_t len, unsigned long where)
{
	const char *p = buf;
	size_t i;

	for (i = 0; i < len; i++)
		if (side == '>')
			host_byte(e, at, p[i], where);
		else
			modem_byte(e, at, p[i], where);
}

void exchanges_end(struct exchanges *e)
{
	end_line(e, e->now ? e->now->answered : 0);
	finish(e);
}
