/* Exercises codec/forward: for any text, a forward that is accepted is whole, and one that
 * listens does so on loopback only. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codec/forward.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool is)
{
	if (!is)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct forward f;
	char text[400];
	const char *why;

	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	why = forward_read(text, &f);
	if (why) {
		check(strstr(why, "; write "));
		return 0;
	}
	check(f.port && f.to[0] && f.to[0] < 224);
	check(f.listens == !f.name[0] && f.listens == !strncmp(text, "listen:", 7));
	check(f.listens ? f.to[0] == 127 : f.to_port != 0);
	check(strlen(f.name) < FORWARD_NAME);
	check(forward_loops(&f) == (f.to[0] == 127));
	return 0;
}
