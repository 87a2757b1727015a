#include "at/barring.h"

#include <string.h>

#include "at/security.h"
#include "at/services.h"

/* The facility as it stands on the line. */
static bool find(const struct at_arg *arg, int *out)
{
	static const struct {
		const char *name;
		int barring;
	} names[] = { { "AO", SS_AO }, { "OI", SS_OI }, { "OX", SS_OX }, { "AI", SS_AI },
		{ "IR", SS_IR }, { "AG", SS_AG }, { "AC", SS_AC }, { "AB", SS_AB } };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (arg->len == 2 && !memcmp(arg->text, names[i].name, 2)) {
			*out = names[i].barring;
			return true;
		}
	}
	return false;
}

int at_barring_clck(struct modem *m, struct at_call *c)
{
	unsigned classes = ss_classes(at_given(c, 3) ? c->arg[3].num : 7);
	int result = at_ss_reachable(m);
	char password[17];
	int barring;

	if (result != AT_OK)
		return result;
	if (!find(&c->arg[0], &barring))
		return AT_CME(CME_NOT_ALLOWED);
	if (c->arg[1].num == 2) {
		if (barring >= SS_BARRINGS)
			return AT_CME(CME_NOT_ALLOWED);
		at_info_classes(m, "+CLCK", ss_barring(&m->ss, (enum ss_barring)barring),
			classes);
		return AT_OK;
	}
	if (!at_take_digits(&c->arg[2], 4, 4, password))
		return AT_CME(c->arg[2].given ? CME_BAD_PASSWORD : CME_NOT_ALLOWED);
	return at_ss_verdict(
		m, ss_bar(&m->ss, barring, c->arg[1].num == 1, classes, password));
}

int at_barring_cpwd(struct modem *m, struct at_call *c)
{
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

/* The network answers at once: the time it takes is the latency of the command. */
int at_barring_more(struct modem *m, struct at_call *c, enum at_why why)
{
	(void)m;
	(void)c;
	(void)why;
	return AT_ERROR;
}
