#include "state/say_conf.h"

#include <string.h>

const struct name boot_stage_names[] = {
	{ STAGE_POWER, "power", "power-on or reset begins" },
	{ STAGE_READY, "ready", "+WIND: 3: commands are accepted" },
	{ STAGE_NETWORK, "network", "the first registration of this boot" },
	{ STAGE_FILES, "files", "+WIND: 4: the SIM files are loaded" },
	{ 0, NULL, NULL },
};

const char *says_find(const struct says_conf *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (!strcmp(s->say[i].name, name))
			return s->say[i].text;
	return NULL;
}
