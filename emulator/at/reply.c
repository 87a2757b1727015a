/* Framing (line.md Response framing):
 *
 *            information text            final result      unsolicited
 *   V1   CR LF text CR LF [text CR LF]   CR LF OK CR LF    CR LF +WIND: 4 CR LF
 *   V0   text CR LF                      0 CR              CR LF +WIND: 4 CR LF
 *
 * with S3 and S4 for CR and LF. */
#include "at/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "at/run.h"
#include "at/told.h"
#include "link/link.h"
#include "state/modem_state.h"

static const struct {
	const char *verbose;
	int numeric; /* line.md Result codes */
} results[] = {
	[AT_OK] = { "OK", 0 },
	[AT_CONNECT] = { "CONNECT", 1 },
	[AT_RING] = { "RING", 2 },
	[AT_NO_CARRIER] = { "NO CARRIER", 3 },
	[AT_ERROR] = { "ERROR", 4 },
	[AT_NO_DIALTONE] = { "NO DIALTONE", 6 },
	[AT_BUSY] = { "BUSY", 7 },
	[AT_NO_ANSWER] = { "NO ANSWER", 8 },
};

static void crlf(struct channel *ch)
{
	char eol[2] = { (char)ch->set.s3, (char)ch->set.s4 };

	link_send(ch, eol, sizeof(eol));
}

static void framed(struct channel *ch, const char *text)
{
	crlf(ch);
	link_send(ch, text, strlen(text));
	crlf(ch);
}

void at_info_bytes(struct channel *ch, const char *data, size_t len)
{
	struct modem *m = ch->modem;

	if (ch->at->drop_info || ch->at->told)
		return;
	if (!ch->at->info)
		m->taps->gap(ch, NULL);
	if (!ch->at->in_block && ch->set.verbose)
		crlf(ch);
	link_send(ch, data, len);
	crlf(ch);
	ch->at->info = ch->at->in_block = true;
	m->taps->here(ch, FAULT_AT_INFO, NULL);
}

void at_info(struct channel *ch, const char *fmt, ...)
{
	char text[AT_PIECE_MAX - 4];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	at_info_bytes(ch, text, strlen(text));
}

void at_block_end(struct channel *ch)
{
	ch->at->in_block = false;
}

int at_result_named(const char *name)
{
	static const struct {
		const char *prefix;
		int base;
	} numbered[] = { { "+CME ERROR: ", AT_CME_0 }, { "+CMS ERROR: ", AT_CMS_0 } };
	size_t i;
	int n = 0;

	for (i = 0; i < sizeof(results) / sizeof(results[0]); i++)
		if (!strcmp(results[i].verbose, name))
			return (int)i;
	for (i = 0; i < 2; i++) {
		size_t len = strlen(numbered[i].prefix);

		if (strncmp(name, numbered[i].prefix, len) != 0)
			continue;
		for (name += len; *name >= '0' && *name <= '9' && n < 1000; name++)
			n = 10 * n + (*name - '0');
		return numbered[i].base + n;
	}
	return AT_SILENT;
}

#define RESULT_TEXT 40

/* A result code in words; mem is used for one with an error number. */
static const char *result_text(const struct modem *m, int result, char mem[RESULT_TEXT])
{
	bool always = m->fw && firmware_has(m->fw, QUIRK_CMS_ALWAYS);

	if (result < AT_CME_0)
		return results[result].verbose;
	if (result >= AT_CMS_0 && (m->live.cmee || always))
		snprintf(mem, RESULT_TEXT, "+CMS ERROR: %d", result - AT_CMS_0);
	else if (m->live.cmee)
		snprintf(mem, RESULT_TEXT, "+CME ERROR: %d", result - AT_CME_0);
	else
		return results[AT_ERROR].verbose;
	return mem;
}

static void send_result(struct channel *ch, int result)
{
	struct modem *m = ch->modem;
	char mem[RESULT_TEXT];
	const char *text = result_text(m, result, mem);
	char eol = (char)ch->set.s3;

	if (ch->set.verbose) {
		framed(ch, text);
	} else if (text[0] == '+') {
		link_send(ch, text, strlen(text));
		crlf(ch);
	} else {
		snprintf(mem, sizeof(mem), "%d",
			results[result >= AT_CME_0 ? AT_ERROR : result].numeric);
		link_send(ch, mem, strlen(mem));
		link_send(ch, &eol, 1);
	}
}

/* The V0 numbers for speeds (line.md Result codes); other speeds are a plain CONNECT. */
static int connect_number(const char *speed)
{
	static const char *const known[] = { "300", "1200", "1200/75", "2400", "4800",
		"9600", "14400" };
	int i;

	for (i = 0; i < (int)(sizeof(known) / sizeof(known[0])); i++)
		if (!strcmp(known[i], speed))
			return 10 + i;
	return results[AT_CONNECT].numeric;
}

void at_connect(struct channel *ch, const char *speed)
{
	bool extended = speed && ch->set.extended_results != 0;
	char text[40] = "CONNECT";

	ch->at->info = ch->at->in_block = false;
	if (extended)
		snprintf(text, sizeof(text), "CONNECT %s", speed);
	channel_notify(ch, NOTICE_RESULT, text, AT_CONNECT);
	if (ch->set.quiet)
		return;
	if (ch->set.verbose) {
		framed(ch, text);
		return;
	}
	snprintf(text, sizeof(text), "%d%c",
		extended ? connect_number(speed) : results[AT_CONNECT].numeric,
		ch->set.s3);
	link_send(ch, text, strlen(text));
}

/* Sent whatever Q and V are set to; the text seen at places is the rule's. */
static void final_bytes(struct channel *ch, const char *escaped)
{
	struct modem *m = ch->modem;
	char mem[AT_TOLD_MAX];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	buf_put_escaped(&b, escaped);
	m->taps->here(ch, FAULT_AT_RESULT, escaped);
	channel_notify(ch, NOTICE_RESULT, escaped, AT_BYTES);
	link_send(ch, b.data, b.len);
	m->taps->here(ch, FAULT_AT_DONE, escaped);
}

void at_final(struct channel *ch, int result)
{
	struct modem *m = ch->modem;
	char mem[RESULT_TEXT];
	const char *text;

	ch->at->info = ch->at->in_block = false;
	if (result == AT_SILENT || ch->at->aborting)
		return;
	if (result == AT_BYTES) {
		final_bytes(ch, ch->at->bytes);
		return;
	}
	text = result_text(m, result, mem);
	m->taps->here(ch, FAULT_AT_RESULT, text);
	channel_notify(ch, NOTICE_RESULT, text, result);
	if (!ch->set.quiet)
		send_result(ch, result);
	m->taps->here(ch, FAULT_AT_DONE, text);
}
