/* For tests of commands that YAML declares: modems on a profile that has every kind of
 * them, with a memory, and the application that runs as the test says. */
#pragma once

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "rig.h"
#include "state/application.h"
#include "state/modem_state.h"

static const char told[] =
	"title: told\n"
	"inherits: fastrack-supreme-20-r74\n"
	"firmware:\n"
	"  inherits: r74\n"
	"  identity: { model: { text: \" METER\" } }\n"
	"  commands:\n"
	"    \"+XONE\":\n"
	"      see: the meter's sheet\n"
	"      forms:\n"
	"        exec: \"+XONE: 1\"\n"
	"        read: { lines: [\"+XONE: a\", \"+XONE: b\"], latency: 2s }\n"
	"        set: { lines: \"+XONE: {1},{2},<{1}>{0x\", result: OK }\n"
	"        test: {}\n"
	"    \"+XBAD\":\n"
	"      forms:\n"
	"        exec: { result: ERROR }\n"
	"        read: { result: \"+CME ERROR: 515\" }\n"
	"        set: { lines: \"+XBAD: {3}\", result: NO CARRIER }\n"
	"        test: { result: none }\n"
	"    \"+XRAW\":\n"
	"      forms:\n"
	"        exec: { raw: '<00>\\r\\n+XRAW\\nOK\\r' }\n"
	"        set: { raw: '({1})\\r\\n' }\n"
	"    \"^SYSTEM\": { forms: { exec: \"^SYSTEM: 5\" } }\n"
	"    \"%XY\": { forms: { exec: xy } }\n"
	"    \"G\": { forms: { exec: ring } }\n"
	"    \"S99\": { params: { value: { values: (0-9), kept: ram, default: 7 } } }\n"
	"    \"+XRAM\": { params: { value: { values: (0-9), kept: ram, default: 5 } } }\n"
	"    \"+XSAVED\":\n"
	"      view: true\n"
	"      params:\n"
	"        one: { values: (0-99), kept: AT&W, default: 10, restored: true }\n"
	"        two: { values: '(\"A\",\"B\")', type: choice, kept: AT&W, default: A,\n"
	"               optional: true }\n"
	"    \"+XHOST\":\n"
	"      params:\n"
	"        name: { type: text, kept: at once, default: none.test, restored: true "
	"}\n"
	"        port: { values: (1-65535), kept: at once, default: 80, optional: true "
	"}\n"
	"    \"+XMODE\":\n"
	"      params: { mode: { values: (0-2), kept: at once, default: 0 } }\n"
	"      forms: { set: \"+XMODE: now {1}\", exec: \"+XMODE: ?\" }\n"
	"    \"+XCHECK\":\n"
	"      params: { n: (0-3) }\n      forms: { set: {} }\n"
	"    \"+XSIM\": { needs: [sim], open: [read], forms: { exec: {}, read: {} } }\n"
	"    \"+CMEE\": { forms: { set: \"+CMEE is {1}\", read: \"+CMEE: nine\" } }\n"
	"    \"+CSQ\": { forms: { exec: { raw: '\\n+CSQ:31,0\\n' } } }\n"
	"    \"+COPS\": { forms: { test: \"+COPS: none found\" } }\n"
	"    \"+XGONE\": { absent: true, forms: { exec: x } }\n"
	"    \"+XDEF\":\n"
	"      params:\n"
	"        n: { values: (0-9), kept: ram, default: 1 }\n"
	"        t: { type: text, kept: ram, default: a, optional: true }\n"
	"  defaults: { \"+XDEF\": 6, \"+XDEF.t\": b }\n"
	"  timing: { latency: { \"+XDEF?\": 3s } }\n"
	"  says: { hot: \"^HOT: 1\" }\n"
	"  boot:\n"
	"    - { at: ready, after: 1s, say: ^BOOT }\n"
	"    - { at: power, say: \"^POWER\" }\n"
	"    - { at: files, say: ^READY }\n"
	"    - { at: network, say: ^NET }\n"
	"memory: { \"+XSAVED.two\": B, \"+XHOST\": meter.test }\n";

static const char other[] = "title: other\n"
			    "inherits: fastrack-supreme-20-r74\n";

/* The application that runs, for libmodem: programs with this header are linked with
 * --wrap=application_running. */

static const struct application *running;
const struct application *__wrap_application_running(const struct modem *m);

const struct application *__wrap_application_running(const struct modem *m)
{
	(void)m;
	return running;
}

static struct profile *profile, *plain;
static struct rig_store store;
static struct rig rig;

static struct profile *make_profile(const char *text)
{
	char path[] = "/tmp/fauxtrack-test-XXXXXX.yaml";
	int fd = mkstemps(path, 5);
	struct profile *p;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	p = rig_profile(path);
	unlink(path);
	return p;
}

static void start(const struct profile *p)
{
	void *mem = malloc(modem_size(p, 1));

	assert_non_null(mem);
	assert_true(rig_init_on(&rig, p, &store, mem));
	rig_boot(&rig);
	rig_say(&rig, "ATE0\r", SEC(1));
	rig_clear(&rig);
}

static int begin(void **state)
{
	(void)state;
	if (!profile)
		profile = make_profile(told);
	if (!plain)
		plain = make_profile(other);
	running = NULL;
	start(profile);
	return 0;
}

static int end(void **state)
{
	(void)state;
	rig_free(&rig);
	rig_store_clear(&store);
	return 0;
}

static void refused(const char *line)
{
	ask(&rig, line, ERROR);
}
