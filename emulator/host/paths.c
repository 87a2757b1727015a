#include "host/paths.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool is_yaml(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && !strcmp(name + len - 5, ".yaml");
}

static bool unreadable(const char *path, int error)
{
	fprintf(stderr, "%s: cannot be read: %s; check the path and its permissions\n",
		path, strerror(error));
	return false;
}

bool paths_each(const char *path, void (*each)(void *ctx, const char *path), void *ctx)
{
	char *roots[] = { (char *)path, NULL };
	struct stat st;
	bool ok = true;
	FTSENT *f;
	FTS *fts;

	if (stat(path, &st) || !S_ISDIR(st.st_mode)) {
		each(ctx, path); /* if it is missing or no file, its loader says so */
		return true;
	}
	fts = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
	if (!fts)
		return unreadable(path, errno);
	while ((f = fts_read(fts))) {
		if (f->fts_level > 0 && f->fts_name[0] == '.')
			fts_set(fts, f, FTS_SKIP);
		else if (f->fts_info == FTS_DNR || f->fts_info == FTS_ERR)
			ok = unreadable(f->fts_path, f->fts_errno);
		else if ((f->fts_info == FTS_F || f->fts_info == FTS_NS ||
				 f->fts_info == FTS_SLNONE) &&
			 is_yaml(f->fts_name))
			each(ctx, f->fts_path);
	}
	fts_close(fts);
	return ok;
}
