/* Call barring for +CLCK and +CPWD: checks the arguments, asks gsm/ss.h. */
#include "chapters/services/barring.h"

#include "chapters/services/services.h"
#include "chapters/sim/sim.h"
#include "state/modem_state.h"

int at_barring_clck(struct channel *ch, const struct at_call *c, int barring)
{
	struct modem *m = ch->modem;
	unsigned classes = ss_classes(at_given(c, 3) ? c->arg[3].num : 7);
	int result = at_ss_reachable(m);
	char password[17];

	if (result != AT_OK)
		return result;
	if (c->arg[1].num == 2) {
		if (barring >= SS_BARRINGS)
			return AT_CME(CME_NOT_ALLOWED);
		at_info_classes(ch, "+CLCK", ss_barring(&m->ss, (enum ss_barring)barring),
			classes);
		return AT_OK;
	}
	if (!at_take_digits(&c->arg[2], 4, 4, password))
		return AT_CME(c->arg[2].given ? CME_BAD_PASSWORD : CME_NOT_ALLOWED);
	return at_ss_verdict(
		m, ss_bar(&m->ss, barring, c->arg[1].num == 1, classes, password));
}

int at_barring_cpwd(struct channel *ch, const struct at_call *c)
{
	struct modem *m = ch->modem;
	int result = at_ss_reachable(m);
	char old[17], new_password[17];

	if (result != AT_OK)
		return result;
	if (!at_take_digits(&c->arg[1], 4, 4, old))
		return AT_CME(CME_BAD_PASSWORD);
	if (!at_take_digits(&c->arg[2], 4, 4, new_password))
		return AT_CME(CME_NOT_ALLOWED);
	return at_ss_verdict(m, ss_password(&m->ss, old, new_password));
}
