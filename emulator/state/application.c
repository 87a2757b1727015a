#include "state/application.h"

const struct name provides_names[] = {
	{ PROVIDES_WIP, "wip", "WIPsoft: the +WIP commands" },
	{ 0, NULL, NULL },
};

const struct application *application_running(const struct modem *m)
{
	(void)m; /* profiles cannot name one yet */
	return NULL;
}
