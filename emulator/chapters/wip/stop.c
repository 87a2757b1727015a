/* The end of the stack, and of all that runs on it. */
#include <string.h>

#include "chapters/wip/wip.h"
#include "state/modem_state.h"

void wip_stop(struct modem *m)
{
	struct wip *w = wip_of(m);
	unsigned i;

	if (!w->started)
		return;
	for (i = 0; i < SOCKETS; i++)
		if (socket_listed(socket_of(m, i)))
			wip_forget(m, socket_of(m, i));
	sockets_stop(m);
	wip_ping_stop(m);
	wip_bearer_cancel(m);
	wip_bearer_stop(m);
	timer_stop(&m->sched, &w->hold);
	memset(w, 0, sizeof(*w));
	modem_notify(m, NOTICE_WIP, "stack stopped", 0);
}
