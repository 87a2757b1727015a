/* What AT+STGI shows, line by line, and what the host types (stk.md +STGI, +STGR). */
#include <string.h>

#include "chapters/general/te_text.h"
#include "chapters/stk/stk.h"
#include "codec/gsm7.h"
#include "codec/hex.h"
#include "state/modem_state.h"

#define SHOWN_MAX 240 /* characters of one text: GSM 11.14 clause 12.15 allows no more */

/* A text of the card in quotes: in the host's character set, or, where the GSM alphabet
 * lacks a character, the digits of its UCS2 (S000293I p. 145). */
static void put_text(struct modem *m, const char *text, struct buf *out)
{
	char mem[TOOLKIT_TEXT_MAX];
	uint32_t cp[SHOWN_MAX];
	struct te_text te;
	struct text chars;
	struct buf utf8;
	size_t septets;

	buf_init(&utf8, mem, sizeof(mem));
	toolkit_print(&m->toolkit, text, &utf8);
	text_init(&chars, cp, SHOWN_MAX);
	utf8_decode(utf8.data, utf8.len, &chars);
	te_text(m, &te);
	te.cs.policy = CHARSET_QUESTION;
	if (!gsm7_count(cp, chars.n, &septets))
		te.cs.id = CHARSET_UCS2;
	buf_putc(out, '"');
	charset_from_unicode(&te.cs, cp, chars.n, out);
	buf_putc(out, '"');
}

static void put_more_text(struct modem *m, const char *text, struct buf *out)
{
	if (!text[0])
		return;
	buf_putc(out, ',');
	put_text(m, text, out);
}

static void put_item(
	struct modem *m, const struct toolkit_list *l, size_t i, struct buf *out)
{
	const struct toolkit_item *item = &l->item[i];

	buf_printf(out, "%d,%d,", toolkit_item_id(l, i), l->count ? l->count : (int)l->n);
	put_text(m, item->label, out);
	buf_printf(out, ",%d", item->help[0] != '\0');
	if (item->next >= 0)
		buf_printf(out, ",%X", (unsigned)item->next);
}

/* stk.md +STGI: what stands before the title depends on the firmware. */
static void put_title(struct modem *m, const struct toolkit_step *s, struct buf *out)
{
	bool three = firmware_has(m->fw, QUIRK_STK_TITLE);

	buf_printf(out, "%d%s", s->list.preselected, three ? ",0,0" : "");
	put_more_text(m, s->text, out);
}

static void put_tone(struct modem *m, const struct toolkit_step *s, struct buf *out)
{
	buf_printf(out, "%d", s->tone);
	if (s->length || s->text[0])
		buf_printf(out, ",%d,%d", s->unit, s->length);
	put_more_text(m, s->text, out);
}

static void put_step(struct modem *m, const struct toolkit_step *s, struct buf *out)
{
	bool help = s->help[0] != '\0';

	switch (s->command) {
	case TOOLKIT_DISPLAY_TEXT:
		buf_printf(out, "%d,", s->high_priority);
		put_text(m, s->text, out);
		buf_printf(out, ",%d", s->until_user);
		break;
	case TOOLKIT_GET_INKEY:
		/* which number yes/no has is unknown; 0 is inferred */
		buf_printf(
			out, "%d,%d", s->format == TOOLKIT_YES_NO ? 0 : s->format, help);
		put_more_text(m, s->text, out);
		break;
	case TOOLKIT_GET_INPUT:
		buf_printf(
			out, "%d,%d,%d,%d,%d", s->format, s->echo, s->min, s->max, help);
		put_more_text(m, s->text, out);
		break;
	case TOOLKIT_SET_UP_CALL:
		buf_printf(out, "%d,", s->others);
		toolkit_print(&m->toolkit, s->number, out);
		buf_printf(out, ",%s,%d", s->subaddress, s->class);
		break;
	case TOOLKIT_PLAY_TONE:
		put_tone(m, s, out);
		break;
	case TOOLKIT_SELECT_ITEM:
		put_title(m, s, out);
		break;
	case TOOLKIT_REFRESH:
		buf_printf(out, "%d", s->mode);
		break;
	case TOOLKIT_SET_UP_EVENT_LIST:
		buf_printf(out, "%d", s->user);
		break;
	case TOOLKIT_SEND_SS:
	case TOOLKIT_SEND_SMS:
	case TOOLKIT_SEND_USSD:
		put_text(m, s->text, out);
		break;
	case TOOLKIT_SET_UP_MENU:
	case TOOLKIT_COMMANDS:
		break;
	}
}

/* Help is shown as a text that the user clears (inferred). */
static void put_help(struct modem *m, struct buf *out)
{
	buf_puts(out, "1,");
	put_text(m, m->toolkit.help, out);
	buf_puts(out, ",1");
}

bool stk_line(struct modem *m, int command, size_t i, struct buf *out)
{
	const struct toolkit *t = &m->toolkit;
	bool menu = command == TOOLKIT_SET_UP_MENU;
	const struct toolkit_list *l;

	if (menu ? !t->menu : toolkit_command(t) != command)
		return false;
	l = menu ? &t->conf->menu : t->help ? NULL : &t->step->list;
	if (i > (l ? l->n : 0))
		return false;
	if (menu && !i && !t->conf->title[0])
		return true;
	buf_puts(out, "+STGI: ");
	if (i)
		put_item(m, l, i - 1, out);
	else if (menu)
		put_text(m, t->conf->title, out);
	else if (t->help)
		put_help(m, out);
	else
		put_step(m, t->step, out);
	return true;
}

/* stk.md +STGR: 80 may stand before the digits, and FFFF after them. */
static bool read_ucs2(const char *text, size_t len, struct text *out)
{
	uint8_t octets[2 * TOOLKIT_ANSWER + 8];
	size_t n, from;

	if (!hex_decode(text, len, octets, sizeof(octets), &n))
		return false;
	from = n % 2 && octets[0] == 0x80;
	while (n >= from + 2 && octets[n - 1] == 0xFF && octets[n - 2] == 0xFF)
		n -= 2;
	return (n - from) % 2 == 0 && utf16_decode(octets + from, n - from, out);
}

bool stk_typed(struct modem *m, const char *text, size_t len, bool ucs2, struct buf *out)
{
	uint32_t cp[TOOLKIT_ANSWER];
	struct te_text te;
	struct text chars;

	text_init(&chars, cp, TOOLKIT_ANSWER);
	te_text(m, &te);
	if (ucs2 ? !read_ucs2(text, len, &chars)
		 : charset_to_unicode(&te.cs, text, len, &chars) != CHARSET_OK)
		return false;
	return !chars.full && utf8_encode(cp, chars.n, out);
}
