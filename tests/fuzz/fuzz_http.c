/* Exercises host/http_head with arbitrary request heads: an accepted one is text without
 * zero bytes, with a path in UTF-8; a refused one has a status, a message and a remedy. What
 * the panel's own rule lets through comes from this machine and its port. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/control/http_head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_sound(const struct http_refusal *why)
{
	return why->status >= 400 && why->status <= 505 && *why->message && *why->remedy;
}

static void try_own(const struct http_head *h)
{
	struct http_refusal why = { 0 };
	const char *host = http_head_field(h, "Host");
	const char *origin = http_head_field(h, "Origin");

	if (!http_head_own(h, 8080, false, &why)) {
		if (why.status != 403 || !is_sound(&why))
			abort();
		return;
	}
	if (!host || strlen(host) < 5 || strcmp(host + strlen(host) - 5, ":8080") != 0 ||
		(origin && strlen(origin) != strlen(host) + 7) ||
		!http_head_own(h, 8080, true, &why) || http_head_own(h, 8081, true, &why))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct http_head h;
	struct http_refusal why = { 0 };
	char *text;
	size_t i;

	if (size > HTTP_HEAD_MAX)
		return 0;
	text = malloc(size + 1);
	if (!text)
		return 0;
	memcpy(text, data, size);
	if (http_head_parse(&h, text, size, &why))
		try_own(&h);
	memcpy(text, data, size); /* parsing cuts it */
	why = (struct http_refusal){ 0 };
	if (http_head_parse(&h, text, size, &why) &&
		http_head_allowed(&h, "token", 65536, &why)) {
		if (http_utf8_until(h.path, strlen(h.path)) != strlen(h.path) ||
			h.path[0] != '/' || h.length > 65536 || (h.chunked && h.length))
			abort();
		for (i = 0; i < h.n_queries; i++)
			if (http_head_query(&h, h.query[i].name) == NULL)
				abort();
	} else if (!is_sound(&why)) {
		abort();
	}
	free(text);
	return 0;
}
