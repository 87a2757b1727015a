/* pty/trace: the file is readable for people, and can be read back. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "state/ports.h"
#include "trace.h"

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

static void every_byte_comes_back_with_its_time(void **state)
{
	unsigned char sent[1029 + 256], got[sizeof(sent)];
	struct trace *t = trace_open(path, &header, &log_);
	struct trace_line line = { .number = 0 };
	size_t n = 0, i;
	FILE *f;

	(void)state;
	for (i = 0; i < sizeof(sent); i++)
		sent[i] = (unsigned char)(i < 256 ? i : i * 37 + (i >> 3));
	memcpy(sent + 300, "<1A><3C><zz>\\r\\\\<", 17);
	trace_bytes(t, MODEM_UART1, 10, '<', "C", 1);
	trace_bytes(t, MODEM_UART1, 20, '>', sent, sizeof(sent));
	trace_note(t, MODEM_UART1, 30, "> not bytes");
	trace_close(t);
	f = fopen(path, "r");
	assert_int_equal(trace_next(f, &line), 1);
	assert_int_equal(line.direction, '<');
	assert_int_equal(line.at, 10);
	assert_int_equal(line.len, 1);
	while (trace_next(f, &line) == 1) {
		assert_int_equal(line.direction, '>');
		assert_int_equal(line.at, 20);
		memcpy(got + n, line.bytes, line.len);
		n += line.len;
	}
	fclose(f);
	assert_int_equal(n, sizeof(sent));
	assert_memory_equal(got, sent, sizeof(sent));
}

static void a_packet_comes_back_whole_on_one_line(void **state)
{
	struct trace *t = trace_open(path, &header, &log_);
	struct trace_line line = { .number = 0 };
	unsigned char packet[1500];
	size_t i;
	FILE *f;

	(void)state;
	for (i = 0; i < sizeof(packet); i++)
		packet[i] = (unsigned char)(i * 31);
	trace_packet(t, 10, TRACE_PACKET_OUT, packet, sizeof(packet));
	trace_packet(t, 10, TRACE_PACKET_IN, "E<>\n", 4);
	trace_close(t);
	assert_non_null(strstr(content(), "    0.000010 } 001F3E"));
	assert_non_null(strstr(content(), "    0.000010 { 453C3E0A\n"));
	f = fopen(path, "r");
	assert_int_equal(trace_next(f, &line), 1);
	assert_int_equal(line.direction, TRACE_PACKET_OUT);
	assert_int_equal(line.len, sizeof(packet));
	assert_memory_equal(line.bytes, packet, sizeof(packet));
	assert_int_equal(trace_next(f, &line), 1);
	assert_int_equal(line.direction, TRACE_PACKET_IN);
	assert_int_equal(line.len, 4);
	assert_int_equal(trace_next(f, &line), 0);
	fclose(f);
}

static void a_port_other_than_uart1_stands_before_the_direction(void **state)
{
	struct trace *t = trace_open(path, &header, &log_);
	const struct notice result = {
		.kind = NOTICE_RESULT, .at = SEC(3), .text = "OK", .port = MODEM_UART2
	};
	struct trace_line line = { .number = 0 };
	FILE *f;

	(void)state;
	trace_bytes(t, MODEM_USB, SEC(1), '>', "AT\r", 3);
	trace_note(t, MODEM_USB, SEC(2), "cable: unplugged");
	trace_notice(t, &result);
	trace_bytes(t, MODEM_UART2, SEC(4), '<', "OK", 2);
	trace_close(t);
	assert_non_null(strstr(content(), "    1.000000 usb> AT\\r\n"
					  "    2.000000 usb# cable: unplugged\n"
					  "    3.000000 uart2# result: OK\n"
					  "    4.000000 uart2< OK\n"));
	f = fopen(path, "r");
	assert_int_equal(trace_next(f, &line), 1);
	assert_int_equal(line.port, MODEM_USB);
	assert_int_equal(line.direction, '>');
	assert_int_equal(line.len, 3);
	assert_int_equal(trace_next(f, &line), 1);
	assert_int_equal(line.port, MODEM_UART2);
	assert_int_equal(line.direction, '<');
	assert_int_equal(trace_next(f, &line), 0);
	fclose(f);
}

static void octets_of_a_socket_stand_after_its_number(void **state)
{
	struct trace *t = trace_open(path, &header, &log_);
	struct trace_line line = { .number = 0 };
	char text[300];
	FILE *f;

	(void)state;
	trace_socket(t, 9, SEC(1), "\x03[", 2);
	/* however long, an event is one line */
	memset(text, 'x', sizeof(text));
	trace_event(t, SEC(1), "%.*s", (int)sizeof(text), text);
	trace_close(t);
	assert_non_null(strstr(content(), "    1.000000 9[ <03>[\n"));
	f = fopen(path, "r");
	assert_int_equal(trace_next(f, &line), 1);
	assert_int_equal(line.direction, TRACE_SOCKET);
	assert_int_equal(line.port, 9);
	assert_int_equal(line.len, 2);
	assert_memory_equal(line.bytes, "\x03[", 2);
	assert_int_equal(trace_next(f, &line), 1);
	assert_int_equal(line.direction, '!');
	assert_int_equal(line.len, sizeof(text));
	assert_int_equal(trace_next(f, &line), 0);
	fclose(f);
}

static void a_malformed_line_is_named_by_its_number(void **state)
{
	static const char *const bad[] = { "x\n", "1.5 AT\n", "    1.000000 ? AT\n",
		"    1.000000 > A\\x\n", "    1.000000 > A\tT\n",
		"    1.000000 com1> AT\n", "    1.000000 [ AT\n",
		"    1.000000 usb[ AT\n", "    1.000000 > cut", "    1.000000 { 4\n",
		"    1.000000 } 45 00\n", "    1.000000 { 4g\n" };
	struct trace_line line;
	size_t i;
	FILE *f;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		f = fopen(path, "w+");
		fprintf(f, "# fauxtrack trace 1\n    0.000001 > AT\\r\n%s", bad[i]);
		rewind(f);
		line.number = 0;
		assert_int_equal(trace_next(f, &line), 1);
		assert_int_equal(trace_next(f, &line), -1);
		assert_int_equal(line.number, 3);
		fclose(f);
	}
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
	IN_FILE(every_byte_comes_back_with_its_time),
	IN_FILE(a_packet_comes_back_whole_on_one_line),
	IN_FILE(a_port_other_than_uart1_stands_before_the_direction),
	IN_FILE(octets_of_a_socket_stand_after_its_number),
	IN_FILE(a_malformed_line_is_named_by_its_number),
	IN_FILE(a_file_that_cannot_be_made_is_named_with_the_remedy),
};
UNIT_MAIN(tests)
