/* The client's line settings as the master shows them: speed, ECHO, and B0 as a hang-up.
 * The kernel does not report changes, so the settings are read with each batch of bytes,
 * and at a slow poll while a client is there. */
#include <stdint.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "modem_lines.h"

#define POLL_NSEC      200000000 /* a hang-up with B0 may last less than a second */
#define POLLS_A_SECOND 5

/* A pty has no other format than 8N1, so the client's is known only with modem lines. */
static void tell_uart(struct pty *p, const struct slave_line *line)
{
	struct uart u = {
		.baud = p->set ? line->baud : 0,
		.flow = !p->set         ? UART_FLOW_UNKNOWN
			: line->rts_cts ? UART_FLOW_RTS_CTS
					: UART_FLOW_NONE,
	};

	if (p->set)
		lines_format(p, line->cflag, &u);
	port_tell_uart(&p->port, &u);
}

/* A client's tty that echoes would send each URC back to the modem, and then the modem's
 * echo of it. */
static void stop_echo(struct pty *p)
{
	if (!p->told_echo)
		log_client(p->hub->log, LOG_PTY,
			"%s: the client's tty has ECHO on and would send the modem's "
			"output back; ECHO was switched off (stty -echo)",
			p->s.path);
	p->told_echo = true;
	slave_unecho(&p->s);
}

/* Some programs hang up with B0; others leave the port at B0 because the speed does not
 * matter to them. So B0 counts as a hang-up only after bytes at another speed, and never
 * when bytes come with it. */
void pty_line_seen(struct pty *p, bool bytes)
{
	struct slave_line line;

	if (slave_line(&p->s, &line))
		return;
	if (bytes && line.echo)
		stop_echo(p);
	if (bytes) {
		p->heard = p->looked = true;
		p->spoke |= line.baud != 0;
		p->b0_works |= line.baud == 0;
	}
	if (p->hung_up && (line.baud || bytes)) {
		p->hung_up = false;
		if (p->clients)
			pty_tell_dtr(p);
	} else if (!bytes && !line.baud && p->spoke && !p->b0_works && !p->heard &&
		   p->port.dtr) {
		p->hung_up = true;
		port_tell_dtr(&p->port, false);
	}
	/* a client that has changed no setting has set no speed either */
	p->set |= line.set || lines_have_format(p);
	if (bytes || line.baud || !p->set)
		tell_uart(p, &line);
}

/* This is a timer of the kernel: libevent would set its own anew in each turn of the
 * loop. */
static void poll_lines(struct pty_hub *h, bool on)
{
	const struct itimerspec period = {
		.it_interval = { .tv_nsec = on ? POLL_NSEC : 0 },
		.it_value = { .tv_nsec = on ? POLL_NSEC : 0 },
	};

	if (h->polling != on)
		timerfd_settime(h->poll_fd, 0, &period, NULL);
	h->polling = on;
}

/* Notes what surely belongs to the present client, not to one that has just opened the
 * port. */
static void seen_of_client(struct pty *p)
{
	bool locked = slave_is_locked(&p->s), ruled = slave_has_discipline(&p->s);

	hub_collect(p->hub);
	p->locked = locked && !p->turned;
	p->ruled = ruled && !p->turned;
}

/* While a client talks, its settings are read with its bytes, and B0 is no hang-up. So
 * after its first second the kernel is asked only once a second, for a fifth of the ports
 * at a time: with a thousand clients this was a large part of all system calls. */
static void spare(struct pty *p)
{
	p->spared = p->looked && p->polls >= POLLS_A_SECOND &&
		    (p->polls + (unsigned)p->s.master / 2) % POLLS_A_SECOND;
	p->looked = false;
	p->polls++;
}

void hub_poll(struct pty_hub *h)
{
	poll_lines(h, true);
}

void hub_on_poll(evutil_socket_t fd, short what, void *hub)
{
	struct pty_hub *h = hub;
	struct pty *p;
	bool any = false;
	uint64_t ticks;

	(void)what;
	if (read(fd, &ticks, sizeof(ticks)) < 0)
		return;
	hub_look(h);
	for (p = h->ports; p; p = p->next) {
		spare(p);
		pty_doubt(p);
	}
	hub_look(h);
	for (p = h->ports; p; p = p->next) {
		any |= pty_is_open(p) || pty_in_doubt(p);
		if (!p->clients)
			continue;
		if (!p->spared) {
			pty_line_seen(p, false);
			seen_of_client(p);
		}
		p->heard = false;
		port_resume(&p->port);
	}
	hub_settle(h);
	if (!any)
		poll_lines(h, false);
}

/* A new client, of which nothing is known yet. */
void pty_line_new_client(struct pty *p)
{
	p->told_echo = p->hung_up = p->spoke = p->b0_works = false;
	p->locked = p->ruled = p->set = p->looked = p->spared = false;
	p->polls = 0;
	p->heard = true;
	poll_lines(p->hub, true);
}
