/* Data calls that come in from outside; and what has come from far ends, in a trace. */
#include "far_rig.h"

#include <unistd.h>

#include "at/run.h"
#include "host/trace/trace.h"

/* ---- calls that come in ---------------------------------------------------------- */

static int calls_in(struct rig *r)
{
	out.id = (unsigned)modem_far_call(r->modem, r->now, "+33600000999");
	return (int)out.id;
}

static void a_call_that_comes_in_is_answered(void **state)
{
	struct rig *r = *state;

	ask(r, "AT+CRC=1\r", OK);
	ask(r, "AT+CBST=71,0,0;+CR=1;+ILRR=1\r", OK);
	assert_int_equal(calls_in(r), 1);
	assert_int_equal(modem_far_state(r->modem, 1), FAR_CALL_RINGS);
	says(r, "\r\n+CRING: ASYNC\r\n");
	type(r, "ATA\r");
	assert_int_equal(modem_far_state(r->modem, 1), FAR_CALL_CONNECTS);
	rig_pass(r, SEC(2) - 1);
	says(r, "");
	rig_pass(r, 1);
	says(r, "\r\n+CR: ASYNC\r\n\r\n+ILRR: 115200\r\n" CONNECT);
	rig_pass(r, MS(200));
	type(r, "hello");
	far_has("hello");
	far_says(r, "there");
	says(r, "there");
	hangs_up(r, FAR_HUNG_UP);
	says(r, LOST);
}

static void s0_answers(void **state)
{
	struct rig *r = *state;

	ask(r, "ATS0=2\r", OK);
	assert_true(calls_in(r));
	rig_pass(r, TRAINED);
	says(r, "\r\nRING\r\n\r\nRING\r\n" CONNECT);
}

static size_t no_room(void *ctx, unsigned port)
{
	(void)ctx;
	(void)port;
	return 0;
}

/* S0 answers a call while the host does not read, and the modem's output is full. */
static void answered_without_room(struct rig *r)
{
	struct channel *ch = r->modem->channel;
	char line[100];

	memset(line, '.', sizeof(line));
	ask(r, "ATS0=2\r", OK);
	assert_true(calls_in(r));
	says(r, "\r\nRING\r\n");
	r->modem->ports.tx_room = no_room;
	while (link_room(ch) >= AT_ROOM)
		link_send(ch, line, sizeof(line));
	rig_pass(r, TRAINED);
	assert_int_equal(r->len, 0);
	assert_int_equal(modem_far_room(r->modem, 1), 0);
}

/* The host reads again. */
static void reads(struct rig *r, size_t (*room)(void *ctx, unsigned port))
{
	r->modem->ports.tx_room = room;
	modem_tx_ready(r->modem, 0, r->now);
}

static void ends_with(const struct rig *r, const char *want)
{
	size_t len = strlen(want);

	assert_true(r->len > len);
	assert_memory_equal(r->out + r->len - len, want, len);
}

static void s0_answers_a_host_that_does_not_read_and_connects_later(void **state)
{
	struct rig *r = *state;
	size_t (*room)(void *ctx, unsigned port) = r->modem->ports.tx_room;

	answered_without_room(r);
	rig_pass(r, SEC(60));
	reads(r, room);
	ends_with(r, CONNECT);
	rig_clear(r);
	rig_pass(r, MS(200));
	type(r, "hello");
	far_has("hello");
	far_says(r, "there");
	says(r, "there");
}

static void a_call_that_ends_before_its_connect_has_none(void **state)
{
	struct rig *r = *state;
	size_t (*room)(void *ctx, unsigned port) = r->modem->ports.tx_room;

	answered_without_room(r);
	hangs_up(r, FAR_HUNG_UP);
	rig_pass(r, SEC(1));
	reads(r, room);
	ends_with(r, LOST);
	assert_null(memmem(r->out, r->len, "CONNECT", strlen("CONNECT")));
	rig_clear(r);
	ask(r, "AT\r", OK);
}

static void dtr_ends_a_call_that_waits_for_its_connect(void **state)
{
	struct rig *r = *state;
	size_t (*room)(void *ctx, unsigned port) = r->modem->ports.tx_room;

	answered_without_room(r);
	modem_dtr(r->modem, 0, r->now, false);
	assert_int_equal(out.closed, 1);
	reads(r, room);
	modem_dtr(r->modem, 0, r->now, true);
	assert_null(memmem(r->out, r->len, "CONNECT", strlen("CONNECT")));
	rig_clear(r);
	ask(r, "AT\r", OK);
}

static void a_caller_that_gives_up_is_no_carrier(void **state)
{
	struct rig *r = *state;

	assert_true(calls_in(r));
	rig_pass(r, SEC(6));
	says(r, "\r\nRING\r\n\r\nRING\r\n");
	hangs_up(r, FAR_HUNG_UP);
	says(r, LOST);
	assert_int_equal(out.closed, 1);
	ask(r, "ATA\r", LOST);
}

static void ath_rejects_a_caller(void **state)
{
	struct rig *r = *state;

	assert_true(calls_in(r));
	says(r, "\r\nRING\r\n");
	ask(r, "ATH\r", OK);
	assert_int_equal(out.closed, 1);
}

static void a_modem_that_is_busy_or_away_takes_no_caller(void **state)
{
	struct rig *r = *state;

	online(r);
	assert_int_equal(modem_far_call(r->modem, r->now, ""), 0);
	escape(r);
	assert_int_equal(modem_far_call(r->modem, r->now, ""), 0);
	ask(r, "ATH\r", OK);
	profile->network.calls.no_data = true;
	assert_int_equal(modem_far_call(r->modem, r->now, ""), 0);
	profile->network.calls.no_data = false;
	type(r, "AT+COPS=2\r");
	rig_pass(r, SEC(10));
	says(r, OK);
	assert_int_equal(modem_far_call(r->modem, r->now, ""), 0);
	modem_power(r->modem, r->now, false);
	assert_int_equal(modem_far_call(r->modem, r->now, ""), 0);
}

/* ---- the trace ------------------------------------------------------------------- */

/* Does what a line of a trace says has entered. */
static void enters(struct rig *r, const struct trace_item *i)
{
	char text[256], word[16];
	int id;

	if (i->kind != TRACE_HOST && i->kind != TRACE_FAR && i->kind != TRACE_EVENT)
		return;
	rig_pass(r, i->at - r->now);
	snprintf(text, sizeof(text), "%.*s", (int)i->len, (const char *)i->data);
	if (i->kind == TRACE_HOST)
		modem_rx(r->modem, 0, r->now, i->data, i->len);
	else if (i->kind == TRACE_FAR)
		modem_far_rx(r->modem, r->now, (int)out.id, i->data, i->len);
	else if (sscanf(text, "far %d %15s", &id, word) != 2)
		fail_msg("%s", text);
	else if (!strcmp(word, "there"))
		modem_far_there(r->modem, r->now, id);
	else
		modem_far_closed(r->modem, r->now, id,
			(enum far_ending)name_find(far_endings, word)->value);
}

static void what_entered_replays_from_its_trace(void **state)
{
	static const struct trace_header head = { "1", "supreme", 1, "1" };
	static const struct log silent = { .line = NULL };
	struct rig *r = *state;
	struct trace_reader *reader;
	struct trace_item item;
	char why[256];
	char path[] = "/tmp/fauxtrack-far-XXXXXX";
	struct trace *t;
	char *first;
	size_t len;
	int fd = mkstemp(path);

	assert_true(fd >= 0 && !close(fd));
	t = trace_open(path, &head, &silent);
	rig_clear(r);
	trace_bytes(t, MODEM_UART1, r->now, '>', "ATD" NUMBER "\r", 11);
	rig_type(r, "ATD" NUMBER "\r", 11);
	rig_pass(r, SEC(4));
	trace_event(t, r->now, "far 1 there");
	there(r);
	rig_pass(r, TRAINED);
	trace_bytes(t, MODEM_UART1, r->now, '(', "one\r\n\xff<41>", 10);
	modem_far_rx(r->modem, r->now, 1, "one\r\n\xff<41>", 10);
	rig_pass(r, SEC(1));
	trace_event(t, r->now, "far 1 hung-up");
	hangs_up(r, FAR_HUNG_UP);
	trace_close(t);
	len = r->len;
	first = malloc(len);
	assert_non_null(first);
	memcpy(first, r->out, len);
	rig_free(r);

	rig_init(r, profile);
	r->modem->ports.far = (struct far_ports){ &out, far_open, far_room, far_tx,
		far_close };
	rig_boot(r);
	quiet(r);
	reader = trace_read_open(path, why, sizeof(why));
	assert_non_null(reader);
	while (trace_read(reader, &item) == 1)
		enters(r, &item);
	trace_read_close(reader);
	unlink(path);
	assert_int_equal(r->len, len);
	assert_memory_equal(r->out, first, len);
	free(first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FAR_TEST(a_call_that_comes_in_is_answered),
		FAR_TEST(s0_answers),
		FAR_TEST(s0_answers_a_host_that_does_not_read_and_connects_later),
		FAR_TEST(a_call_that_ends_before_its_connect_has_none),
		FAR_TEST(dtr_ends_a_call_that_waits_for_its_connect),
		FAR_TEST(a_caller_that_gives_up_is_no_carrier),
		FAR_TEST(ath_rejects_a_caller),
		FAR_TEST(a_modem_that_is_busy_or_away_takes_no_caller),
		FAR_TEST(what_entered_replays_from_its_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
