/* Sets what the flash holds without a download: a unit that was left half-flashed, or one
 * with an application. */
#include "actions/rows.h"

#include <stdio.h>
#include <string.h>

#include "state/modem_state.h"
#include "state/nv.h"

#define AS_IT_IS -1

struct flash_args {
	char firmware[PROFILE_NAME], downloader[PROFILE_NAME];
	char application[24]; /* as in struct flash */
	int fault, objects, wopen, ad_size;
};

static const struct name kept_lost[] = {
	{ AS_IT_IS, "as-it-is", NULL },
	{ 0, "none", NULL },
	{ 1, "some", NULL },
	{ 0, NULL, NULL },
};
static const struct schema_field flash_fields[] = {
	{ "firmware", "the installed one, or none: the one in flash is damaged",
		SCHEMA_TEXT, ARG(flash_args, firmware) },
	{ "downloader", "the firmware it belongs to", SCHEMA_TEXT,
		ARG(flash_args, downloader) },
	{ "application",
		"the Open AT library it was built with (\"AT v06.30\"), own: that of the "
		"firmware, or none",
		SCHEMA_TEXT, ARG(flash_args, application) },
	{ "fault", "what is wrong with that application", SCHEMA_ENUM,
		ARG(flash_args, fault), .names = app_fault_names, .def = "none" },
	{ "objects", "flash objects of the application", SCHEMA_ENUM,
		ARG(flash_args, objects), .names = kept_lost, .def = "as-it-is" },
	{ "wopen", "AT+WOPEN: 1, the application is started; -1: unchanged", SCHEMA_INT,
		ARG(flash_args, wopen), .min = AS_IT_IS, .max = 1, .def = "-1" },
	{ "ad_size", "KB of application and data storage; -1: unchanged", SCHEMA_INT,
		ARG(flash_args, ad_size), .min = AS_IT_IS, .max = 16384, .def = "-1" },
	{ NULL },
};
static const struct schema flash_schema = { .name = "flash",
	.help = "sets what the flash holds without a download; takes effect at a boot",
	.fields = flash_fields };

static const char *check_flash(const void *args)
{
	const struct flash_args *a = args;

	if (a->fault != APP_SOUND && !a->application[0])
		return "fault needs an application; write application, such as own";
	if (a->firmware[0] || a->downloader[0] || a->application[0] ||
		a->objects != AS_IT_IS || a->wopen != AS_IT_IS || a->ad_size != AS_IT_IS)
		return NULL;
	return "changes nothing; write firmware, downloader, application, objects, wopen "
	       "or ad_size";
}

/* The slot of a firmware, -1 if no profile has it. */
static long find(const struct modem *m, const char *name)
{
	size_t slot;

	return profile_find(m->profile, name, &slot) ? (long)slot : -1;
}

/* Why there is no such firmware: its file, or `unknown`. */
static const char *missing(struct modem *m, const char *name, const char *unknown)
{
	const char *flaw = profile_flaw(m->profile, name);

	if (!flaw)
		return unknown;
	snprintf(m->faults.why, FAULT_WHY, "the file of that firmware has an error: %s",
		flaw);
	return m->faults.why;
}

static const char *put_firmware(
	struct modem *m, struct flash_contents *c, const char *name)
{
	long index;

	if (!strcmp(name, "none")) {
		c->valid = false;
		return NULL;
	}
	index = find(m, name);
	if (index < 0)
		return missing(m, name,
			"no profile describes that firmware; write one of "
			"profiles/firmware, or none");
	c->firmware = (size_t)index;
	c->valid = true;
	return NULL;
}

static const char *put_downloader(
	struct modem *m, struct flash_contents *c, const char *name)
{
	long index = find(m, name);

	if (index < 0)
		return missing(m, name,
			"no profile describes the firmware of that downloader; write one "
			"of profiles/firmware");
	c->downloader = (size_t)index;
	return NULL;
}

static void put_application(
	const struct modem *m, struct flash_contents *c, const struct flash_args *a)
{
	const char *library = a->application;
	const char *own = profile_at(m->profile, c->firmware)->open_at.text;

	c->application = strcmp(library, "none") != 0;
	c->app_size = c->application
			      ? image_default_size(profile_at(m->profile, c->firmware),
					DWL_APPLICATION)
			      : 0;
	c->fault = c->application ? (enum app_fault)a->fault : APP_SOUND;
	if (!strcmp(library, "own"))
		library = own;
	memset(c->library, 0, sizeof(c->library));
	if (c->application)
		memcpy(c->library, library, strnlen(library, sizeof(c->library) - 1));
}

static const char *put_flash(struct modem *m, const void *args)
{
	struct flash_contents c = flash_contents(&m->flash);
	const struct flash_args *a = args;
	const char *why = NULL;

	if (a->firmware[0])
		why = put_firmware(m, &c, a->firmware);
	if (!why && a->downloader[0])
		why = put_downloader(m, &c, a->downloader);
	if (why)
		return why;
	if (a->application[0])
		put_application(m, &c, a);
	if (a->objects != AS_IT_IS)
		c.objects = a->objects;
	if (!flash_put(&m->flash, &c))
		return "the memory cannot be written; see the log";
	if (a->wopen != AS_IT_IS)
		m->open_at.mode = a->wopen;
	if (a->ad_size != AS_IT_IS)
		m->open_at.ad_size = a->ad_size;
	return nv_save_open_at(m) ? NULL : "the memory cannot be written; see the log";
}

const struct action_row actions_flash[] = {
	{ "flash", &flash_schema, sizeof(struct flash_args), put_flash, check_flash,
		.example = "flash wopen=1" },
	{ NULL },
};
