/* Sets what the flash holds without a download: a unit that was left half-flashed, or one
 * with an application. */
#include "actions/rows.h"

#include <stdio.h>
#include <string.h>

#include "state/application.h"
#include "state/modem_state.h"
#include "state/nv.h"

#define AS_IT_IS -1

struct flash_args {
	char firmware[PROFILE_NAME], downloader[PROFILE_NAME];
	char application[PROFILE_NAME];
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
		"a name of applications/, or none; without a file: the Open AT library "
		"it "
		"was built with (\"AT v06.30\"), or own: that of the firmware",
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

/* Without a file an application is only its library: "AT v06.30", or own. */
static const char *put_library(
	const struct modem *m, struct flash_contents *c, const char *library)
{
	const struct firmware *fw = profile_at(m->profile, c->firmware);

	if (!strcmp(library, "own"))
		library = fw->open_at.text;
	else if (!library_fits(library, library))
		return NULL;
	c->app_name[0] = '\0';
	c->app_size = image_default_size(fw, DWL_APPLICATION);
	c->fault = APP_SOUND;
	return library;
}

static const char *put_named(
	const struct modem *m, struct flash_contents *c, const char *name)
{
	const struct application *a = profile_application(m->profile, name);

	if (!a)
		return NULL;
	snprintf(c->app_name, sizeof(c->app_name), "%s", name);
	c->app_size = a->size;
	c->fault = (enum app_fault)a->fault;
	return a->library.text;
}

static const char *no_application(struct modem *m, const char *name)
{
	const char *flaw = profile_application_flaw(m->profile, name);

	if (!flaw)
		return "no file describes that application; write one of "
		       "profiles/applications, a library such as \"AT v06.30\", own or "
		       "none";
	snprintf(m->faults.why, FAULT_WHY,
		"the file of that application has an error: %s", flaw);
	return m->faults.why;
}

static const char *put_application(
	struct modem *m, struct flash_contents *c, const struct flash_args *a)
{
	const char *library;

	memset(c->library, 0, sizeof(c->library));
	c->application = strcmp(a->application, "none") != 0;
	if (!c->application) {
		c->app_size = 0;
		c->app_name[0] = '\0';
		c->fault = APP_SOUND;
		return NULL;
	}
	library = put_library(m, c, a->application);
	if (!library)
		library = put_named(m, c, a->application);
	if (!library)
		return no_application(m, a->application);
	memcpy(c->library, library, strnlen(library, sizeof(c->library) - 1));
	if (a->fault != APP_SOUND)
		c->fault = (enum app_fault)a->fault;
	return NULL;
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
		why = put_application(m, &c, a);
	if (why)
		return why;
	if (a->objects != AS_IT_IS)
		c.objects = a->objects;
	if (!flash_put(&m->flash, &c))
		return "the memory cannot be written; see the log";
	if (a->application[0])
		m->s.app_started = false; /* from the next boot on */
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
