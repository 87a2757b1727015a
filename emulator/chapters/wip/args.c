/* Arguments as WIPsoft reads them. */
#include <string.h>

#include "chapters/wip/protocol.h"
#include "chapters/wip/wip.h"

bool wip_text(const struct at_call *c, size_t i, char *out, size_t size)
{
	size_t len = at_given(c, i) ? c->arg[i].len : 0;

	if (len >= size)
		return false;
	memcpy(out, len ? c->arg[i].text : "", len);
	out[len] = '\0';
	return true;
}

bool wip_number(const struct at_arg *a, int *out)
{
	int n = 0;
	size_t i;

	if (!a->given || a->quoted)
		return false;
	for (i = 0; i < a->len; i++) {
		if (a->text[i] < '0' || a->text[i] > '9')
			return false;
		if (n < 100000000)
			n = n * 10 + (a->text[i] - '0');
	}
	*out = n;
	return true;
}

int wip_port(const struct at_call *c, size_t i, uint16_t *out)
{
	int n;

	if (i >= c->args || !wip_number(&c->arg[i], &n))
		return AT_ERROR;
	*out = (uint16_t)n;
	return n >= 1 && n <= 65535 ? AT_OK : AT_CME(WIP_BAD_PORT);
}
