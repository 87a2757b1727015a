/* +WCCS: the tables of the character set CUSTOM (general.md +WCCS). */
#include <string.h>

#include "at/prompt.h"
#include "at/reply.h"
#include "codec/hex.h"
#include "state/modem_state.h"
#include "state/nv.h"

enum {
	WCCS_SHOW,
	WCCS_EDIT
};

static uint8_t *table(struct modem *m, int which, int *size)
{
	static const int sizes[] = { 256, 128, 128 };
	uint8_t *const tables[] = { m->custom.to_gsm, m->custom.alphabet,
		m->custom.extension };

	*size = sizes[which];
	return tables[which];
}

/* The table entries that the command names: the first, and how many; 0 if the range is
 * not valid. */
static size_t range(struct channel *ch, const struct at_call *c, uint8_t **first)
{
	struct modem *m = ch->modem;
	int size;
	uint8_t *t = table(m, c->arg[1].num, &size);
	int from = c->arg[2].num;
	int to = at_given(c, 3) ? c->arg[3].num : from;

	*first = t + from;
	return to >= from && to < size ? (size_t)(to - from + 1) : 0;
}

static int run_wccs(struct channel *ch, struct at_call *c)
{
	char digits[2 * 256];
	struct buf b;
	uint8_t *first;
	size_t n = range(ch, c, &first);

	if (!n)
		return AT_CME(CME_NOT_ALLOWED);
	if (c->arg[0].num == WCCS_EDIT) {
		at_prompt(ch, false);
		return AT_PENDING;
	}
	buf_init(&b, digits, sizeof(digits));
	hex_put(&b, first, n);
	at_info(ch, "+WCCS: %zu,%.*s", n, (int)b.len, b.data);
	return AT_OK;
}

/* general.md +WCCS: a text with too many or too few digits for the range is CME 24. */
static int more_wccs(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;
	const struct charset_custom before = m->custom;
	uint8_t bytes[256];
	const char *text;
	uint8_t *first;
	size_t len, got, n = range(ch, c, &first);

	if (why != AT_WHY_TEXT)
		return AT_OK;
	text = at_prompt_text(ch, &len);
	if (!text || len != 2 * n)
		return AT_CME(CME_TEXT_LONG);
	if (!hex_decode(text, len, bytes, sizeof(bytes), &got))
		return AT_CME(CME_NOT_ALLOWED);
	memcpy(first, bytes, n);
	if (nv_save_charset(m))
		return AT_OK;
	m->custom = before;
	return AT_CME(CME_MEMORY);
}

const struct at_cmd at_cmds_charset[] = {
	{ .name = "+WCCS",
		.own = AT_EE,
		.own_value = "PCCP437",
		.see = "general.md +WCCS; GDW-11 pp. 369-377, p. 190",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_LOADED,
		.open = AT_TEST,
		.flags = AT_F_PROMPT,
		.run = run_wccs,
		.more = more_wccs,
		.param = { { "mode", AT_INT, "(0,1)", 0 },
			{ "table", AT_INT, "(0-2)", 0 },
			{ "first", AT_INT, "(0-255)", 0 },
			{ "last", AT_INT, "(0-255)", 0, .optional = true } } },
	{ 0 },
};
