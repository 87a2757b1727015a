/* fauxtrack ctl: what the panel does too: opens itself, types, arms field bugs. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "codec/hex.h"
#include "conf/must.h"
#include "host/ctl/ctl_int.h"

/* ---- the panel -------------------------------------------------------------------- */

static bool has_display(void)
{
	const char *x = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");

	return (x && *x) || (wayland && *wayland);
}

/* A page that leads to the URL, readable by this user only: as an argument of the browser
 * the token would be in the list of processes. False: there is no place for it. */
static bool write_page(const struct ctl *c, const char *url, char *path, size_t size)
{
	FILE *f;
	int fd;

	if (!control_addr_page(&c->server.addr, path, size))
		return false;
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f)
		return false;
	fprintf(f,
		"<!DOCTYPE html><meta charset=\"utf-8\"><meta name=\"referrer\" "
		"content=\"no-referrer\"><meta http-equiv=\"refresh\" content=\"0; "
		"url=%s\"><title>Fauxtrack</title><p><a href=\"%s\">The panel</a>\n",
		url, url);
	return !fclose(f);
}

/* Runs xdg-open and does not wait for the browser. */
static void browse(const char *path)
{
	pid_t pid = fork();
	int null;

	if (pid)
		return;
	null = open("/dev/null", O_RDWR);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	execlp("xdg-open", "xdg-open", path, (char *)NULL);
	_exit(127);
}

int ctl_panel(struct ctl *c, int argc, char **argv)
{
	json_t *reply = NULL, *body = json_object();
	char path[200], *end = NULL;
	unsigned long port;
	int status;

	if (argc) {
		port = strncmp(argv[0], "port=", 5) ? 0 : strtoul(argv[0] + 5, &end, 10);
		if (!end || end == argv[0] + 5 || *end || port > 65535) {
			json_decref(body);
			return ctl_complain(CTL_USAGE,
				"the port is not a number up to 65535; write panel "
				"port=8080");
		}
		json_object_set_new(body, "port", json_integer((json_int_t)port));
	}
	status = ctl_request(c, "POST", "/v1/panel", body, &reply);
	if (status == CTL_DONE && c->json)
		ctl_print_json(reply);
	else if (status == CTL_DONE)
		puts(ctl_text(reply, "url"));
	if (status == CTL_DONE && !c->print && !c->json && has_display() &&
		write_page(c, ctl_text(reply, "url"), path, sizeof(path)))
		browse(path);
	json_decref(reply);
	return status;
}

/* ---- typing ----------------------------------------------------------------------- */

/* A line ends with CR. */
int ctl_type(struct ctl *c, int argc, char **argv)
{
	json_t *body = json_object();
	size_t len = strlen(argv[0]);
	struct buf hex;
	bool line = argc < 2 || strcmp(argv[1], "raw=true") != 0;

	if (argc == 2 && line) {
		json_decref(body);
		return ctl_complain(CTL_USAGE,
			"only raw=true may follow the text; write type TEXT raw=true for "
			"a "
			"text without CR, or put the text in quotes");
	}
	buf_init(&hex, must(malloc(2 * len + 3)), 2 * len + 2);
	hex_put(&hex, argv[0], len);
	buf_puts(&hex, line ? "0D" : "");
	json_object_set_new(body, "hex", json_stringn(hex.data, hex.len));
	free(hex.data);
	return ctl_do(c, "/type", body);
}

/* ---- field bugs ------------------------------------------------------------------- */

int ctl_bug(struct ctl *c, int argc, char **argv)
{
	json_t *body = json_pack("{s:s}", "name", argv[0]);

	if (argc == 2 && strcmp(argv[1], "force=true") != 0) {
		json_decref(body);
		return ctl_complain(CTL_USAGE,
			"only force=true may follow the name; write bug NAME force=true");
	}
	if (argc == 2)
		json_object_set_new(body, "force", json_true());
	return ctl_do(c, "/bug", body);
}
