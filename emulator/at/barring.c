#include "at/barring.h"

/* A network that offers no barring answers so. */
int at_barring_clck(struct modem *m, struct at_call *c)
{
	(void)m;
	(void)c;
	return AT_CME(CME_NOT_SUPPORTED);
}

int at_barring_cpwd(struct modem *m, struct at_call *c)
{
	(void)m;
	(void)c;
	return AT_CME(CME_NOT_SUPPORTED);
}

int at_barring_more(struct modem *m, struct at_call *c, enum at_why why)
{
	(void)m;
	(void)c;
	(void)why;
	return AT_CME(CME_NOT_SUPPORTED);
}
