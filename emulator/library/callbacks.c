/* From the callbacks of modem.h to those of the program. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/control/modem_json.h"
#include "library_int.h"

#define ROOM 4096 /* at once, where the program does not say how much */

_Static_assert(FAUXTRACK_UART1 == (int)MODEM_UART1 &&
		       FAUXTRACK_UART2 == (int)MODEM_UART2 &&
		       FAUXTRACK_USB == (int)MODEM_USB,
	"ports");
_Static_assert(FAUXTRACK_DCD == (int)V24_DCD && FAUXTRACK_DSR == (int)V24_DSR &&
		       FAUXTRACK_RI == (int)V24_RI && FAUXTRACK_CTS == (int)V24_CTS,
	"lines");
_Static_assert(FAUXTRACK_ABSENT == NV_ABSENT && FAUXTRACK_UNREADABLE == NV_UNREADABLE &&
		       FAUXTRACK_TOO_LONG == NV_TOO_LONG,
	"records");
_Static_assert(FAUXTRACK_ERROR == (int)LOG_LEVEL_ERROR &&
		       FAUXTRACK_WARN == (int)LOG_LEVEL_WARN &&
		       FAUXTRACK_CLIENT == (int)LOG_LEVEL_CLIENT &&
		       FAUXTRACK_NOTE == (int)LOG_LEVEL_NOTE,
	"levels");

/* The modem settles ahead of what this library knows. */
static usec_t at(const struct fauxtrack *f)
{
	return f->modem ? modem_now(f->modem) : f->now;
}

static size_t tx_room(void *ctx, unsigned port)
{
	const struct fauxtrack *f = ctx;

	return f->calls.room && !f->unheard ? f->calls.room(f->calls.ctx, port) : ROOM;
}

static void tx(void *ctx, unsigned port, const void *buf, size_t len)
{
	const struct fauxtrack *f = ctx;

	if (f->calls.bytes && !f->unheard)
		f->calls.bytes(f->calls.ctx, port, at(f), buf, len);
}

static void lines(void *ctx, unsigned port, unsigned v24)
{
	const struct fauxtrack *f = ctx;

	if (f->calls.lines)
		f->calls.lines(f->calls.ctx, port, at(f), v24);
}

static void notify(void *ctx, const struct notice *n)
{
	const struct fauxtrack *f = ctx;
	char *text;
	json_t *j;

	if (!f->calls.event || f->unheard)
		return;
	j = must(modem_json_notice(n));
	text = must(json_dumps(j, JSON_COMPACT));
	json_decref(j);
	f->calls.event(f->calls.ctx, text);
	free(text);
}

static long load(void *ctx, const char *record, void *buf, size_t max)
{
	const struct fauxtrack *f = ctx;

	return f->calls.load(f->calls.ctx, record, buf, max);
}

static int store(void *ctx, const char *record, const void *data, size_t len)
{
	const struct fauxtrack *f = ctx;

	return f->calls.store(f->calls.ctx, record, data, len);
}

struct ports library_ports(struct fauxtrack *f)
{
	struct ports p = {
		.ctx = f, .tx_room = tx_room, .tx = tx, .lines = lines, .notify = notify
	};

	if (f->calls.load)
		p.nv = (struct nv_ops){ .ctx = f, .load = load, .store = store };
	return p;
}

static void line(void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	struct fauxtrack *f = ctx;

	(void)cat;
	if (!f->modem && level == LOG_LEVEL_ERROR) {
		free(f->logged);
		f->logged = must(strdup(text));
	}
	if (f->calls.log)
		f->calls.log(f->calls.ctx, (enum fauxtrack_level)level, text);
}

struct log library_log_of(struct fauxtrack *f)
{
	struct log l = { .line = line, .ctx = f };
	int cat;

	for (cat = 0; cat < LOG_CATS; cat++)
		l.level[cat] = LOG_LEVEL_NOTE;
	return l;
}
