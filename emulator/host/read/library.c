/* Finds the files of profiles and reads them. */
#include "host/read/library.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "conf/must.h"
#include "conf/suggest.h"
#include "host/read/doc_yaml.h"

#define SUFFIX      ".yaml"
#define BUILD_DEPTH 4 /* folders of a build below which programs are */

static const char *const folders[PART_KINDS] = { ".", "devices", "firmware", "networks",
	"sims", "operators", "sets", "applications" };

/* A file that has been read. */
struct file {
	struct file *next;
	char *path;
	struct doc *doc;          /* NULL: it has errors */
	struct doc_errors errors; /* of its text */
};

struct library {
	char **dir;
	size_t dirs;
	struct profile_hook hook;
	bool hooked;
	struct doc_pool *pool; /* of the files */
	struct file *files, **last;
	const struct log *log; /* NULL: none yet */
	unsigned profiles;     /* that exist and may read more */
	bool freed;            /* with the last of them */
};

/* Where parts are looked for: in one folder before those of the library. */
struct finder {
	struct library *library;
	char *first; /* NULL: there is none */
};

static void add_dir(struct library *l, const char *dir, size_t len)
{
	if (!len)
		return;
	l->dir = must(realloc(l->dir, (l->dirs + 1) * sizeof(*l->dir)));
	l->dir[l->dirs++] = must(strndup(dir, len));
}

/* A program in its build folder: the profiles of the source tree, which a file of the
 * folder names. */
static void add_source(struct library *l, const char *exe)
{
	char path[PATH_MAX + 64], profiles[PATH_MAX];
	int len = (int)strlen(exe), up;
	FILE *f = NULL;

	for (up = 0; up < BUILD_DEPTH && !f && len > 0; up++) {
		while (len > 0 && exe[--len] != '/')
			;
		snprintf(path, sizeof(path), "%.*s/emulator/fauxtrack-source", len, exe);
		f = fopen(path, "re");
	}
	if (!f)
		return;
	if (fgets(profiles, sizeof(profiles), f))
		add_dir(l, profiles, strcspn(profiles, "\n"));
	fclose(f);
}

/* Folders that depend on where the program is: the source tree for a program in its build
 * folder, and share/ next to its bin/. */
static void add_own_dirs(struct library *l)
{
	char exe[PATH_MAX], path[PATH_MAX + 32], *slash;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	exe[n > 0 ? n : 0] = '\0';
	add_source(l, exe);
	slash = strrchr(exe, '/');
	if (slash) {
		*slash = '\0';
		snprintf(path, sizeof(path), "%s/../share/fauxtrack/profiles", exe);
		add_dir(l, path, strlen(path));
	}
	add_dir(l, FAUXTRACK_SHARE, strlen(FAUXTRACK_SHARE));
}

struct library *library_new(const char *first)
{
	struct library *l = must(calloc(1, sizeof(*l)));
	const char *env = getenv("FAUXTRACK_PROFILES"), *end;

	l->pool = doc_pool_new();
	l->last = &l->files;
	if (first)
		add_dir(l, first, strlen(first));
	for (; env; env = *end ? end + 1 : NULL) {
		end = strchrnul(env, ':');
		add_dir(l, env, (size_t)(end - env));
	}
	add_own_dirs(l);
	return l;
}

void library_also(struct library *l, const char *dir)
{
	add_dir(l, dir, strlen(dir));
}

void library_free(struct library *l)
{
	struct file *f, *next;
	size_t i;

	if (!l)
		return;
	l->freed = true;
	if (l->profiles)
		return;
	for (f = l->files; f; f = next) {
		next = f->next;
		doc_errors_clear(&f->errors);
		free(f->path);
		free(f);
	}
	doc_pool_free(l->pool);
	for (i = 0; i < l->dirs; i++)
		free(l->dir[i]);
	free(l->dir);
	free(l);
}

static void log_read(const struct library *l, const struct file *f)
{
	log_debug(l->log, LOG_MODEM, "read: %s", f->path);
}

void library_log(struct library *l, const struct log *log)
{
	const struct file *f;

	l->log = log;
	for (f = l->files; log && f; f = f->next)
		log_read(l, f);
}

/* Reads each file once. */
static struct doc *read_file(struct library *l, const char *path, struct doc_errors *e)
{
	struct file *f;
	size_t i;

	for (f = l->files; f && strcmp(f->path, path) != 0; f = f->next)
		;
	if (!f) {
		f = must(calloc(1, sizeof(*f)));
		*l->last = f;
		l->last = &f->next;
		f->path = must(strdup(path));
		doc_errors_init(&f->errors);
		f->doc = doc_yaml_file(l->pool, path, &f->errors);
		if (l->log)
			log_read(l, f);
	}
	for (i = 0; i < f->errors.n; i++)
		doc_error(e,
			(struct doc_place){ f->errors.item[i].file,
				f->errors.item[i].line, f->errors.item[i].col },
			"%s", f->errors.item[i].text);
	return f->doc;
}

const char *library_dir(const struct library *l, size_t i)
{
	return i < l->dirs ? l->dir[i] : NULL;
}

void library_hook(struct library *l, const struct profile_hook *hook)
{
	l->hook = *hook;
	l->hooked = true;
}

/* Folder i, in the order of the search; NULL after the last. */
static const char *folder(const struct finder *f, size_t i)
{
	if (f->first && !i--)
		return f->first;
	return library_dir(f->library, i);
}

static bool find(const struct finder *f, enum part_kind kind, const char *name,
	char *path, size_t size)
{
	const char *dir;
	size_t i;

	for (i = 0; (dir = folder(f, i)); i++) {
		snprintf(path, size, "%s/%s/%s" SUFFIX, dir, folders[kind], name);
		if (!access(path, F_OK))
			return true;
	}
	return false;
}

struct names {
	char (*name)[PROFILE_NAME];
	size_t n;
};

static void free_names(struct names *s)
{
	free(s->name);
	free(s);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void add_name(struct names *s, const char *file)
{
	size_t len = strlen(file), i;

	if (len <= strlen(SUFFIX) || strcmp(file + len - strlen(SUFFIX), SUFFIX) ||
		*file == '.')
		return;
	len -= strlen(SUFFIX);
	if (len >= PROFILE_NAME)
		return;
	for (i = 0; i < s->n; i++)
		if (strlen(s->name[i]) == len && !strncmp(s->name[i], file, len))
			return;
	s->name = must(realloc(s->name, (s->n + 1) * sizeof(*s->name)));
	memcpy(s->name[s->n], file, len);
	s->name[s->n++][len] = '\0';
}

static struct names *list_names(const struct finder *f, enum part_kind kind)
{
	struct names *s = must(calloc(1, sizeof(*s)));
	char path[PATH_MAX];
	struct dirent *de;
	const char *dir;
	size_t i;
	DIR *d;

	for (i = 0; (dir = folder(f, i)); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, folders[kind]);
		d = opendir(path);
		while (d && (de = readdir(d)))
			add_name(s, de->d_name);
		if (d)
			closedir(d);
	}
	if (s->n)
		qsort(s->name, s->n, sizeof(s->name[0]), by_name);
	return s;
}

/* Whether it is a name, and not a path out of the folder. */
static bool is_name(const char *name)
{
	return *name && *name != '.' && !strchr(name, '/') && strlen(name) < PROFILE_NAME;
}

static void not_found(const struct finder *f, enum part_kind kind, const char *name,
	struct doc_place asked, struct doc_errors *e)
{
	struct names *s = list_names(f, kind);
	struct suggest near;
	char mem[200], where[160] = "; set FAUXTRACK_PROFILES to the folder that has it";
	size_t i;

	suggest_init(&near, name);
	for (i = 0; i < s->n; i++)
		suggest_offer(&near, s->name[i]);
	if (s->n)
		snprintf(where, sizeof(where), "; there are %zu, such as \"%s\"", s->n,
			s->name[s->n - 1]);
	doc_error(e, asked, "there is no %s \"%s\"%s", name_of(part_names, (int)kind),
		name, suggest_text(&near, mem, sizeof(mem), where));
	free_names(s);
}

static struct doc *read_part(void *ctx, enum part_kind kind, const char *name,
	struct doc_place asked, struct doc_pool *pool, struct doc_errors *e)
{
	const struct finder *f = ctx;
	char path[PATH_MAX];

	(void)pool;
	if (!is_name(name) || !find(f, kind, name, path, sizeof(path))) {
		not_found(f, kind, name, asked, e);
		return NULL;
	}
	return read_file(f->library, path, e);
}

static bool unreadable(
	void *ctx, enum part_kind kind, const char *name, char *why, size_t size)
{
	const struct finder *f = ctx;
	char path[PATH_MAX];
	const char *wrong;
	struct stat st;

	/* no such file: its name is a link to nothing */
	if (!find(f, kind, name, path, sizeof(path)) || stat(path, &st)) {
		snprintf(why, size,
			"%s/%s" SUFFIX ": it cannot be found; remove the link, or make "
			"it lead to the file",
			folders[kind], name);
		return true;
	}
	wrong = access(path, R_OK)     ? strerror(errno)
		: !S_ISREG(st.st_mode) ? "it is not a file"
		: !st.st_size          ? "it is empty"
				       : NULL;
	if (wrong)
		snprintf(why, size,
			"%s: cannot be read: %s; check the path and its permissions",
			path, wrong);
	return wrong;
}

static void each_name(void *ctx, enum part_kind kind,
	void (*each)(void *each_ctx, const char *name), void *each_ctx)
{
	struct names *s = list_names(ctx, kind);
	size_t i;

	for (i = 0; i < s->n; i++)
		each(each_ctx, s->name[i]);
	free_names(s);
}

/* "a/b/sims/x.yaml": the name is x, the folder gives the kind, the root is a/b. */
struct split {
	char name[PROFILE_NAME];
	enum part_kind kind;
	char root[PATH_MAX];
};

static bool has_suffix(const char *name)
{
	size_t len = strlen(name);

	return len > strlen(SUFFIX) && !strcmp(name + len - strlen(SUFFIX), SUFFIX);
}

static enum part_kind folder_kind(const char *folder)
{
	int k;

	for (k = PART_DEVICE; k < PART_KINDS; k++)
		if (!strcmp(folder, folders[k]))
			return (enum part_kind)k;
	return PART_PROFILE;
}

static void split_path(const char *path, struct split *s)
{
	char full[PATH_MAX], *name, *slash;
	size_t len;

	memset(s, 0, sizeof(*s));
	if (!realpath(path, full))
		snprintf(full, sizeof(full), "./%s", path);
	name = strrchr(full, '/');
	*name++ = '\0';
	len = strlen(name) - (has_suffix(name) ? strlen(SUFFIX) : 0);
	snprintf(s->name, sizeof(s->name), "%.*s", (int)len, name);
	slash = strrchr(full, '/');
	s->kind = folder_kind(slash ? slash + 1 : full);
	if (slash && s->kind != PART_PROFILE)
		*slash = '\0';
	snprintf(s->root, sizeof(s->root), "%s", full);
}

static void done(void *ctx)
{
	struct finder *f = ctx;
	struct library *l = f->library;

	free(f->first);
	free(f);
	if (!--l->profiles && l->freed)
		library_free(l);
}

static struct part_source source_of(struct finder *f)
{
	return (struct part_source){ f, read_part, each_name, unreadable, NULL };
}

struct profile *profile_load(struct library *l, const char *name_or_path,
	const struct kv *sets, size_t n_sets, struct doc_errors *e)
{
	const struct doc_place asked = { "--profile", 0, 0 };
	struct doc_pool *pool = doc_pool_new();
	struct finder *f = must(calloc(1, sizeof(*f)));
	struct part_source source = source_of(f);
	struct profile *p = NULL;
	struct split s;
	struct doc *d;

	source.done = done;
	f->library = l;
	l->profiles++;
	if (strchr(name_or_path, '/') || has_suffix(name_or_path)) {
		split_path(name_or_path, &s);
		f->first = must(strdup(s.root));
		d = read_file(l, name_or_path, e);
	} else {
		snprintf(s.name, sizeof(s.name), "%s", name_or_path);
		d = read_part(f, PART_PROFILE, name_or_path, asked, pool, e);
	}
	if (d)
		p = profile_build(s.name, d, pool, &source, l->hooked ? &l->hook : NULL,
			sets, n_sets, e);
	else
		done(f);
	doc_errors_sort(e, NULL);
	doc_pool_free(pool);
	return p;
}

bool library_find(
	struct library *l, enum part_kind kind, const char *name, char path[LIBRARY_PATH])
{
	const struct finder f = { .library = l };

	return is_name(name) && find(&f, kind, name, path, LIBRARY_PATH);
}

bool library_set(struct library *l, const char *name, struct profile_set *out,
	struct doc_errors *e)
{
	char path[LIBRARY_PATH];
	struct doc *d;

	if (!library_find(l, PART_SET, name, path))
		return false;
	d = read_file(l, path, e);
	if (d)
		profile_set_bind(d, out, e);
	else
		out->n = 0;
	return true;
}

static void fill_entry(struct finder *f, enum part_kind kind, const char *name,
	struct library_entry *entry)
{
	const struct doc_place nowhere = { name, 0, 0 };
	struct part_source source = source_of(f);
	struct doc_pool *pool = doc_pool_new();
	struct doc_errors errors;
	const char *text;
	struct doc *d;

	doc_errors_init(&errors);
	snprintf(entry->name, sizeof(entry->name), "%s", name);
	find(f, kind, name, entry->path, sizeof(entry->path));
	d = read_part(f, kind, name, nowhere, pool, &errors);
	text = doc_get_text(d, "base");
	entry->base = text && !strcmp(text, "true");
	if (d)
		d = profile_resolve(kind, name, d, pool, &source, &errors);
	text = doc_get_text(d, "title");
	snprintf(entry->title, sizeof(entry->title), "%s", text ? text : "");
	doc_errors_clear(&errors);
	doc_pool_free(pool);
}

size_t library_list(struct library *l, enum part_kind kind, struct library_entry **out)
{
	struct finder f = { .library = l };
	struct names *s = list_names(&f, kind);
	size_t i, n = s->n;

	*out = must(calloc(n ? n : 1, sizeof(**out)));
	for (i = 0; i < n; i++)
		fill_entry(&f, kind, s->name[i], &(*out)[i]);
	free_names(s);
	return n;
}

/* The kind of a file, by its key `kind` or its folder; -1, with an error, for an unknown
 * word. */
static int kind_of(const struct doc *d, const struct split *s, struct doc_errors *e)
{
	const struct doc *word = doc_get(d, "kind");
	const struct name *n;
	struct suggest near;
	char mem[160];

	if (!word)
		return (int)s->kind;
	suggest_init(&near, word->kind == DOC_SCALAR ? word->text : "");
	for (n = part_names; n->name; n++) {
		if (word->kind == DOC_SCALAR && !strcmp(n->name, word->text))
			return n->value;
		suggest_offer(&near, n->name);
	}
	doc_error(e, word->at, "there is no kind \"%s\"%s",
		word->kind == DOC_SCALAR ? word->text : "",
		suggest_text(&near, mem, sizeof(mem),
			"; write device, firmware, network, sim or profile"));
	return -1;
}

int library_kind(const char *path, struct doc_errors *e)
{
	struct doc_pool *pool = doc_pool_new();
	struct doc *d = doc_yaml_file(pool, path, e);
	struct split s;
	int kind = -1;

	split_path(path, &s);
	if (d)
		kind = kind_of(d, &s, e);
	doc_pool_free(pool);
	return kind;
}

bool library_check(struct library *l, const char *path, struct doc_errors *e)
{
	struct doc_pool *pool = doc_pool_new();
	struct doc *d = read_file(l, path, e);
	struct finder f = { .library = l };
	struct part_source source = source_of(&f);
	struct split s;
	bool ok = false;
	int kind;

	split_path(path, &s);
	f.first = s.root;
	kind = d ? kind_of(d, &s, e) : -1;
	if (kind >= 0)
		ok = profile_check((enum part_kind)kind, s.name, d, pool, &source,
			l->hooked ? &l->hook : NULL, e);
	doc_errors_sort(e, NULL);
	doc_pool_free(pool);
	return ok;
}
