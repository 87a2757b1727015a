/* Messages from the world, and what it has got, in scenarios. */
#include <string.h>

#include "host/player_int.h"

void play_sms(struct player *p, const struct step *step)
{
	const struct sms_conf *c = &step->sms;
	const struct modem_sms s = {
		.pdu = c->pdu[0] ? c->pdu : NULL,
		.from = c->from,
		.text = c->text,
		.alphabet = (enum modem_sms_alphabet)c->alphabet,
		.class = c->class,
		.pid = c->pid,
		.wide = c->wide,
		.delay = c->delay,
		.copies = c->copies,
	};
	const char *why = modem_send_sms(p->modem, p->now, &s);

	p->did = p->now;
	if (why)
		play_fail(p, step->at,
			"the service centre does not take this message: %s", why);
}

void play_page(struct player *p, const struct step *step)
{
	const struct page_conf *c = &step->page;
	const struct modem_page page = { c->serial, c->id, c->dcs, c->text };
	const char *why = modem_send_page(p->modem, p->now, &page);

	p->did = p->now;
	if (why)
		play_fail(p, step->at, "this cannot be broadcast: %s", why);
}

void play_outbox(struct player *p, const struct step *step)
{
	if (strcmp(p->sent, step->bytes) != 0)
		play_fail(p, step->at, "the outbox was last told \"%s\", expected \"%s\"",
			p->sent, step->bytes);
}
