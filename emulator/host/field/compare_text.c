/* The patch as a file, and numbers that it must not have. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/field/compare_int.h"

#define SHORTEST 7 /* digits of a number that can be somebody's */

/* ---- numbers of the unit ----------------------------------------------------------- */

static void learn(struct compare *c, const char *line)
{
	size_t n;

	for (; *line; line += n ? n : 1) {
		n = strspn(line, "0123456789");
		if (n < SHORTEST || n >= sizeof(c->secret[0]) ||
			c->secrets == sizeof(c->secret) / sizeof(c->secret[0]))
			continue;
		snprintf(c->secret[c->secrets++], sizeof(c->secret[0]), "%.*s", (int)n,
			line);
	}
}

void compare_learn_secrets(struct compare *c)
{
	static const char *const shown[] = { "AT+CGSN", "AT+CIMI", "AT+CCID", "AT+CNUM",
		"AT+WMSN", "AT+CSCA?", "AT+CSVM?", "AT+WIMEI?", NULL };
	const char *line;
	size_t i, k, l;

	for (i = 0; i < c->q.n; i++)
		for (k = 0; shown[k]; k++)
			for (l = 0; !strcmp(c->q.item[i].ask, shown[k]) &&
				    (line = differ_line(c->real[i], l));
				l++)
				learn(c, line);
}

/* The check digit of an IMEI (3GPP 23.003 annex B). */
static bool is_imei(const char *digits)
{
	int sum = 0, i, d;

	for (i = 0; i < 15; i++) {
		d = (digits[i] - '0') * (i % 2 ? 2 : 1);
		sum += d > 9 ? d - 9 : d;
	}
	return sum % 10 == 0;
}

bool compare_has_secret(const struct compare *c, const char *text)
{
	const char *p;
	size_t i, n;

	for (i = 0; i < c->secrets; i++)
		if (strstr(text, c->secret[i]))
			return true;
	for (p = text; *p; p += n ? n : 1) {
		n = strspn(p, "0123456789");
		if (n == 15 && is_imei(p))
			return true;
		if (n >= SHORTEST && p > text && p[-1] == '+')
			return true;
	}
	return false;
}

/* ---- the file --------------------------------------------------------------------- */

static const char *answer_of(const struct compare *c, const char *ask)
{
	const char *line;
	size_t i;

	for (i = 0; i < c->q.n; i++)
		if (!strcmp(c->q.item[i].ask, ask)) {
			line = differ_line(c->real[i], 0);
			return line && !compare_has_secret(c, line) ? line : "unknown";
		}
	return "unknown";
}

static void print_left(
	const struct compare *c, const struct compare_finding *f, FILE *out)
{
	struct difference d;
	bool shown;

	differ(f->real, f->ours, &d);
	shown = !d.own && !compare_has_secret(c, d.real);
	fprintf(out, "#   %s: real: %s; ours: %s: %s\n", f->question->ask,
		shown ? d.real : "(not shown)", shown ? d.ours : "(not shown)", f->why);
}

/* What the patch says in a comment, which ends in a line of its own. */
static void print_head(const struct compare *c, FILE *out)
{
	struct compare_finding f;
	size_t i, n = 0, left = 0;

	for (i = 0; compare_finding(c, i, &f); i++) {
		n++;
		left += f.left;
	}
	fprintf(out, "# Model: %s; firmware: %s\n", answer_of(c, "AT+CGMM"),
		answer_of(c, "AT+CGMR"));
	fprintf(out,
		"# fauxtrack compare has asked it %zu questions; %zu were answered "
		"otherwise than %s does.\n",
		c->q.n, n, c->o.profile);
	fprintf(out, "# Settings are those that the unit had; AT&F was not sent.\n");
	if (!left)
		fprintf(out, "# With this file ours answers all of them as it has.\n");
	else
		fprintf(out, "# With this file %zu still %s:\n", left,
			left == 1 ? "differs" : "differ");
	for (i = 0; compare_finding(c, i, &f); i++)
		if (f.left)
			print_left(c, &f, out);
}

void compare_print(struct compare *c, FILE *out)
{
	char *head;
	size_t size;
	FILE *f = must(open_memstream(&head, &size));

	print_head(c, f);
	fclose(f);
	patch_print(&c->patch, head, out);
	free(head);
}
