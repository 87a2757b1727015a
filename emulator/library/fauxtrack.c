/* The functions of fauxtrack.h: each checks what it is given, and enters the modem. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/action_conf.h"
#include "conf/must.h"
#include "conf/state_conf.h"
#include "describe/describe.h"
#include "host/control/modem_json.h"
#include "host/read/command_tables.h"
#include "host/read/doc_json.h"
#include "library_int.h"

#define API        __attribute__((visibility("default")))
#define SETTLE_MAX SEC(120) /* after a line, as at --speed max */
#define TOLD       255      /* most bytes of arguments that an event quotes */

/* ---- errors ----------------------------------------------------------------------- */

static char *text_of(json_t *j)
{
	char *text = must(json_dumps(must(j), JSON_COMPACT));

	json_decref(j);
	return text;
}

bool library_fails(struct fauxtrack *f, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		out_of_memory();
	va_end(args);
	free(f->error);
	f->error = text;
	return false;
}

/* Places that are options of the program's command line are members here. */
static void print_error(FILE *out, const struct doc_error *e)
{
	const char *place = e->line || strncmp(e->file, "--", 2) ? e->file : e->file + 2;

	if (e->line)
		fprintf(out, "%s:%d:%d: %s", place, e->line, e->col, e->text);
	else
		fprintf(out, "%s: %s", place, e->text);
}

bool library_fails_with(struct fauxtrack *f, const struct doc_errors *e)
{
	char *text = NULL;
	size_t len, i;
	FILE *out = must(open_memstream(&text, &len));

	for (i = 0; i < e->n; i++) {
		fputs(i ? "\n" : "", out);
		print_error(out, &e->item[i]);
	}
	if (e->more)
		fprintf(out, "\n%zu more errors", e->more);
	fclose(out);
	must(text);
	free(f->error);
	f->error = text;
	return false;
}

/* ---- entering --------------------------------------------------------------------- */

/* Comparisons without case and numbers as text are those of the C locale, whatever the
 * program has set. */
static void go_inside(struct fauxtrack *f)
{
	f->inside = true;
	f->theirs = uselocale(f->ours);
}

static void go_outside(struct fauxtrack *f)
{
	uselocale(f->theirs);
	f->inside = false;
}

static bool enter(struct fauxtrack *f)
{
	if (f->inside)
		return library_fails(f,
			"called from a callback of the same modem; keep what "
			"it gives, and call after it has returned");
	go_inside(f);
	return true;
}

static bool is_port(struct fauxtrack *f, unsigned port)
{
	if (port < f->ports)
		return true;
	return library_fails(f,
		"there is no port %u, it was made with %u; see ports in "
		"struct fauxtrack_options",
		port, f->ports);
}

/* Runs what is due until `now`, each at its time. */
static void go(struct fauxtrack *f, usec_t now)
{
	usec_t next;

	while ((next = modem_next(f->modem)) < now) {
		if (next > f->now)
			f->now = next;
		modem_advance(f->modem, f->now);
	}
	if (now > f->now)
		f->now = now;
	modem_advance(f->modem, f->now);
}

static bool enter_at(struct fauxtrack *f, uint64_t now)
{
	if (now > FAUXTRACK_LAST)
		return library_fails(f,
			"time %llu us is after FAUXTRACK_LAST; count from 0, "
			"in microseconds",
			(unsigned long long)now);
	if (!enter(f))
		return false;
	go(f, now);
	return true;
}

static bool enter_port(struct fauxtrack *f, unsigned port, uint64_t now)
{
	return is_port(f, port) && enter_at(f, now);
}

static void settle(struct fauxtrack *f, usec_t limit)
{
	usec_t reached = modem_settle(f->modem, limit);

	if (reached > f->now)
		f->now = reached;
}

static int leave(struct fauxtrack *f)
{
	if (f->instant)
		settle(f, SETTLE_MAX);
	go_outside(f);
	return 0;
}

/* ---- life ------------------------------------------------------------------------- */

API const char *fauxtrack_version(void)
{
	return FAUXTRACK_VERSION;
}

static void end(struct fauxtrack *f)
{
	go_inside(f);
	if (f->modem && f->calls.store)
		modem_close(f->modem, f->now);
	free(f->modem);
	if (f->profile)
		tables_free(f->profile);
	profile_free(f->profile);
	scenario_free(f->bug);
	go_outside(f);
	freelocale(f->ours);
	free(f->logged);
	free(f->error);
	free(f);
}

static bool born(struct fauxtrack *f, const struct fauxtrack_options *options,
	const struct fauxtrack_callbacks *callbacks)
{
	struct fauxtrack_options o = { .size = sizeof(o) };
	const char *why;

	if (!library_sized(&f->calls, sizeof(f->calls), callbacks, &why))
		return library_fails(f, "struct fauxtrack_callbacks: %s", why);
	if (!library_sized(&o, sizeof(o), options, &why))
		return library_fails(f, "struct fauxtrack_options: %s", why);
	return library_birth(f, &o);
}

API struct fauxtrack *fauxtrack_new(const struct fauxtrack_options *options,
	const struct fauxtrack_callbacks *callbacks, char **error)
{
	struct fauxtrack *f = must(calloc(1, sizeof(*f)));

	bool done;

	f->ours = must(newlocale(LC_ALL_MASK, "C", (locale_t)0));
	if (error)
		*error = NULL;
	go_inside(f);
	done = born(f, options, callbacks);
	go_outside(f);
	if (done)
		return f;
	if (error) {
		*error = f->error;
		f->error = NULL;
	}
	end(f);
	return NULL;
}

API void fauxtrack_free(struct fauxtrack *f)
{
	if (f)
		end(f);
}

API void fauxtrack_text_free(char *text)
{
	free(text);
}

API const char *fauxtrack_error(const struct fauxtrack *f)
{
	return f->error ? f->error : "";
}

/* ---- bytes and lines -------------------------------------------------------------- */

/* With `instant` each line is carried out before the next byte is taken. */
static size_t take(struct fauxtrack *f, unsigned port, const char *bytes, size_t len)
{
	size_t done = 0, room, n;

	while (done < len && (room = modem_rx_room(f->modem, port))) {
		n = len - done < room ? len - done : room;
		if (f->instant)
			n = modem_line_len(f->modem, port, bytes + done, n);
		modem_rx(f->modem, port, f->now, bytes + done, n);
		done += n;
		if (f->instant && modem_line_done(f->modem, port))
			settle(f, SETTLE_MAX);
		if (!f->instant)
			break;
	}
	return done;
}

API long fauxtrack_rx(
	struct fauxtrack *f, unsigned port, uint64_t now, const void *bytes, size_t len)
{
	size_t done;

	if (!enter_port(f, port, now))
		return -1;
	done = take(f, port, bytes, len);
	leave(f);
	return (long)done;
}

API int fauxtrack_tx_ready(struct fauxtrack *f, unsigned port, uint64_t now)
{
	if (!enter_port(f, port, now))
		return -1;
	modem_tx_ready(f->modem, port, f->now);
	return leave(f);
}

static void set_lines(struct fauxtrack *f, unsigned port, unsigned lines)
{
	unsigned changed = lines ^ f->lines[port];

	f->lines[port] = lines;
	if (changed & FAUXTRACK_RTS)
		modem_rts(f->modem, port, f->now, lines & FAUXTRACK_RTS);
	if (changed & FAUXTRACK_DTR)
		modem_dtr(f->modem, port, f->now, lines & FAUXTRACK_DTR);
	if (f->powered || !(lines & FAUXTRACK_DTR))
		return;
	f->powered = true;
	modem_power(f->modem, f->now, true);
}

API int fauxtrack_lines(struct fauxtrack *f, unsigned port, uint64_t now, unsigned lines)
{
	if (lines & ~(unsigned)(FAUXTRACK_DTR | FAUXTRACK_RTS)) {
		library_fails(f,
			"lines: only FAUXTRACK_DTR and FAUXTRACK_RTS are the host's; "
			"the others are the modem's");
		return -1;
	}
	if (!enter_port(f, port, now))
		return -1;
	set_lines(f, port, lines);
	return leave(f);
}

API int fauxtrack_break(struct fauxtrack *f, unsigned port, uint64_t now)
{
	if (!enter_port(f, port, now))
		return -1;
	modem_break(f->modem, port, f->now);
	return leave(f);
}

API int fauxtrack_uart(struct fauxtrack *f, unsigned port, uint64_t now, unsigned baud,
	const char *format)
{
	struct uart_format as = { .data_bits = 0 };
	struct uart u = { .baud = baud };

	if (format && !uart_format_parse(format, &as)) {
		library_fails(
			f, "format: \"%s\" is none; write it as 8N1 or 7E1", format);
		return -1;
	}
	u.data_bits = as.data_bits;
	u.stop_bits = as.stop_bits;
	u.parity = as.parity;
	if (!enter_port(f, port, now))
		return -1;
	modem_uart(f->modem, port, f->now, &u);
	return leave(f);
}

/* ---- time ------------------------------------------------------------------------- */

API int fauxtrack_advance(struct fauxtrack *f, uint64_t now)
{
	return enter_at(f, now) ? leave(f) : -1;
}

API uint64_t fauxtrack_now(const struct fauxtrack *f)
{
	return f->now;
}

API uint64_t fauxtrack_next(const struct fauxtrack *f)
{
	return modem_next(f->modem);
}

API uint64_t fauxtrack_settle(struct fauxtrack *f, uint64_t limit)
{
	if (!enter(f))
		return f->now;
	settle(f, limit < FAUXTRACK_LAST ? limit : FAUXTRACK_LAST);
	go_outside(f);
	return f->now;
}

/* ---- actions and state ------------------------------------------------------------ */

static bool act(struct fauxtrack *f, const struct action_row *row, const struct doc *d,
	const char *arguments, struct doc_errors *e)
{
	struct action action;
	char told[TOLD + 1];
	const char *why;

	if (!action_bind(row, d, (struct doc_place){ row->name, 0, 0 }, &action, e))
		return library_fails_with(f, e);
	if (arguments && *arguments) {
		snprintf(told, sizeof(told), "%s", arguments);
		action.told = told;
	}
	why = modem_act(f->modem, f->now, &action);
	if (why)
		library_fails(f, "%s: %s", row->name, why);
	action_clear(&action);
	return !why;
}

/* Reads the name and the arguments, and carries them out. */
static bool act_json(struct fauxtrack *f, const char *name, const char *arguments)
{
	struct doc_pool *pool = doc_pool_new();
	struct doc *d = NULL;
	const struct action_row *row;
	struct doc_errors e;
	bool done = false;

	doc_errors_init(&e);
	row = action_named(name, (struct doc_place){ "action", 0, 0 }, &e);
	if (row && arguments && *arguments)
		d = doc_json(pool, arguments, strlen(arguments), &e);
	if (e.n)
		library_fails_with(f, &e);
	else
		done = act(f, row, d, arguments, &e);
	doc_errors_clear(&e);
	doc_pool_free(pool);
	return done;
}

API int fauxtrack_act(
	struct fauxtrack *f, uint64_t now, const char *action, const char *arguments)
{
	bool done;

	if (!action) {
		library_fails(f, "action: no name; fauxtrack list actions shows all");
		return -1;
	}
	if (!enter_at(f, now))
		return -1;
	done = act_json(f, action, arguments);
	leave(f);
	return done ? 0 : -1;
}

API char *fauxtrack_state(struct fauxtrack *f)
{
	char *text;

	if (!enter(f))
		return NULL;
	text = text_of(modem_json_state(f->modem, f->now));
	go_outside(f);
	return text;
}

static char *value(struct fauxtrack *f, const char *path)
{
	char mem[MODEM_STATE_TEXT], any[] = "";
	struct doc_errors e;
	const char *text;

	if (path && modem_state_known(path, NULL)) {
		text = modem_state(f->modem, path, mem);
		if (!text)
			library_fails(f, "%s: not known now", path);
		return text ? must(strdup(text)) : NULL;
	}
	doc_errors_init(&e);
	state_possible(path ? path : "", any, f->profile,
		(struct doc_place){ "path", 0, 0 }, &e);
	library_fails_with(f, &e);
	doc_errors_clear(&e);
	return NULL;
}

API char *fauxtrack_value(struct fauxtrack *f, const char *path)
{
	char *text;

	if (!enter(f))
		return NULL;
	text = value(f, path);
	go_outside(f);
	return text;
}

API char *fauxtrack_outbox(struct fauxtrack *f)
{
	char *text;

	if (!enter(f))
		return NULL;
	text = text_of(modem_json_outbox(f->modem));
	go_outside(f);
	return text;
}
