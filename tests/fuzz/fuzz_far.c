/* Exercises conf/far_conf: for any text, a far end that is accepted is whole, and what a
 * profile may not name is told apart from loopback. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "conf/far_conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool is)
{
	if (!is)
		abort();
}

static void check_tcp(const struct far_end_conf *f)
{
	struct in6_addr v6;
	struct in_addr v4;

	check(f->port >= 1 && f->port <= 65535);
	if (!strchr(f->host, ':')) {
		check(inet_pton(AF_INET, f->host, &v4) == 1);
		check(far_conf_is_loopback(f->host) == (ntohl(v4.s_addr) >> 24 == 127));
	} else if (far_conf_is_loopback(f->host)) {
		check(inet_pton(AF_INET6, f->host, &v6) == 1 &&
			IN6_IS_ADDR_LOOPBACK(&v6));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[2 * PROFILE_FAR];
	struct far_end_conf f;

	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (far_conf_read(text, &f))
		return 0;
	check(strlen(text) < PROFILE_FAR);
	check(!f.keep[0] == !strstr(text, ",keep="));
	switch (f.kind) {
	case FAR_ACTION:
	case FAR_ECHO:
		check(!f.path[0] && !f.port);
		break;
	case FAR_FILE:
		check(f.path[0] || f.keep[0]);
		break;
	case FAR_TCP:
		check_tcp(&f);
		break;
	}
	return 0;
}
