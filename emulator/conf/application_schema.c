/* The keys of application files: one row per key. */
#include <string.h>

#include "codec/dwl.h"
#include "conf/command_schema.h"
#include "conf/profile_schema.h"
#include "state/application.h"

#define AT(m)   SCHEMA_AT(struct application, m)
#define FACT(m) .schema = &fact_schema, .offset = offsetof(struct application, m)

_Static_assert(APPLICATION_NAME == DWL_APPLICATION_MAX, "a header has room for the name");

static const char see_help[] = "the source of this information, for readers";

static const struct schema_field line_item = { .type = SCHEMA_STRUCT,
	.schema = &fact_schema };

static const struct schema_field identity_fields[] = {
	{ "version", "its version in ATI9", SCHEMA_STRUCT, 0, FACT(identity.version) },
	{ "name", "its name in ATI9", SCHEMA_STRUCT, 0, FACT(identity.name) },
	{ "vendor", "its maker in ATI9", SCHEMA_STRUCT, 0, FACT(identity.vendor) },
	{ "date", "when it was built, in ATI9: MMDDYY hh:mm", SCHEMA_STRUCT, 0,
		FACT(identity.date) },
	{ "checksum", "its checksum in ATI9", SCHEMA_STRUCT, 0, FACT(identity.checksum) },
	{ "packages", "the lines of ATI9 that follow its own", SCHEMA_LIST, 0,
		.offset = offsetof(struct application, identity.packages),
		.stride = sizeof(struct fact), .most = PROFILE_LINES,
		.count = offsetof(struct application, identity.n_packages),
		.item = &line_item },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema identity_schema = { "application_identity",
	"how ATI9 shows it on a firmware that lists applications", identity_fields, NULL,
	NULL };

static const char *check_wip(const void *value)
{
	static const char digits[] = "0123456789";
	const char *text = value;
	size_t n = strspn(text, digits);

	return n >= 1 && n <= 2 && text[n] == '.' && strspn(text + n + 1, digits) == 2 &&
			       !text[n + 3]
		       ? NULL
		       : "is not a version of WIPsoft; write it with two decimals, such "
			 "as \"5.42\"";
}

static bool is_library(const char *text)
{
	return strlen(text) < APPLICATION_LIBRARY && library_fits(text, text);
}

static void check_application(
	const void *object, const struct doc *d, struct doc_errors *e)
{
	const struct application *a = object;

	if (strlen(a->name) >= APPLICATION_NAME)
		doc_error(e, d->at,
			"the name of an application file has at most %d characters, "
			"because its image has no room for more; rename the file",
			APPLICATION_NAME - 1);
	if (!is_library(a->library.text))
		doc_error(e, check_at(d, "library"),
			"\"%s\" is not an Open AT library; write one such as "
			"\"AT  v06.30\", of at most %d characters",
			a->library.text, APPLICATION_LIBRARY - 1);
	if (a->provides & 1u << PROVIDES_WIP && !a->wip[0])
		doc_error(e, check_at(d, "provides"),
			"it provides wip, but its version is missing; add "
			"\"wip_version\", "
			"such as \"5.42\"");
	if (!(a->provides & 1u << PROVIDES_WIP) && a->wip[0])
		doc_error(e, check_at(d, "wip_version"),
			"it has a version of WIPsoft, but does not provide wip; add "
			"\"provides: [wip]\", or remove it");
}

const struct schema_field application_fields[] = {
	{ "kind", "application; optional, because the folder implies it", SCHEMA_NOTE },
	{ "inherits",
		"another file of this folder; the keys of this file override its keys",
		SCHEMA_NOTE },
	{ "see", see_help, SCHEMA_NOTE },
	{ "title", "a one-line title for lists", SCHEMA_TEXT, SCHEMA_REQUIRED, AT(title),
		.min = 1 },
	{ "base", "a base that other files inherit from, never in flash", SCHEMA_BOOL, 0,
		AT(base), .def = "false" },
	{ "identity", "how ATI9 shows it", SCHEMA_STRUCT, .schema = &identity_schema },
	{ "library",
		"the Open AT library it was built with: AT+WOPEN=2 shows it, and it runs "
		"only on a firmware whose library has the same main number (else 541)",
		SCHEMA_STRUCT, SCHEMA_REQUIRED, FACT(library) },
	{ "size", "bytes in flash", SCHEMA_INT, 0, AT(size), .min = 1024, .max = 16777216,
		.def = "262144" },
	{ "fault", "why it does not run, as AT+WOPEN=7 shows it", SCHEMA_ENUM, 0,
		AT(fault), .names = app_fault_names, .def = "none" },
	{ "lives_in",
		"when it acts, once AT+WOPEN=1 has started it; if missing, only while it "
		"runs",
		SCHEMA_SET, SCHEMA_SHIFT, AT(lives_in), .names = application_life_names },
	{ "takes", "ports that it uses for itself: while it acts no AT is heard there",
		SCHEMA_SET, SCHEMA_SHIFT, AT(takes), .names = port_names },
	{ "commands", "commands that it brings, or answers that it changes", SCHEMA_TABLE,
		0, .offset = offsetof(struct application, commands),
		.stride = sizeof(struct command_conf), .most = APPLICATION_COMMANDS,
		.count = offsetof(struct application, n_commands), .item = &command_item,
		.key_size = 12, .check_key = check_command_name },
	{ "says", "lines that `ctl say NAME` makes it say, by name", SCHEMA_TABLE, 0,
		.offset = offsetof(struct application, says.say),
		.stride = sizeof(struct say_conf), .most = SAYS_MOST,
		.count = offsetof(struct application, says.n), .item = &say_item,
		.key_size = SAY_NAME, .check_key = check_say_name },
	{ "boot", "lines that it says at a stage of the boot", SCHEMA_LIST, 0,
		.offset = offsetof(struct application, says.boot),
		.stride = sizeof(struct boot_line), .most = BOOT_LINES,
		.count = offsetof(struct application, says.boots),
		.item = &boot_line_item },
	{ "provides", "chapters of commands that it brings", SCHEMA_SET, SCHEMA_SHIFT,
		AT(provides), .names = provides_names },
	{ "wip_version", "the version of WIPsoft, such as \"5.42\"", SCHEMA_TEXT, 0,
		AT(wip), .check = check_wip },
	{ NULL },
};
const struct schema application_schema = { "application",
	"application: an Open AT application", application_fields, NULL,
	check_application };
