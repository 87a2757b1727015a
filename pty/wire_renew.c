/* A wire from outside, where more than an action is asked: a new modem in the place of the
 * old one, and a console that types as a host would. */
#include <sys/mman.h>

#include "conf/must.h"
#include "wire_int.h"
#include "wire_sockets.h"

/* --- a new modem -------------------------------------------------------------------- */

static bool has_host(const struct end *e)
{
	return e->dtr || e->console;
}

/* Tells a new modem what is at the port. Returns whether a client is there. */
static bool renew(struct end *e)
{
	struct wire *w = e->wire;

	modem_uart(w->modem, e->number, w->now, &e->uart);
	if (e->carries_rts)
		modem_rts(w->modem, e->number, w->now, e->rts);
	modem_dtr(w->modem, e->number, w->now, has_host(e));
	e->unplugged = false;
	if (e->port)
		port_plug(e->port, true);
	return has_host(e);
}

static bool erase(struct wire *w)
{
	return !w->o.nv.load || !w->o.nv_clear || !w->o.nv_clear(w->o.nv.ctx);
}

/* The old modem goes; it is still there for the watchers. */
static void begin(struct wire *w)
{
	usec_t now;
	size_t i;

	wire_enter(w, &now);
	wire_net_link(w->net, NULL);
	wire_sockets_clear(w->sockets);
	for (i = 0; i < w->watches; i++)
		if (w->watch[i].renewed)
			w->watch[i].renewed(w->watch[i].ctx);
}

static void finish(struct wire *w)
{
	bool client = false;
	unsigned i;

	w->modem = wire_make(w);
	must(w->modem);
	for (i = 0; i < w->ends; i++)
		client |= renew(&w->end[i]);
	w->powered = false;
	if (!w->o.cold)
		wire_boot(w, w->now);
	else if (client)
		wire_power_on(w, w->now);
	wire_leave(w);
}

bool wire_factory(struct wire *w)
{
	if (!erase(w))
		return false;
	begin(w);
	finish(w);
	return true;
}

bool wire_renew(struct wire *w, const struct wire_renewal *r)
{
	size_t size = modem_size(r->profile, w->ends);

	if (!erase(w))
		return false;
	begin(w);
	w->modem = NULL; /* its memory may go */
	if (size != w->mem_size) {
		munmap(w->mem, w->mem_size);
		w->mem = wire_memory(size);
		w->mem_size = size;
	}
	w->profile = r->profile;
	w->o.cold = r->cold;
	w->o.modem.seed = r->seed;
	w->o.modem.numbers = r->numbers;
	w->o.modem.images = r->images;
	w->o.modem.n_images = r->n_images;
	w->o.modem.faults = r->faults;
	w->o.modem.n_faults = r->n_faults;
	finish(w);
	return true;
}

/* --- the console -------------------------------------------------------------------- */

bool wire_client(const struct wire *w, unsigned port)
{
	return port < w->ends && w->end[port].port && port_clients(w->end[port].port);
}

bool wire_console(const struct wire *w, unsigned port)
{
	return port < w->ends && w->end[port].console;
}

size_t wire_type(struct wire *w, unsigned port, const void *buf, size_t len)
{
	struct end *e = &w->end[port];
	usec_t now;

	if (port >= w->ends || !e->port || e->unplugged)
		return 0;
	wire_enter(w, &now);
	if (!e->dtr && !e->console && !port_clients(e->port)) {
		e->console = true;
		modem_dtr(w->modem, port, now, true);
		if (!w->powered)
			wire_power_on(w, now);
	}
	len = wire_take(e, buf, len);
	wire_leave(w);
	return len;
}

void wire_hang_up(struct wire *w, unsigned port)
{
	struct end *e = &w->end[port];
	usec_t now;

	if (port >= w->ends || !e->console)
		return;
	wire_enter(w, &now);
	e->console = false;
	modem_dtr(w->modem, port, now, false);
	wire_leave(w);
}
