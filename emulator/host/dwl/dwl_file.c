/* Makes download images, and binds --image to a file of the user. */
#include "host/dwl/dwl_file.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/suggest.h"
#include "host/dwl/dwl_error.h"
#include "state/application.h"

#define SIZE_MAX_IMAGE (64u * 1024 * 1024)

bool dwl_fail(struct dwl_error *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return false;
}

bool dwl_size(const char *text, uint32_t *size, struct dwl_error *e)
{
	unsigned long long n = 0, unit = 1;
	const char *p = text;

	for (; *p >= '0' && *p <= '9'; p++)
		if (n <= SIZE_MAX_IMAGE)
			n = n * 10 + (unsigned)(*p - '0');
	if (p > text && (*p == 'k' || *p == 'K'))
		unit = 1024;
	else if (p > text && *p == 'M')
		unit = 1024 * 1024;
	if (unit > 1)
		p++;
	if (p == text || *p)
		return dwl_fail(e,
			"\"%s\" is not a size; give a number of bytes, or a number with "
			"k or M, such as 300k",
			text);
	if (n * unit < DWL_HEADER || n * unit > SIZE_MAX_IMAGE)
		return dwl_fail(e,
			"%s is not a possible size of an image; give %d bytes (the "
			"header) to %uM",
			text, DWL_HEADER, SIZE_MAX_IMAGE >> 20);
	*size = (uint32_t)(n * unit);
	return true;
}

/* Appends a name to a list "a, b, c", if it fits. */
static void list(char *text, size_t size, const char *name)
{
	size_t len = strlen(text);

	snprintf(text + len, size - len, "%s%s", len ? ", " : "", name);
}

/* The row of that name; NULL, with an error that lists all names. */
static const struct name *row_named(
	const struct name *names, const char *what, const char *name, struct dwl_error *e)
{
	const struct name *row = name_find(names, name);
	char mem[96], all[200] = "";
	struct suggest near;

	if (row)
		return row;
	suggest_init(&near, name);
	for (row = names; row->name; row++) {
		suggest_offer(&near, row->name);
		list(all, sizeof(all), row->name);
	}
	dwl_fail(e, "there is no %s \"%s\"%s (all: %s)", what, name,
		suggest_text(&near, mem, sizeof(mem), ""), all);
	return NULL;
}

bool dwl_kind_named(const char *name, enum dwl_kind *kind, struct dwl_error *e)
{
	const struct name *row = row_named(dwl_kind_names, "kind", name, e);

	if (row)
		*kind = (enum dwl_kind)row->value;
	return row;
}

bool dwl_defect_named(const char *name, enum image_defect *defect, struct dwl_error *e)
{
	const struct name *row = row_named(image_defect_names, "defect", name, e);

	if (row)
		*defect = (enum image_defect)row->value;
	return row;
}

bool dwl_firmware_named(
	const struct profile *p, const char *name, size_t *index, struct dwl_error *e)
{
	char mem[96], all[200] = "";
	const struct firmware *f;
	struct suggest near;
	size_t i;

	if (profile_find(p, name, index) && !profile_at(p, *index)->base)
		return true;
	if (profile_flaw(p, name))
		return dwl_fail(e, "the file of firmware \"%s\": %s", name,
			profile_flaw(p, name));
	suggest_init(&near, name);
	for (i = 0; (f = profile_nth(p, i)); i++) {
		if (f->base)
			continue;
		suggest_offer(&near, f->name);
		list(all, sizeof(all), f->name);
	}
	return dwl_fail(e, "there is no firmware \"%s\"%s (all: %s)", name,
		suggest_text(&near, mem, sizeof(mem), ""), all);
}

const struct application *dwl_application_named(
	const struct profile *p, const char *name, struct dwl_error *e)
{
	const struct application *a = profile_application(p, name);
	char mem[96], all[200] = "";
	struct suggest near;
	size_t i;

	if (a)
		return a;
	if (profile_application_flaw(p, name)) {
		dwl_fail(e, "the file of application \"%s\": %s", name,
			profile_application_flaw(p, name));
		return NULL;
	}
	suggest_init(&near, name);
	for (i = 0; (a = profile_application_nth(p, i)); i++) {
		suggest_offer(&near, a->name);
		list(all, sizeof(all), a->name);
	}
	dwl_fail(e, "there is no application \"%s\"%s (all: %s)", name,
		suggest_text(&near, mem, sizeof(mem), ""), all);
	return NULL;
}

static bool write_image(FILE *f, const struct dwl_file *file)
{
	uint8_t piece[4096];
	uint32_t at = 0;
	size_t n;

	for (; at < file->size; at += (uint32_t)n) {
		n = dwl_file_bytes(file, at, piece, sizeof(piece));
		if (fwrite(piece, 1, n, f) != n)
			return false;
	}
	return fflush(f) == 0;
}

static bool failed_at(struct dwl_error *e, const char *path)
{
	return dwl_fail(e,
		"%s: %s; check the folder's permissions and free space, or give another "
		"file with -o",
		path, strerror(errno));
}

/* Opens a temporary file next to the target, with the mode of any new file. */
static FILE *open_beside(const char *path, char *temp, size_t size)
{
	mode_t mask = umask(0);
	FILE *f = NULL;
	int fd = -1;

	umask(mask);
	if ((size_t)snprintf(temp, size, "%s.XXXXXX", path) < size)
		fd = mkstemp(temp);
	else
		errno = ENAMETOOLONG;
	if (fd < 0)
		return NULL;
	if (fchmod(fd, 0666 & ~mask) == 0)
		f = fdopen(fd, "wb");
	if (!f) {
		close(fd);
		unlink(temp);
	}
	return f;
}

static bool write_file(const struct dwl_file *file, const char *path, struct dwl_error *e)
{
	char temp[PATH_MAX];
	struct stat st;
	bool ok;
	FILE *f;

	/* renaming over /dev/null as root would replace the device */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return dwl_fail(e,
			"%s is not a regular file; give another name with -o, or - for "
			"standard output",
			path);
	f = open_beside(path, temp, sizeof(temp));
	if (!f)
		return failed_at(e, path);
	ok = write_image(f, file);
	ok = fclose(f) == 0 && ok;
	if (ok && rename(temp, path) == 0)
		return true;
	failed_at(e, path);
	unlink(temp);
	return false;
}

bool dwl_make(const struct profile *p, const struct dwl_order *o, const char *path,
	struct dwl_error *e)
{
	const struct firmware *f = profile_at(p, o->firmware);
	struct dwl_file file;

	if (!o->size && !image_default_size(f, o->kind))
		return dwl_fail(e,
			"the profile has no size for a %s of %s; give one with --size",
			name_of(dwl_kind_names, (int)o->kind), f->name);
	if (o->defect == IMAGE_BAD_BODY && o->size == DWL_HEADER)
		return dwl_fail(e,
			"an image of %d bytes is only a header, without a body to "
			"damage; give more with --size",
			DWL_HEADER);
	if (!(o->application ? image_application_file(p, o->firmware, o->application,
				       o->size, o->defect, &file)
			     : image_file(p, o->firmware, o->kind, o->size, o->defect,
				       &file)))
		return dwl_fail(e,
			"firmware %s has no module, family or downloader generation; add "
			"them to its file in profiles/firmware",
			f->name);
	if (strcmp(path, "-") != 0)
		return write_file(&file, path, e);
	if (write_image(stdout, &file))
		return true;
	return dwl_fail(
		e, "standard output: %s; write to a file with -o", strerror(errno));
}

/* Reads the first bytes of a file. Returns their number, or -1 with an error. */
static long read_start(const char *path, uint8_t *out, size_t size, struct dwl_error *e)
{
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!f) {
		dwl_fail(e, "--image: %s: %s; give the path of a readable file", path,
			strerror(errno));
		return -1;
	}
	n = fread(out, 1, size, f);
	if (ferror(f) || n == 0) {
		dwl_fail(e, "--image: %s: %s; give the path of a .dwl file", path,
			ferror(f) ? strerror(errno) : "the file is empty");
		fclose(f);
		return -1;
	}
	fclose(f);
	return (long)n;
}

/* An application may be named instead of the firmware it was built for. */
static bool bind_application(
	const struct profile *p, const char *name, struct flash_image *image)
{
	memset(image->application, 0, sizeof(image->application));
	if (image->kind != DWL_APPLICATION || !profile_application(p, name))
		return false;
	memcpy(image->application, name, strlen(name));
	image->firmware = p->installed;
	return true;
}

bool dwl_bind(const struct profile *p, const char *option, struct flash_image *image,
	struct dwl_error *e)
{
	const char *equals = strrchr(option, '='),
		   *colon = equals ? strchr(equals, ':') : NULL;
	char path[PATH_MAX], firmware[PROFILE_NAME];
	uint8_t start[DWL_HEADER];
	struct dwl_error why;
	long len;

	if (!colon || equals == option || (size_t)(equals - option) >= sizeof(path) ||
		(size_t)(colon - equals) > sizeof(firmware))
		return dwl_fail(e,
			"--image \"%s\": write FILE=FIRMWARE:KIND, such as --image "
			"fw.dwl=r74:firmware",
			option);
	snprintf(path, sizeof(path), "%.*s", (int)(equals - option), option);
	snprintf(firmware, sizeof(firmware), "%.*s", (int)(colon - equals - 1),
		equals + 1);
	if (!dwl_kind_named(colon + 1, &image->kind, &why) ||
		(!bind_application(p, firmware, image) &&
			!dwl_firmware_named(p, firmware, &image->firmware, &why)))
		return dwl_fail(e, "--image %.*s...: %s", (int)(equals - option), option,
			why.text);
	len = read_start(path, start, sizeof(start), e);
	if (len < 0)
		return false;
	image_fingerprint(start, (size_t)len, image->sha256);
	return true;
}
