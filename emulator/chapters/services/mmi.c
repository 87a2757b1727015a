/* Parses key sequences: prefix, service code, fields, basic service code. */
#include "chapters/services/mmi.h"

#include <ctype.h>
#include <string.h>

static const struct {
	const char *code;
	enum mmi_service service;
	int which;
} codes[] = {
	{ "21", MMI_FORWARD, SS_UNCONDITIONAL },
	{ "67", MMI_FORWARD, SS_BUSY },
	{ "61", MMI_FORWARD, SS_NO_REPLY },
	{ "62", MMI_FORWARD, SS_NOT_REACHABLE },
	{ "002", MMI_FORWARD, SS_REASON_ALL },
	{ "004", MMI_FORWARD, SS_REASON_CONDITIONAL },
	{ "33", MMI_BARRING, SS_AO },
	{ "331", MMI_BARRING, SS_OI },
	{ "332", MMI_BARRING, SS_OX },
	{ "35", MMI_BARRING, SS_AI },
	{ "351", MMI_BARRING, SS_IR },
	{ "330", MMI_BARRING, SS_AB },
	{ "333", MMI_BARRING, SS_AG },
	{ "353", MMI_BARRING, SS_AC },
	{ "43", MMI_WAITING, 0 },
	{ "30", MMI_CLIP, 0 },
	{ "31", MMI_CLIR, 0 },
	{ "76", MMI_COLP, 0 },
	{ "04", MMI_PIN, 0 },
	{ "042", MMI_PIN, 1 },
	{ "05", MMI_UNBLOCK, 0 },
	{ "052", MMI_UNBLOCK, 1 },
	{ "03", MMI_PASSWORD, SS_AB },
	{ "06", MMI_IMEI, 0 },
};

/* The basic service codes of 02.30 annex C that have a class here. */
static const struct {
	int code;
	unsigned classes;
} services[] = {
	{ 10, SS_VOICE | SS_FAX | SS_SMS },
	{ 11, SS_VOICE },
	{ 12, SS_FAX | SS_SMS },
	{ 13, SS_FAX },
	{ 16, SS_SMS },
	{ 17, SS_VOICE },
	{ 18, SS_VOICE },
	{ 19, SS_VOICE | SS_FAX },
	{ 20, SS_DATA },
	{ 21, SS_DATA },
	{ 22, SS_DATA },
	{ 24, SS_DATA },
	{ 25, SS_DATA },
	{ 26, SS_DATA },
	{ 27, SS_DATA },
};

struct cursor {
	const char *p, *end;
};

static bool take(struct cursor *c, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(c->end - c->p) < len || memcmp(c->p, text, len) != 0)
		return false;
	c->p += len;
	return true;
}

static bool take_op(struct cursor *c, enum mmi_op *op)
{
	static const struct {
		const char *text;
		enum mmi_op op;
	} ops[] = { { "**", MMI_REGISTER }, { "##", MMI_ERASE }, { "*#", MMI_QUERY },
		{ "*", MMI_ACTIVATE }, { "#", MMI_DEACTIVATE } };
	size_t i;

	for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		if (take(c, ops[i].text)) {
			*op = ops[i].op;
			return true;
		}
	}
	return false;
}

static size_t take_part(struct cursor *c, const char **text)
{
	*text = c->p;
	while (c->p < c->end && *c->p != '*' && *c->p != '#')
		c->p++;
	return (size_t)(c->p - *text);
}

static bool number(const char *text, size_t len, int *out)
{
	size_t i;

	*out = 0;
	for (i = 0; i < len; i++) {
		if (!isdigit((unsigned char)text[i]) || i == 4)
			return false;
		*out = *out * 10 + (text[i] - '0');
	}
	return true;
}

static bool find_service(struct mmi *out, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (strlen(codes[i].code) != len || memcmp(codes[i].code, text, len) != 0)
			continue;
		out->service = codes[i].service;
		out->code = codes[i].which;
		return true;
	}
	return false;
}

/* Reads the basic service code in field i; the field may be missing. */
static bool read_classes(struct mmi *out, size_t i)
{
	int code;
	size_t k;

	if (i >= out->parts || !out->part[i].len)
		return true;
	if (!number(out->part[i].text, out->part[i].len, &code))
		return false;
	for (k = 0; k < sizeof(services) / sizeof(services[0]); k++) {
		if (services[k].code == code) {
			out->classes = services[k].classes;
			return true;
		}
	}
	return false;
}

/* T is allowed with 002, 004 and 61 only, 5 to 30 s (services.md GSM sequences). */
static bool read_time(struct mmi *out)
{
	bool may = out->code == SS_NO_REPLY || out->code == SS_REASON_ALL ||
		   out->code == SS_REASON_CONDITIONAL;

	if (out->parts < 3 || !out->part[2].len)
		return true;
	return may && number(out->part[2].text, out->part[2].len, &out->time) &&
	       out->time >= 5 && out->time <= 30;
}

/* **03*<barring>*old*new*new#, or with one star (GDW-11 pp. 314-316): <barring> may be
 * empty. Leaves only the passwords in part[]. */
static bool fits_password(struct mmi *out)
{
	struct mmi barring = { .code = SS_AB };

	if ((out->op != MMI_REGISTER && out->op != MMI_ACTIVATE) ||
		out->parts != MMI_PARTS)
		return false;
	if (out->part[0].len &&
		(!find_service(&barring, out->part[0].text, out->part[0].len) ||
			barring.service != MMI_BARRING))
		return false;
	out->code = barring.code;
	out->parts--;
	memmove(out->part, out->part + 1, out->parts * sizeof(out->part[0]));
	return true;
}

/* True if the fields fit the service. */
static bool fits(struct mmi *out)
{
	bool secrets = out->op == MMI_REGISTER && out->parts == 3;

	switch (out->service) {
	case MMI_FORWARD:
		return out->parts <= 3 && read_classes(out, 1) && read_time(out);
	case MMI_BARRING:
		return out->op != MMI_REGISTER && out->op != MMI_ERASE &&
		       read_classes(out, 1);
	case MMI_WAITING:
		return out->op != MMI_REGISTER && out->op != MMI_ERASE &&
		       read_classes(out, 0);
	case MMI_CLIP:
	case MMI_CLIR:
	case MMI_COLP:
		return out->op == MMI_QUERY && !out->parts;
	case MMI_PIN:
	case MMI_UNBLOCK:
		return secrets;
	case MMI_PASSWORD:
		return fits_password(out);
	case MMI_IMEI:
		return out->op == MMI_QUERY && !out->parts;
	}
	return false;
}

bool mmi_parse(const char *keys, size_t len, struct mmi *out)
{
	struct cursor c = { keys, keys + len };
	const char *text;
	size_t n;

	*out = (struct mmi){ .classes = SS_ALL };
	if (!take_op(&c, &out->op))
		return false;
	n = take_part(&c, &text);
	if (!find_service(out, text, n))
		return false;
	while (take(&c, "*")) {
		if (out->parts == MMI_PARTS)
			return false;
		out->part[out->parts].len = take_part(&c, &out->part[out->parts].text);
		out->parts++;
	}
	return take(&c, "#") && c.p == c.end && fits(out);
}
