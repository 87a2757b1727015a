/* What was on a screen: captures of minicom and picocom, transcripts in forums and mails,
 * wvdial. The host's bytes are known by their echo. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf/must.h"
#include "host/field/form.h"
#include "host/field/screen.h"
#include "host/field/talk.h"

#define TEXT  4096 /* octets of a text; the rest is not of it */
#define AHEAD 25   /* lines that are looked at for the result of a command */

static const char dials[] = "--> Sending: ";

struct show {
	struct field_reading *r;
	struct talk talk;
	struct screen screen;
	size_t i;      /* the line that is read */
	bool wvdial;   /* lines with "-->" are the program's */
	bool header;   /* the last line of the modem has a text or a PDU after it */
	unsigned tpdu; /* octets of that PDU, 0: unknown */
};

static const char *text_at(const struct show *s, size_t i)
{
	return i < s->screen.n ? s->screen.line[i].text : "";
}

/* Without the ">" of a quotation. */
static const char *bare(const char *text)
{
	return text + strspn(text, "> ");
}

static unsigned long number_at(const struct show *s, size_t i)
{
	return s->screen.line[i < s->screen.n ? i : s->screen.n - 1].number;
}

static void doubt(struct show *s, const char *why)
{
	if (!s->r->doubt)
		s->r->doubt = why;
}

/* --- lines that were wrapped ---------------------------------------------------------
 */

static char *glue(char *a, const char *between, const char *b)
{
	size_t n = strlen(a);

	a = must(realloc(a, n + strlen(between) + strlen(b) + 1));
	strcpy(a + n, between);
	strcat(a, b);
	return a;
}

/* Quotes and parentheses that are open, or a comma at the end. */
static bool is_open(const char *text)
{
	size_t n = strlen(text);
	bool quoted = false;
	int depth = 0;

	if (n < 8)
		return false;
	if (text[n - 1] == ',')
		return true;
	for (; *text; text++)
		if (*text == '"')
			quoted = !quoted;
		else if (!quoted)
			depth += (*text == '(') - (*text == ')');
	return quoted || depth > 0;
}

static bool can_continue(const char *next)
{
	return *next && !screen_command(next) && !form_is_from_modem(next) &&
	       *next != '>';
}

/* The line at s->i with those that belong to it; s->i is the last of them. */
static char *unwrap(struct show *s, const char *text)
{
	char *whole = must(strdup(text));
	int more;

	for (more = 0; more < 4 && is_open(whole) && can_continue(text_at(s, s->i + 1));
		more++) {
		s->i++;
		reading_understood(s->r, number_at(s, s->i));
		whole = glue(whole, "", text_at(s, s->i));
		doubt(s, "wrapped lines were joined");
	}
	return whole;
}

/* A PDU over several lines, until it has as many digits as its length says. */
static char *unwrap_pdu(struct show *s, const char *text, unsigned tpdu)
{
	char *whole = must(strdup(text));
	size_t wanted = form_pdu_digits(text, tpdu);

	while (tpdu && strlen(whole) < wanted && *text_at(s, s->i + 1) &&
		strspn(text_at(s, s->i + 1), "0123456789abcdefABCDEF") ==
			strlen(text_at(s, s->i + 1))) {
		s->i++;
		reading_understood(s->r, number_at(s, s->i));
		whole = glue(whole, "", text_at(s, s->i));
		doubt(s, "wrapped lines were joined");
	}
	return whole;
}

/* --- the host's lines ----------------------------------------------------------------
 */

/* The start of an answer in the same line: "AT+CPIN=0000 OK"; NULL: none. */
static char *answer_in(char *command)
{
	char *p, *last = strrchr(command, ' ');

	if (!last || (!form_is_result(last + 1) && !strstr(command, " +CM")))
		return NULL;
	for (p = strchr(command, ' '); p; p = strchr(p + 1, ' '))
		if (p[1] == '+' || form_is_from_modem(p + 1))
			return p;
	return NULL;
}

/* The line is the echo; without one (ATE0) the terminal or the author has shown it. */
static void say_command(struct show *s, unsigned long line, const char *text)
{
	bool echoes = s->talk.echoes;

	if (!echoes)
		doubt(s, "shown although echo is off: typed there, it seems");
	talk_command(&s->talk, line, text, false);
	if (echoes)
		talk_line(&s->talk, line, text);
	s->header = false;
}

/* "AT+CMGF=1 returns ERROR and nothing more": the first word in small letters outside quotes
 * begins what people say about it. */
static void take_off_words(struct show *s, char *text)
{
	bool quoted = false;
	char *p;

	for (p = text; *p; p++) {
		if (*p == '"')
			quoted = !quoted;
		if (!quoted && *p == ' ' &&
			strspn(p + 1, "abcdefghijklmnopqrstuvwxyz") > 2 &&
			strchr(p + 1, ' ')) {
			*p = '\0';
			doubt(s, "what is after the command in the line was left out");
			return;
		}
	}
}

static void take_command(struct show *s, const char *shown)
{
	unsigned long line = number_at(s, s->i);
	char *text = unwrap(s, shown), *answer;

	take_off_words(s, text);
	answer = answer_in(text);
	if (answer)
		*answer++ = '\0';
	while (*text && text[strlen(text) - 1] == ' ')
		text[strlen(text) - 1] = '\0';
	say_command(s, line, text);
	if (answer)
		talk_joined(&s->talk, line, answer);
	free(text);
}

/* Whether the same line stands twice: once by the terminal, once as the echo. */
static bool is_second_echo(const struct show *s, const char *text)
{
	return s->talk.running && s->talk.command && s->i &&
	       !strcmp(text, s->talk.command) && screen_command(text_at(s, s->i - 1)) &&
	       !strcmp(text_at(s, s->i - 1), text) && form_takes_text(text);
}

/* The lines of a text up to the modem's answer. A PDU is one line, whatever wrapped it. */
static void take_text(struct show *s, const char *first)
{
	unsigned long line = number_at(s, s->i);
	const char *between = form_is_hex(first) ? "" : "\r", *next;
	char *text = must(strdup(*first == '>' ? first + 1 + (first[1] == ' ') : first));
	const char *end;

	reading_understood(s->r, line);
	for (;;) {
		end = strrchr(text, 'Z') ? strrchr(text, 'Z') : strrchr(text, 'z');
		if (strchr(text, 0x1a) || (end && end > text && strchr("^-+", end[-1])))
			break;
		next = text_at(s, s->i + 1);
		if (!*next || form_is_from_modem(next) || screen_command(next) ||
			strlen(text) > TEXT)
			break;
		s->i++;
		reading_understood(s->r, number_at(s, s->i));
		if (*next == '>')
			next += 1 + (next[1] == ' ');
		text = glue(text, between, next);
		doubt(s, "the end of the text is guessed");
	}
	if (*text) {
		bool echoes = s->talk.echoes;
		char *echo;

		talk_text(&s->talk, line, text);
		if (echoes && s->talk.echo) {
			echo = must(strdup(s->talk.echo));
			reading_say_text(s->r, line, '<', echo);
			free(echo);
		}
		free(s->talk.echo);
		s->talk.echo = NULL;
	}
	free(text);
}

/* --- the modem's lines ---------------------------------------------------------------
 */

static void learn_header(struct show *s, const char *text)
{
	static const char *const headers[] = {
		"+CMGR:", "+CMGL:", "+CMT:", "+CDS:", "+CBM:", NULL
	};
	const char *comma = strrchr(text, ',');
	size_t i;

	s->header = false;
	for (i = 0; headers[i]; i++)
		s->header |= !strncmp(text, headers[i], strlen(headers[i]));
	s->tpdu = s->header && comma ? (unsigned)strtoul(comma + 1, NULL, 10) : 0;
}

/* "+CGREG: 0,1 (attached)": what people add are words. */
static void take_off_remark(struct show *s, char *text)
{
	char *open = strrchr(text, '(');

	if (*text != '+' || !open || open == text || open[-1] != ' ' ||
		strpbrk(open, "0123456789\"+") || open[1] == ')' ||
		text[strlen(text) - 1] != ')')
		return;
	open[-1] = '\0';
	doubt(s, "a remark after the answer was left out");
}

static void take_answer(struct show *s, const char *text)
{
	unsigned long line = number_at(s, s->i);
	char *whole;

	if (s->header && form_is_hex(text))
		whole = unwrap_pdu(s, text, s->tpdu);
	else
		whole = *text == '+' ? unwrap(s, text) : must(strdup(text));
	take_off_remark(s, whole);
	talk_line(&s->talk, line, whole);
	learn_header(s, whole);
	free(whole);
}

/* Whether a result comes before the next command. */
static bool result_ahead(const struct show *s)
{
	size_t i;

	for (i = s->i + 1; i < s->screen.n && i < s->i + AHEAD; i++) {
		if (screen_command(text_at(s, i)))
			return false;
		if (form_is_result(bare(text_at(s, i))))
			return true;
	}
	return false;
}

/* PPP on the screen, and what else comes after CONNECT. */
static void take_data(struct show *s, const char *text)
{
	doubt(s, "data as a screen shows them: octets may be missing");
	reading_say_text(s->r, number_at(s, s->i), '<', text);
}

/* --- lines ---------------------------------------------------------------------------
 */

static void take_unknown(struct show *s, const char *text)
{
	const char *command = s->talk.command;

	if (!*text)
		return;
	if (s->header || (s->talk.running && command && form_has_free_answer(command))) {
		take_answer(s, text);
	} else if (s->talk.running && result_ahead(s)) {
		doubt(s, "not of the form of an answer; taken for one");
		take_answer(s, text);
	}
}

/* ">" is the prompt, "> text" the prompt and what was typed. */
static void take_prompt(struct show *s, const char *text)
{
	if (!s->talk.prompt)
		talk_line(&s->talk, number_at(s, s->i), ">");
	if (text[1] && strcmp(text, "> ") != 0)
		take_text(s, text);
}

static void take_line(struct show *s, const char *text)
{
	const char *command = screen_command(text);

	if (*text == '>' && !command && !talk_wants_text(&s->talk)) {
		text = bare(text); /* a part of a quotation, as its commands were */
		if (!*text)
			reading_understood(s->r, number_at(s, s->i));
	}
	if (s->wvdial && !strncmp(text, "-->", 3)) {
		reading_understood(s->r, number_at(s, s->i));
		if (!strncmp(text, dials, strlen(dials)))
			talk_command(&s->talk, number_at(s, s->i), text + strlen(dials),
				false);
	} else if (s->wvdial && s->talk.echo && s->talk.command &&
		   !strcmp(text, s->talk.command)) {
		talk_line(&s->talk, number_at(s, s->i), text);
	} else if (screen_is_banner(text)) {
		reading_understood(s->r, number_at(s, s->i));
	} else if (command && is_second_echo(s, text)) {
		reading_understood(s->r, number_at(s, s->i));
	} else if (command) {
		take_command(s, command);
	} else if (s->talk.data && !form_is_result(text)) {
		take_data(s, text);
	} else if (*text == '>' && talk_wants_text(&s->talk)) {
		take_prompt(s, text);
	} else if (talk_wants_text(&s->talk) && !form_is_from_modem(text) &&
		   (s->talk.prompt || result_ahead(s))) {
		take_text(s, text);
	} else if (form_is_from_modem(text)) {
		take_answer(s, text);
	} else {
		take_unknown(s, text);
	}
}

static bool read_lines(struct field_reading *r, bool wvdial)
{
	struct show s = { .r = r, .wvdial = wvdial };
	const struct screen_line *l;

	screen_read(&s.screen, r->source);
	talk_init(&s.talk, r);
	for (s.i = 0; s.i < s.screen.n; s.i++) {
		l = &s.screen.line[s.i];
		if (!*l->text) {
			reading_understood(
				r, l->number); /* a mark of a quotation alone */
			continue;
		}
		r->doubt = l->doubt;
		if (l->stamped)
			reading_at(r, l->stamp.at, l->stamp.step);
		else
			reading_no_time(r);
		take_line(&s, l->text);
	}
	r->doubt = NULL;
	talk_clear(&s.talk);
	screen_clear(&s.screen);
	return true;
}

/* --- the readers ---------------------------------------------------------------------
 */

static bool read_a_screen(struct field_reading *r)
{
	reading_note(r, 1, "a screen: what the host sent is known by its echo");
	return read_lines(r, false);
}

static int probe_screen(const struct field_source *source)
{
	size_t i, commands = 0, answers = 0;
	struct screen s;

	screen_read(&s, source);
	for (i = 0; i < s.n && i < 5000; i++)
		if (screen_command(s.line[i].text))
			commands++;
		else if (form_is_from_modem(s.line[i].text))
			answers++;
	screen_clear(&s);
	if (!commands)
		return 0;
	return 30 + (commands > 1 ? 10 : 0) + (answers ? 10 : 0);
}

static bool read_wvdial_log(struct field_reading *r)
{
	return read_lines(r, true);
}

static int probe_wvdial(const struct field_source *s)
{
	return field_contains(s, dials) ? 89 : 0;
}

const struct field_reader read_screen = { "screen",
	"minicom, picocom, and transcripts in forums and mails: commands and answers as "
	"they "
	"stood on the screen",
	probe_screen, read_a_screen };
const struct field_reader read_wvdial = { "wvdial",
	"wvdial: --> Sending: ATZ, and the modem's lines", probe_wvdial,
	read_wvdial_log };
