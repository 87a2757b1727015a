/* Exercises host/field/mask with arbitrary exchanges: the first line of the input is the
 * command, a line that begins with > the text, the others are its answer. Lengths stay, and
 * masking changes nothing of what is kept. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "host/field/mask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LINES 64

static char *visible(const uint8_t *p, size_t n)
{
	char *text = malloc(4 * n + 1);
	struct buf b;

	buf_init(&b, text, 4 * n);
	buf_put_visible(&b, p, n);
	text[b.len] = '\0';
	return text;
}

static size_t octets(const char *text)
{
	unsigned char c;
	size_t n = 0;

	for (; text && *text; n++)
		buf_escaped_char(&text, &c);
	return n;
}

static void split(const uint8_t *data, size_t size, struct exchange *x)
{
	const uint8_t *end;
	size_t n;

	x->command = NULL;
	while (size && x->n < LINES) {
		end = memchr(data, '\n', size);
		n = end ? (size_t)(end - data) : size;
		if (!x->command)
			x->command = visible(data, n);
		else if (n && data[0] == '>' && !x->text)
			x->text = visible(data + 1, n - 1);
		else
			x->line[x->n++].text = visible(data, n);
		n += end != NULL;
		data += n;
		size -= n;
	}
	if (!x->command)
		x->command = strdup("");
}

static void run(const uint8_t *data, size_t size, bool keep)
{
	struct exchange_line line[LINES] = { { .text = NULL } };
	struct exchange x = { .line = line };
	struct mask *m = mask_new(keep);
	size_t before, after, i;
	int turn;

	split(data, size, &x);
	before = octets(x.command) + octets(x.text);
	for (i = 0; i < x.n; i++)
		before += octets(line[i].text);
	for (turn = 0; turn < 2; turn++)
		mask_exchange(m, &x);
	after = octets(x.command) + octets(x.text);
	for (i = 0; i < x.n; i++) {
		after += octets(line[i].text);
		mask_again(m, line[i].text);
		free(line[i].text);
	}
	assert(after == before);
	free(x.command);
	free(x.text);
	mask_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	run(data, size, false);
	run(data, size, true);
	return 0;
}
