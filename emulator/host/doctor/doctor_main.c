/* fauxtrack doctor: whether this machine has what fauxtrack needs, and what to do if not.
 * The checks are rows at the end. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <yaml.h>

#include "host/cli.h"
#include "host/console.h"
#include "host/control/control_addr.h"
#include "host/module.h"
#include "host/play/bug.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"
#include "host/run/limits.h"
#include "host/subcommand.h"
#include "supervisor.h"

#define TEXT 700

enum verdict {
	VERDICT_OK,
	VERDICT_MISSING, /* a part of the program does not work */
	VERDICT_BAD,     /* no modem can run */
};

static const struct name verdict_names[] = { { VERDICT_OK, "ok", NULL },
	{ VERDICT_MISSING, "missing", NULL }, { VERDICT_BAD, "bad", NULL },
	{ 0, NULL, NULL } };

/* What a check has found; remedy is "" if there is nothing to do. */
struct finding {
	enum verdict verdict;
	char text[TEXT], remedy[TEXT];
};

/* Splits "what; remedy". */
static void fails(struct finding *f, enum verdict verdict, const char *text)
{
	const char *end = strstr(text, "; ");

	f->verdict = verdict;
	snprintf(f->text, TEXT, "%.*s", (int)(end ? end - text : (long)strlen(text)),
		text);
	snprintf(f->remedy, TEXT, "%s", end ? end + 2 : "");
}

/* ---- checks ------------------------------------------------------------------------- */

static void versions(struct finding *f)
{
	struct utsname u;

	uname(&u);
	snprintf(f->text, TEXT,
		"fauxtrack %s, Linux %s %s, C library %s, libyaml %s, jansson %s",
		FAUXTRACK_VERSION, u.release, u.machine, gnu_get_libc_version(),
		yaml_get_version_string(), jansson_version_str());
}

static void terminals(struct finding *f)
{
	const struct limits_need one = { .modems = 1, .ptys = 1 };
	long long most, used;
	char why[TEXT];
	int fd;

	limits_terminals(&most, &used);
	snprintf(f->text, TEXT, "%lld of %lld pseudo-terminals are in use", used, most);
	if (!limits_check(&one, why, sizeof(why))) {
		fails(f, VERDICT_BAD, why);
		return;
	}
	fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || grantpt(fd) || unlockpt(fd)) {
		snprintf(why, sizeof(why),
			"cannot open a pseudo-terminal: %s; see that /dev/ptmx can be "
			"opened and that the limit (sysctl kernel.pty.max) is not "
			"reached",
			strerror(errno));
		fails(f, VERDICT_BAD, why);
	}
	if (fd >= 0)
		close(fd);
}

static void open_files(struct finding *f)
{
	struct rlimit limit = { .rlim_cur = 0 };

	getrlimit(RLIMIT_NOFILE, &limit);
	snprintf(f->text, TEXT, "%llu open files, at most %llu",
		(unsigned long long)limit.rlim_cur, (unsigned long long)limit.rlim_max);
	if (limit.rlim_max >= 1024)
		return;
	f->verdict = VERDICT_MISSING;
	snprintf(f->remedy, TEXT,
		"many modems (--count) need more; raise the hard limit as root (ulimit "
		"-n, LimitNOFILE=)");
}

static void control_socket(struct finding *f)
{
	struct control_addr a = { .kind = CONTROL_DEFAULT };
	char why[TEXT] = "";
	int fd = control_addr_listen(&a, -1, (gid_t)-1, why, sizeof(why));

	if (fd < 0) {
		fails(f, VERDICT_BAD, why);
		return;
	}
	snprintf(f->text, TEXT, "can listen at %s", a.path);
	control_addr_remove(&a);
	close(fd);
}

static void tcp_ports(struct finding *f)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	snprintf(f->text, TEXT, "can listen on TCP ports of this machine");
	if (fd < 0 || bind(fd, (struct sockaddr *)&sin, sizeof(sin)) || listen(fd, 1)) {
		f->verdict = VERDICT_MISSING;
		snprintf(
			f->text, TEXT, "cannot listen at 127.0.0.1: %s", strerror(errno));
		snprintf(f->remedy, TEXT,
			"--listen and --control tcp: do not work; bring up the "
			"interface lo");
	}
	if (fd >= 0)
		close(fd);
}

static void child_watch(struct finding *f)
{
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	snprintf(f->text, TEXT, "processes can be watched (pidfd_open)");
	if (fd < 0) {
		f->verdict = VERDICT_MISSING;
		snprintf(f->text, TEXT, "processes cannot be watched: %s",
			strerror(errno));
		snprintf(f->remedy, TEXT,
			"--parent and --exit-with-parent need Linux 5.3 and a seccomp "
			"policy that allows pidfd_open");
	}
	if (fd >= 0)
		close(fd);
}

static void seccomp(struct finding *f)
{
	char why[TEXT];

	snprintf(f->text, TEXT, "seccomp can hand over system calls");
	if (supervisor_possible(why, sizeof(why)))
		return;
	f->verdict = VERDICT_MISSING;
	snprintf(f->text, TEXT, "%s", why);
	snprintf(f->remedy, TEXT,
		"exec --lines does not work; use run --lines and fauxtrack lines "
		"--preload");
}

static void profiles(struct finding *f)
{
	struct library *l = library_new(NULL);
	struct library_entry *parts = NULL;
	struct bug_entry *bugs = NULL;
	struct doc_errors e;
	struct profile *p;

	doc_errors_init(&e);
	library_hook(l, &tables_hook);
	snprintf(f->text, TEXT, "%zu profiles, %zu field bugs",
		library_list(l, PART_PROFILE, &parts), bug_list(l, &bugs));
	p = profile_load(l, LIBRARY_PROFILE, NULL, 0, &e);
	if (!p) {
		f->verdict = VERDICT_BAD;
		snprintf(f->text, TEXT, "the profile %s cannot be loaded",
			LIBRARY_PROFILE);
		snprintf(f->remedy, TEXT,
			"see fauxtrack list commands, and set FAUXTRACK_PROFILES to the "
			"folder of the profiles");
	}
	profile_free(p);
	doc_errors_clear(&e);
	free(parts);
	free(bugs);
	library_free(l);
}

static const struct check {
	const char *name;
	void (*run)(struct finding *f);
} checks[] = {
	{ "versions", versions },
	{ "pseudo-terminals", terminals },
	{ "open files", open_files },
	{ "control socket", control_socket },
	{ "TCP", tcp_ports },
	{ "processes", child_watch },
	{ "seccomp", seccomp },
	{ "profiles", profiles },
	{ NULL },
};

/* A part of the program that is loaded when it is needed. */
static void module(const struct module_row *m, struct finding *f)
{
	char path[PATH_MAX], why[TEXT] = "";

	snprintf(f->text, TEXT, "there, for %s", m->what);
	if (m->symbol ? module_open(m->name, m->symbol, m->package, why, sizeof(why)) !=
				NULL
		      : module_find(m->name, path))
		return;
	fails(f, VERDICT_MISSING,
		*why ? why
		     : "it is not there; start the program that was built, or install it "
		       "with meson install");
	snprintf(f->remedy + strlen(f->remedy), TEXT - strlen(f->remedy),
		" (only for %s)", m->what);
}

/* ---- the report --------------------------------------------------------------------- */

struct doctor {
	json_t *rows; /* NULL: text */
	bool bad, missing;
};

static void report(struct doctor *d, const char *name, const struct finding *f)
{
	const char *verdict = name_of(verdict_names, (int)f->verdict);

	d->bad |= f->verdict == VERDICT_BAD;
	d->missing |= f->verdict == VERDICT_MISSING;
	if (d->rows) {
		json_array_append_new(
			d->rows, json_pack("{s:s,s:s,s:s,s:s}", "name", name, "status",
					 verdict, "text", f->text, "remedy", f->remedy));
		return;
	}
	console_put(stdout,
		f->verdict == VERDICT_OK        ? CONSOLE_GOOD
		: f->verdict == VERDICT_MISSING ? CONSOLE_NOTE
						: CONSOLE_BAD,
		verdict);
	printf("%*s %-18s %s\n", 8 - (int)strlen(verdict), "", name, f->text);
	if (*f->remedy)
		printf("%27s -> %s\n", "", f->remedy);
}

static bool take_json(void *ctx, char *arg, char *why, size_t size)
{
	struct doctor *d = ctx;

	(void)arg, (void)why, (void)size;
	if (!d->rows)
		d->rows = json_array();
	return true;
}

static const struct cli_option options[] = {
	{ "json", NULL, "prints JSON, for programs", take_json },
	{ NULL },
};

static const struct cli_example examples[] = {
	{ "fauxtrack doctor", "Is everything there?" },
	{ NULL },
};

static const struct cli_member members[] = {
	{ "name", "what was checked" },
	{ "status", "ok; missing: a part does not work; bad: no modem can run" },
	{ "text", "what was found" },
	{ "remedy", "what to do; empty: nothing" },
	{ NULL, NULL },
};

static const struct cli_command command = {
	.name = "doctor",
	.words = "",
	.about = "Checks whether this machine has what fauxtrack needs: terminals, "
		 "sockets, profiles, and the parts that are loaded when they are needed. "
		 "Fails only if no modem can run.",
	.exits = EXITS_PLAIN,
	.options = options,
	.members = members,
	.examples = examples,
	.related = "exec run",
};

int doctor_main(int argc, char **argv)
{
	struct doctor d = { .rows = NULL };
	int next = cli_parse(&command, argc, argv, &d);
	const struct module_row *m;
	const struct check *c;
	struct finding f;

	if (next < 0)
		return cli_status(&command, next);
	for (c = checks; c->name; c++) {
		f = (struct finding){ .verdict = VERDICT_OK };
		c->run(&f);
		report(&d, c->name, &f);
	}
	for (m = module_rows; m->name; m++) {
		f = (struct finding){ .verdict = VERDICT_OK };
		module(m, &f);
		report(&d, m->name, &f);
	}
	if (d.rows) {
		json_dumpf(d.rows, stdout, JSON_INDENT(2));
		putchar('\n');
		json_decref(d.rows);
	} else {
		puts(d.bad ? "\nNo modem can run: first do what -> says after bad."
			: d.missing
				? "\nModems can run. What is missing is only for some "
				  "options: -> says which."
				: "\nEverything is there.");
	}
	return d.bad ? EXITS_FAILED : EXITS_DONE;
}
