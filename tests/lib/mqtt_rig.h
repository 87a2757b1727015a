/* The exchange over MQTT (host/exchange/mqtt.h) with a broker in memory, which loses,
 * repeats, delays and forgets, and processes that end and come back. */
#pragma once

#include "base/rand.h"
#include "host/exchange/mqtt.h"
#include "host/exchange/neighbours.h"

#define MQTT_RIG_PROCESSES 4
#define MQTT_RIG_MODEMS    2 /* of each process */
#define MQTT_RIG_OPEN      16
#define MQTT_RIG_PAYLOAD   2000
#define MQTT_RIG_PACKETS   2048
#define MQTT_RIG_RETAINED  64
#define MQTT_RIG_TOPICS    32
#define MQTT_RIG_START     1800000000 /* Unix time */
#define ST_EXPIRED         0x46

struct mqtt_rig;

/* A modem, as its records keep it: what it has sent and waits for, what it has got. */
struct mqtt_rig_unit {
	char number[MQTT_NUMBER];
	uint64_t id;
	struct sms_post out[MQTT_RIG_OPEN];
	bool open[MQTT_RIG_OPEN];
	uint64_t last_ref;
	unsigned got, repeats,
		done[3]; /* delivered; known already; ends: 0, expired, other */
	struct {
		uint64_t sender, ref;
	} had[2000];
	bool silent; /* it tells no end */
	bool full;   /* it has no room */
};

struct mqtt_rig_process {
	struct mqtt_rig *w;
	unsigned index;
	struct mqtt *m; /* NULL: it does not run */
	struct log log;
	struct mqtt_modem modem[MQTT_RIG_MODEMS];
	struct mqtt_rig_unit unit[MQTT_RIG_MODEMS];
	bool kept, connected;
	usec_t wake, connects; /* USEC_NEVER: not */
	usec_t barred;         /* until then the broker refuses it */
	char topic[MQTT_RIG_TOPICS][MQTT_TOPIC];
	unsigned topics;
	char will[MQTT_TOPIC];
	struct neighbours *calls; /* where calls go; NULL: nowhere */
	unsigned log_lines;
	char log_text[600];
};

struct mqtt_rig_packet {
	bool used;
	unsigned to; /* process; MQTT_RIG_PROCESSES: the broker */
	usec_t at;
	char topic[MQTT_TOPIC];
	char payload[MQTT_RIG_PAYLOAD];
	size_t len;
	bool retain;
};

struct mqtt_rig {
	usec_t now;
	struct rand rand;
	struct mqtt_rig_process p[MQTT_RIG_PROCESSES];
	struct mqtt_rig_packet packet[MQTT_RIG_PACKETS];
	struct {
		char topic[MQTT_TOPIC];
		char payload[MQTT_RIG_PAYLOAD];
		size_t len;
	} kept[MQTT_RIG_RETAINED];
	bool away;            /* the broker */
	unsigned lose, twice; /* of 100 */
	usec_t delay;
	const char *prefix;
};

/* All processes, none of which runs; their units have the numbers +336000000PM, P the
 * process and M the modem, and come back. */
struct mqtt_rig *mqtt_rig_new(void);
struct mqtt_rig *mqtt_rig_two(void); /* the first two run */
void mqtt_rig_free(struct mqtt_rig *w);

/* A process begins, or is killed. */
void mqtt_rig_start(struct mqtt_rig *w, unsigned i);
void mqtt_rig_stop(struct mqtt_rig *w, unsigned i);

/* Only the connection of a process ends, for at least that time. */
void mqtt_rig_lose(struct mqtt_rig *w, unsigned i, usec_t away);

/* All that happens in that time. */
void mqtt_rig_run(struct mqtt_rig *w, usec_t time);

/* The broker ends, and is back after that time: what it has not stored is lost. */
void mqtt_rig_restart_broker(struct mqtt_rig *w, usec_t away);

/* A message of a modem; false: it has too many open, or nobody has the number. The second
 * one repeats message `slot`. */
bool mqtt_rig_send(
	struct mqtt_rig_process *p, unsigned modem, const char *to, usec_t left);
void mqtt_rig_again(struct mqtt_rig_process *p, unsigned modem, unsigned slot);
