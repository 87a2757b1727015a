/* Exercises host/http_head with arbitrary request heads: an accepted one is text without
 * zero bytes, with a path in UTF-8; a refused one has a status, a message and a remedy.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/control/http_head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
	if (http_head_parse(&h, text, size, &why) &&
		http_head_allowed(&h, "token", 65536, &why)) {
		if (http_utf8_until(h.path, strlen(h.path)) != strlen(h.path) ||
			h.path[0] != '/' || h.length > 65536 || (h.chunked && h.length))
			abort();
		for (i = 0; i < h.n_queries; i++)
			if (http_head_query(&h, h.query[i].name) == NULL)
				abort();
	} else if (why.status < 400 || why.status > 505 || !*why.message ||
		   !*why.remedy) {
		abort();
	}
	free(text);
	return 0;
}
