/* host/library and conf/profile_conf: the shipped profiles, inheritance, --set, names. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "host/play/scenario.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"

static struct library *library;
static struct doc_errors errors;

static int begin(void **state)
{
	(void)state;
	library = library_new(NULL);
	library_hook(library, &tables_hook);
	doc_errors_init(&errors);
	return 0;
}

static int end(void **state)
{
	(void)state;
	doc_errors_clear(&errors);
	library_free(library);
	return 0;
}

static struct profile *load_set(const char *name, const struct kv *sets, size_t n)
{
	struct profile *p = profile_load(library, name, sets, n, &errors);

	doc_errors_print(&errors, stderr);
	assert_non_null(p);
	assert_int_equal(errors.n, 0);
	return p;
}

static struct profile *load(const char *name)
{
	return load_set(name, NULL, 0);
}

static void refused(
	const char *name, const struct kv *sets, size_t n, const char *message)
{
	char *out = NULL;
	size_t len;
	FILE *f;

	doc_errors_clear(&errors);
	assert_null(profile_load(library, name, sets, n, &errors));
	f = open_memstream(&out, &len);
	doc_errors_print(&errors, f);
	fclose(f);
	assert_string_equal(out, message);
	free(out);
}

static void every_shipped_profile_loads_with_the_firmwares_of_its_device(void **state)
{
	static const char *const names[] = { "r663", "r71", "r73", "r74", "r743", "r747",
		"r752" };
	struct library_entry *list;
	const struct firmware *f;
	struct profile *p;
	size_t n = library_list(library, PART_PROFILE, &list), i, k;

	(void)state;
	assert_true(n >= 14);
	for (i = 0; i < n; i++) {
		p = load(list[i].name);
		assert_string_equal(p->name, list[i].name);
		assert_string_equal(p->title, list[i].title);
		for (k = 0; (f = profile_nth(p, k)); k++) {
			assert_true(device_has_module(&p->device, f->module));
			assert_true(f->names->rows >= 60);
			assert_string_equal(f->names->name, f->operators);
		}
		for (k = 0; device_has_module(&p->device, "Q2687H") &&
			    k < sizeof(names) / sizeof(names[0]);
			k++)
			assert_non_null(profile_firmware(p, names[k]));
		profile_free(p);
	}
	free(list);
}

/* ATI9 shows the size of the flash chip, which no upgrade changes. */
static void every_firmware_knows_the_flash_of_its_device(void **state)
{
	struct library_entry *list;
	size_t n = library_list(library, PART_PROFILE, &list), i, k;
	const struct firmware *f;
	struct profile *p;
	unsigned long size;
	int told = 0;

	(void)state;
	for (i = 0; i < n; i++) {
		p = load(list[i].name);
		f = profile_at(p, p->installed);
		for (k = 0; k < f->inventories; k++) {
			if (sscanf(f->inventory[k].text, "\"ROM\",\"%lx\"", &size) != 1)
				continue;
			assert_int_equal(size, p->device.flash_kb * 1024);
			told++;
		}
		profile_free(p);
	}
	assert_true(told > 10);
	free(list);
}

static void every_shipped_file_passes_its_check(void **state)
{
	struct library_entry *list;
	size_t n, i, all = 0;
	int kind;

	(void)state;
	for (kind = 0; kind < PART_KINDS; kind++) {
		n = library_list(library, (enum part_kind)kind, &list);
		for (i = 0; i < n; i++) {
			assert_int_equal(library_kind(list[i].path, &errors), kind);
			if (!library_check(library, list[i].path, &errors))
				doc_errors_print(&errors, stderr);
			assert_int_equal(errors.n, 0);
			assert_true(list[i].title[0] != '\0');
			all++;
		}
		free(list);
	}
	assert_true(all >= 30);
}

/* Reads a scenario with this line; its profiles are separated by spaces in out. */
static void played_on(const char *line, char *out, size_t size)
{
	char text[200];
	int n = snprintf(
		text, sizeof(text), "name: x\n%s\nsteps: [{ silence: 1s }]\n", line);
	struct scenario *s = scenario_read(library, "t", text, (size_t)n, &errors);
	size_t i;

	assert_non_null(s);
	out[0] = '\0';
	for (i = 0; i < s->n_profiles; i++)
		snprintf(out + strlen(out), size - strlen(out), "%s%s", i ? " " : "",
			s->profiles[i]);
	scenario_free(s);
}

static void a_scenario_may_name_a_set(void **state)
{
	char names[600];

	(void)state;
	played_on("profiles: supreme", names, sizeof(names));
	assert_string_equal(names, "fastrack-supreme-20-r663 fastrack-supreme-20-r74");
	played_on("profiles: [m1306b-r641, supreme]", names, sizeof(names));
	assert_string_equal(
		names, "m1306b-r641 fastrack-supreme-20-r663 fastrack-supreme-20-r74");
	played_on("profiles: m1306b-r641", names, sizeof(names));
	assert_string_equal(names, "m1306b-r641");
}

static void no_set_has_the_name_of_a_profile(void **state)
{
	struct library_entry *list;
	size_t n = library_list(library, PART_PROFILE, &list), i;
	struct profile_set set;

	(void)state;
	assert_true(n > 0);
	for (i = 0; i < n; i++)
		assert_false(library_set(library, list[i].name, &set, &errors));
	free(list);
}

static void the_default_is_a_healthy_supreme_20_in_europe(void **state)
{
	struct profile *p = load("fastrack-supreme-20-r74");
	const struct firmware *f = profile_at(p, p->installed);

	(void)state;
	assert_string_equal(f->name, "r74");
	assert_string_equal(f->revision.text, "R74_00gg.Q2687H 2126816 072809 15:03");
	assert_int_equal(f->revision.provenance, PROVENANCE_INFERRED);
	assert_string_equal(f->manufacturer.text, " WAVECOM MODEM");
	assert_int_equal(f->image_size, 2126816);
	assert_int_equal(f->boot.ready, SEC(2));
	assert_int_equal(f->boot.network, MS(4500));
	assert_true(firmware_has(f, QUIRK_CPIN_NO_OK));
	assert_string_equal(p->device.part, "WM20452");
	assert_true(p->device.edge);
	assert_int_equal(p->device.bands, band_set(7));
	assert_string_equal(p->network.name, "europe");
	assert_int_equal(p->network.cells[0].lac, 0x178d);
	assert_false(p->sim.pin_enabled);
	assert_memory_equal(p->sim.imsi, p->network.operators[0].plmn, 5);
	assert_int_equal(p->memories, 2);
	assert_string_equal(p->memory[0].name, "+WMBS");
	assert_string_equal(p->memory[0].value, "5");
	profile_free(p);
}

static void the_kit_of_74_is_the_only_way_out_of_663(void **state)
{
	struct profile *p = load("fastrack-supreme-20-r663");
	const struct firmware *f;
	size_t i, k;

	(void)state;
	assert_string_equal(
		profile_at(p, p->downloader)->downloader.version.text, "V06.0B");
	assert_string_equal(p->memory[0].value, "4");
	for (i = 0; (f = profile_nth(p, i)); i++) {
		for (k = 0; k < f->downloader.accepted; k++)
			if (!strcmp(f->downloader.image_accepted_by[k], "r6"))
				assert_true(!strcmp(f->name, "r74") ||
					    !strcmp(f->name, "r663"));
		assert_true(f->needs >= 1);
		assert_string_equal(f->needs_downloader[0], f->family);
		for (k = 1; k < f->needs; k++)
			assert_string_not_equal(f->needs_downloader[k], "r6");
	}
	assert_int_equal(profile_firmware(p, "r74")->install.resets, INSTALL_BAND);
	assert_int_equal(profile_firmware(p, "r74")->install.clears, INSTALL_CACHE_SN);
	assert_int_equal(profile_firmware(p, "r747")->install.resets, 0);
	profile_free(p);
}

/* The premise of the story: no cell of americas is in a band of +WMBS 5, and none of
 * europe in one of 4. */
static void the_wrong_band_hears_nothing(void **state)
{
	struct profile *a = load("fastrack-supreme-20-r663");
	struct profile *e = load("fastrack-supreme-20-r74");
	size_t i;

	(void)state;
	for (i = 0; i < a->network.n_cells; i++)
		assert_int_equal(a->network.cells[i].band & band_set(5), 0);
	for (i = 0; i < e->network.n_cells; i++)
		assert_int_equal(e->network.cells[i].band & band_set(4), 0);
	profile_free(a);
	profile_free(e);
}

static void settings_change_a_part_or_choose_another(void **state)
{
	const struct kv sets[] = { { "sim", "pin" }, { "sim.pin", "0000" },
		{ "network.cells.0.rssi", "3" }, { "memory.+WIND", "22089" },
		{ "firmware.quirks.cpin-no-ok", "false" }, { "title", "mine" },
		{ "firmware.timing.latency.+COPS=?", "20s" }, { "downloader", "r663" } };
	struct profile *p = load_set(
		"fastrack-supreme-20-r74", sets, sizeof(sets) / sizeof(sets[0]));

	(void)state;
	assert_string_equal(p->title, "mine");
	assert_string_equal(p->sim.name, "pin");
	assert_true(p->sim.pin_enabled);
	assert_string_equal(p->sim.pin, "0000");
	assert_int_equal(p->network.cells[0].rssi, 3);
	assert_string_equal(p->memory[1].value, "22089");
	assert_false(firmware_has(profile_at(p, p->installed), QUIRK_CPIN_NO_OK));
	assert_true(firmware_has(profile_firmware(p, "r747"), QUIRK_CPIN_NO_OK));
	assert_string_equal(profile_at(p, p->downloader)->name, "r663");
	profile_free(p);
}

static void every_firmware_goes_above_each(void **state)
{
	const struct kv set = { "every_firmware.quirks.cpin-no-ok", "false" };
	struct profile *p = load_set("fastrack-supreme-20-r663", &set, 1);
	const struct firmware *f;
	size_t i;

	(void)state;
	for (i = 0; (f = profile_nth(p, i)); i++)
		assert_false(firmware_has(f, QUIRK_CPIN_NO_OK));
	assert_true(firmware_has(profile_firmware(p, "r74"), QUIRK_CFUN_4));
	profile_free(p);
}

static void wrong_settings_say_which(void **state)
{
	const struct kv pim = { "sim.pim", "1" }, pin = { "sim.pin", "12" };
	const struct kv dev = { "device", "fastrack-supreme-2" },
			smi = { "smi.pin", "1234" };
	const struct kv wmbs = { "memory.+WMBS", "9" }, cmd = { "memory.+WMBX", "1" };

	(void)state;
	refused("fastrack-supreme-20-r74", &pim, 1,
		"--set sim.pim: unknown key \"pim\"; did you mean \"pin\"?\n");
	refused("fastrack-supreme-20-r74", &pin, 1,
		"--set sim.pin: \"pin\" is not a PIN; write 4 to 8 digits, such as "
		"\"1234\"\n");
	refused("fastrack-supreme-20-r74", &dev, 1,
		"--set device: there is no device \"fastrack-supreme-2\"; did you mean "
		"\"fastrack-supreme-20\"?\n");
	refused("fastrack-supreme-20-r74", &smi, 1,
		"--set smi.pin: unknown key \"smi\"; did you mean \"sim\"?\n");
	refused("fastrack-supreme-20-r74", &wmbs, 1,
		"--set memory.+WMBS: +WMBS cannot be 9; legal values are "
		"(0,1,2,3,4,5,6,7)\n");
	refused("fastrack-supreme-20-r74", &cmd, 1,
		"--set memory.+WMBX: \"+WMBX\" is not a command that Fauxtrack knows; "
		"`fauxtrack "
		"list commands` prints them\n");
	refused("fastrack-supreme-20-r75", NULL, 0,
		"--profile: there is no profile \"fastrack-supreme-20-r75\"; did you "
		"mean "
		"\"fastrack-supreme-20-r71\"?\n");
	refused("/nonexistent/x.yaml", NULL, 0,
		"/nonexistent/x.yaml: cannot be read: No such file or directory; check "
		"the path and its permissions\n");
}

/* A folder with a user's own files, searched before the shipped ones. */
static char folder[64];

static void write_file(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int begin_folder(void **state)
{
	char path[128];
	const char *const dirs[] = { "firmware", "sims" };
	size_t i;

	strcpy(folder, "/tmp/fauxtrack-test-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, dirs[i]);
		mkdir(path, 0755);
	}
	return begin(state);
}

static int end_folder(void **state)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", folder);
	return end(state) | system(command);
}

static void a_users_file_inherits_from_what_is_shipped(void **state)
{
	struct profile *p = load("fastrack-supreme-20-r74");
	size_t before = p->shelf->n;
	char path[128];

	(void)state;
	profile_free(p);
	write_file("mine.yaml", "title: mine\ninherits: fastrack-supreme-20-r74\n"
				"sim: {pin: \"4321\"}\nfirmware: r74x\n");
	write_file("firmware/r74x.yaml",
		"inherits: r74\ntitle: mine\nversion: \"7.4x\"\n"
		"identity: {revision: {text: \"R74_0x\", provenance: field}}\n");
	snprintf(path, sizeof(path), "%s/mine.yaml", folder);
	p = load(path);
	assert_string_equal(p->name, "mine");
	assert_string_equal(p->sim.name, "no-pin");
	assert_string_equal(p->sim.pin, "4321");
	assert_string_equal(p->sim.puk, "99999999");
	assert_string_equal(profile_at(p, p->installed)->revision.text, "R74_0x");
	assert_int_equal(
		profile_at(p, p->installed)->revision.provenance, PROVENANCE_FIELD);
	assert_int_equal(profile_at(p, p->installed)->install.resets, INSTALL_BAND);
	assert_int_equal(p->shelf->n, before + 1);
	profile_free(p);
}

static unsigned files_read;

static void count_reads(
	void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	(void)ctx;
	(void)cat;
	(void)level;
	files_read += !strncmp(text, "read: ", 6);
}

static void only_what_is_asked_for_is_read(void **state)
{
	struct log log = { .line = count_reads };
	struct profile *p, *q;

	(void)state;
	log.level[LOG_MODEM] = LOG_LEVEL_DEBUG;
	files_read = 0;
	library_log(library, &log);
	/* profile, 2 devices, 3 firmwares, operators, network, SIM */
	p = load("fastrack-supreme-20-r74");
	assert_int_equal(files_read, 9);
	q = load("fastrack-supreme-20-r743"); /* r743 and the profile itself */
	assert_in_range(files_read, 11, 12);
	files_read = 0;
	assert_non_null(profile_firmware(p, "r71"));
	assert_int_equal(files_read, 1);
	assert_non_null(profile_firmware(q, "r71"));
	assert_int_equal(files_read, 1);
	/* they outlive the library, and can still read */
	library_free(library);
	assert_non_null(profile_firmware(q, "r663"));
	assert_int_equal(files_read, 2);
	profile_free(p);
	assert_non_null(profile_nth(q, 6));
	profile_free(q);
	begin(state);
}

static void a_broken_firmware_is_known_by_its_error(void **state)
{
	struct profile *p;
	char path[128], want[200];

	(void)state;
	write_file("mine.yaml", "title: mine\ninherits: fastrack-supreme-20-r74\n");
	write_file("firmware/r71.yaml", "inherits: r74\nqirks: []\n");
	write_file("firmware/r73.yaml", "");
	snprintf(path, sizeof(path), "%s/mine.yaml", folder);
	p = load(path);
	assert_null(profile_firmware(p, "r71"));
	snprintf(want, sizeof(want), "%s/firmware/r71.yaml:2:1: unknown key \"qirks\"",
		folder);
	assert_memory_equal(profile_flaw(p, "r71"), want, strlen(want));
	snprintf(want, sizeof(want), "%s/firmware/r73.yaml: cannot be read: it is empty",
		folder);
	assert_memory_equal(profile_flaw(p, "r73"), want, strlen(want));
	assert_non_null(profile_firmware(p, "r747"));
	assert_false(profile_complete(p, &errors));
	profile_free(p);
	assert_int_equal(errors.n, 2);
	doc_errors_clear(&errors);
	assert_false(library_check(library, path, &errors));
	assert_int_equal(errors.n, 2);
}

static void circular_inheritance_is_reported(void **state)
{
	char path[128], want[300];

	(void)state;
	write_file("sims/a.yaml", "inherits: b\n");
	write_file("sims/b.yaml", "title: x\ninherits: a\n");
	snprintf(path, sizeof(path), "%s/sims/a.yaml", folder);
	assert_false(library_check(library, path, &errors));
	assert_int_equal(errors.n, 1);
	snprintf(want, sizeof(want), "%s/sims/b.yaml", folder);
	assert_string_equal(errors.item[0].file, want);
	assert_int_equal(errors.item[0].line, 2);
	assert_string_equal(errors.item[0].text,
		"\"a\" inherits from itself (a < b < a); remove one \"inherits\"");
}

static void a_folder_in_the_environment_goes_first(void **state)
{
	struct profile *p;

	(void)state;
	write_file(
		"sims/pin.yaml", "inherits: no-pin\ntitle: another\npin: \"777777\"\n");
	setenv("FAUXTRACK_PROFILES", folder, 1);
	library_free(library);
	library = library_new(NULL);
	unsetenv("FAUXTRACK_PROFILES");
	p = load("fastrack-supreme-20-r74-pin");
	assert_string_equal(p->sim.pin, "777777");
	profile_free(p);
}

static void a_broken_base_is_reported_once_and_with_its_own_place(void **state)
{
	char path[128];

	(void)state;
	write_file(
		"firmware/base.yaml", "title: x\nbase: true\nquirks: [cpin-no-okay]\n");
	write_file("firmware/r90.yaml", "inherits: base\nbase: true\n");
	write_file("firmware/r91.yaml", "inherits: base\nbase: true\n");
	snprintf(path, sizeof(path), "%s/firmware/r91.yaml", folder);
	assert_false(library_check(library, path, &errors));
	assert_int_equal(errors.n, 1);
	assert_int_equal(errors.item[0].line, 3);
	assert_int_equal(errors.item[0].col, 10);
	assert_non_null(strstr(errors.item[0].file, "firmware/base.yaml"));
	assert_string_equal(errors.item[0].text,
		"\"quirks\" cannot be \"cpin-no-okay\"; did you mean \"cpin-no-ok\"?");
}

static void the_json_schema_names_all_kinds(void **state)
{
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);
	const struct name *n;
	char key[32];

	(void)state;
	profile_print_json(PART_KINDS, f);
	fclose(f);
	for (n = part_names; n->name; n++) {
		snprintf(key, sizeof(key), "\"%s\":{", n->name);
		assert_non_null(strstr(out, key));
	}
	assert_non_null(strstr(out, "wopen3-548"));
	free(out);
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
#define F(name) cmocka_unit_test_setup_teardown(name, begin_folder, end_folder)

static const struct CMUnitTest tests[] = {
	T(every_firmware_knows_the_flash_of_its_device),
	T(every_shipped_profile_loads_with_the_firmwares_of_its_device),
	T(every_shipped_file_passes_its_check),
	T(a_scenario_may_name_a_set),
	T(no_set_has_the_name_of_a_profile),
	T(the_default_is_a_healthy_supreme_20_in_europe),
	T(the_kit_of_74_is_the_only_way_out_of_663),
	T(the_wrong_band_hears_nothing),
	T(settings_change_a_part_or_choose_another),
	T(every_firmware_goes_above_each),
	T(wrong_settings_say_which),
	F(a_users_file_inherits_from_what_is_shipped),
	T(only_what_is_asked_for_is_read),
	F(a_broken_firmware_is_known_by_its_error),
	F(circular_inheritance_is_reported),
	F(a_folder_in_the_environment_goes_first),
	F(a_broken_base_is_reported_once_and_with_its_own_place),
	T(the_json_schema_names_all_kinds),
};

UNIT_MAIN(tests)
