/* What the whole chapter asks. */
#include "chapters/wip/wip.h"

#include "state/application.h"
#include "state/modem_state.h"

struct wip *wip_of(const struct modem *m)
{
	return &m->cold->wip.wip;
}

int wip_version(const struct modem *m)
{
	const struct application *a = application_running(m);

	return a ? a->wip_version : 0;
}

int wip_option(const struct modem *m, enum wip_option o)
{
	return wip_of(m)->option[o];
}

/* Every command needs SIM and PIN (wip.md WIPsoft availability); that what ends things
 * does not, and that these codes say so, is inferred. */
int wip_sim(const struct modem *m)
{
	switch (sim_state(&m->sim)) {
	case SIM_OFF:
	case SIM_ABSENT:
		return AT_CME(WIP_NO_SIM);
	case SIM_READY:
		return AT_OK;
	case SIM_CHECKING:
	case SIM_PIN:
	case SIM_PUK:
	case SIM_LOCKED:
	case SIM_BLOCKED:
	case SIM_FAILED:
	case SIM_LOADING:
		break;
	}
	return AT_CME(WIP_SIM_NOT_READY);
}
