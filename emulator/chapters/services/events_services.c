/* Supplementary service notifications during calls: +CSSI for outgoing calls, +CSSU for
 * incoming and established ones (27.007 clause 7.17, services.md +CSSI, +CSSU). */
#include "at/reply.h"
#include "chapters/call/call.h"
#include "chapters/services/services.h"
#include "state/modem_state.h"

void at_urc_cssi(struct modem *m, enum at_cssi code)
{
	if (m->live.cssi)
		at_urc(m, "+CSSI: %d", (int)code);
}

static void urc_cssu(struct modem *m, enum at_cssu code)
{
	if (m->live.cssu)
		at_urc(m, "+CSSU: %d", (int)code);
}

/* Reports that calls of this class to this number are forwarded: all, or some. */
static void tell_forwarding(struct modem *m, enum ss_class class)
{
	int reason;

	if (ss_forward(&m->ss, SS_UNCONDITIONAL, class)) {
		at_urc_cssi(m, CSSI_FORWARDS_ALL);
		return;
	}
	for (reason = SS_BUSY; reason < SS_REASONS; reason++)
		if (ss_forward(&m->ss, (enum ss_reason)reason, class)) {
			at_urc_cssi(m, CSSI_FORWARDS_SOME);
			return;
		}
}

enum ss_class at_service_class(const struct call *c)
{
	return c->bearer == BEARER_VOICE  ? SS_VOICE
	       : c->bearer == BEARER_DATA ? SS_DATA
					  : SS_FAX;
}

void at_tell_dialled(struct modem *m, const struct call *c)
{
	if (!c->emergency)
		tell_forwarding(m, at_service_class(c));
}

void at_tell_called(struct modem *m, const struct call *c)
{
	if (c->detour != DETOUR_NONE)
		urc_cssu(m,
			c->detour == DETOUR_DEFLECTED ? CSSU_DEFLECTED : CSSU_FORWARDED);
	if (c->group != GROUP_NONE && m->live.cssu)
		at_urc(m, "+CSSU: %d,%d", CSSU_GROUP, c->group);
}

void at_tell_released(struct modem *m)
{
	urc_cssu(m, CSSU_RELEASED);
}

void at_tell_hint(struct modem *m, const struct call *c)
{
	switch (c->hint) {
	case HINT_FORWARDED:
		at_urc_cssi(m, CSSI_FORWARDED);
		break;
	case HINT_DEFLECTED:
		at_urc_cssi(m, CSSI_DEFLECTED);
		break;
	case HINT_WAITS:
		at_urc_cssi(m, CSSI_WAITS);
		break;
	case HINT_GROUP:
		if (m->live.cssi)
			at_urc(m, "+CSSI: %d,%d", CSSI_GROUP, c->group);
		break;
	case HINT_BARS:
		at_urc_cssi(m, CSSI_BARRED_IN);
		break;
	case HINT_HELD:
		urc_cssu(m, CSSU_HELD);
		break;
	case HINT_RETRIEVED:
		urc_cssu(m, CSSU_RETRIEVED);
		break;
	case HINT_CONFERENCE:
		urc_cssu(m, CSSU_MULTIPARTY);
		break;
	case HINT_SENT_ON:
		urc_cssu(m, CSSU_SENT_ON);
		break;
	}
}
