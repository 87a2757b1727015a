/* The modems of the process in the exchange over an MQTT broker. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/must.h"
#include "host/exchange/mqtt_broker.h"
#include "host/nvdir.h"
#include "host/run/run_int.h"
#include "wire.h"

#define RECORD "exchange" /* of a unit: its name in the exchange, 16 digits */
#define DIGITS 16

struct run_mqtt {
	struct mqtt_broker *broker;
	struct mqtt_modem *modem;
	char name[MQTT_NAME / 2], password[512];
};

static bool failed(const char *what, const char *why)
{
	fprintf(stderr, "fauxtrack: %s: %s\n", what, why);
	return false;
}

/* ---- names --------------------------------------------------------------------------- */

/* A new name, not 0; one of --state keeps it. False (reported): it cannot be read or kept. */
static bool unit_name(const struct unit *u, uint64_t *out)
{
	char text[DIGITS + 2];
	long n = u->nv ? nvdir_load(u->nv, RECORD, text, sizeof(text) - 1) : NV_ABSENT;

	if (n == NV_UNREADABLE)
		return false; /* nvdir has said why */
	if (n >= DIGITS) {
		text[DIGITS] = '\0';
		*out = strtoull(text, NULL, 16);
		if (strspn(text, "0123456789abcdef") == DIGITS && *out)
			return true;
	}
	if (n != NV_ABSENT)
		nvdir_damaged(u->nv, RECORD, "is not 16 hexadecimal digits",
			"the unit's name in the exchange");
	if (!run_exchange_name(out))
		return failed("--exchange", "the system has no random numbers");
	snprintf(text, sizeof(text), "%016llx\n", (unsigned long long)*out);
	return !u->nv || !nvdir_store(u->nv, RECORD, text, DIGITS + 1);
}

static bool name_modem(
	const struct run_mqtt *q, const struct unit *u, struct mqtt_modem *m)
{
	const char *group = u->group->name;

	if (mqtt_is_number(u->numbers.own))
		memcpy(m->number, u->numbers.own, strlen(u->numbers.own) + 1);
	m->kept = u->nv;
	m->speed = u->group->o.speed_max ? 1 : u->group->o.speed;
	if (group)
		snprintf(m->name, sizeof(m->name), "modem %u (%u of %.20s) of %s",
			u->number, u->index, group, q->name);
	else
		snprintf(m->name, sizeof(m->name), "modem %u of %s", u->number, q->name);
	return unit_name(u, &m->unit);
}

static bool name_all(const struct run *r, struct run_mqtt *q)
{
	char host[30] = "";
	unsigned i;

	if (gethostname(host, sizeof(host) - 1))
		snprintf(host, sizeof(host), "a machine without a name");
	snprintf(q->name, sizeof(q->name), "%.29s, process %d", host, (int)getpid());
	q->modem = must(calloc(r->count, sizeof(*q->modem)));
	for (i = 0; i < r->count; i++)
		if (!name_modem(q, &r->units[i], &q->modem[i]))
			return false;
	return true;
}

/* ---- the password --------------------------------------------------------------------- */

/* The first line of the file. */
static bool read_password(struct run_mqtt *q, const char *path)
{
	FILE *f = fopen(path, "re");
	bool good = f && fgets(q->password, sizeof(q->password), f);
	int error = errno;

	if (f)
		fclose(f);
	q->password[strcspn(q->password, "\r\n")] = '\0';
	if (good && q->password[0])
		return true;
	fprintf(stderr, "fauxtrack: --exchange-password %s: %s; %s\n", path,
		f ? "its first line is empty" : strerror(error),
		f ? "write the password into it" : "check the path and its permissions");
	return false;
}

/* NULL: none; false: reported. */
static bool find_password(const struct options *o, struct run_mqtt *q, const char **out)
{
	*out = NULL;
	if (!o->broker.user[0])
		return true;
	*out = getenv("FAUXTRACK_EXCHANGE_PASSWORD");
	if (!o->broker_password)
		return true;
	*out = q->password;
	return read_password(q, o->broker_password);
}

static bool can_read(const char *option, const char *path)
{
	if (!path || !access(path, R_OK))
		return true;
	fprintf(stderr, "fauxtrack: %s %s: %s; check the path and its permissions\n",
		option, path, strerror(errno));
	return false;
}

/* ---- life ----------------------------------------------------------------------------- */

struct run_mqtt *run_mqtt_open(const struct run *r, struct neighbours *n)
{
	struct run_mqtt *q = must(calloc(1, sizeof(*q)));
	const struct options *o = &r->o;
	struct mqtt_broker_options b = { .url = o->broker,
		.ca = o->broker_ca,
		.cert = o->broker_cert,
		.key = o->broker_key,
		.seed = r->groups[0].o.seed,
		.name = q->name,
		.modems = r->count,
		.kept = r->units[0].nv,
		.log = &r->units[0].log };
	char why[600];

	if (can_read("--exchange-ca", b.ca) && can_read("--exchange-cert", b.cert) &&
		can_read("--exchange-key", b.key) && find_password(o, q, &b.password) &&
		name_all(r, q)) {
		b.modem = q->modem;
		b.process = q->modem[0].unit;
		q->broker = mqtt_broker_open(r->loop, &b, n, why, sizeof(why));
		if (q->broker)
			return q;
		failed("--exchange", why);
	}
	run_mqtt_close(q);
	return NULL;
}

struct mqtt_counts run_mqtt_counts(const void *run_mqtt)
{
	const struct run_mqtt *q = run_mqtt;

	return mqtt_broker_counts(q->broker);
}

void run_mqtt_close(struct run_mqtt *q)
{
	if (!q)
		return;
	mqtt_broker_close(q->broker);
	free(q->modem);
	free(q);
}
