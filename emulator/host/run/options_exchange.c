/* The exchange with modems of other processes: --exchange and what belongs to it. */
#include "host/run/options_int.h"

bool options_take_exchange(void *options, char *arg, char *why, size_t size)
{
	struct options *o = options;

	o->exchange = true;
	return mqtt_url_parse(arg, &o->broker, why, size);
}

bool options_take_exchange_password(void *options, char *arg, char *why, size_t size)
{
	((struct options *)options)->broker_password = arg;
	return cli_path(arg, why, size);
}

bool options_take_exchange_ca(void *options, char *arg, char *why, size_t size)
{
	((struct options *)options)->broker_ca = arg;
	return cli_path(arg, why, size);
}

bool options_take_exchange_cert(void *options, char *arg, char *why, size_t size)
{
	((struct options *)options)->broker_cert = arg;
	return cli_path(arg, why, size);
}

bool options_take_exchange_key(void *options, char *arg, char *why, size_t size)
{
	((struct options *)options)->broker_key = arg;
	return cli_path(arg, why, size);
}

const char *options_exchange_conflict(const struct options *o)
{
	bool tls = o->broker_ca || o->broker_cert || o->broker_key;

	if (!o->exchange && (tls || o->broker_password))
		return "--exchange-password, -ca, -cert and -key work only with "
		       "--exchange; add --exchange mqtt://HOST, or leave them out";
	if (tls && !o->broker.tls)
		return "certificates are for TLS; write --exchange mqtts://..., or leave "
		       "--exchange-ca, -cert and -key out";
	if (!o->broker_cert != !o->broker_key)
		return "--exchange-cert and --exchange-key belong together; give both";
	if (o->broker_password && !o->broker.user[0])
		return "a password needs a user; write --exchange mqtt://USER@HOST";
	return NULL;
}
