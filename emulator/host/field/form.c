/* Forms of lines (V.250, 27.007, 27.005), as loosely as people write them down. */
#include "host/field/form.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "host/field/exchange.h"

static bool starts(const char *text, const char *start)
{
	return !strncasecmp(text, start, strlen(start));
}

/* --- commands ------------------------------------------------------------------------
 */

static const char *skip_digits(const char *p)
{
	while (isdigit((unsigned char)*p))
		p++;
	return p;
}

/* Basic commands one after the other, "E0V1&C1", until an extended one or the end. */
static bool is_basic(const char *p)
{
	while (*p && *p != ' ') {
		if (strchr("+&%*$^#!\\_?=;,-\"", *p))
			return true;
		if (!isalpha((unsigned char)*p))
			return false;
		switch (toupper((unsigned char)*p)) {
		case 'D':
			return p[1] && strpbrk(p + 1, "0123456789*#>L") != NULL;
		case 'S':
			if (!isdigit((unsigned char)p[1]))
				return false;
			break;
		case 'J':
		case 'U':
			return false;
		default:
			break;
		}
		p = skip_digits(p + 1);
	}
	/* a second word may be one more command: "ATQ0 V1 E1 S0=0" */
	return !*p || !p[1] || p[1] == ' ' || is_basic(p + 1);
}

bool form_is_command(const char *text)
{
	if (!strcasecmp(text, "A/"))
		return true;
	if (!starts(text, "AT") || (text[0] == 'A' && text[1] == 't') ||
		strlen(text) > 4000)
		return false;
	for (text += 2; *text == ' '; text++)
		;
	return is_basic(text);
}

bool form_takes_text(const char *command)
{
	static const char *const names[] = { "+CMGS=", "+CMGW=", "+CMGW",
		"+CMGC=", "+CNMA=", NULL };
	const char *p;
	size_t i;

	for (i = 0; names[i]; i++) {
		p = strcasestr(command, names[i]);
		if (p && p[strlen(names[i])] != '?' && p[strlen(names[i])] != '=' &&
			strncmp(p + strlen(names[i]), "=?", 2))
			return true;
	}
	return false;
}

bool form_has_free_answer(const char *command)
{
	static const char *const names[] = { "ATI", "+CGM", "+GM", "+CGSN", "+GSN",
		"+CIMI", "&V", "+CMGR", "+CMGL", "+WMSN", "+CLAC", "+CCID", "S0?", "S2",
		"S3?", "S4?", "+WIPDATA", "+CNMA", "%", "$", "^", NULL };
	size_t i;

	for (i = 0; names[i]; i++)
		if (strcasestr(command, names[i]))
			return true;
	/* S registers: "ATS0?" answers 000 */
	return starts(command, "ATS") && strchr(command, '?');
}

/* --- the modem's lines ---------------------------------------------------------------
 */

bool form_is_result(const char *text)
{
	return exchange_is_result(text) || starts(text, "COMMAND NOT SUPPORT");
}

/* "+CSQ: 22,0", "^RSSI:14", "+WIND: 4". */
static bool is_information(const char *text)
{
	size_t n;

	if (!text[0] || !strchr("+^#$%*_", text[0]))
		return false;
	for (n = 1; isalnum((unsigned char)text[n]) || text[n] == '_'; n++)
		;
	return n > 2 && (text[n] == ':' || (!text[n] && n < 12));
}

bool form_is_from_modem(const char *text)
{
	return form_is_result(text) || is_information(text) || !strcmp(text, "RING") ||
	       starts(text, "Serial Number ") || starts(text, "Telit ");
}

/* --- hex -----------------------------------------------------------------------------
 */

bool form_is_hex(const char *text)
{
	size_t n = strspn(text, "0123456789abcdefABCDEF");

	return n >= 2 && n % 2 == 0 && !text[n];
}

size_t form_pdu_digits(const char *hex, unsigned tpdu)
{
	char first[3] = { hex[0], hex[0] ? hex[1] : '\0', '\0' };
	unsigned long sca;
	char *end;

	sca = strtoul(first, &end, 16);
	if (end != first + 2 || sca > 12 || tpdu > 180)
		return 0;
	return 2 * (1 + (size_t)sca + tpdu);
}

/* --- what people's programs change ----------------------------------------------------
 */

static const struct {
	const char *from, *to;
} typography[] = {
	{ "\xe2\x80\x9c", "\"" }, /* U+201C */
	{ "\xe2\x80\x9d", "\"" },
	{ "\xe2\x80\x9e", "\"" },
	{ "\xe2\x80\x9f", "\"" },
	{ "\xc2\xab", "\"" }, /* U+00AB */
	{ "\xc2\xbb", "\"" },
	{ "\xe2\x80\x98", "'" },
	{ "\xe2\x80\x99", "'" },
	{ "\xe2\x80\x93>", "-->" }, /* an arrow of two dashes and U+2013 */
	{ "<\xe2\x80\x93", "<--" },
	{ "\xe2\x80\x90", "-" }, /* U+2010 to U+2014, U+2212 */
	{ "\xe2\x80\x91", "-" },
	{ "\xe2\x80\x92", "-" },
	{ "\xe2\x80\x93", "-" },
	{ "\xe2\x80\x94", "-" },
	{ "\xe2\x88\x92", "-" },
	{ "\xe2\x86\x92", "->" }, /* U+2192 */
	{ "\xe2\x86\x90", "<-" },
	{ "\xc2\xa0", " " }, /* U+00A0, U+202F, U+200B, U+FEFF */
	{ "\xe2\x80\xaf", " " },
	{ "\xe2\x80\x8b", "" },
	{ "\xef\xbb\xbf", "" },
	{ "&gt;", ">" },
	{ "&lt;", "<" },
	{ "&quot;", "\"" },
	{ "&amp;", "&" },
};

bool form_plain(char *text)
{
	bool changed = false;
	char *to = text;
	size_t i;

	while (*text) {
		if (*text != '&' && *text != '<' && !(*text & 0x80)) {
			*to++ = *text++;
			continue;
		}
		for (i = 0; i < sizeof(typography) / sizeof(typography[0]); i++)
			if (*text == *typography[i].from &&
				starts(text, typography[i].from))
				break;
		if (i == sizeof(typography) / sizeof(typography[0])) {
			*to++ = *text++;
			continue;
		}
		memcpy(to, typography[i].to, strlen(typography[i].to));
		to += strlen(typography[i].to);
		text += strlen(typography[i].from);
		changed = true;
	}
	*to = '\0';
	return changed;
}

size_t form_written_end(const char *text)
{
	static const char *const ends[] = { "<CR><LF>", "<CR>", "<enter>", "[enter]",
		"(enter)", "<return>", "[CR]", "^M", "\\r\\n", "\\r", "\xe2\x86\xb5",
		NULL };
	size_t n = strlen(text), len, i;

	for (i = 0; ends[i]; i++) {
		len = strlen(ends[i]);
		if (n > len && !strcasecmp(text + n - len, ends[i]))
			return len;
	}
	return 0;
}
