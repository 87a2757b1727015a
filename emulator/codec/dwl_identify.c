/* Finds identity strings in files that are not the project's own: the forms that ATI3,
 * AT+CGMR and AT+WDWL? answer with, between bytes that cannot belong to them. */
#include "codec/dwl_identify.h"

#include <string.h>
#include <strings.h>

/* Larger than any downloader seen so far (some 60 KB), smaller than any firmware. */
#define LOADER_MAX (256u * 1024u)

const struct name dwl_format_names[] = {
	{ DWL_FORMAT_EMPTY, "empty", "the file has no bytes: download it again" },
	{ DWL_FORMAT_IMAGE, "fauxtrack image", NULL },
	{ DWL_FORMAT_WPK, "DWLWin package (.wpk)",
		"AT+WDWL takes .dwl files only; a .wpk is for DWLWin and the BOOT pin" },
	{ DWL_FORMAT_GZIP, "gzip archive",
		"unpack it with gunzip and use the file inside" },
	{ DWL_FORMAT_ZIP, "zip archive", "unpack it with unzip and use the file inside" },
	{ DWL_FORMAT_ELF, "ELF program", "AT+WDWL takes .dwl files, not linker output" },
	{ DWL_FORMAT_HEX, "hex records",
		"AT+WDWL takes binary .dwl files: convert it with objcopy -O binary" },
	{ DWL_FORMAT_TEXT, "text",
		"AT+WDWL takes binary .dwl files: perhaps a web page was saved instead" },
	{ DWL_FORMAT_BINARY, "binary file", NULL },
	{ 0 },
};

struct cursor {
	const uint8_t *p, *end;
	struct dwl_find *find;
	size_t n; /* characters taken into find->text */
};

static bool digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool lower(uint8_t c)
{
	return c >= 'a' && c <= 'z';
}

static bool alnum(uint8_t c)
{
	return digit(c) || lower(c) || (c >= 'A' && c <= 'Z');
}

static bool lower_or_line(uint8_t c)
{
	return lower(c) || c == '_';
}

static bool lower_or_dot(uint8_t c)
{
	return lower(c) || c == '.';
}

/* Takes min to max characters of a class, as many as there are. */
static bool take(struct cursor *c, bool (*of)(uint8_t), size_t min, size_t max)
{
	size_t n = 0;

	while (n < max && c->p < c->end && c->n + 1 < sizeof(c->find->text) &&
		of(*c->p)) {
		c->find->text[c->n++] = (char)*c->p++;
		n++;
	}
	return n >= min;
}

static bool take_text(struct cursor *c, const char *text)
{
	for (; *text; text++) {
		if (c->p == c->end || *c->p != (uint8_t)*text ||
			c->n + 1 >= sizeof(c->find->text))
			return false;
		c->find->text[c->n++] = (char)*c->p++;
	}
	return true;
}

static bool take_module(struct cursor *c)
{
	size_t start = c->n;

	if (!take(c, alnum, 3, sizeof(c->find->module) - 1))
		return false;
	memcpy(c->find->module, c->find->text + start, c->n - start);
	return true;
}

/* 663_09gg.Q2687H is 6.63, R74_00gg.Q2687H is 7.4. */
static bool match_r6(struct cursor *c)
{
	char *t = c->find->text, *v = c->find->version;
	bool r7 = c->p < c->end && *c->p == 'R';

	if (r7 ? !take_text(c, "R") || !take(c, digit, 2, 2) : !take(c, digit, 3, 3))
		return false;
	if (!take(c, lower_or_line, 1, 1) || !take(c, digit, 2, 2) ||
		!take_text(c, "gg.") || !take_module(c))
		return false;
	v[0] = r7 ? t[1] : t[0];
	v[1] = '.';
	v[2] = r7 ? t[2] : t[1];
	v[3] = r7 ? '\0' : t[2];
	c->find->mark = DWL_MARK_R6;
	return true;
}

/* R7.47.4.201208311102.FXT009 and R7.50.0.A2.201302191346.FX100 are 7.47 and 7.50. */
static bool match_r7(struct cursor *c)
{
	size_t version;

	if (!take_text(c, "R") || !take(c, digit, 1, 1) || !take_text(c, ".") ||
		!take(c, digit, 1, 2))
		return false;
	version = c->n;
	if (!take_text(c, ".") || !take(c, digit, 1, 2) || !take_text(c, "."))
		return false;
	if (!take(c, digit, 12, 12) &&
		(!take(c, alnum, 2, 3) || !take_text(c, ".") || !take(c, digit, 12, 12)))
		return false;
	if (!take_text(c, ".") || !take_module(c))
		return false;
	memcpy(c->find->version, c->find->text + 1, version - 1);
	c->find->mark = DWL_MARK_R7;
	return true;
}

/* V06.0B, V08b0k. */
static bool match_loader(struct cursor *c)
{
	if (!take_text(c, "V") || !take(c, digit, 2, 2) || !take(c, lower_or_dot, 1, 1) ||
		!take(c, alnum, 2, 2))
		return false;
	memcpy(c->find->version, c->find->text, c->n);
	c->find->mark = DWL_MARK_LOADER;
	return true;
}

/* Matches one of the forms at p, followed by a byte that cannot belong to it. */
static bool match(const uint8_t *p, const uint8_t *end, struct dwl_find *find)
{
	static bool (*const forms[])(
		struct cursor *) = { match_r6, match_r7, match_loader };
	struct cursor c;
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		memset(find, 0, sizeof(*find));
		c = (struct cursor){ .p = p, .end = end, .find = find };
		if (forms[i](&c) && (c.p == end || !alnum(*c.p)))
			return true;
	}
	return false;
}

static void keep(struct dwl_identity *id, const struct dwl_find *find)
{
	size_t i;

	for (i = 0; i < id->finds; i++)
		if (strcmp(id->find[i].text, find->text) == 0)
			return;
	if (id->finds < DWL_FINDS)
		id->find[id->finds++] = *find;
}

static void search(const uint8_t *data, size_t len, struct dwl_identity *id)
{
	const uint8_t *end = data + len;
	struct dwl_find find;
	const uint8_t *p;

	for (p = data; p < end; p++) {
		if (!digit(*p) && *p != 'R' && *p != 'V')
			continue;
		if (p > data && alnum(p[-1]))
			continue;
		if (!match(p, end, &find))
			continue;
		find.offset = (size_t)(p - data);
		keep(id, &find);
	}
}

static bool starts(const uint8_t *data, size_t len, const char *mark, size_t n)
{
	return len >= n && memcmp(data, mark, n) == 0;
}

static bool ends(const char *name, const char *end)
{
	size_t n = name ? strlen(name) : 0;

	return n >= strlen(end) && strcasecmp(name + n - strlen(end), end) == 0;
}

static bool is_text(const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i < len && i < 4096; i++)
		if ((data[i] < ' ' && !(data[i] >= '\t' && data[i] <= '\r')) ||
			data[i] == 0x7f)
			return false;
	return true;
}

static enum dwl_format format_of(const uint8_t *data, size_t len, const char *name)
{
	if (len == 0)
		return DWL_FORMAT_EMPTY;
	if (starts(data, len, "FAUXTRACK-DWL", 13))
		return DWL_FORMAT_IMAGE;
	if (ends(name, ".wpk") ||
		starts(data, len, DWL_PACKAGE_MAGIC, DWL_PACKAGE_MAGIC_SIZE))
		return DWL_FORMAT_WPK;
	if (starts(data, len, "\x1f\x8b", 2))
		return DWL_FORMAT_GZIP;
	if (starts(data, len, "PK\3\4", 4))
		return DWL_FORMAT_ZIP;
	if (starts(data, len,
		    "\x7f"
		    "ELF",
		    4))
		return DWL_FORMAT_ELF;
	if (!is_text(data, len))
		return DWL_FORMAT_BINARY;
	if (starts(data, len, ":10", 3) || starts(data, len, ":02", 3) ||
		starts(data, len, "S0", 2))
		return DWL_FORMAT_HEX;
	return DWL_FORMAT_TEXT;
}

static bool has(const char *name, const char *part)
{
	for (; *name; name++)
		if (strncasecmp(name, part, strlen(part)) == 0)
			return true;
	return false;
}

enum dwl_kind dwl_kind_by_name(const char *name)
{
	const char *base = name ? strrchr(name, '/') : NULL;

	if (!name)
		return DWL_NONE;
	base = base ? base + 1 : name;
	if (ends(base, ".e2p"))
		return DWL_E2P;
	if (ends(base, ".wpb.dwl"))
		return DWL_APPLICATION;
	if (has(base, "A&D_init"))
		return DWL_FIRMWARE_AD;
	return strcasecmp(base, "dwl.dwl") == 0 ? DWL_DOWNLOADER : DWL_NONE;
}

/* The end of the file name counts more than the contents: an application names the
 * firmware that it was built for. */
static enum dwl_kind guess(const struct dwl_identity *id, size_t len, const char *name)
{
	bool loader = false, firmware = false;
	enum dwl_kind promised = dwl_kind_by_name(name);
	size_t i;

	if (promised != DWL_NONE)
		return promised;
	for (i = 0; i < id->finds; i++) {
		loader = loader || id->find[i].mark == DWL_MARK_LOADER;
		firmware = firmware || id->find[i].mark != DWL_MARK_LOADER;
	}
	if (loader && len <= LOADER_MAX)
		return DWL_DOWNLOADER;
	return firmware ? DWL_FIRMWARE : DWL_NONE;
}

void dwl_identify(const void *data, size_t len, const char *name, struct dwl_identity *id)
{
	memset(id, 0, sizeof(*id));
	id->format = format_of(data, len, name);
	if (id->format == DWL_FORMAT_IMAGE || id->format == DWL_FORMAT_EMPTY)
		return;
	search(data, len, id);
	if (id->format == DWL_FORMAT_BINARY)
		id->guess = guess(id, len, name);
}
