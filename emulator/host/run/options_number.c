/* --number: what stands at the far end of data calls. */
#include "host/run/options_number.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "conf/far_conf.h"
#include "conf/profile_schema.h"
#include "host/run/options.h"

#define LISTEN "listen:"

static bool take_caller(struct option_number *n, char *why, size_t size)
{
	char text[LISTEN_HOST + 24], said[200];

	snprintf(text, sizeof(text), "tcp:%s", n->far + strlen(LISTEN));
	if (!listen_parse(text, &n->listen, said, sizeof(said))) {
		snprintf(why, size, "%s", said);
		return false;
	}
	if (!listen_is_public(&n->listen))
		return true;
	snprintf(why, size,
		"%s is an address for other machines, and calls come in from this "
		"machine only; give " LISTEN "PORT",
		n->listen.host);
	return false;
}

static bool take_far(const struct option_number *n, char *why, size_t size)
{
	struct far_end_conf far;
	struct in6_addr unused;
	const char *wrong = far_conf_read(n->far, &far);

	if (!n->far[0])
		wrong = "is no far end; write echo";
	else if (!wrong && strchr(far.host, ':') &&
		 inet_pton(AF_INET6, far.host, &unused) != 1)
		wrong = "has no address of IPv6; write one such as [::1]";
	if (!wrong)
		return true;
	snprintf(why, size, "\"%s\" %s, or " LISTEN "PORT for calls that come in", n->far,
		wrong);
	return false;
}

bool take_number(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	struct option_number *n = &o->numbers[o->n_numbers];
	char *is = strchr(arg, '=');
	bool caller, named = is && strcspn(arg, ":") > (size_t)(is - arg);
	const char *wrong = NULL;

	if (o->n_numbers == OPTIONS_NUMBERS) {
		snprintf(why, size, "more than %d numbers; put some in a profile file",
			OPTIONS_NUMBERS);
		return false;
	}
	if (named)
		*is = '\0';
	*n = (struct option_number){ .number = named ? arg : "",
		.far = named ? is + 1 : arg };
	caller = !strncmp(n->far, LISTEN, strlen(LISTEN));
	if (named || !caller)
		wrong = check_number_key(n->number);
	if (wrong) {
		snprintf(why, size, "\"%s\" %s; write NUMBER=KIND", n->number, wrong);
		return false;
	}
	snprintf(n->key, sizeof(n->key), "network.numbers.%s", n->number);
	o->n_numbers++;
	return caller ? take_caller(n, why, size) : take_far(n, why, size);
}

bool option_number_listens(const struct option_number *n)
{
	return n->listen.kind != LISTEN_NONE;
}
