/* The keys of firmware files: one row per key. */
#include "conf/command_schema.h"
#include "conf/profile_schema.h"
#include "state/profile.h"

#define AT(m)   SCHEMA_AT(struct firmware, m)
#define FACT(m) .schema = &fact_schema, .offset = offsetof(struct firmware, m)
#define LIST(m, n, elem)                                \
	.offset = offsetof(struct firmware, m),         \
	.stride = sizeof(((struct firmware *)0)->m[0]), \
	.most = sizeof(((struct firmware *)0)->m) /     \
		sizeof(((struct firmware *)0)->m[0]),   \
	.count = offsetof(struct firmware, n), .item = elem

#define HOUR 3600000000

static const char see_help[] = "the source of this information, for readers";

static const struct schema_field line_item = { .type = SCHEMA_STRUCT,
	.schema = &fact_schema };
static const struct schema_field generation_item = {
	.type = SCHEMA_TEXT, .size = 8, .min = 1, .check = check_word
};
static const struct schema_field start_item = {
	.type = SCHEMA_ENUM, .size = sizeof(int), .names = dwl_start_names
};

static const struct schema_field identity_fields[] = {
	{ "manufacturer", "the answer of AT+CGMI, including its blanks", SCHEMA_STRUCT,
		SCHEMA_REQUIRED, FACT(manufacturer) },
	{ "revision", "the answer of AT+CGMR and ATI3", SCHEMA_STRUCT, SCHEMA_REQUIRED,
		FACT(revision) },
	{ "model", "the answer of AT+CGMM instead of the bands in use", SCHEMA_STRUCT, 0,
		FACT(model) },
	{ "internal", "the answer of AT+WSSW", SCHEMA_STRUCT, 0, FACT(internal) },
	{ "open_at", "the library version in the answer of AT+WOPEN=2", SCHEMA_STRUCT, 0,
		FACT(open_at) },
	{ "capabilities", "the answer of AT+GCAP; if missing, +CGSM +FCLASS",
		SCHEMA_STRUCT, 0, FACT(capabilities) },
	{ "inventory", "the lines of ATI9", SCHEMA_LIST, 0,
		LIST(inventory, inventories, &line_item) },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema identity_schema = { "identity", "how it identifies itself",
	identity_fields, NULL, NULL };

static const struct schema_field downloader_fields[] = {
	{ "version", "the answer of AT+WDWL? once this downloader is installed",
		SCHEMA_STRUCT, SCHEMA_REQUIRED, FACT(downloader.version) },
	{ "generation", "the generation of this downloader", SCHEMA_TEXT, SCHEMA_REQUIRED,
		AT(downloader.generation), .min = 1, .check = check_word },
	{ "image_accepted_by", "generations that accept the downloader's image",
		SCHEMA_LIST, SCHEMA_REQUIRED,
		LIST(downloader.image_accepted_by, downloader.accepted,
			&generation_item) },
	{ "size", "size of the downloader's image in bytes", SCHEMA_INT, 0,
		AT(downloader.size), .min = 1024, .max = 1048576, .def = "55344" },
	{ "at_once", "replaces the downloader without AT+CFUN=1 (Q24)", SCHEMA_BOOL, 0,
		AT(downloader.at_once), .def = "false" },
	{ "tells_status",
		"without a firmware +WDWL has a value: 1 after a broken download, else 2",
		SCHEMA_BOOL, 0, AT(downloader.tells_status), .def = "false" },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema downloader_schema = { "downloader",
	"the downloader, which receives images", downloader_fields, NULL, NULL };

#define REPORT(m)                                  \
	.offset = offsetof(struct path_report, m), \
	.size = sizeof(((struct path_report *)0)->m)

static const struct schema_field report_fields[] = {
	{ "from", "the previous firmware", SCHEMA_TEXT, SCHEMA_REQUIRED, REPORT(from),
		.min = 1, .check = check_word },
	{ "route", "the images that were sent", SCHEMA_ENUM, SCHEMA_REQUIRED,
		REPORT(route), .names = route_names },
	{ "see", see_help, SCHEMA_TEXT, SCHEMA_REQUIRED, REPORT(see), .min = 1 },
	{ "provenance", "how it was learned", SCHEMA_ENUM, 0, REPORT(provenance),
		.names = provenance_names, .def = "field" },
	{ NULL },
};
static const struct schema report_schema = { "report", "a reported upgrade",
	report_fields, NULL, NULL };
static const struct schema_field report_item = { .type = SCHEMA_STRUCT,
	.schema = &report_schema };

static const struct schema_field image_fields[] = {
	{ "size", "size of the firmware image in bytes", SCHEMA_INT, SCHEMA_REQUIRED,
		AT(image_size), .min = 1024, .max = 16777216 },
	{ "needs_downloader", "downloader generations that accept it", SCHEMA_LIST,
		SCHEMA_REQUIRED, LIST(needs_downloader, needs, &generation_item) },
	{ "second_at",
		"offset of its second binary in bytes; 0: in proportion to the sizes",
		SCHEMA_INT, 0, AT(image_second), .min = 0, .max = 16777216, .def = "0" },
	{ "half",
		"the firmware that this one becomes when an upgrade breaks off at the "
		"second binary",
		SCHEMA_TEXT, 0, AT(half), .check = check_word },
	{ "reported", "reported upgrades to this firmware; all others are inferred",
		SCHEMA_LIST, 0, LIST(reported, reports, &report_item) },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema image_schema = { "image", "its download image", image_fields,
	NULL, NULL };

static const struct schema_field install_fields[] = {
	{ "resets", "what its installation sets back to the factory setting", SCHEMA_SET,
		0, AT(install.resets), .names = install_names,
		.max = INSTALL_APPLICATION - 1 },
	{ "erases", "what its installation erases", SCHEMA_SET, 0, AT(install.erases),
		.names = install_names,
		.max = INSTALL_APPLICATION | INSTALL_FLASH_OBJECTS | INSTALL_AD_VOLUME },
	{ "clears", "what its installation clears", SCHEMA_SET, 0, AT(install.clears),
		.names = install_names,
		.max = INSTALL_CACHE_SM | INSTALL_CACHE_FD | INSTALL_CACHE_ON |
		       INSTALL_CACHE_SN | INSTALL_CACHE_EN },
	{ "dota", "how it treats the DOTA1 area in flash (Q24)", SCHEMA_ENUM, 0,
		AT(install.dota), .names = dota_names, .def = "none" },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema install_schema = { "install", "effects of its installation",
	install_fields, NULL, NULL };

static const struct schema_field xmodem_fields[] = {
	{ "start", "start characters, tried in turn; the last one repeats", SCHEMA_LIST,
		SCHEMA_REQUIRED, LIST(xmodem.start, xmodem.starts, &start_item) },
	{ "nak_eot", "refuses the first EOT and accepts the second", SCHEMA_BOOL, 0,
		AT(xmodem.nak_eot), .def = "false" },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema xmodem_schema = { "xmodem", "how it receives by XMODEM",
	xmodem_fields, NULL, NULL };

static const struct schema_field wopen_fields[] = {
	{ "ad_min", "smallest A&D area in KB", SCHEMA_INT, 0, AT(wopen.ad_min), .min = 0,
		.max = 16384, .def = "0" },
	{ "ad_max", "largest A&D area in KB", SCHEMA_INT, SCHEMA_REQUIRED,
		AT(wopen.ad_max), .min = 0, .max = 16384 },
	{ "ad_default", "A&D area of a new unit in KB", SCHEMA_INT, SCHEMA_REQUIRED,
		AT(wopen.ad_default), .min = 0, .max = 16384 },
	{ "total", "A&D and application together in KB", SCHEMA_INT, SCHEMA_REQUIRED,
		AT(wopen.total), .min = 0, .max = 16384 },
	{ "application_at",
		"start address of an application, if no line of ATI9 shows it",
		SCHEMA_INT, SCHEMA_REQUIRED, AT(wopen.application_at), .min = 0x20000,
		.max = 0x4000000 },
	{ "modes", "modes of AT+WOPEN that exist, such as 0-8", SCHEMA_TEXT, 0,
		AT(wopen.modes), .min = 1, .def = "0-8" },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema wopen_schema = { "wopen", "flash for Open AT", wopen_fields,
	NULL, NULL };

static const struct schema_field books_fields[] = {
	{ "told", "phonebooks that +WIND: 10 reports", SCHEMA_SET,
		SCHEMA_SHIFT | SCHEMA_REQUIRED, AT(books_told), .names = book_names },
	{ "fingerprinted", "phonebooks that have a value in +WIND: 11", SCHEMA_SET,
		SCHEMA_SHIFT | SCHEMA_REQUIRED, AT(books_fingerprinted),
		.names = book_names },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema books_schema = { "books", "phonebooks at boot", books_fields,
	NULL, NULL };

static const struct schema_field boot_fields[] = {
	{ "rack", "+WIND: 13 or 14", SCHEMA_TIME, SCHEMA_REQUIRED, AT(boot.rack),
		.max = HOUR },
	{ "sim", "+WIND: 0 or 1", SCHEMA_TIME, SCHEMA_REQUIRED, AT(boot.sim),
		.max = HOUR },
	{ "ready", "+WIND: 3; until then the modem ignores all input", SCHEMA_TIME,
		SCHEMA_REQUIRED, AT(boot.ready), .max = HOUR },
	{ "network", "+WIND: 7 if a cell can be received", SCHEMA_TIME, SCHEMA_REQUIRED,
		AT(boot.network), .max = HOUR },
	{ "files", "+WIND: 16, 4, 10, 11 if no PIN is needed", SCHEMA_TIME,
		SCHEMA_REQUIRED, AT(boot.files), .max = HOUR },
	{ "files_after_pin", "the same, counted from the correct PIN", SCHEMA_TIME,
		SCHEMA_REQUIRED, AT(boot.files_after_pin), .max = HOUR },
	{ "format", "to format 64 KB of a resized A&D volume, before +WIND: 3",
		SCHEMA_TIME, 0, AT(boot.format), .max = HOUR, .def = "1500ms" },
	{ "exchange", "from switching the FD lock to +WIND: 4", SCHEMA_TIME, 0,
		AT(boot.exchange), .max = HOUR, .def = "500ms" },
	{ "insertion", "from the insertion of a SIM at run time to its session",
		SCHEMA_TIME, 0, AT(boot.insertion), .max = HOUR, .def = "1s" },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema boot_schema = { "boot", "times since power-on or reset",
	boot_fields, NULL, NULL };

static const struct schema_field net_fields[] = {
	{ "search", "a scan of the selected bands", SCHEMA_TIME, SCHEMA_REQUIRED,
		AT(net.search), .max = HOUR },
	{ "retry", "pause between scans that found nothing", SCHEMA_TIME, SCHEMA_REQUIRED,
		AT(net.retry), .min = 1000000, .max = HOUR },
	{ "registration", "from finding a cell to the accepted location update",
		SCHEMA_TIME, SCHEMA_REQUIRED, AT(net.registration), .max = HOUR },
	{ "deregistration", "leaving the network", SCHEMA_TIME, SCHEMA_REQUIRED,
		AT(net.deregistration), .max = HOUR },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema net_schema = { "network", "finding a network", net_fields,
	NULL, NULL };

static const struct schema_field dwl_fields[] = {
	{ "start_period", "between two start characters", SCHEMA_TIME, SCHEMA_REQUIRED,
		AT(dwl.start_period), .min = 100000, .max = HOUR },
	{ "block_gap", "longest silence inside a block", SCHEMA_TIME, SCHEMA_REQUIRED,
		AT(dwl.block_gap), .min = 100000, .max = HOUR },
	{ "end_text", "from the ACK of EOT to *** END OF DOWNLOAD ***", SCHEMA_TIME,
		SCHEMA_REQUIRED, AT(dwl.end_text), .max = HOUR },
	{ "restricted_period", "between two +WDWL lines of a unit without firmware",
		SCHEMA_TIME, SCHEMA_REQUIRED, AT(dwl.restricted_period), .min = 1000000,
		.max = HOUR },
	{ "reset", "from the OK of AT+CFUN=1 to the restart", SCHEMA_TIME,
		SCHEMA_REQUIRED, AT(dwl.reset), .max = HOUR },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema dwl_schema = { "download", "download and reset", dwl_fields,
	NULL, NULL };

static const struct schema_field latency_item = { .type = SCHEMA_TIME,
	.help = "from the CR to the answer",
	.max = HOUR,
	.offset = offsetof(struct latency_conf, time),
	.size = sizeof(usec_t) };

static const struct schema_field timing_fields[] = {
	{ "boot", "times since power-on or reset", SCHEMA_STRUCT, SCHEMA_REQUIRED,
		.schema = &boot_schema },
	{ "network", "finding a network", SCHEMA_STRUCT, SCHEMA_REQUIRED,
		.schema = &net_schema },
	{ "download", "download and reset", SCHEMA_STRUCT, SCHEMA_REQUIRED,
		.schema = &dwl_schema },
	{ "prompt_timeout",
		"the text prompt closes, as on ESC, after this time without Ctrl-Z; 0s: "
		"never",
		SCHEMA_TIME, 0, AT(prompt_timeout), .max = HOUR, .def = "0s" },
	{ "latency_default", "for extended commands that latency does not list",
		SCHEMA_TIME, 0, AT(latency_default), .max = HOUR, .def = "10ms" },
	{ "latency", "by command, with or without a form: +COPS=?, +COPS=, +COPS?, +CIMI",
		SCHEMA_TABLE, 0, LIST(latency, latencies, &latency_item), .key_size = 12,
		.check_key = check_command_form },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema timing_schema = { "timing", "how long things take",
	timing_fields, NULL, NULL };

static const struct schema_field value_item = { .type = SCHEMA_VALUE,
	.help = "the factory setting",
	.offset = offsetof(struct default_conf, value),
	.size = 48 };

const struct schema_field firmware_fields[] = {
	{ "kind", "firmware; optional, because the folder implies it", SCHEMA_NOTE },
	{ "inherits",
		"another file of this folder; the keys of this file override its keys",
		SCHEMA_NOTE },
	{ "see", see_help, SCHEMA_NOTE },
	{ "title", "a one-line title for lists", SCHEMA_TEXT, SCHEMA_REQUIRED, AT(title),
		.min = 1 },
	{ "base", "a base that other files inherit from, never installed", SCHEMA_BOOL, 0,
		AT(base), .def = "false" },
	{ "version", "its version in lists and images", SCHEMA_TEXT, SCHEMA_REQUIRED,
		AT(version), .min = 1, .check = check_word },
	{ "module", "the module it is made for", SCHEMA_TEXT, SCHEMA_REQUIRED, AT(module),
		.min = 1, .check = check_word },
	{ "family", "r6, r7, ...", SCHEMA_TEXT, SCHEMA_REQUIRED, AT(family), .min = 1,
		.check = check_word },
	{ "identity", "how it identifies itself", SCHEMA_STRUCT, SCHEMA_REQUIRED,
		.schema = &identity_schema },
	{ "downloader", "the downloader, which receives images", SCHEMA_STRUCT,
		SCHEMA_REQUIRED, .schema = &downloader_schema },
	{ "image", "its download image", SCHEMA_STRUCT, SCHEMA_REQUIRED,
		.schema = &image_schema },
	{ "install", "effects of its installation", SCHEMA_STRUCT,
		.schema = &install_schema },
	{ "xmodem", "how it receives by XMODEM", SCHEMA_STRUCT, SCHEMA_REQUIRED,
		.schema = &xmodem_schema },
	{ "wopen", "flash for Open AT", SCHEMA_STRUCT, SCHEMA_REQUIRED,
		.schema = &wopen_schema },
	{ "books", "phonebooks at boot", SCHEMA_STRUCT, SCHEMA_REQUIRED,
		.schema = &books_schema },
	{ "operators", "its table of operator names, a file in operators/", SCHEMA_TEXT,
		0, AT(operators), .min = 1, .def = "table-2009" },
	{ "echo_told", "how many values of +ECHO AT&V and ATI4 show", SCHEMA_INT, 0,
		AT(echo_told), .min = 1, .max = 6, .def = "6" },
	{ "defaults", "factory settings that differ from the usual ones, by command",
		SCHEMA_TABLE, 0, LIST(defaults, n_defaults, &value_item), .key_size = 32,
		.check_key = check_command_name },
	{ "commands", "new commands, and differences in others", SCHEMA_TABLE, 0,
		LIST(commands, n_commands, &command_item), .key_size = 12,
		.check_key = check_command_name },
	{ "says", "lines that the action say sends, by name", SCHEMA_TABLE, 0,
		LIST(says.say, says.n, &say_item), .key_size = SAY_NAME,
		.check_key = check_say_name },
	{ "boot", "lines that it sends at each boot", SCHEMA_LIST, 0,
		LIST(says.boot, says.boots, &boot_line_item) },
	{ "timing", "how long things take", SCHEMA_STRUCT, SCHEMA_REQUIRED,
		.schema = &timing_schema },
	{ "quirks", "named deviations", SCHEMA_SET, SCHEMA_SHIFT, AT(quirks),
		.names = quirk_names },
	{ NULL },
};
const struct schema firmware_schema = { "firmware",
	"firmware: a firmware with its downloader", firmware_fields, NULL,
	check_firmware };
