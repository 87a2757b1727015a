/* Single values: which type a text looks like, and its conversion to a number, a time or
 * a name. */
#include "conf/schema_scalar.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf/suggest.h"

static bool in_words(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (!strcasecmp(text, *words))
			return true;
	return false;
}

/* Digits with the separators that YAML 1.1 allows: 1_000, 12:30:00, 1.5e3. */
static bool looks_number(const char *t)
{
	static const char *const special[] = { ".inf", ".nan", NULL };
	size_t len;

	if (*t == '+' || *t == '-')
		t++;
	if (in_words(t, special))
		return true;
	if (t[0] == '0' && (t[1] == 'x' || t[1] == 'X'))
		return t[2] && !t[2 + strspn(t + 2, "0123456789abcdefABCDEF_")];
	if (t[0] == '0' && (t[1] == 'o' || t[1] == 'b'))
		return t[2] && !t[2 + strspn(t + 2, "01234567_")];
	if (!isdigit((unsigned char)t[*t == '.']))
		return false;
	len = strspn(t, "0123456789_.:");
	if (len && (t[len] == 'e' || t[len] == 'E')) {
		len++;
		len += t[len] == '+' || t[len] == '-';
		if (!isdigit((unsigned char)t[len]))
			return false;
		len += strspn(t + len, "0123456789");
	}
	return !t[len];
}

static bool looks_date(const char *t)
{
	int i;

	for (i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? t[i] != '-' : !isdigit((unsigned char)t[i]))
			return false;
	return true;
}

bool schema_looks(const char *text, const char **as)
{
	static const char *const booleans[] = { "true", "false", "yes", "no", "on", "off",
		"y", "n", NULL };
	static const char *const nothing[] = { "", "~", "null", NULL };

	*as = looks_number(text)         ? "a number"
	      : looks_date(text)         ? "a date"
	      : in_words(text, booleans) ? "a boolean"
	      : in_words(text, nothing)  ? "nothing"
					 : NULL;
	return *as != NULL;
}

static bool is_integer(const char *text, long long *value)
{
	const char *t = text + (*text == '-');
	char *end;

	if (!isdigit((unsigned char)*t))
		return false;
	/* 010 is eight to some readers and ten to others */
	if (t[0] == '0' && t[1] && t[1] != 'x')
		return false;
	errno = 0;
	*value = strtoll(text, &end, t[0] == '0' && t[1] == 'x' ? 16 : 10);
	return !*end && !errno && end != text;
}

bool schema_time(const char *text, uint64_t *usec)
{
	static const struct {
		const char *name;
		uint64_t usec;
	} units[] = { { "us", 1 }, { "ms", 1000 }, { "s", 1000000 }, { "m", 60000000 },
		{ "h", 3600000000u } };
	uint64_t whole = 0, part = 0, scale = 1;
	const char *t = text;
	size_t i;

	if (!isdigit((unsigned char)*t))
		return false;
	for (; isdigit((unsigned char)*t); t++) {
		whole = whole * 10 + (uint64_t)(*t - '0');
		if (whole > 1000000000)
			return false;
	}
	if (*t == '.') {
		for (t++; isdigit((unsigned char)*t) && scale < 1000000; t++) {
			part = part * 10 + (uint64_t)(*t - '0');
			scale *= 10;
		}
		if (scale == 1)
			return false;
	}
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(t, units[i].name))
			continue;
		*usec = whole * units[i].usec + part * units[i].usec / scale;
		return true;
	}
	return false;
}

static bool bind_text(
	const struct schema_field *f, const struct doc *d, char *to, struct doc_errors *e)
{
	const char *as, *t;
	size_t len = strlen(d->text);

	if (d->style == DOC_PLAIN && schema_looks(d->text, &as) &&
		!(f->type == SCHEMA_VALUE && !strcmp(as, "a number"))) {
		if (!*d->text)
			doc_error(e, d->at,
				"\"%s\" has no value; write one after the colon", f->key);
		else
			doc_error(e, d->at,
				"\"%s\" is a text, but without quotes this reads as %s; "
				"write \"%s\"",
				f->key, as, d->text);
		return false;
	}
	for (t = d->text; *t; t++)
		if ((unsigned char)*t < ' ' || *t == 0x7f) {
			doc_error(e, d->at,
				f->flags & SCHEMA_ESCAPED ? "\"%s\" contains a control "
							    "character; write \\r, "
							    "\\n or <1A> in single quotes"
							  : "\"%s\" contains a control "
							    "character; remove it",
				f->key);
			return false;
		}
	if (f->flags & SCHEMA_NOWHERE)
		return true;
	if (len >= f->size) {
		doc_error(e, d->at, "\"%s\" has %zu bytes, the limit is %zu; shorten it",
			f->key, len, f->size - 1);
		return false;
	}
	if (f->min > 0 && len < (size_t)f->min) {
		doc_error(e, d->at,
			"\"%s\" has %zu bytes, but needs at least %lld; write it in full",
			f->key, len, f->min);
		return false;
	}
	memset(to, 0, f->size);
	memcpy(to, d->text, len);
	return true;
}

static void store(const struct schema_field *f, void *to, long long value)
{
	int8_t v8 = (int8_t)value;
	int16_t v16 = (int16_t)value;
	int32_t v32 = (int32_t)value;
	int64_t v64 = value;

	if (f->flags & SCHEMA_NOWHERE)
		return;
	switch (f->size) {
	case 1:
		memcpy(to, &v8, 1);
		break;
	case 2:
		memcpy(to, &v16, 2);
		break;
	case 4:
		memcpy(to, &v32, 4);
		break;
	default:
		memcpy(to, &v64, 8);
		break;
	}
}

static bool bind_int(
	const struct schema_field *f, const struct doc *d, void *to, struct doc_errors *e)
{
	long long value;

	if (d->style == DOC_QUOTED) {
		doc_error(e, d->at,
			"\"%s\" is a number, but quotes make it a text; write %s", f->key,
			is_integer(d->text, &value) ? d->text
						    : "a number without quotes");
		return false;
	}
	if (!is_integer(d->text, &value)) {
		doc_error(e, d->at,
			"\"%s\" is a whole number, not %s; write a number from %lld to "
			"%lld without leading zeros",
			f->key, d->text, f->min, f->max);
		return false;
	}
	if (value < f->min || value > f->max) {
		doc_error(e, d->at,
			"\"%s\" cannot be %s; write a number from %lld to %lld", f->key,
			d->text, f->min, f->max);
		return false;
	}
	store(f, to, value);
	return true;
}

static bool bind_bool(
	const struct schema_field *f, const struct doc *d, void *to, struct doc_errors *e)
{
	bool yes = !strcmp(d->text, "true");

	if (d->style == DOC_QUOTED || (!yes && strcmp(d->text, "false"))) {
		doc_error(e, d->at,
			"\"%s\" is a switch; write true or false, without quotes",
			f->key);
		return false;
	}
	store(f, to, yes);
	return true;
}

/* The time in a form that bind_time() reads, in the largest exact unit: 1500ms, 2s,
 * 100us. */
static const char *time_text(long long usec, char mem[32])
{
	snprintf(mem, 32,
		usec % 1000      ? "%lldus"
		: usec % 1000000 ? "%lldms"
				 : "%llds",
		usec % 1000      ? usec
		: usec % 1000000 ? usec / 1000
				 : usec / 1000000);
	return mem;
}

static bool time_fits(const struct schema_field *f, uint64_t usec)
{
	return usec >= (uint64_t)f->min && (!f->max || usec <= (uint64_t)f->max);
}

/* The message suggests only durations that the field accepts. */
static void time_out_of_range(
	const struct schema_field *f, const struct doc *d, struct doc_errors *e)
{
	char least[32], most[32];

	if (f->max)
		doc_error(e, d->at, "\"%s\" cannot be %s; write a duration from %s to %s",
			f->key, d->text, time_text(f->min, least),
			time_text(f->max, most));
	else
		doc_error(e, d->at,
			"\"%s\" cannot be %s; write a duration of at least %s", f->key,
			d->text, time_text(f->min, least));
}

static void time_without_unit(const struct schema_field *f, const struct doc *d,
	uint64_t number, struct doc_errors *e)
{
	bool ms = time_fits(f, number * 1000), s = time_fits(f, number * 1000000);

	if (!ms && !s)
		time_out_of_range(f, d, e);
	else
		doc_error(e, d->at, "\"%s\" has no unit; write %s%s%s%s%s", f->key,
			ms ? d->text : "", ms ? "ms" : "", ms && s ? " or " : "",
			s ? d->text : "", s ? "s" : "");
}

static bool bind_time(
	const struct schema_field *f, const struct doc *d, void *to, struct doc_errors *e)
{
	long long number;
	uint64_t usec;

	if (!schema_time(d->text, &usec)) {
		if (is_integer(d->text, &number) && number >= 0 && number < 1000000000)
			time_without_unit(f, d, (uint64_t)number, e);
		else
			doc_error(e, d->at,
				"\"%s\" is a duration, not %s; write it like 250ms, "
				"1.5s, 2m or 1h",
				f->key, d->text);
		return false;
	}
	if (!time_fits(f, usec)) {
		time_out_of_range(f, d, e);
		return false;
	}
	store(f, to, (long long)usec);
	return true;
}

unsigned schema_bit(const struct schema_field *f, const struct name *n)
{
	return f->flags & SCHEMA_SHIFT ? 1u << n->value : (unsigned)n->value;
}

bool schema_in_set(const struct schema_field *f, const struct name *n)
{
	return f->type != SCHEMA_SET || !f->max ||
	       (schema_bit(f, n) & (unsigned long long)f->max);
}

bool schema_name(const struct schema_field *f, const struct doc *d, int *value,
	struct doc_errors *e)
{
	const struct name *n;
	struct suggest s;
	char near[160], all[512];
	size_t len = 0;

	for (n = f->names; n->name; n++)
		if (schema_in_set(f, n) && !strcmp(n->name, d->text)) {
			*value = n->value;
			return true;
		}
	suggest_init(&s, d->text);
	all[0] = '\0';
	for (n = f->names; n->name; n++) {
		if (!schema_in_set(f, n))
			continue;
		suggest_offer(&s, n->name);
		if (len < sizeof(all))
			len += (size_t)snprintf(all + len, sizeof(all) - len, "%s%s",
				len ? ", " : "; it can be ", n->name);
	}
	doc_error(e, d->at, "\"%s\" cannot be \"%s\"%s", f->key, d->text,
		suggest_text(&s, near, sizeof(near), all));
	return false;
}

bool schema_scalar(
	const struct schema_field *f, const struct doc *d, void *to, struct doc_errors *e)
{
	const char *wrong;
	bool ok = true;
	int value;

	switch (f->type) {
	case SCHEMA_TEXT:
	case SCHEMA_VALUE:
		ok = bind_text(f, d, to, e);
		break;
	case SCHEMA_INT:
		ok = bind_int(f, d, to, e);
		break;
	case SCHEMA_BOOL:
		ok = bind_bool(f, d, to, e);
		break;
	case SCHEMA_TIME:
		ok = bind_time(f, d, to, e);
		break;
	case SCHEMA_ENUM:
		ok = schema_name(f, d, &value, e);
		if (ok)
			store(f, to, value);
		break;
	case SCHEMA_NOTE:
		return true;
	case SCHEMA_SET:
	case SCHEMA_STRUCT:
	case SCHEMA_LIST:
	case SCHEMA_TABLE:
		return false;
	}
	if (!ok || !f->check || (f->flags & SCHEMA_NOWHERE))
		return ok;
	wrong = f->check(to);
	if (wrong)
		doc_error(e, d->at, "\"%s\" %s", f->key, wrong);
	return !wrong;
}
