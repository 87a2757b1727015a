/* The record "flash", line by line. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "state/flash.h"
#include "state/ports.h"
#include "state/record.h"

#define RECORD_MAX 2048

static const struct record_kind flash_kind = { "flash", 5, 3,
	"downloader, firmware and application of the flash" };

#define APP_NAME    "app_name"
#define NAMED_SINCE 5 /* records before have no app_name */

enum field_type {
	FIELD_BOOL,
	FIELD_FIRMWARE, /* size_t, an index; in the record its name */
	FIELD_LAST,     /* the same, without meaning if there was no last file */
	FIELD_PENDING,  /* long, the same or -1 for none */
	FIELD_KIND,
	FIELD_LIBRARY,
	FIELD_APPLICATION, /* the name of its file, "" for none */
	FIELD_SIZE,
	FIELD_FAULT, /* enum app_fault; in the record its name */
	FIELD_SHA256,
};

static const struct field {
	const char *key;
	enum field_type type;
	size_t at;
} fields[] = {
	{ "downloader", FIELD_FIRMWARE, offsetof(struct flash, downloader) },
	{ "pending", FIELD_PENDING, offsetof(struct flash, pending) },
	{ "firmware", FIELD_FIRMWARE, offsetof(struct flash, firmware) },
	{ "valid", FIELD_BOOL, offsetof(struct flash, valid) },
	{ "just_installed", FIELD_BOOL, offsetof(struct flash, just_installed) },
	{ "ad_init", FIELD_BOOL, offsetof(struct flash, ad_init) },
	{ "e2p", FIELD_BOOL, offsetof(struct flash, e2p) },
	{ "dota", FIELD_BOOL, offsetof(struct flash, dota) },
	{ "app_present", FIELD_BOOL, offsetof(struct flash, app_present) },
	{ APP_NAME, FIELD_APPLICATION, offsetof(struct flash, app_name) },
	{ "app_fault", FIELD_FAULT, offsetof(struct flash, app_fault) },
	{ "app_at", FIELD_SIZE, offsetof(struct flash, app_at) },
	{ "app_size", FIELD_SIZE, offsetof(struct flash, app_size) },
	{ "app_library", FIELD_LIBRARY, offsetof(struct flash, app_library) },
	{ "objects", FIELD_BOOL, offsetof(struct flash, objects) },
	{ "last.kind", FIELD_KIND, offsetof(struct flash, last.kind) },
	{ "last.firmware", FIELD_LAST, offsetof(struct flash, last.firmware) },
	{ "last.size", FIELD_SIZE, offsetof(struct flash, last.size) },
	{ "last.sha256", FIELD_SHA256, offsetof(struct flash, last.sha256) },
	{ "last.complete", FIELD_BOOL, offsetof(struct flash, last.complete) },
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static void put(const struct flash *f, const struct field *row, struct buf *b)
{
	const void *at = (const char *)f + row->at;
	const struct profile *p = f->profile;

	switch (row->type) {
	case FIELD_BOOL:
		record_put(b, row->key, *(const bool *)at);
		break;
	case FIELD_FIRMWARE:
	case FIELD_LAST:
		record_put_text(b, row->key, profile_at(p, *(const size_t *)at)->name);
		break;
	case FIELD_PENDING:
		record_put_text(b, row->key,
			f->pending < 0 ? "none"
				       : profile_at(p, (size_t)f->pending)->name);
		break;
	case FIELD_KIND:
		record_put_text(b, row->key,
			f->last.kind == DWL_NONE
				? "none"
				: name_of(dwl_kind_names, (int)f->last.kind));
		break;
	case FIELD_LIBRARY:
	case FIELD_APPLICATION:
		record_put_text(b, row->key, at);
		break;
	case FIELD_SIZE:
		record_put(b, row->key, *(const uint32_t *)at);
		break;
	case FIELD_FAULT:
		record_put_text(b, row->key, name_of(app_fault_names, (int)f->app_fault));
		break;
	case FIELD_SHA256:
		record_put_hex(b, row->key, at, SHA256_DIGEST_SIZE);
		break;
	}
}

void flash_dump(const struct flash *f, struct buf *out)
{
	size_t begun = record_begin(out, &flash_kind);
	size_t i;

	for (i = 0; i < FIELDS; i++)
		put(f, &fields[i], out);
	record_end(out, begun);
}

bool flash_store(const struct flash *f)
{
	char mem[RECORD_MAX];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	flash_dump(f, &b);
	if (!b.full &&
		f->memory->store(f->memory->ctx, flash_kind.name, b.data, b.len) == 0)
		return true;
	log_error(
		f->log, LOG_NV, "the record \"%s\" could not be stored", flash_kind.name);
	return false;
}

static bool take_firmware(const struct flash *f, const struct record *r, size_t *index)
{
	char name[PROFILE_NAME];
	const char *flaw;

	if (!record_text(r, name, sizeof(name)))
		return false;
	if (flash_find(f, name, index))
		return true;
	flaw = profile_flaw(f->profile, name);
	if (flaw) {
		log_error(f->log, LOG_NV,
			"the flash in this state directory holds firmware \"%s\", whose "
			"file has an error: %s",
			name, flaw);
		return false;
	}
	log_error(f->log, LOG_NV,
		"the flash in this state directory holds firmware \"%s\", which no "
		"profile describes; "
		"set FAUXTRACK_PROFILES to the folder that does, or use another --state "
		"directory",
		name);
	return false;
}

/* The kind comes before it. Nothing is read for a name that means nothing. */
static bool take_last(const struct flash *f, const struct record *r, size_t *index)
{
	char name[PROFILE_NAME];

	if (f->last.kind != DWL_NONE)
		return take_firmware(f, r, index);
	*index = f->firmware;
	return record_text(r, name, sizeof(name));
}

static bool take_pending(const struct flash *f, const struct record *r, long *pending)
{
	size_t index;

	*pending = -1;
	if (r->len == 4 && memcmp(r->value, "none", 4) == 0)
		return true;
	if (!take_firmware(f, r, &index))
		return false;
	*pending = (long)index;
	return true;
}

static bool take_kind(const struct record *r, enum dwl_kind *kind)
{
	const struct name *row;
	char text[24];

	if (!record_text(r, text, sizeof(text)))
		return false;
	row = name_find(dwl_kind_names, text);
	*kind = row ? (enum dwl_kind)row->value : DWL_NONE;
	return row || strcmp(text, "none") == 0;
}

static bool take_fault(const struct record *r, uint32_t *fault)
{
	const struct name *row;
	char text[24];

	if (!record_text(r, text, sizeof(text)))
		return false;
	row = name_find(app_fault_names, text);
	*fault = row ? (uint32_t)row->value : 0;
	return row;
}

/* Without its file an application is in flash, but says and does nothing. */
static bool take_application(struct flash *f, const struct record *r)
{
	const char *flaw;

	if (!record_text(r, f->app_name, sizeof(f->app_name)))
		return false;
	if (!f->app_name[0] || profile_application(f->profile, f->app_name))
		return true;
	flaw = profile_application_flaw(f->profile, f->app_name);
	if (flaw)
		log_error(f->log, LOG_NV,
			"the flash in this state directory holds application \"%s\", "
			"whose file has an error: %s",
			f->app_name, flaw);
	else
		flash_report_unknown(f, f->app_name);
	return !flaw;
}

static bool take(struct flash *f, const struct field *row, const struct record *r)
{
	void *at = (char *)f + row->at;
	int64_t n;

	switch (row->type) {
	case FIELD_BOOL:
		if (!record_int(r, &n) || (n != 0 && n != 1))
			return false;
		*(bool *)at = n;
		return true;
	case FIELD_FIRMWARE:
		return take_firmware(f, r, at);
	case FIELD_LAST:
		return take_last(f, r, at);
	case FIELD_PENDING:
		return take_pending(f, r, at);
	case FIELD_KIND:
		return take_kind(r, at);
	case FIELD_LIBRARY:
		return record_text(r, at, sizeof(f->app_library));
	case FIELD_APPLICATION:
		return take_application(f, r);
	case FIELD_SIZE:
		if (!record_int(r, &n) || n < 0 || n > UINT32_MAX)
			return false;
		*(uint32_t *)at = (uint32_t)n;
		return true;
	case FIELD_FAULT:
		return take_fault(r, at);
	case FIELD_SHA256:
		return record_hex(r, at, SHA256_DIGEST_SIZE);
	}
	return false;
}

/* Reads the lines. Returns NULL, or the key that is wrong. */
static const char *take_lines(struct flash *f, struct record *r)
{
	unsigned seen = 0;
	size_t i;

	f->app_name[0] = '\0'; /* the profile's is gone */
	while (record_next(r)) {
		for (i = 0; i < FIELDS && strcmp(fields[i].key, r->key) != 0; i++)
			;
		if (i == FIELDS || seen & 1u << i || !take(f, &fields[i], r))
			return r->key;
		seen |= 1u << i;
	}
	if (r->p != r->end)
		return "(no key)";
	for (i = 0; i < FIELDS; i++)
		if (!(seen & 1u << i) && !(r->version < NAMED_SINCE &&
						 strcmp(fields[i].key, APP_NAME) == 0))
			return fields[i].key;
	return NULL;
}

bool flash_load(struct flash *f, bool *plain)
{
	struct flash found = *f; /* kept when a line is wrong */
	char mem[RECORD_MAX], what[128];
	const char *bad;
	struct record r;

	switch (record_load(f->memory, f->log, &flash_kind, mem, sizeof(mem), &r)) {
	case RECORD_ABSENT:
		return true;
	case RECORD_BAD:
		return false;
	case RECORD_FOUND:
		break;
	}
	bad = take_lines(&found, &r);
	if (bad) {
		snprintf(what, sizeof(what),
			"has \"%s\" missing, duplicated, unknown or with a bad value",
			bad);
		record_report(f->memory, f->log, &flash_kind, what);
		return false;
	}
	if (plain)
		*plain |= r.plain;
	*f = found;
	return true;
}
