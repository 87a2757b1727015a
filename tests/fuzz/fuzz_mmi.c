/* Exercises at/mmi: for any input, an accepted sequence lies within the input, and its
 * parts put together are the same sequence. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "chapters/services/mmi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool is)
{
	if (!is)
		abort();
}

static const char *front(enum mmi_op op)
{
	switch (op) {
	case MMI_ACTIVATE:
		return "*";
	case MMI_DEACTIVATE:
		return "#";
	case MMI_QUERY:
		return "*#";
	case MMI_REGISTER:
		return "**";
	case MMI_ERASE:
		return "##";
	}
	abort();
}

static void check_meaning(const struct mmi *x)
{
	check(x->classes && !(x->classes & ~(unsigned)(SS_ALL | SS_SMS)));
	check(!x->time || (x->time >= 5 && x->time <= 30));
	switch (x->service) {
	case MMI_FORWARD:
		check(x->code >= 0 && x->code <= SS_REASON_CONDITIONAL);
		break;
	case MMI_BARRING:
	case MMI_PASSWORD:
		check(x->code >= 0 && x->code <= SS_AB);
		break;
	case MMI_PIN:
	case MMI_UNBLOCK:
		check(x->code == 0 || x->code == 1);
		check(x->parts == 3);
		break;
	case MMI_WAITING:
	case MMI_CLIP:
	case MMI_CLIR:
	case MMI_COLP:
	case MMI_IMEI:
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *keys = (const char *)data, *p;
	struct mmi x;
	size_t i;

	if (!mmi_parse(keys, size, &x))
		return 0;
	check(x.parts <= MMI_PARTS);
	check_meaning(&x);
	p = front(x.op);
	check(size > strlen(p) && !memcmp(keys, p, strlen(p)) && keys[size - 1] == '#');
	/* each part follows a *, the last is before the # */
	for (i = 0; i < x.parts; i++) {
		p = x.part[i].text;
		check(p > keys && p[-1] == '*' && p + x.part[i].len < keys + size);
		check(!memchr(p, '*', x.part[i].len) && !memchr(p, '#', x.part[i].len));
		check(p[x.part[i].len] == (i + 1 < x.parts ? '*' : '#'));
	}
	return 0;
}
