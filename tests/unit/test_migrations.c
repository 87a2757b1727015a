/* Every upgrade from one shipped firmware to another, carried out from AT+WDWL to the
 * boot; their table in profiles/README.md. With ACCEPT=1 in the environment the test
 * rewrites the table. A new firmware gets its rows automatically. */
#include "readme.h"

#include "upgrade_rig.h"

#define ROWS   800
#define RESULT 240
#define LOST   120

/* ---- one upgrade ----------------------------------------------------------------------
 */

/* What an upgrade may erase. */
static const struct item {
	const char *name, *set, *query;
} items[] = {
	{ "band", "AT+WMBS=4", "AT+WMBS?" },
	{ "+WIND", "AT+WIND=8", "AT+WIND?" },
	{ "speed", "AT+IPR=57600", "AT+IPR?" },
	{ "saved settings", "ATS0=3&W", "ATS0?" },
	{ "A&D size", "AT+WOPEN=6,512", "AT+WOPEN=6" },
};
#define ITEMS (sizeof(items) / sizeof(items[0]))

static char before[ITEMS][200];

/* The first line of the answer; the rest depends on the time. */
static void query(size_t i, char *out, size_t size)
{
	const char *text = ask(items[i].query);
	const char *line = strstr(text, "\r\n");

	size_t len = line ? strcspn(line + 2, "\r") : 0;
	const char *rest;

	snprintf(out, size, "%.*s", (int)len, line ? line + 2 : "");
	/* +WOPEN: 6,SIZE,REST: the rest depends on the firmware */
	rest = strchr(out, ',');
	rest = rest ? strchr(rest + 1, ',') : NULL;
	if (rest)
		out[rest - out] = '\0';
}

/* A unit with this firmware, an application and settings changed by its owner. */
static void prepare(const struct firmware *from)
{
	size_t i;

	assert_true(profile_find(profile, from->name, &profile->installed));
	profile->downloader = profile->installed;
	rig_init(&r, profile);
	rig_boot(&r);
	for (i = 0; i < ITEMS; i++) {
		ask(items[i].set);
		rig_pass(&r, SEC(40));
	}
	download();
	assert_int_equal(deliver(from, DWL_APPLICATION), RUNS);
	reset();
	r.modem->flash.objects = true;
	for (i = 0; i < ITEMS; i++)
		query(i, before[i], sizeof(before[i]));
}

struct played {
	enum outcome outcome;
	enum dwl_kind at;  /* the file that was refused */
	const char *after; /* what runs afterwards, "" for nothing */
	char text[RESULT];
};

static bool erases(enum path_route route)
{
	return route >= ROUTE_ERASE_FIRMWARE && route <= ROUTE_ERASE_RESET;
}

static void send_files(const struct firmware *to, enum path_route route, struct played *p)
{
	if (erases(route))
		assert_non_null(strstr(ask("AT+WOPEN=4"), "OK"));
	download();
	if (route == ROUTE_E2P)
		assert_int_equal(deliver(to, DWL_E2P), RUNS);
	else if (route != ROUTE_FIRMWARE && route != ROUTE_ERASE_FIRMWARE) {
		p->at = DWL_DOWNLOADER;
		p->outcome = deliver(to, DWL_DOWNLOADER);
		if (p->outcome != RUNS)
			return;
		if (route == ROUTE_RESET || route == ROUTE_ERASE_RESET) {
			reset();
			download();
		}
	}
	p->at = DWL_FIRMWARE;
	p->outcome = deliver(to, DWL_FIRMWARE);
}

static void add(char *list, const char *name)
{
	size_t len = strlen(list);

	snprintf(list + len, LOST - len, "%s%s", len ? ", " : "", name);
}

/* What the new firmware has kept and lost. */
static void compare(bool erased, char *text)
{
	char lost[LOST] = "", now[200];
	const char *app = "";
	size_t i;

	for (i = 0; i < ITEMS; i++) {
		query(i, now, sizeof(now));
		if (!strstr(before[i], "ERROR") && !strstr(now, "ERROR") &&
			strcmp(now, before[i]) != 0)
			add(lost, items[i].name);
	}
	if (!r.modem->flash.app_present)
		add(lost, erased ? "application (by AT+WOPEN=4)" : "application");
	if (!r.modem->flash.objects)
		add(lost, "flash objects");
	if (r.modem->flash.app_present) {
		ask("AT+CMEE=1");
		app = strstr(ask("AT+WOPEN=1"), "+CME ERROR: 541")
			      ? "; the application is kept and does not start (541)"
			      : "; the application is kept";
	}
	snprintf(text, RESULT, "runs%s%s%s", lost[0] ? "; lost: " : "", lost, app);
}

static void play(const struct firmware *from, const struct firmware *to,
	enum path_route route, struct played *p)
{
	static const char *const errors[] = { "", "header error", "allocation error",
		"" };
	const char *stays;

	memset(p, 0, sizeof(*p));
	prepare(from);
	send_files(to, route, p);
	reset();
	p->after = r.modem->fw ? r.modem->fw->name : "";
	if (r.modem->power == POWER_FAULT) {
		p->outcome = FAULT;
		snprintf(p->text, RESULT, "Fault 04 for ever");
	} else if (p->outcome == RUNS) {
		assert_string_equal(p->after, to->name);
		compare(erases(route), p->text);
	} else {
		stays = strcmp(p->after, from->name) ? p->after : "the old one";
		snprintf(p->text, RESULT, "%s at the %s; %s runs", errors[p->outcome],
			name_of(dwl_kind_names, (int)p->at),
			p->after[0] ? stays : "no firmware");
	}
	rig_free(&r);
}

/* ---- rows
 * ------------------------------------------------------------------------------ */

struct row {
	size_t from, to; /* indices of names[] */
	enum path_route route;
	enum dwl_kind up_to; /* the downloader, if nothing was sent after it */
	char text[RESULT];
	char see[96];
	enum provenance provenance;
	bool told;
};

static struct row rows[ROWS];
static size_t n_rows;
static char names[PROFILE_FIRMWARES][PROFILE_NAME];
static size_t n_names;

static void add_row(const struct firmware *from, const struct firmware *to,
	enum path_route route, const struct played *p)
{
	struct row *row = &rows[n_rows++];
	size_t i;

	assert_true(n_rows < ROWS);
	memset(row, 0, sizeof(*row));
	for (i = 0; i < n_names; i++) {
		if (!strcmp(names[i], from->name))
			row->from = i;
		if (!strcmp(names[i], to->name))
			row->to = i;
	}
	row->route = route;
	row->up_to = p->at;
	strcpy(row->text, p->text);
	for (i = 0; i < to->reports; i++) {
		if (strcmp(to->reported[i].from, from->name) ||
			to->reported[i].route != route)
			continue;
		strcpy(row->see, to->reported[i].see);
		row->provenance = to->reported[i].provenance;
	}
}

/* Tries the routes in turn until one works; erasing helps only where space was missing.
 */
static void play_pair(const struct firmware *from, const struct firmware *to)
{
	enum path_route route;
	struct played p;

	for (route = ROUTE_FIRMWARE; route <= ROUTE_RESET; route++) {
		play(from, to, route, &p);
		add_row(from, to, route, &p);
		if (p.outcome == ALLOCATION_ERROR) {
			play(from, to, route + ROUTE_ERASE_FIRMWARE, &p);
			add_row(from, to, route + ROUTE_ERASE_FIRMWARE, &p);
		}
		if (p.outcome == FAULT) {
			play(from, to, ROUTE_E2P, &p);
			add_row(from, to, ROUTE_E2P, &p);
			return;
		}
		if (p.outcome == RUNS || p.at == DWL_DOWNLOADER)
			return;
	}
}

static bool takes(const struct firmware *f)
{
	return device_has_module(&profile->device, f->module);
}

/* There is no image for it: it is left by a broken upgrade. */
static bool half(const struct firmware *f)
{
	const struct firmware *other;
	size_t i;

	for (i = 0; (other = profile_nth(profile, i)); i++)
		if (!strcmp(other->half, f->name))
			return true;
	return false;
}

static bool done[PROFILE_FIRMWARES][PROFILE_FIRMWARES];

static size_t index_of(const char *name)
{
	size_t i;

	for (i = 0; i < n_names && strcmp(names[i], name) != 0; i++)
		;
	assert_true(i < n_names);
	return i;
}

static void play_device(const char *name)
{
	const struct firmware *from, *to;
	size_t i, k;
	bool *seen;

	profile = rig_profile(name);
	for (i = 0; (from = profile_nth(profile, i)); i++) {
		for (k = 0; (to = profile_nth(profile, k)) && takes(from) && !from->base;
			k++) {
			if (k == i || to->base || !takes(to) || half(to))
				continue;
			seen = &done[index_of(from->name)][index_of(to->name)];
			if (!*seen)
				play_pair(from, to);
			*seen = true;
		}
	}
	rig_profile_free(profile);
}

/* ---- the table
 * -------------------------------------------------------------------------- */

static void add_name(const char *name)
{
	assert_true(n_names < PROFILE_FIRMWARES);
	strcpy(names[n_names++], name);
}

static bool alike(const struct row *a, const struct row *b)
{
	return a->to == b->to && a->route == b->route && a->up_to == b->up_to &&
	       !strcmp(a->text, b->text) && !strcmp(a->see, b->see) &&
	       a->provenance == b->provenance;
}

static const char *route_text(const struct row *row)
{
	if (row->up_to == DWL_DOWNLOADER)
		return "the downloader";
	return name_find(route_names, name_of(route_names, (int)row->route))->help;
}

/* Prints one line for all pairs with the same result. */
static void print_row(size_t first, FILE *out)
{
	const struct row *row = &rows[first];
	size_t i;

	fprintf(out, "| `%s`", names[row->from]);
	rows[first].told = true;
	for (i = first + 1; i < n_rows; i++) {
		if (rows[i].told || !alike(row, &rows[i]))
			continue;
		fprintf(out, ", `%s`", names[rows[i].from]);
		rows[i].told = true;
	}
	fprintf(out, " | `%s` | %s | %s | %s | %s |\n", names[row->to], route_text(row),
		row->text, row->see, name_of(provenance_names, (int)row->provenance));
}

static void every_upgrade_fares_as_the_table_says(void **state)
{
	char *table = NULL;
	size_t len, i, to;
	FILE *out = open_memstream(&table, &len);

	(void)state;
	rig_each_firmware(add_name);
	rig_each_profile(play_device);
	fputs("| from | to | images sent | result | source | provenance |\n"
	      "| --- | --- | --- | --- | --- | --- |\n",
		out);
	for (to = 0; to < n_names; to++)
		for (i = 0; i < n_rows; i++)
			if (rows[i].to == to && !rows[i].told)
				print_row(i, out);
	fclose(out);
	readme_check("PROFILES_README", "<!-- upgrades -->\n",
		"<!-- end of the upgrades -->\n", table, len);
	free(table);
}

/* Every reported upgrade must have been carried out: otherwise its route or firmware is
 * misspelt, or an easier route works here. */
static const char *reports_of;

static void check_reports(const char *name)
{
	const struct firmware *f;
	size_t i, k;

	profile = rig_profile(name);
	f = profile_at(profile, profile->installed);
	for (i = 0; i < f->reports; i++) {
		for (k = 0; k < n_rows; k++)
			if (rows[k].to == index_of(f->name) &&
				rows[k].from == index_of(f->reported[i].from) &&
				rows[k].route == f->reported[i].route && rows[k].see[0])
				break;
		if (k == n_rows)
			fail_msg("%s: an upgrade from %s by %s is reported, but is not "
				 "the one tested",
				f->name, f->reported[i].from,
				name_of(route_names, (int)f->reported[i].route));
		reports_of = f->name;
	}
	rig_profile_free(profile);
}

static void every_reported_upgrade_was_tested(void **state)
{
	(void)state;
	rig_each_profile(check_reports);
	assert_non_null(reports_of);
}

static const struct CMUnitTest tests[] = {
	UNIT(every_upgrade_fares_as_the_table_says),
	UNIT(every_reported_upgrade_was_tested),
};

UNIT_MAIN(tests)
