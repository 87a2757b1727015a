/* A program that has modems by libfauxtrack, and keeps what it hears. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fauxtrack/fauxtrack.h>

#define SECOND UINT64_C(1000000)
#define SAID   8192

/* What a program keeps of a modem. */
struct heard {
	char said[SAID];
	size_t len, room; /* room: of the next bytes() */
	uint64_t last;    /* time of the last bytes */
	unsigned lines;
	char event[400]; /* the last one that has `looked` in it */
	const char *looked;
	char log[400];
	struct fauxtrack *calls; /* bytes() calls a function for this modem */
	long called;
	char record[64][32];
	char data[64][16384];
	size_t data_len[64], records;
	int fails;
};

extern struct heard heard;

/* Makes it all zero, before each test. */
int heard_clear(void **state);

/* All callbacks but room, load and store. */
struct fauxtrack_callbacks calls(struct heard *h);
size_t on_room(void *ctx, unsigned port);
long on_load(void *ctx, const char *record, void *buf, size_t max);
int on_store(void *ctx, const char *record, const void *data, size_t len);

/* The default: nothing but the size. */
struct fauxtrack_options options(void);

/* Makes a modem, or fails with the error. */
struct fauxtrack *made(
	const struct fauxtrack_options *o, const struct fauxtrack_callbacks *c);

/* Fails unless making it fails with an error that has the text. */
void refused(const struct fauxtrack_options *o, const struct fauxtrack_callbacks *c,
	const char *says);

/* Sends a line; returns what was said so far. */
const char *ask(struct fauxtrack *f, struct heard *h, const char *line);

#define TEST(name) cmocka_unit_test_setup(name, heard_clear)
