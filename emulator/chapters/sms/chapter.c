/* Short messages and cell broadcast (27.005; sms.md). */
#include "at/chapter.h"

#include <string.h>

#include "at/at.h"
#include "chapters/sms/events_sms.h"
#include "state/modem_state.h"

extern const struct at_cmd at_cmds_sms[], at_cmds_sms_store[], at_cmds_sms_send[],
	at_cmds_sms_cb[];

static const struct at_cmd *const rows[] = { at_cmds_sms, at_cmds_sms_store,
	at_cmds_sms_send, at_cmds_sms_cb, NULL };

static void init(struct modem *m, int64_t epoch)
{
	const struct sim_conf *card = &m->profile->sim;
	const struct device *device = &m->profile->device;
	const char *centre = card->messages.centre;

	timer_init(&m->s.link_open, "+CMMS link", TIMER_WAIT, at_cmms_over, m);
	sms_init(&m->sms, &m->cold->sms, card->messages.capacity, card->messages.reports);
	message_conf_store(
		card->messages.stored, card->messages.n_stored, centre, &m->sms, SMS_SM);
	message_conf_store(device->messages, device->n_messages, centre, &m->sms, SMS_ME);
	address_parse(&m->sms_params.centre, centre, strlen(centre), 0);
	smsc_init(&m->smsc, &m->cold->smsc, &m->profile->network, centre, m->numbers.own,
		epoch, &m->sched, &m->log);
	at_sms_init(m);
}

static void network(struct modem *m, bool cell_only)
{
	if (!cell_only)
		at_sms_reachable(m);
}

const struct chapter chapter_sms = {
	.name = "sms",
	.rows = rows,
	.class = true,
	.init = init,
	.start = at_sms_start,
	.files = at_sms_reachable,
	.network = network,
};
