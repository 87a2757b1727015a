#include "heard.h"

#include <stdio.h>
#include <string.h>

struct heard heard;

static void on_bytes(void *ctx, unsigned port, uint64_t at, const void *bytes, size_t len)
{
	struct heard *h = ctx;

	assert_int_equal(port, FAUXTRACK_UART1);
	assert_true(h->len + len < SAID);
	memcpy(h->said + h->len, bytes, len);
	h->len += len;
	h->said[h->len] = '\0';
	h->last = at;
	h->room -= len < h->room ? len : h->room;
	if (h->calls)
		h->called = fauxtrack_rx(h->calls, 0, 0, "AT\r", 3);
}

size_t on_room(void *ctx, unsigned port)
{
	const struct heard *h = ctx;

	(void)port;
	return h->room;
}

static void on_lines(void *ctx, unsigned port, uint64_t at, unsigned lines)
{
	struct heard *h = ctx;

	(void)port, (void)at;
	h->lines = lines;
}

static void on_event(void *ctx, const char *json)
{
	struct heard *h = ctx;

	if (h->looked && strstr(json, h->looked))
		snprintf(h->event, sizeof(h->event), "%s", json);
}

static void on_log(void *ctx, enum fauxtrack_level level, const char *text)
{
	struct heard *h = ctx;

	snprintf(h->log, sizeof(h->log), "%d %s", (int)level, text);
}

static size_t find(const struct heard *h, const char *record)
{
	size_t i;

	for (i = 0; i < h->records && strcmp(h->record[i], record) != 0; i++)
		;
	return i;
}

long on_load(void *ctx, const char *record, void *buf, size_t max)
{
	const struct heard *h = ctx;
	size_t i = find(h, record);

	if (i == h->records)
		return FAUXTRACK_ABSENT;
	if (h->data_len[i] > max)
		return FAUXTRACK_TOO_LONG;
	memcpy(buf, h->data[i], h->data_len[i]);
	return (long)h->data_len[i];
}

int on_store(void *ctx, const char *record, const void *data, size_t len)
{
	struct heard *h = ctx;
	size_t i = find(h, record);

	if (h->fails)
		return -1;
	assert_true(i < 64 && len <= sizeof(h->data[0]) && strlen(record) < 32);
	if (i == h->records)
		strcpy(h->record[h->records++], record);
	memcpy(h->data[i], data, len);
	h->data_len[i] = len;
	return 0;
}

struct fauxtrack_callbacks calls(struct heard *h)
{
	return (struct fauxtrack_callbacks){ .size = sizeof(struct fauxtrack_callbacks),
		.ctx = h,
		.bytes = on_bytes,
		.lines = on_lines,
		.event = on_event,
		.log = on_log };
}

struct fauxtrack_options options(void)
{
	return (struct fauxtrack_options){ .size = sizeof(struct fauxtrack_options) };
}

struct fauxtrack *made(
	const struct fauxtrack_options *o, const struct fauxtrack_callbacks *c)
{
	char *error;
	struct fauxtrack *f = fauxtrack_new(o, c, &error);

	if (!f)
		fail_msg("%s", error);
	assert_null(error);
	return f;
}

void refused(const struct fauxtrack_options *o, const struct fauxtrack_callbacks *c,
	const char *says)
{
	char *error;

	assert_null(fauxtrack_new(o, c, &error));
	if (!strstr(error, says))
		fail_msg("%s: is not in: %s", says, error);
	fauxtrack_text_free(error);
}

const char *ask(struct fauxtrack *f, struct heard *h, const char *line)
{
	h->len = 0;
	h->said[0] = '\0';
	assert_int_equal(fauxtrack_rx(f, 0, fauxtrack_now(f), line, strlen(line)),
		(int)strlen(line));
	return h->said;
}

int heard_clear(void **state)
{
	(void)state;
	memset(&heard, 0, sizeof(heard));
	return 0;
}
