/* What a file is, for programs: the facts of dwl_info() as JSON. */
#include "host/dwl/dwl_json.h"

#include <stdlib.h>
#include <string.h>

#include "codec/dwl_identify.h"
#include "host/dwl/dwl_error.h"

const struct cli_member dwl_json_members[] = {
	{ "file", "its path" },
	{ "error", "why it cannot be used as it is; null: it can" },
	{ "bytes", "its size; null: it cannot be read" },
	{ "sha256", "of the image without padding, else of all its bytes" },
	{ "format", "image: made by dwl make; or what else it is" },
	{ "verdict", "how a modem in the delivery state of the profile reacts" },
	{ "remedy", "how to make the modem accept it; null: it does" },
	{ "kind", "of an image: what it is; else what its name suggests, or null" },
	{ "firmware", "of an image: the firmware, or the one it was built for" },
	{ "application", "of an image of an application: its name" },
	{ "module", "of an image" },
	{ "family", "of an image" },
	{ "accepted_by", "of an image: generations of downloaders; []: all" },
	{ "strings", "of another file: identities found in it; each with offset, text, "
		     "version and module" },
	{ NULL, NULL },
};

/* A text, null if it is empty. */
static json_t *text(const char *t)
{
	return t && *t ? json_string(t) : json_null();
}

static json_t *strings(const struct dwl_identity *id)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < id->finds; i++)
		json_array_append_new(
			list, json_pack("{s:I,s:s,s:s,s:o}", "offset",
				      (json_int_t)id->find[i].offset, "text",
				      id->find[i].text, "version", id->find[i].version,
				      "module", text(id->find[i].module)));
	return list;
}

static json_t *accepted_by(const struct dwl_header *h)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < h->accepted; i++)
		json_array_append_new(list, json_string(h->accepted_by[i]));
	return list;
}

static void add_facts(json_t *j, const struct profile *p, const struct dwl_bytes *b,
	const struct dwl_identity *id)
{
	const struct name *format = name_find(
		dwl_format_names, name_of(dwl_format_names, (int)id->format));
	enum flash_verdict verdict = image_judge(p, b->data, b->len);
	const struct name *judged = name_find(
		flash_verdict_names, name_of(flash_verdict_names, (int)verdict));
	struct dwl_header h = { .kind = id->guess };
	bool ours = dwl_parse(b->data, b->len, &h) == DWL_OK;
	size_t len = ours && h.length < b->len ? h.length : b->len;
	char sha[DWL_SHA256];

	dwl_sha256(b, len, sha);
	json_object_set_new(j, "bytes", json_integer((json_int_t)b->len));
	json_object_set_new(j, "sha256", json_string(sha));
	json_object_set_new(j, "format", text(ours ? "image" : format->name));
	json_object_set_new(j, "verdict", text(judged->name));
	json_object_set_new(j, "remedy",
		verdict == FLASH_ACCEPTED ? json_null()
		: format->help && !ours   ? text(format->help)
					  : text(judged->help));
	json_object_set_new(j, "kind",
		h.kind == DWL_NONE ? json_null()
				   : text(name_of(dwl_kind_names, (int)h.kind)));
	json_object_set_new(j, "firmware", text(h.firmware));
	json_object_set_new(j, "application", text(h.application));
	json_object_set_new(j, "module", text(h.module));
	json_object_set_new(j, "family", text(h.family));
	json_object_set_new(j, "accepted_by", ours ? accepted_by(&h) : json_null());
	json_object_set_new(j, "strings", ours ? json_null() : strings(id));
}

json_t *dwl_json(const struct profile *p, const char *path, struct dwl_error *e)
{
	json_t *j = json_pack("{s:s,s:n}", "file", path, "error");
	const struct cli_member *m;
	struct dwl_identity id;
	struct dwl_bytes b;
	bool ok;

	for (m = dwl_json_members + 2; m->name; m++)
		json_object_set_new(j, m->name, json_null());
	ok = dwl_read(path, &b, e);
	if (ok) {
		dwl_identify(b.data, b.len, path, &id);
		add_facts(j, p, &b, &id);
		ok = id.format != DWL_FORMAT_IMAGE || dwl_sound(path, &b, e);
		free(b.data);
	}
	if (!ok)
		json_object_set_new(j, "error", json_string(e->text));
	return j;
}
