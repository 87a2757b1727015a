/* Logs whose lines say the direction: ModemManager, Kannel, smstools, gnokii,
 * python-gsmmodem, and any other program with a pair of marks: Tx and Rx, SENT and RECV. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf/must.h"
#include "host/field/decode.h"
#include "host/field/form.h"
#include "host/field/stamp.h"
#include "host/field/talk.h"

#define PREFIX 160   /* a mark begins within so many characters */
#define LOOK   1024  /* octets of a line that are enough to judge it */
#define SAMPLE 3000u /* lines that a probe looks at */

struct pair {
	const char *host, *modem;
};

struct dialect {
	const struct pair *pairs;
	unsigned styles;          /* enum decode_style */
	bool joined;              /* lines of an answer are joined by spaces */
	bool list;                /* answers are lists of Python */
	bool bytes;               /* what is not written out was not sent */
	const char *const *signs; /* one of them is in the log; NULL: none is needed */
	int score;
};

/* A line of the log, taken apart. */
struct marked {
	char *text;    /* the whole line; owned */
	char *content; /* after the mark */
	char side;     /* '>', '<'; 0: it has no mark */
	bool stamped;
	struct stamp stamp;
	char port[24]; /* the word in front of the mark that names a port; "" none */
	bool plain;    /* typographic characters were replaced */
};

/* --- marks ---------------------------------------------------------------------------
 */

/* A word is a mark if a colon, a bracket or a quote comes after it; an arrow stands alone. */
static const char *after_mark(const char *p, const char *mark, bool at_start)
{
	size_t n = strlen(mark);
	bool arrow = !isalpha((unsigned char)mark[0]);

	if (strncasecmp(p, mark, n))
		return NULL;
	p += n;
	if (arrow)
		return *p == ' ' || *p == '\'' || *p == '"' || *p == '\0' ||
				       (at_start && *p != mark[n - 1] && *p != '=')
			       ? p
			       : NULL;
	if (*p == ']' || *p == ')' || *p == '>')
		return p + 1;
	while (*p == ' ')
		p++;
	if (*p == ':' || *p == '=')
		return p + 1;
	/* "TX AT+CSQ", "RX OK" */
	if (at_start && n > 1 && p[-1] == ' ')
		return p;
	return *p == '[' || (n > 2 && (*p == '\'' || *p == '"')) ? p : NULL;
}

/* Finds the first place of a mark in the text. Returns its start, and where the content
 * begins. */
static char *find_mark(char *text, const char *mark, char **content)
{
	char before = ' ';
	const char *after;
	char *p;

	for (p = text; *p && p - text < PREFIX; before = *p++) {
		if (isalnum((unsigned char)before) || strchr("-<>'\"", before))
			continue;
		after = after_mark(p, mark, p == text);
		if (after) {
			*content = text + (after - text);
			return p;
		}
	}
	return NULL;
}

static bool begins_command(const char *p)
{
	while (*p && strchr(" '\"[b", *p))
		p++;
	return !strncasecmp(p, "AT", 2) && (!p[2] || !islower((unsigned char)p[2]));
}

/* --- lines ---------------------------------------------------------------------------
 */

/* The finest time in front of the mark: syslog's has seconds, the program's own more. */
static void find_stamp(struct marked *m, size_t prefix)
{
	struct stamp s;
	size_t i;

	for (i = 0; i < prefix; i++) {
		if (i && m->text[i] != '[' && m->text[i] != '(')
			continue;
		if (!stamp_read(m->text + i, strnlen(m->text + i, 200), &s))
			continue;
		if (!m->stamped || s.step < m->stamp.step)
			m->stamp = s;
		m->stamped = true;
	}
}

/* "(ttyUSB0):", "[modem0/ttyUSB0/at]", "AT2[wavecom]:", "GSM1:". */
static void find_port(struct marked *m, const char *mark)
{
	const char *end = mark, *p, *tty;
	size_t n;

	while (end > m->text && end[-1] == ' ')
		end--;
	for (p = end; p > m->text && p[-1] != ' '; p--)
		;
	n = (size_t)(end - p);
	tty = memmem(p, n, "tty", 3);
	if (tty) {
		p = tty;
		for (n = 0; p + n < end && isalnum((unsigned char)p[n]); n++)
			;
	} else if (!n || end[-1] != ':') {
		return;
	}
	if (n < sizeof(m->port)) {
		memcpy(m->port, p, n);
		m->port[n] = '\0';
	}
}

static void take_apart(
	struct marked *m, const struct field_line *l, const struct pair *pair)
{
	char *content[2] = { NULL, NULL }, *place[2], *start;
	size_t own;
	int which;

	*m = (struct marked){ .text = field_line_text(l) };
	m->plain = form_plain(m->text);
	own = stamp_read(m->text, strlen(m->text), &m->stamp) ? m->stamp.len : 0;
	m->stamped = own;
	start = m->text + own;
	place[0] = find_mark(start, pair->host, &content[0]);
	place[1] = find_mark(start, pair->modem, &content[1]);
	if (!place[0] && !place[1]) {
		find_stamp(m, strlen(m->text) < 48 ? strlen(m->text) : 48);
		return;
	}
	which = !place[0] || (place[1] && place[1] < place[0]);
	m->side = which ? '<' : '>';
	m->content = content[which];
	find_stamp(m, (size_t)(place[which] - m->text));
	find_port(m, place[which]);
	while (*m->content == ' ' && m->content[1] == ' ')
		m->content++;
	if (*m->content == ' ')
		m->content++;
}

/* The same of the start of a line: enough to see its mark and its form. */
static void look_at(struct marked *m, const struct field_line *l, const struct pair *pair)
{
	struct field_line start = *l;

	if (start.len > LOOK)
		start.len = LOOK;
	take_apart(m, &start, pair);
}

/* How well a pair of marks fits: commands after the one, anything after the other. */
static size_t fit(
	const struct field_source *s, const struct pair *pair, bool need_answers)
{
	size_t i, commands = 0, answers = 0;
	struct marked m;

	for (i = 0; i < s->lines && i < SAMPLE; i++) {
		look_at(&m, &s->line[i], pair);
		if (m.side == '>' && begins_command(m.content))
			commands++;
		if (m.side == '<')
			answers++;
		free(m.text);
	}
	if (!commands || (!answers && need_answers))
		return 0;
	return 10 * commands + (answers > 10 * commands ? 0 : answers);
}

static const struct pair *best_pair(
	const struct field_source *s, const struct dialect *d, size_t *score)
{
	const struct pair *found = NULL;
	size_t i, n;

	for (i = 0, *score = 0; d->pairs[i].host; i++) {
		n = fit(s, &d->pairs[i], !d->signs);
		if (n > *score) {
			*score = n;
			found = &d->pairs[i];
		}
	}
	return found;
}

static int probe(const struct field_source *s, const struct dialect *d)
{
	size_t i, score;

	if (d->signs) {
		for (i = 0; d->signs[i]; i++)
			if (field_contains(s, d->signs[i]))
				break;
		if (!d->signs[i])
			return 0;
	}
	if (!best_pair(s, d, &score))
		return 0;
	return d->signs || score >= 20 ? d->score : d->score - 20;
}

/* --- contents ------------------------------------------------------------------------
 */

struct reading {
	const struct dialect *d;
	const struct pair *pair;
	struct talk talk;
	char port[24]; /* the one that is taken */
	char last;     /* side of the last line with a mark */
	bool empty;    /* ... and that had no content: it is in the next lines */
	bool stamped;  /* lines have stamps */
};

/* Takes off what encloses the content: '...', "...", [...], b'...'. Returns whether something
 * did. */
static bool open_up(char **p, size_t *len)
{
	static const char open[] = "'\"[", close[] = "'\"]";
	const char *found, *last;

	while (*len && isspace((unsigned char)(*p)[*len - 1]))
		--*len;
	if (*len > 2 && (*p)[0] == 'b' && ((*p)[1] == '\'' || (*p)[1] == '"')) {
		++*p;
		--*len;
	}
	found = *len >= 2 && **p ? strchr(open, **p) : NULL;
	last = found ? memrchr(*p + 1, close[found - open], *len - 1) : NULL;
	if (!last || (last != *p + *len - 1 && last[1] != ' '))
		return false;
	*len = (size_t)(last - *p) + 1; /* "AT\r" to the modem */
	++*p;
	*len -= 2;
	for (; *found == '[' && *len && **p == ' '; ++*p)
		--*len;
	return true;
}

/* Whether the rest of a command comes in later lines: another part of the host before any
 * answer but the echo. */
static bool goes_on(const struct reading *g, const struct field_source *s, size_t from,
	const char *content)
{
	bool more = false, stop = false;
	struct marked m;
	size_t i;

	if (!form_is_command(content) && !begins_command(content))
		return false;
	for (i = from + 1; i < s->lines && i < from + 8 && !stop; i++) {
		look_at(&m, &s->line[i], g->pair);
		if (m.side == '>') {
			more = *m.content && !begins_command(m.content) &&
			       !form_takes_text(content);
			stop = true;
		} else if (m.side == '<') {
			stop = !strstr(content, m.content);
		}
		free(m.text);
	}
	return more;
}

static void host_text(struct reading *g, const struct field_source *s, size_t i, char *p)
{
	unsigned long line = s->line[i].number;
	bool more;

	if (talk_wants_text(&g->talk) && !begins_command(p)) {
		talk_text(&g->talk, line, p);
		return;
	}
	more = goes_on(g, s, i, p);
	if (more)
		g->talk.r->doubt = "its CR comes in a later line, it seems";
	talk_command(&g->talk, line, p, more);
}

/* "['AT\\r', '+CSQ: 3,0', 'OK']": each is a line. */
static void python_list(struct reading *g, unsigned long line, char *p)
{
	struct decoded d;
	char quote, *end;

	while ((p = strpbrk(p, "'\"")) != NULL) {
		quote = *p++;
		for (end = p; *end && *end != quote; end++)
			if (*end == '\\' && end[1])
				end++;
		if (!*end)
			return;
		d = decode_text(p, (size_t)(end - p), DECODE_BACKSLASH);
		while (d.len && (p[d.len - 1] == '\r' || p[d.len - 1] == '\n'))
			d.len--;
		p[d.len] = '\0';
		talk_line(&g->talk, line, p);
		p = end + 1;
	}
}

static void take_content(
	struct reading *g, const struct field_source *s, size_t i, char side, char *p)
{
	unsigned long line = s->line[i].number;
	size_t len = strlen(p);
	struct decoded d;

	if (g->d->list && side == '<' && *p == '[' && (p[1] == '\'' || p[1] == '"')) {
		python_list(g, line, p);
		return;
	}
	open_up(&p, &len);
	d = decode_text(p, len, g->d->styles);
	while (!d.ends && side == '<' && d.len && p[d.len - 1] == ' ')
		d.len--;
	if (d.damaged && !g->talk.r->doubt)
		g->talk.r->doubt = "an escape that is unknown; taken as it stands";
	p[d.len] = '\0';
	if (d.ends || (g->d->bytes && side == '>'))
		talk_bytes(&g->talk, line, side, p, d.len);
	else if (!d.len)
		reading_understood(g->talk.r, line);
	else if (side == '>')
		host_text(g, s, i, p);
	else if (g->d->joined)
		talk_joined(&g->talk, line, p);
	else
		talk_line(&g->talk, line, p);
}

/* A quote that is open at the end of the line goes on in the next ones: a mail program has
 * wrapped the log. Returns how many lines were added to m->content. */
static size_t unwrap(
	struct reading *g, const struct field_source *s, size_t i, struct marked *m)
{
	size_t used = 0, n = strlen(m->content);
	struct marked next;
	char *text;

	if (m->content[0] != '\'' || !(g->d->styles & DECODE_ANGLE))
		return 0;
	while (m->content[n - 1] != '\'' && used < 20 && i + used + 1 < s->lines) {
		take_apart(&next, &s->line[i + used + 1], g->pair);
		if (next.side || next.stamped || !next.text[0]) {
			free(next.text);
			break;
		}
		text = must(malloc(n + strlen(next.text) + 2));
		memcpy(text, m->content, n);
		text[n++] = ' ';
		strcpy(text + n, next.text);
		n += strlen(next.text);
		free(next.text);
		free(m->text);
		m->text = m->content = text;
		used++;
		reading_understood(g->talk.r, s->line[i + used].number);
		g->talk.r->doubt = "the log was wrapped there; a space is assumed";
	}
	return used;
}

/* --- the log -------------------------------------------------------------------------
 */

/* A line without a mark belongs to the one before if it has no stamp where others have:
 * answers of several lines. */
static void unmarked(
	struct reading *g, const struct field_source *s, size_t i, char *text)
{
	bool more = g->last && *text && !form_is_command(text) &&
		    (g->empty || form_is_from_modem(text) || form_is_hex(text) ||
			    !strcmp(text, ">"));

	if (!more)
		return;
	g->talk.r->doubt = "direction as of the line before";
	take_content(g, s, i,
		g->talk.prompt && form_is_hex(text) ? '>'
		: g->last == '>' && !g->talk.prompt ? '<'
						    : g->last,
		text);
}

static bool other_port(struct reading *g, const struct marked *m)
{
	if (!m->port[0] || !g->port[0])
		return false;
	return strcmp(m->port, g->port) != 0;
}

/* Returns how many lines were taken. */
static size_t take_line(struct reading *g, const struct field_source *s, size_t i)
{
	struct field_reading *r = g->talk.r;
	unsigned long line = s->line[i].number;
	struct marked m;
	size_t more = 0;

	take_apart(&m, &s->line[i], g->pair);
	r->doubt = m.plain ? "typographic characters were replaced" : NULL;
	/* other lines may have only the coarser stamps of syslog */
	if (m.stamped && m.side)
		reading_at(r, m.stamp.at, m.stamp.step);
	else if (!m.stamped)
		reading_no_time(r);
	if (m.side && other_port(g, &m)) {
		reading_understood(r, line);
		reading_note(r, line, "another port than most lines; left out");
	} else if (m.side) {
		more = unwrap(g, s, i, &m);
		g->empty = !*m.content;
		take_content(g, s, i, m.side, m.content);
		g->last = m.side;
	} else if (m.stamped || (g->d->signs && !g->stamped)) {
		reading_understood(r, line); /* what the program says itself */
		g->last = m.stamped ? 0 : g->last;
		if (!m.stamped)
			unmarked(g, s, i, m.text);
	} else {
		unmarked(g, s, i, m.text);
	}
	r->doubt = NULL;
	free(m.text);
	return 1 + more;
}

/* The port that has most commands. */
static void choose_port(struct reading *g, const struct field_source *s)
{
	struct {
		char name[24];
		size_t n;
	} port[8];
	size_t ports = 0, i, k, most = 0;
	struct marked m;

	for (i = 0; i < s->lines; i++) {
		look_at(&m, &s->line[i], g->pair);
		g->stamped |= m.stamped;
		if (m.side == '>' && m.port[0] && begins_command(m.content)) {
			for (k = 0; k < ports; k++)
				if (!strcmp(port[k].name, m.port))
					break;
			if (k == ports && ports < sizeof(port) / sizeof(port[0])) {
				memcpy(port[k].name, m.port, sizeof(m.port));
				port[ports++].n = 0;
			}
			if (k < ports && ++port[k].n > most) {
				most = port[k].n;
				memcpy(g->port, m.port, sizeof(m.port));
			}
		}
		free(m.text);
	}
}

static bool read_dialect(struct field_reading *r, const struct dialect *d)
{
	struct reading g = { .d = d };
	size_t i, score;

	g.pair = best_pair(r->source, d, &score);
	if (!g.pair)
		return true; /* no piece: reported by the caller */
	choose_port(&g, r->source);
	talk_init(&g.talk, r);
	for (i = 0; i < r->source->lines;)
		i += take_line(&g, r->source, i);
	talk_clear(&g.talk);
	return true;
}

/* --- the programs --------------------------------------------------------------------
 */

static const struct pair long_arrows[] = { { "-->", "<--" }, { "->", "<-" },
	{ NULL, NULL } };
static const struct pair short_arrows[] = { { "->", "<-" }, { NULL, NULL } };
static const struct pair of_gnokii[] = { { "write", "read" }, { NULL, NULL } };
static const struct pair of_python[] = { { "write", "response" }, { NULL, NULL } };
static const struct pair any_pair[] = { { "-->", "<--" }, { "->", "<-" },
	{ ">>>", "<<<" }, { ">>", "<<" }, { "Tx", "Rx" }, { "Send", "Recv" },
	{ "send", "got" }, { "Sent", "Received" }, { "Sent", "Recv" },
	{ "Sended", "Received" }, { "Sending", "Received" }, { "Sending", "Response" },
	{ "Send", "Receive" }, { "Send", "Received" }, { "write", "read" },
	{ "write", "response" }, { "w", "r" }, { "T", "F" }, { "Request", "Answer" },
	{ "Request", "Response" }, { "Command", "Response" }, { "cmd", "resp" },
	{ "OUT", "IN" }, { "Host", "Modem" }, { "PC", "Modem" }, { "DTE", "DCE" },
	{ "S", "R" }, { "TxD", "RxD" }, { ">", "<" },
	/* seen from the modem */
	{ "<--", "-->" }, { "<-", "->" }, { "<<", ">>" }, { "<", ">" }, { NULL, NULL } };

static const char *const mm_signs[] = { "--> 'AT", "<CR>'", NULL };
static const char *const kannel_signs[] = { "AT2[", NULL };
static const char *const smstools_signs[] = { "Command is sent, waiting", ",7, GSM",
	NULL };
static const char *const gnokii_signs[] = { "write: [", "GNOKII", NULL };
static const char *const python_signs[] = { "write: AT", NULL };

static const struct dialect mm = { long_arrows, DECODE_ANGLE | DECODE_DECIMAL, false,
	false, false, mm_signs, 90 };
static const struct dialect kannel = { long_arrows, DECODE_CARET, false, false, true,
	kannel_signs, 95 };
static const struct dialect smstools = { short_arrows, DECODE_CARET, true, false, false,
	smstools_signs, 92 };
static const struct dialect gnokii = { of_gnokii, DECODE_ANGLE, false, false, false,
	gnokii_signs, 91 };
static const struct dialect python = { of_python, DECODE_BACKSLASH, false, true, false,
	python_signs, 85 };
static const struct dialect marked = { any_pair,
	DECODE_ANGLE | DECODE_CARET | DECODE_BACKSLASH | DECODE_SQUARE, false, true,
	false, NULL, 70 };

#define DIALECT(name)                                          \
	static int probe_##name(const struct field_source *s)  \
	{                                                      \
		return probe(s, &(name));                      \
	}                                                      \
	static bool read_##name##_log(struct field_reading *r) \
	{                                                      \
		return read_dialect(r, &(name));               \
	}

DIALECT(mm)
DIALECT(kannel)
DIALECT(smstools)
DIALECT(gnokii)
DIALECT(python)
DIALECT(marked)

const struct field_reader read_mm = { "modemmanager",
	"ModemManager --debug: --> 'AT<CR>' and <-- '<CR><LF>OK<CR><LF>'", probe_mm,
	read_mm_log };
const struct field_reader read_kannel = { "kannel",
	"Kannel: AT2[...]: --> AT^M and <-- OK", probe_kannel, read_kannel_log };
const struct field_reader read_smstools = { "smstools",
	"smsd of SMS Server Tools with loglevel 7: GSM1: -> AT and <- OK", probe_smstools,
	read_smstools_log };
const struct field_reader read_gnokii = { "gnokii",
	"gnokii with debug = on: write: [AT<cr>] and read : [...]", probe_gnokii,
	read_gnokii_log };
const struct field_reader read_python = { "python",
	"python-gsmmodem: write: AT and response: ['OK']", probe_python,
	read_python_log };
const struct field_reader read_marked = { "marked",
	"any lines with a mark of the direction: TX: and RX:, Sent: and Received:, >> "
	"and <<",
	probe_marked, read_marked_log };
