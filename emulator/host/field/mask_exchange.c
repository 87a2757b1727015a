/* Where numbers, names and texts stand in commands and answers. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "conf/must.h"
#include "host/field/mask_int.h"
#include "host/field/pin_mask.h"

#define LEAST_BARE 10 /* digits of a number that nothing introduces */
#define LEAST_SAID 6

/* Arguments by their place: x a number or a name, t a text, d digits of a code, s a
 * secret, i an IMSI, e an IMEI, c an ICCID, anything else stays. The last letter stands
 * for all that follow if a + comes after it. */
struct place {
	const char *name, *args;
};

static const struct place in_commands[] = {
	{ "+CCFC=", "..x" },
	{ "+CMGC=", "....x" },
	{ "+CMGS=", "x" },
	{ "+CMGW=", "x" },
	{ "+CMSS=", ".x" },
	{ "+CPBF=", "t" },
	{ "+CPBW=", ".x.t+" },
	{ "+CSCA=", "x" },
	{ "+CSVM=", ".x" },
	{ "+CUSD=", ".d" },
	{ "+WIPCREATE=4,", "...ss" }, /* FTP, HTTP, SMTP, POP3: user and password */
	{ "+WIPCREATE=5,", "...ss" },
	{ "+WIPCREATE=6,", "...ss" },
	{ "+WIPCREATE=7,", "...ss" },
	{ NULL, NULL },
};

static const struct place in_answers[] = {
	{ "+CCFC:", "..x" },
	{ "+CCID:", "c" },
	{ "+CCWA:", "x....x" },
	{ "+CDS:", "..x" },
	{ "+CGSN:", "e" },
	{ "+CIMI:", "i" },
	{ "+CLCC:", ".....x.x" },
	{ "+CLIP:", "x.x.x" },
	{ "+CGREG:", "." },
	{ "+CMGL:", "..xx" },
	{ "+CMGR:", ".xx" },
	{ "+CMT:", "xx" },
	{ "+CNUM:", "xx" },
	{ "+COLP:", "x.x.x" },
	{ "+CPBF:", ".x.t+" },
	{ "+CPBR:", ".x.t+" },
	{ "+CREG:", "." },
	{ "+CSCA:", "x" },
	{ "+CSVM:", ".x" },
	{ "+CUSD:", ".t" },
	{ "+WIND:", "." },
	{ "+WPBR:", ".x.t+" },
	{ "#CCID:", "c" },
	{ NULL, NULL },
};

/* Commands whose answers tell what the modem is: long numbers there are versions, sizes
 * and sums. An IMEI is still found. */
static const char *const identities[] = { "ATI", "+CGMI", "+CGMM", "+CGMR", "+GMI",
	"+GMM", "+GMR", "+WSSW", "+WHWV", "+WDWL", "+WOPEN", "&V", NULL };

/* ---- arguments -------------------------------------------------------------------- */

static void one_value(struct mask *m, char what, char *p, size_t n)
{
	if (n >= 2 && p[0] == '"' && p[n - 1] == '"') {
		p++;
		n -= 2;
	}
	if (!n)
		return;
	if (what == 'x')
		mask_number_or_name(m, p, n);
	else if (what == 't')
		mask_words(m, p, n);
	else if (what == 's')
		mask_secret(m, p, n);
	else if (what == 'i' && n <= 15)
		mask_imsi(m, p, n);
	else if (what == 'e')
		mask_imei(m, p, strspn(p, "0123456789"));
	else if (what == 'c')
		mask_iccid(m, p, strspn(p, "0123456789"));
	else
		mask_runs(m, p, n, what == 'd' ? LEAST_SAID : LEAST_BARE);
}

/* The end of the value at p: a comma, or for commands a semicolon, outside quotes. */
static size_t value_length(const char *p, bool command)
{
	bool quoted = false;
	size_t n;

	for (n = 0; p[n]; n++) {
		if (p[n] == '"')
			quoted = !quoted;
		else if (!quoted && (p[n] == ',' || (command && p[n] == ';')))
			break;
	}
	return n;
}

static char *values(struct mask *m, const char *args, char *p, bool command)
{
	size_t n;
	char what;

	for (;;) {
		while (*p == ' ')
			p++;
		n = value_length(p, command);
		what = *args ? *args : '.';
		if (*args && args[1] != '+')
			args++;
		one_value(m, what, p, n);
		p += n;
		if (*p != ',')
			return p;
		p++;
	}
}

/* Runs of digits between quotes, and longer ones outside. */
static void anything(struct mask *m, char *p)
{
	size_t n;
	bool quoted = false;

	while (*p) {
		n = strcspn(p, "\"");
		mask_runs(m, p, n, quoted ? LEAST_SAID + 1 : LEAST_BARE);
		p += n;
		if (*p) {
			p++;
			quoted = !quoted;
		}
	}
}

/* ---- bytes and their visible form ------------------------------------------------- */

static char *bytes_of(const char *visible, size_t *len)
{
	char *bytes = must(malloc(strlen(visible) + 1));
	struct buf b;

	buf_init(&b, bytes, strlen(visible));
	buf_put_escaped(&b, visible);
	bytes[b.len] = '\0';
	*len = b.len;
	return bytes;
}

static char *visible_of(const char *bytes, size_t len)
{
	char *text = must(malloc(4 * len + 1));
	struct buf b;

	buf_init(&b, text, 4 * len);
	buf_put_visible(&b, bytes, len);
	text[b.len] = '\0';
	return text;
}

static void replace(char **text, char *bytes, size_t len)
{
	free(*text);
	*text = visible_of(bytes, len);
	free(bytes);
}

/* ---- commands --------------------------------------------------------------------- */

/* +CRSM=command,file,p1,p2,p3,data */
static void crsm(struct mask *m, char *args)
{
	unsigned command = 0, file = 0;
	char *data = strchr(args, '"');

	if (sscanf(args, "%u,%u", &command, &file) == 2) {
		m->file = file;
		m->body = command == 176 || command == 178;
	}
	if (data && (command == 214 || command == 220))
		mask_file(m, m->file, data + 1, strcspn(data + 1, "\""));
}

/* +WIPBR=2,bearer,option,value: 0 is the login, 1 the password. */
static void wipbr(struct mask *m, char *args)
{
	unsigned mode, bearer, option;
	int used = 0;

	if (sscanf(args, "%u,%u,%u,%n", &mode, &bearer, &option, &used) == 3 && used &&
		mode == 2 && option <= 1)
		values(m, "s", args + used, true);
}

static void charset(struct mask *m, const char *args)
{
	if (!strncasecmp(args, "\"UCS2", 5))
		m->charset = MASK_UCS2;
	else if (!strncasecmp(args, "\"HEX", 4))
		m->charset = MASK_HEX;
	else
		m->charset = MASK_PLAIN;
}

/* eDsoft: #APNUN, #APNPW, #FTPUN, #POP3PW ... are logins and passwords. */
static void login(struct mask *m, char *line, char mark)
{
	char *p = strchr(line, mark);

	if (line[0] != '#' && strncasecmp(line, "AT#", 3) != 0)
		return;
	if (p && p - line > 4 &&
		(!strncasecmp(p - 2, "UN", 2) || !strncasecmp(p - 2, "PW", 2)))
		values(m, "s", p + 1, false);
}

static void special(struct mask *m, char *line)
{
	char *p;

	login(m, line, '=');

	if ((p = strcasestr(line, "+CRSM=")))
		crsm(m, p + 6);
	if ((p = strcasestr(line, "+CSIM=")) && (p = strchr(p, '"')))
		mask_apdu(m, p + 1, strcspn(p + 1, "\""));
	if ((p = strcasestr(line, "+WIPBR=")))
		wipbr(m, p + 7);
	if ((p = strcasestr(line, "+CSCS=")))
		charset(m, p + 6);
	if (!strncasecmp(line, "ATD>", 4) && line[4] == '"')
		mask_words(m, line + 5, strcspn(line + 5, "\""));
	else if (!strncasecmp(line, "ATD", 3))
		mask_runs(m, line + 3, strlen(line + 3), LEAST_SAID);
}

static void arguments(struct mask *m, char *line, const char *name, const char *args)
{
	char *p = line;

	while ((p = strcasestr(p, name)))
		p = values(m, args, p + strlen(name), true);
}

static void command(struct mask *m, char *line)
{
	const struct secret_place *s;
	const struct place *c;

	if (strncasecmp(line, "AT", 2) != 0 && strncasecmp(line, "A/", 2) != 0) {
		/* a text without its prompt, or anything */
		mask_message(m, line, strlen(line), true);
		return;
	}
	special(m, line);
	for (s = secret_places; s->name; s++)
		arguments(m, line, s->name, s->args);
	for (c = in_commands; c->name; c++)
		arguments(m, line, c->name, c->args);
	anything(m, line);
}

/* ---- answers ---------------------------------------------------------------------- */

static bool tells_identity(const char *line)
{
	size_t i;

	for (i = 0; identities[i]; i++)
		if (strcasestr(line, identities[i]))
			return true;
	return false;
}

/* A line of digits alone, by the command that it answers. */
static bool bare(struct mask *m, const char *asked, char *line)
{
	size_t n = strspn(line, "0123456789");

	if (!n || line[n])
		return false;
	if (strcasestr(asked, "+CIMI"))
		mask_imsi(m, line, n > 15 ? 0 : n);
	else if (strcasestr(asked, "+CGSN") || strcasestr(asked, "+GSN"))
		mask_imei(m, line, n);
	else if (strcasestr(asked, "CCID"))
		mask_iccid(m, line, n);
	else
		return false;
	return true;
}

/* The SIM's answer: +CRSM: 144,0,"data", +CSIM: length,"data status". */
static bool of_sim(struct mask *m, char *line)
{
	char *data = strchr(line, '"');

	if (strncmp(line, "+CRSM:", 6) != 0 && strncmp(line, "+CSIM:", 6) != 0)
		return false;
	if (data && line[2] == 'S')
		mask_apdu_answer(m, data + 1, strcspn(data + 1, "\""));
	else if (data && m->body)
		mask_file(m, m->file, data + 1, strcspn(data + 1, "\""));
	return true;
}

static void serial(struct mask *m, const char *asked, char *line)
{
	char *p = strrchr(line, ' ');

	if (strcasestr(asked, "+WMSN") && p)
		mask_secret(m, p + 1, strlen(p + 1));
}

/* A message follows in a line of its own. */
static bool heads_message(const char *line)
{
	static const char *const heads[] = {
		"+CMGR:", "+CMGL:", "+CMT:", "+CDS:", "+CBM:", NULL
	};
	size_t i;

	for (i = 0; heads[i]; i++)
		if (!strncmp(line, heads[i], strlen(heads[i])))
			return strcmp(heads[i], "+CDS:") != 0 || !strchr(line, ',');
	return false;
}

static void answer(struct mask *m, const char *asked, char *line, size_t len)
{
	const struct place *c;

	if (of_sim(m, line) || bare(m, asked, line))
		return;
	login(m, line, ':');
	for (c = in_answers; c->name; c++) {
		if (strncmp(line, c->name, strlen(c->name)) != 0)
			continue;
		values(m, c->args, line + strlen(c->name), false);
		m->body = heads_message(line);
		return;
	}
	if (m->body && line[0] != '+') {
		mask_message(m, line, len, false);
		m->body = asked[0] != '\0'; /* unasked: one line */
		return;
	}
	m->body = heads_message(line);
	serial(m, asked, line);
	if (tells_identity(asked))
		mask_runs(m, line, len, 15);
	else
		anything(m, line);
}

void mask_exchange(struct mask *m, struct exchange *x)
{
	char *bytes;
	size_t len, i;

	if (m->keep)
		return;
	if (x->command[0]) {
		m->body = false;
		bytes = bytes_of(x->command, &len);
		command(m, bytes);
		replace(&x->command, bytes, len);
	}
	if (x->text) {
		bytes = bytes_of(x->text, &len);
		mask_message(m, bytes, len, true);
		replace(&x->text, bytes, len);
	}
	for (i = 0; i < x->n; i++) {
		bytes = bytes_of(x->line[i].text, &len);
		answer(m, x->command, bytes, len);
		replace(&x->line[i].text, bytes, len);
	}
	if (x->command[0])
		m->body = false;
}
