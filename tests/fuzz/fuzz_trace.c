/* Exercises host/trace with arbitrary files of every format: what can be read can be written. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host/trace/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST 1000 /* items that are read */

static void say_nothing(
	void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	(void)ctx, (void)cat, (void)level, (void)text;
}

static int file_of(const uint8_t *data, size_t size, char path[64])
{
	int fd = memfd_create("trace", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	return fd;
}

static void read_all(struct trace_reader *r, struct trace *copy)
{
	struct trace_item item;
	size_t n;

	trace_clock(copy, trace_read_clock(r));
	for (n = 0; n < MOST && trace_read(r, &item) == 1; n++)
		trace_put(copy, &item);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct log silent = { .line = say_nothing };
	char path[64], why[256];
	struct trace_reader *r;
	int fd = file_of(data, size, path);
	struct trace *t;

	r = trace_read_open(path, why, sizeof(why));
	if (r) {
		t = trace_open("/dev/null", trace_read_header(r), &silent);
		read_all(r, t);
		trace_close(t);
	}
	trace_read_close(r);
	close(fd);
	return 0;
}
