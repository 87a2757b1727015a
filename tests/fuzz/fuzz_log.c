/* Exercises host/field with arbitrary files, read by every reader of logs: what is read is
 * in order, and can be taken apart into commands and answers. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host/field/exchange.h"
#include "host/field/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int file_of(const uint8_t *data, size_t size, char path[64])
{
	int fd = memfd_create("log", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	return fd;
}

static void take(void *ctx, const struct exchange *x)
{
	(void)ctx;
	assert(x->command);
}

static void check(const struct field_log *log)
{
	struct exchanges *e = exchanges_new(take, NULL);
	usec_t last = 0;
	size_t i;

	assert(log->n && log->understood <= log->lines);
	for (i = 0; i < log->n; i++) {
		const struct field_piece *p = &log->piece[i];

		assert(p->side == '>' || p->side == '<');
		assert(p->len && !p->data[p->len] && p->at >= last);
		last = p->at;
		exchanges_bytes(e, p->at, p->side, p->data, p->len, p->line);
	}
	exchanges_end(e);
	exchanges_free(e);
}

static void read_as(const char *path, const char *format)
{
	char why[512] = "";
	struct field_log *log = field_read(path, format, why, sizeof(why));

	if (log)
		check(log);
	else
		assert(why[0]);
	field_log_free(log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	int fd = file_of(data, size, path);
	size_t i;

	read_as(path, NULL);
	for (i = 0; field_format_name(i); i++)
		read_as(path, field_format_name(i));
	close(fd);
	return 0;
}
