/* Describes a file to a person: our own images with their state; any other file with the
 * version strings found in it and the option that makes the modem accept it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "codec/crc.h"
#include "codec/dwl_identify.h"
#include "host/dwl/dwl_error.h"
#include "host/dwl/dwl_file.h"
#include "state/application.h"

#define FILE_MAX  (256u * 1024 * 1024)
#define BLOCK_MAX 1024 /* padding fills the last block, so it is shorter than this */

bool dwl_read(const char *path, struct dwl_bytes *b, struct dwl_error *e)
{
	size_t cap = 0, n = 1;
	uint8_t *more;
	FILE *f = fopen(path, "rb");

	*b = (struct dwl_bytes){ 0 };
	if (!f)
		return dwl_fail(e, "%s: %s; give the path of a readable file", path,
			strerror(errno));
	while (n > 0 && b->len <= FILE_MAX) {
		if (b->len == cap) {
			cap = cap ? 2 * cap : 64 * 1024;
			more = realloc(b->data, cap);
			if (!more) {
				fputs("fauxtrack: out of memory\n", stderr);
				exit(EXIT_FAILURE);
			}
			b->data = more;
		}
		n = fread(b->data + b->len, 1, cap - b->len, f);
		b->len += n;
	}
	if (ferror(f) || b->len > FILE_MAX) {
		dwl_fail(e, "%s: %s; give the path of a .dwl file", path,
			ferror(f) ? strerror(errno) : "too large for a modem");
		fclose(f);
		free(b->data);
		return false;
	}
	fclose(f);
	return true;
}

void dwl_sha256(const struct dwl_bytes *b, size_t len, char out[DWL_SHA256])
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx sha;
	size_t i;

	sha256_init(&sha);
	sha256_update(&sha, len, b->data);
	sha256_digest(&sha, sizeof(digest), digest);
	for (i = 0; i < sizeof(digest); i++)
		sprintf(out + 2 * i, "%02x", digest[i]);
}

static void print_sha256(FILE *out, const struct dwl_bytes *b, size_t len)
{
	char text[DWL_SHA256];

	dwl_sha256(b, len, text);
	fprintf(out, "  SHA-256    %s\n", text);
}

/* ---- how a modem reacts to it --------------------------------------------------------
 */

static const char *effect(const struct profile *p, const struct dwl_header *h)
{
	const struct firmware *f = profile_firmware(p, h->firmware);
	const struct application *a = profile_application(p, h->application);
	const char *own = profile_at(p, p->installed)->open_at.text;

	switch (h->kind) {
	case DWL_DOWNLOADER:
		return f && f->downloader.at_once
			       ? "it is then the downloader"
			       : "it is the downloader after the next AT+CFUN=1";
	case DWL_FIRMWARE:
		return "AT+CFUN=1 starts it";
	case DWL_FIRMWARE_AD:
		return "AT+CFUN=1 starts it and formats the A&D volume";
	case DWL_E2P:
		return "AT+CFUN=1 restores the factory settings";
	case DWL_APPLICATION:
		return (a || f) && library_fits(
					   own, a ? a->library.text : f->open_at.text)
			       ? "AT+WOPEN=1 starts it"
			       : "AT+WOPEN=1 returns +CME ERROR: 541";
	case DWL_NONE:
		break;
	}
	return "";
}

static const char *remedy(enum flash_verdict verdict)
{
	const char *name = name_of(flash_verdict_names, (int)verdict);

	return name_find(flash_verdict_names, name)->help;
}

/* h is NULL if the file has no header. */
static void print_verdict(const struct profile *p, const struct dwl_header *h,
	const struct dwl_bytes *b, FILE *out)
{
	static const char takes[] = "*** END OF DOWNLOAD ***";
	enum flash_verdict verdict = image_judge(p, b->data, b->len);

	fprintf(out, "  a modem    (%s as delivered) ", p->name);
	switch (verdict) {
	case FLASH_ACCEPTED:
		fprintf(out, "accepts it: %s; %s\n", takes, h ? effect(p, h) : "");
		return;
	case FLASH_UNSOUND:
		fprintf(out, "sends %s, but the image does not run", takes);
		break;
	case FLASH_ALLOCATION:
	case FLASH_LONGER:
		fputs("aborts: *** XMODEM BINARY ALLOCATION ERROR ***", out);
		break;
	case FLASH_NOT_AN_IMAGE:
	case FLASH_WRONG_MODULE:
	case FLASH_WRONG_DOWNLOADER:
	case FLASH_UNKNOWN_FIRMWARE:
	case FLASH_NO_FIRMWARE:
	case FLASH_NO_ROOM:
	case FLASH_MEMORY:
	case FLASH_BROKEN_FIRMWARE:
	case FLASH_BROKEN_APPLICATION:
		fputs("refuses block 1: *** ERROR IN HEADER ***", out);
		break;
	}
	fprintf(out, "\n             it is %s\n",
		name_of(flash_verdict_names, (int)verdict));
	if (h)
		fprintf(out, "  remedy     %s\n", remedy(verdict));
}

/* ---- our own images ------------------------------------------------------------------
 */

static size_t padding(const struct dwl_bytes *b, size_t length)
{
	size_t n = 0;

	while (b->len - n > length && b->data[b->len - n - 1] == IMAGE_PADDING)
		n++;
	return n;
}

static bool too_long(const struct dwl_header *h, const struct dwl_bytes *b)
{
	size_t more = b->len > h->length ? b->len - h->length : 0;

	return more && (more >= BLOCK_MAX || padding(b, h->length) < more);
}

static uint32_t crc_of(const struct dwl_header *h, const struct dwl_bytes *b)
{
	return crc32_ieee(0, b->data + DWL_HEADER, h->length - DWL_HEADER);
}

/* What is wrong with the start of the file. */
static const char *broken(enum dwl_result result, const struct dwl_bytes *b)
{
	return b->len < DWL_HEADER ? "the header is incomplete"
				   : name_of(dwl_result_names, (int)result);
}

bool dwl_sound(const char *path, const struct dwl_bytes *b, struct dwl_error *e)
{
	static const char again[] = "make it again with fauxtrack dwl make";
	struct dwl_header h;
	enum dwl_result result = dwl_parse(b->data, b->len, &h);

	if (result != DWL_OK)
		return dwl_fail(e,
			"%s: starts like an image of fauxtrack dwl make, but it is "
			"broken: %s; make it again",
			path, broken(result, b));
	if (b->len < h.length)
		return dwl_fail(e, "%s: truncated, %zu bytes are missing; %s", path,
			h.length - b->len, again);
	if (too_long(&h, b))
		return dwl_fail(e, "%s: %zu bytes too many after the image; %s", path,
			b->len - h.length, again);
	if (crc_of(&h, b) != h.crc)
		return dwl_fail(e,
			"%s: damaged after its header, the CRC-32 of the data is %08x; "
			"%s",
			path, crc_of(&h, b), again);
	return true;
}

static void print_state(const struct dwl_header *h, const struct dwl_bytes *b, FILE *out)
{
	fprintf(out, "  length     %u bytes", h->length);
	if (b->len < h->length || too_long(h, b)) {
		fprintf(out, ", but the file has %zu\n", b->len);
		return;
	}
	fprintf(out, b->len > h->length ? ", and %zu of padding\n" : "\n",
		b->len - h->length);
	fprintf(out, "  CRC-32     %08x, %s\n", h->crc,
		crc_of(h, b) == h->crc ? "correct" : "wrong");
	print_sha256(out, b, h->length);
}

static void print_application(const struct profile *p, const char *name, FILE *out)
{
	const struct application *a = profile_application(p, name);
	const char *flaw = profile_application_flaw(p, name);

	fprintf(out, "  name       %s (%s)\n", name,
		a      ? a->title
		: flaw ? flaw
		       : "no file describes it: it does and says nothing; put the file "
			 "into profiles/applications");
}

static void print_image(
	const struct profile *p, const char *path, const struct dwl_bytes *b, FILE *out)
{
	const struct firmware *f;
	struct dwl_header h;
	enum dwl_result result = dwl_parse(b->data, b->len, &h);
	enum dwl_kind promised = dwl_kind_by_name(path);
	size_t i;

	if (result != DWL_OK) {
		fprintf(out, "%s: starts like an image of fauxtrack dwl make\n", path);
		print_verdict(p, NULL, b, out);
		return;
	}
	f = profile_firmware(p, h.firmware);
	fprintf(out, "%s: image of fauxtrack dwl make\n", path);
	fprintf(out, "  kind       %s\n", name_of(dwl_kind_names, (int)h.kind));
	if (promised != DWL_NONE && promised != h.kind)
		fprintf(out, "             although its name says %s\n",
			name_of(dwl_kind_names, (int)promised));
	fprintf(out, "  firmware   %s (%s)\n", h.firmware,
		f ? f->title : "not a firmware of this profile: it would be refused");
	if (h.application[0])
		print_application(p, h.application, out);
	fprintf(out, "  module     %s\n  family     %s\n  needs      ", h.module,
		h.family);
	if (!h.accepted)
		fputs("any downloader", out);
	for (i = 0; i < h.accepted; i++)
		fprintf(out, "%s%s", i ? " or " : "a downloader of ", h.accepted_by[i]);
	fputc('\n', out);
	print_verdict(p, &h, b, out);
	print_state(&h, b, out);
}

/* ---- other files ---------------------------------------------------------------------
 */

/* Whether a string found in the file points to this firmware: by one of its exact strings
 * or, if `loosely`, by its version, whatever module the file was built for. */
static bool speaks_for(
	const struct dwl_find *find, const struct firmware *f, bool loosely)
{
	size_t len = strlen(find->text);

	if (f->base)
		return false;
	if (find->mark == DWL_MARK_LOADER)
		return strcmp(f->downloader.version.text, find->text) == 0;
	if (strcmp(f->version, find->version) == 0 &&
		(loosely || strcmp(f->module, find->module) == 0))
		return true;
	return strncmp(f->revision.text, find->text, len) == 0 ||
	       strncmp(f->internal.text, find->text, len) == 0;
}

/* Prints a path, quoted for a shell if necessary. */
static void print_quoted(
	FILE *out, const char *before, const char *path, const char *after)
{
	bool plain =
		path[strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789._/+,@%-")] == '\0';

	if (plain) {
		fprintf(out, "%s%s%s", before, path, after);
		return;
	}
	fprintf(out, "%s'", before);
	for (; *path; path++) {
		if (*path == '\'')
			fputs("'\\''", out);
		else
			fputc(*path, out);
	}
	fprintf(out, "%s'", after);
}

static void print_option(
	FILE *out, const char *path, const struct dwl_identity *id, const char *firmware)
{
	char after[PROFILE_NAME + 32];

	snprintf(after, sizeof(after), "=%s:%s", firmware,
		id->guess == DWL_NONE ? "KIND" : name_of(dwl_kind_names, (int)id->guess));
	print_quoted(out, "    --image ", path, after);
	fputc('\n', out);
}

/* Returns whether there was anything to suggest. */
static bool suggest_firmware(const struct profile *p, const char *path,
	const struct dwl_identity *id, bool loosely, FILE *out)
{
	const struct firmware *f;
	bool any = false;
	size_t i, k;

	for (i = 0; (f = profile_nth(p, i)); i++) {
		for (k = 0; k < id->finds; k++) {
			/* the version of a downloader inside a firmware image does not
			 * identify the firmware */
			if ((id->find[k].mark == DWL_MARK_LOADER) ==
					(id->guess == DWL_DOWNLOADER) &&
				speaks_for(&id->find[k], f, loosely))
				break;
		}
		if (k == id->finds)
			continue;
		print_option(out, path, id, f->name);
		any = true;
	}
	return any;
}

static void suggest_options(const struct profile *p, const char *path,
	const struct dwl_identity *id, FILE *out)
{
	const struct firmware *f;
	const struct name *kind;
	size_t i;

	fputs("  The modem accepts it as what you declare it to be (without a check of "
	      "length and CRC):\n",
		out);
	if (!suggest_firmware(p, path, id, false, out) &&
		!suggest_firmware(p, path, id, true, out)) {
		print_option(out, path, id, "FIRMWARE");
		fputs("    FIRMWARE is one of", out);
		for (i = 0; (f = profile_nth(p, i)); i++)
			if (!f->base)
				fprintf(out, " %s", f->name);
		fputc('\n', out);
	}
	if (id->guess != DWL_NONE)
		return;
	fputs("    KIND is one of", out);
	for (kind = dwl_kind_names; kind->name; kind++)
		fprintf(out, " %s", kind->name);
	fputc('\n', out);
}

static void print_other(const struct profile *p, const char *path,
	const struct dwl_bytes *b, const struct dwl_identity *id, FILE *out)
{
	const struct name *row = name_find(
		dwl_format_names, name_of(dwl_format_names, (int)id->format));
	size_t i;

	fprintf(out, "%s: %s, %zu bytes\n", path, row->name, b->len);
	for (i = 0; i < id->finds; i++) {
		const struct dwl_find *f = &id->find[i];

		fprintf(out, "  0x%08zx \"%s\": %s %s%s%s\n", f->offset, f->text,
			f->mark == DWL_MARK_LOADER ? "downloader" : "firmware",
			f->version, f->module[0] ? " for " : "", f->module);
	}
	if (b->len)
		print_sha256(out, b, b->len);
	print_verdict(p, NULL, b, out);
	if (row->help)
		fprintf(out, "  remedy     %s\n", row->help);
	else
		suggest_options(p, path, id, out);
}

bool dwl_info(const struct profile *p, const char *path, FILE *out, struct dwl_error *e)
{
	struct dwl_identity id;
	struct dwl_bytes b;
	bool ours, ok;

	if (!dwl_read(path, &b, e))
		return false;
	dwl_identify(b.data, b.len, path, &id);
	ours = id.format == DWL_FORMAT_IMAGE;
	if (ours)
		print_image(p, path, &b, out);
	else
		print_other(p, path, &b, &id, out);
	ok = !ours || dwl_sound(path, &b, e);
	free(b.data);
	return ok;
}
