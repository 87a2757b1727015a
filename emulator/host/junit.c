#include "host/junit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conf/must.h"

struct junit {
	const char *suite;
	char *text; /* of the cases so far */
	size_t len;
	FILE *out;
	char *tap_text; /* the same results in TAP */
	size_t tap_len;
	FILE *tap;
	unsigned count[JUNIT_ERROR + 1];
	struct timespec began, first;
};

static double since(const struct timespec *from)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - from->tv_sec) +
	       (double)(now.tv_nsec - from->tv_nsec) / 1e9;
}

struct junit *junit_new(const char *suite)
{
	struct junit *j = must(calloc(1, sizeof(*j)));

	j->suite = suite;
	j->out = must(open_memstream(&j->text, &j->len));
	j->tap = must(open_memstream(&j->tap_text, &j->tap_len));
	clock_gettime(CLOCK_MONOTONIC, &j->first);
	j->began = j->first;
	return j;
}

void junit_start(struct junit *j)
{
	clock_gettime(CLOCK_MONOTONIC, &j->began);
}

/* The number of bytes of a UTF-8 character that XML 1.0 allows; 0: it is none. */
static size_t character(const unsigned char *p)
{
	size_t n = *p < 0x80    ? 1
		   : *p >= 0xf0 ? 4
		   : *p >= 0xe0 ? 3
		   : *p >= 0xc2 ? 2
				: 0,
	       i;

	if (n == 1)
		return *p >= 0x20 || *p == '\n' || *p == '\t';
	for (i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if (*p > 0xf4 || (*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) ||
		(*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f) ||
		(*p == 0xef && p[1] == 0xbf && p[2] > 0xbd))
		return 0;
	return n;
}

static void put(FILE *out, const char *text, size_t len)
{
	const char *end = text + len;
	size_t n;

	for (; text < end; text += n ? n : 1) {
		n = character((const unsigned char *)text);
		if (!n)
			fprintf(out, "&lt;%02X&gt;", (unsigned char)*text);
		else if (*text == '&')
			fputs("&amp;", out);
		else if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else if (*text == '"')
			fputs("&quot;", out);
		else
			fwrite(text, 1, n, out);
	}
}

static unsigned total(const struct junit *j)
{
	return j->count[JUNIT_PASSED] + j->count[JUNIT_FAILED] + j->count[JUNIT_SKIPPED] +
	       j->count[JUNIT_ERROR];
}

/* A # would begin a directive. */
static void put_tap(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '#')
			putc('\\', out);
		putc(*text == '\n' ? ' ' : *text, out);
	}
}

static void add_tap(struct junit *j, const char *where, const char *name,
	enum junit_verdict verdict, const char *text)
{
	bool good = verdict == JUNIT_PASSED || verdict == JUNIT_SKIPPED;
	const char *end;

	fprintf(j->tap, "%s %u - ", good ? "ok" : "not ok", total(j));
	put_tap(j->tap, where);
	fputs(": ", j->tap);
	put_tap(j->tap, name);
	fputs(verdict == JUNIT_SKIPPED ? " # SKIP\n" : "\n", j->tap);
	for (; text && *text; text = *end ? end + 1 : end) {
		end = text + strcspn(text, "\n");
		fprintf(j->tap, "# %.*s\n", (int)(end - text), text);
	}
}

void junit_add(struct junit *j, const char *where, const char *name,
	enum junit_verdict verdict, const char *text)
{
	static const char *const elements[] = { NULL, "failure", "skipped", "error" };

	if (!j)
		return;
	j->count[verdict]++;
	add_tap(j, where, name, verdict, text);
	fputs("    <testcase classname=\"", j->out);
	put(j->out, where, strlen(where));
	fputs("\" name=\"", j->out);
	put(j->out, name, strlen(name));
	fprintf(j->out, "\" time=\"%.3f\"", since(&j->began));
	if (elements[verdict]) {
		if (!text)
			text = "";
		fprintf(j->out, ">\n      <%s message=\"", elements[verdict]);
		put(j->out, text, strcspn(text, "\n"));
		fputs("\">", j->out);
		put(j->out, text, strlen(text));
		fprintf(j->out, "</%s>\n    </testcase>\n", elements[verdict]);
	} else {
		fputs("/>\n", j->out);
	}
	junit_start(j);
}

bool junit_write(const struct junit *j, const char *path)
{
	const unsigned *n = j->count;
	char counts[160];
	FILE *f = fopen(path, "w");
	bool ok;

	if (!f)
		return false;
	fflush(j->out);
	snprintf(counts, sizeof(counts),
		"tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\" time=\"%.3f\"",
		total(j), n[JUNIT_FAILED], n[JUNIT_ERROR], n[JUNIT_SKIPPED],
		since(&j->first));
	fprintf(f,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites %s>\n"
		"  <testsuite name=\"%s\" %s>\n",
		counts, j->suite, counts);
	fwrite(j->text, 1, j->len, f);
	fputs("  </testsuite>\n</testsuites>\n", f);
	ok = !ferror(f);
	return !fclose(f) && ok;
}

bool junit_write_tap(const struct junit *j, const char *path)
{
	FILE *f = fopen(path, "w");
	bool ok;

	if (!f)
		return false;
	fflush(j->tap);
	fwrite(j->tap_text, 1, j->tap_len, f);
	fprintf(f, "1..%u\n", total(j));
	ok = !ferror(f);
	return !fclose(f) && ok;
}

void junit_free(struct junit *j)
{
	if (!j)
		return;
	fclose(j->out);
	fclose(j->tap);
	free(j->text);
	free(j->tap_text);
	free(j);
}
