/* Exercises host/doc_json, host/condition, host/journal and host/api*.c with arbitrary
 * requests: a line "METHOD PATH?QUERY", then the body. Every answer is a JSON object or a
 * stream; every refusal has a message and a remedy. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "control_rig.h"
#include "fake_http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct control_rig rig;

static void check(const struct fake_answer *a)
{
	json_t *j, *e;

	if (!a->status || a->stream || strcmp(a->type, "application/json") != 0)
		return;
	j = json_loadb(a->body, a->len, 0, NULL);
	e = json_object_get(j, "error");
	if (!json_is_object(j) || (a->status == 200) == (e != NULL) ||
		(e && (!json_is_string(json_object_get(e, "message")) ||
			      !json_string_length(json_object_get(e, "remedy")))))
		abort();
	json_decref(j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	size_t head = end ? (size_t)(end - data) : size;
	char line[256], *path, *query;
	const char *body = end ? (const char *)end + 1 : "";
	struct fake_answer *a;

	if (head >= sizeof(line))
		return 0;
	if (!rig.api)
		control_rig_init(&rig);
	memcpy(line, data, head);
	line[head] = '\0';
	path = strchr(line, ' ');
	if (!path)
		return 0;
	*path++ = '\0';
	query = strchr(path, '?');
	if (query)
		*query++ = '\0';
	a = fake_ask(rig.api, line, path, query, body, end ? size - head - 1 : 0, NULL);
	check(a);
	if (a->kept && !a->stream) {
		fake_late();
		check(a);
	}
	fake_close();
	return 0;
}
