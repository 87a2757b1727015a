/* host/trace: the file is readable for people, and every format can be read back. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codec/hex.h"
#include "host/trace/trace.h"
#include "state/ports.h"

static char path[64], said[512];

static void hear(void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	(void)ctx;
	(void)cat;
	(void)level;
	strncat(said, text, sizeof(said) - strlen(said) - 1);
}

static const struct log log_ = { .line = hear };
static const struct trace_header header = { "9.9", "supreme", 7, "10" };

static int fresh_file(void **state)
{
	int fd;

	(void)state;
	said[0] = '\0';
	strcpy(path, "/tmp/fauxtrack-trace-XXXXXX");
	fd = mkstemp(path);
	return fd < 0 || close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static const char *content(void)
{
	static char text[8192];
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	return text;
}

static void a_trace_is_a_page_to_read(void **state)
{
	struct trace *t = trace_open(path, &header, &log_);
	const struct notice led = { NOTICE_LED, SEC(61), "slow", 0 };
	const struct notice band = { NOTICE_BAND, SEC(62), NULL, 5 };

	(void)state;
	trace_clock(t, 1262347200);
	trace_bytes(t, MODEM_UART1, 1500000, '>', "AT\r", 3);
	trace_bytes(t, MODEM_UART1, 1500020, '<', "\r\nOK\r\n", 6);
	trace_notice(t, &led);
	trace_notice(t, &band);
	trace_note(t, MODEM_UART1, SEC(12345), "two\nlines");
	trace_close(t);
	assert_string_equal(content(),
		"# fauxtrack trace 1\n# version 9.9\n# profile supreme\n# seed 7\n"
		"# speed 10\n# clock 1262347200\n"
		"    1.500000 > AT\\r\n"
		"    1.500020 < \\r\\nOK\\r\\n\n"
		"   61.000000 # led: slow\n"
		"   62.000000 # band: 5\n"
		"12345.000000 # two\\nlines\n");
}

/* The formats, by the ends of their files' names. */
static const char *const suffixes[] = { ".txt", ".json", ".pcapng" };
#define FORMATS (sizeof(suffixes) / sizeof(suffixes[0]))

static char named[96];

static const char *file_of(size_t format)
{
	snprintf(named, sizeof(named), "%s%s", path, suffixes[format]);
	return named;
}

static struct trace_reader *reopened(const char *file)
{
	char why[256] = "";
	struct trace_reader *r = trace_read_open(file, why, sizeof(why));

	assert_string_equal(why, "");
	return r;
}

static const struct trace_item *next(struct trace_reader *r)
{
	static struct trace_item item;

	assert_int_equal(trace_read(r, &item), 1);
	return &item;
}

static void assert_item(struct trace_reader *r, unsigned port, usec_t at, char kind,
	const void *data, size_t len)
{
	const struct trace_item *i = next(r);

	assert_int_equal(i->kind, kind);
	assert_int_equal(i->port, port);
	assert_int_equal(i->at, at);
	assert_int_equal(i->len, len);
	assert_memory_equal(i->data, data, len);
}

static void put_everything(struct trace *t)
{
	const struct notice dtr = { NOTICE_DTR, 5, "on", 0 };
	unsigned char packet[1500];
	size_t i;

	for (i = 0; i < sizeof(packet); i++)
		packet[i] = (unsigned char)(i * 31);
	trace_clock(t, 1262347200);
	trace_bytes(t, MODEM_USB, 1, '>', "\0<1A><3C>\\\"\xff\x80", 14);
	trace_notice(t, &dtr);
	trace_lines(t, MODEM_UART1, 6, V24_DSR | V24_CTS);
	trace_lines(t, MODEM_UART1, 7, V24_DSR | V24_CTS);
	trace_bytes(t, MODEM_UART1, 8, '<', "OK", 2);
	trace_packet(t, 9, TRACE_PACKET_OUT, packet, sizeof(packet));
	trace_packet(t, 9, TRACE_PACKET_IN, "E<>\n", 4);
	trace_event(t, 10, "far 1 there");
	trace_socket(t, 9, 11, "[9", 2);
	trace_bytes(t, MODEM_UART1, SEC(90000), '(', "\1\2", 2);
	trace_note(t, MODEM_UART2, SEC(90001), "two\nlines \xc3\xa9");
}

static void assert_everything(struct trace_reader *r)
{
	const struct trace_item *i;

	assert_int_equal(trace_read_clock(r), 1262347200);
	assert_string_equal(trace_read_header(r)->profile, "supreme");
	assert_string_equal(trace_read_header(r)->version, "9.9");
	assert_string_equal(trace_read_header(r)->speed, "10");
	assert_int_equal(trace_read_header(r)->seed, 7);
	assert_item(r, MODEM_USB, 1, '>', "\0<1A><3C>\\\"\xff\x80", 14);
	assert_item(r, MODEM_UART1, 5, '#', "dtr: on", 7);
	i = next(r);
	assert_int_equal(i->kind, TRACE_LINES);
	assert_int_equal(i->lines, TRACE_DTR);
	i = next(r);
	assert_int_equal(i->kind, TRACE_LINES);
	assert_int_equal(i->at, 6);
	assert_int_equal(i->lines, TRACE_DTR | V24_DSR | V24_CTS);
	assert_item(r, MODEM_UART1, 8, '<', "OK", 2);
	i = next(r);
	assert_int_equal(i->kind, TRACE_PACKET_OUT);
	assert_int_equal(i->len, 1500);
	assert_int_equal(((const uint8_t *)i->data)[1499], (uint8_t)(1499 * 31));
	assert_item(r, MODEM_UART1, 9, TRACE_PACKET_IN, "E<>\n", 4);
	assert_item(r, MODEM_UART1, 10, '!', "far 1 there", 11);
	assert_item(r, 9, 11, TRACE_SOCKET, "[9", 2);
	assert_item(r, MODEM_UART1, SEC(90000), '(', "\1\2", 2);
	assert_item(r, MODEM_UART2, SEC(90001), '#', "two\nlines \xc3\xa9", 12);
	assert_int_equal(trace_read(r, &(struct trace_item){ .at = 0 }), 0);
}

static void every_format_brings_everything_back(void **state)
{
	struct trace_reader *r;
	struct trace *t;
	size_t i;

	(void)state;
	for (i = 0; i < FORMATS; i++) {
		t = trace_open(file_of(i), &header, &log_);
		put_everything(t);
		trace_close(t);
		r = reopened(named);
		assert_everything(r);
		trace_read_close(r);
		unlink(named);
	}
}

static void convert(const char *from, const char *to)
{
	struct trace_reader *r = reopened(from);
	struct trace *t = trace_open(to, trace_read_header(r), &log_);
	struct trace_item item;

	trace_clock(t, trace_read_clock(r));
	while (trace_read(r, &item) == 1)
		trace_put(t, &item);
	trace_close(t);
	trace_read_close(r);
}

/* Text becomes JSON, pcapng, and text again: the same octets. */
static void a_conversion_through_every_format_loses_nothing(void **state)
{
	char first[8192], file[FORMATS][96];
	struct trace *t;
	size_t i;

	(void)state;
	t = trace_open(path, &header, &log_);
	put_everything(t);
	trace_close(t);
	snprintf(first, sizeof(first), "%s", content());
	for (i = 0; i < FORMATS; i++)
		strcpy(file[i], file_of(i));
	convert(path, file[1]);
	convert(file[1], file[2]);
	convert(file[2], path);
	assert_string_equal(content(), first);
	unlink(file[1]);
	unlink(file[2]);
}

static void every_byte_comes_back_with_its_time(void **state)
{
	unsigned char sent[1029 + 256], got[sizeof(sent)];
	struct trace_reader *r;
	struct trace_item item;
	struct trace *t;
	size_t n, i, format;

	(void)state;
	for (i = 0; i < sizeof(sent); i++)
		sent[i] = (unsigned char)(i < 256 ? i : i * 37 + (i >> 3));
	memcpy(sent + 300, "<1A><3C><zz>\\r\\\\<", 17);
	for (format = 0; format < FORMATS; format++) {
		t = trace_open(file_of(format), &header, &log_);
		trace_bytes(t, MODEM_UART1, 20, '>', sent, sizeof(sent));
		trace_close(t);
		r = reopened(named);
		for (n = 0; trace_read(r, &item) == 1; n += item.len) {
			assert_int_equal(item.kind, '>');
			assert_int_equal(item.at, 20);
			memcpy(got + n, item.data, item.len);
		}
		trace_read_close(r);
		unlink(named);
		assert_int_equal(n, sizeof(sent));
		assert_memory_equal(got, sent, sizeof(sent));
	}
}

static void a_port_other_than_uart1_stands_before_the_kind(void **state)
{
	struct trace *t = trace_open(path, &header, &log_);
	const struct notice result = {
		.kind = NOTICE_RESULT, .at = SEC(3), .text = "OK", .port = MODEM_UART2
	};

	(void)state;
	trace_bytes(t, MODEM_USB, SEC(1), '>', "AT\r", 3);
	trace_note(t, MODEM_USB, SEC(2), "cable: unplugged");
	trace_notice(t, &result);
	trace_bytes(t, MODEM_UART2, SEC(4), '<', "OK", 2);
	trace_lines(t, MODEM_USB, SEC(5), V24_DCD | V24_CTS);
	trace_lines(t, MODEM_USB, SEC(6), 0);
	trace_close(t);
	assert_non_null(strstr(content(), "    1.000000 usb> AT\\r\n"
					  "    2.000000 usb# cable: unplugged\n"
					  "    3.000000 uart2# result: OK\n"
					  "    4.000000 uart2< OK\n"
					  "    5.000000 usb= DCD CTS\n"
					  "    6.000000 usb= \n"));
}

/* Reads a file with this after its first item; the place of the error. */
static const char *place_of(const char *text, size_t len)
{
	static char place[256];
	struct trace_reader *r;
	struct trace_item item;
	FILE *f = fopen(path, "a");

	fwrite(text, 1, len, f);
	fclose(f);
	r = reopened(path);
	assert_int_equal(trace_read(r, &item), 1);
	assert_int_equal(trace_read(r, &item), -1);
	snprintf(place, sizeof(place), "%s", trace_read_place(r) + strlen(path));
	trace_read_close(r);
	return place;
}

static void begin_file(const char *suffix)
{
	struct trace *t;

	snprintf(named, sizeof(named), "%s%s", path, suffix);
	t = trace_open(named, &header, &log_);
	trace_clock(t, 5);
	trace_bytes(t, MODEM_UART1, 1, '>', "AT\r", 3);
	trace_close(t);
	assert_int_equal(rename(named, path), 0);
}

static void octets_of_a_socket_stand_after_its_number(void **state)
{
	struct trace *t = trace_open(path, &header, &log_);
	struct trace_reader *r;
	char text[300];

	(void)state;
	trace_socket(t, 9, SEC(1), "\x03[", 2);
	/* however long, an event is one line */
	memset(text, 'x', sizeof(text));
	trace_event(t, SEC(1), "%.*s", (int)sizeof(text), text);
	trace_close(t);
	assert_non_null(strstr(content(), "    1.000000 9[ <03>[\n"));
	r = reopened(path);
	assert_item(r, 9, SEC(1), TRACE_SOCKET, "\x03[", 2);
	assert_item(r, 0, SEC(1), TRACE_EVENT, text, sizeof(text));
	trace_read_close(r);
}

static void a_malformed_line_is_named_by_its_number(void **state)
{
	static const char *const bad[][2] = {
		{ "x\n", ":8: no time, port and kind" },
		{ "1.5 AT\n", ":8: no time, port and kind" },
		{ "    1.000000 ? AT\n", ":8: no time, port and kind" },
		{ "    1.000000 [ AT\n", ":8: no time, port and kind" },
		{ "    1.000000 usb[ AT\n", ":8: no time, port and kind" },
		{ "    1.000000 99[ AT\n", ":8: no time, port and kind" },
		{ "    1.000000 com1> AT\n", ":8: no time, port and kind" },
		{ "    1.000000 > A\\x\n", ":8: a byte is written wrongly" },
		{ "    1.000000 > A\tT\n", ":8: a byte is written wrongly" },
		{ "    1.000000 { 4\n", ":8: a byte is written wrongly" },
		{ "    1.000000 } 45 00\n", ":8: a byte is written wrongly" },
		{ "    1.000000 = DCD OUT1\n", ":8: no such V.24 line" },
		{ "    1.000000 > cut", ":8: cut off" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin_file(".txt");
		assert_string_equal(place_of(bad[i][0], strlen(bad[i][0])), bad[i][1]);
	}
}

static void a_malformed_object_is_named_by_its_line(void **state)
{
	static const char *const bad[][2] = {
		{ "x\n", ":3: no JSON object" },
		{ "[]\n", ":3: no JSON object" },
		{ "{\"at\":1,\"kind\":\"x\"}\n", ":3: no kind that is known" },
		{ "{\"at\":1,\"kind\":\"host\",\"port\":\"com1\",\"data\":\"\"}\n",
			":3: no such port" },
		{ "{\"kind\":\"host\",\"data\":\"\"}\n", ":3: no time" },
		{ "{\"at\":-1,\"kind\":\"host\",\"data\":\"\"}\n", ":3: no time" },
		{ "{\"at\":1,\"kind\":\"host\",\"data\":\"\xe2\x82\xac\"}\n",
			":3: its content is not its kind's" },
		{ "{\"at\":1,\"kind\":\"packet-in\",\"hex\":\"4\"}\n",
			":3: its content is not its kind's" },
		{ "{\"at\":1,\"kind\":\"lines\",\"lines\":[\"OUT1\"]}\n",
			":3: its content is not its kind's" },
		{ "{\"at\":1", ":3: cut off" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin_file(".json");
		assert_string_equal(place_of(bad[i][0], strlen(bad[i][0])), bad[i][1]);
	}
}

static void a_malformed_block_is_named_by_its_number(void **state)
{
#define BLOCK(text, place)                    \
	{                                     \
		text, sizeof(text) - 1, place \
	}
	static const struct {
		const char *bytes;
		size_t len;
		const char *place;
	} bad[] = {
		BLOCK("\6\0\0", ":4: cut off"),
		BLOCK("\6\0\0\0\x20\0\0\0", ":4: cut off"),
		BLOCK("\6\0\0\0\x21\0\0\0", ":4: a block has an impossible length"),
		BLOCK("\6\0\0\0\xff\xff\xff\xff", ":4: a block has an impossible length"),
		BLOCK("\6\0\0\0\x0c\0\0\0\x10\0\0\0",
			":4: the two lengths of a block differ"),
		BLOCK("\6\0\0\0\x0c\0\0\0\x0c\0\0\0", ":4: a packet is too short"),
		BLOCK("\1\0\0\0\x0c\0\0\0\x0c\0\0\0", ":4: an interface is too short"),
		BLOCK("\x0a\x0d\x0d\x0a\x0c\0\0\0\1\2\3\4", ":4: no byte order"),
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin_file(".pcapng");
		assert_string_equal(place_of(bad[i].bytes, bad[i].len), bad[i].place);
	}
}

/* By another program, in the other byte order, with nanoseconds: bytes at the end of an
 * event, a change of lines, an interface of another kind. */
static void a_capture_of_another_program_is_read(void **state)
{
	static const char foreign[] =
		"0A0D0D0A0000001C1A2B3C4D00010000FFFFFFFFFFFFFFFF0000001C"
		"000000010000002000FA00000000000000090001090000000000000000000020"
		"0000000100000014000100000000000000000014"
		"000000060000002400000001000000000000000900000004000000047878787800000024"
		"00000006000000300000000000000001000003E80000000F0000000F0000000000000000"
		"041000004F4B0D0000000030"
		"00000006000000300000000000000001001003E80000000E0000000E0000000000000000"
		"031000004154000000000030";
	uint8_t octets[sizeof(foreign) / 2];
	size_t len;
	struct trace_reader *r;
	const struct trace_item *i;
	FILE *f = fopen(path, "w");

	(void)state;
	assert_true(hex_decode(foreign, strlen(foreign), octets, sizeof(octets), &len));
	fwrite(octets, 1, len, f);
	fclose(f);
	r = reopened(path);
	i = next(r);
	assert_int_equal(i->kind, TRACE_LINES);
	assert_int_equal(i->lines, TRACE_DTR);
	assert_item(r, MODEM_UART1, i->at, '<', "OK\r", 3);
	assert_item(r, MODEM_UART1, i->at + 1048, '>', "AT", 2);
	assert_int_equal(trace_read(r, &(struct trace_item){ .at = 0 }), 0);
	trace_read_close(r);
}

static void a_file_that_is_no_trace_is_refused_with_the_remedy(void **state)
{
	char why[256];
	FILE *f = fopen(path, "w");

	(void)state;
	fputs("AT\r\n", f);
	fclose(f);
	assert_null(trace_read_open(path, why, sizeof(why)));
	assert_non_null(
		strstr(why, ": no trace of fauxtrack, and no pcapng; its first line"));
	assert_null(trace_read_open("/nowhere/at/all", why, sizeof(why)));
	assert_string_equal(why,
		"/nowhere/at/all: No such file or directory; name a file "
		"that can be read");
}

static void a_file_that_cannot_be_made_is_named_with_the_remedy(void **state)
{
	(void)state;
	assert_null(trace_open("/nowhere/at/all", &header, &log_));
	assert_non_null(
		strstr(said, "--trace /nowhere/at/all: No such file or directory; its "
			     "directory must exist"));
}

#define IN_FILE(name) cmocka_unit_test_setup_teardown(name, fresh_file, remove_file)

static const struct CMUnitTest tests[] = {
	IN_FILE(a_trace_is_a_page_to_read),
	IN_FILE(every_format_brings_everything_back),
	IN_FILE(a_conversion_through_every_format_loses_nothing),
	IN_FILE(every_byte_comes_back_with_its_time),
	IN_FILE(a_port_other_than_uart1_stands_before_the_kind),
	IN_FILE(octets_of_a_socket_stand_after_its_number),
	IN_FILE(a_malformed_line_is_named_by_its_number),
	IN_FILE(a_malformed_object_is_named_by_its_line),
	IN_FILE(a_malformed_block_is_named_by_its_number),
	IN_FILE(a_capture_of_another_program_is_read),
	IN_FILE(a_file_that_is_no_trace_is_refused_with_the_remedy),
	IN_FILE(a_file_that_cannot_be_made_is_named_with_the_remedy),
};
UNIT_MAIN(tests)
