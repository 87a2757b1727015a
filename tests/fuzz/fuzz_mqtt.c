/* Exercises host/exchange/mqtt_json, which reads what any client of a broker may publish.
 * The first octet chooses the kind of payload. What is read is written and read again: it
 * must be the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/exchange/mqtt_call_json.h"
#include "host/exchange/mqtt_json.h"
#include "host/exchange/mqtt_url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char out[MQTT_PAYLOAD], why[200];

static void check(bool is)
{
	if (!is)
		abort();
}

static void sms(const char *text, size_t len)
{
	static struct mqtt_sms m, back;
	size_t n;

	if (!mqtt_sms_read(text, len, 1800000000, &m, why, sizeof(why)))
		return;
	check(m.parts >= 1 && m.parts <= MQTT_PARTS && m.n_open <= SMS_POST_OPEN);
	check(m.named == (m.sender && m.ref));
	if (!m.named || m.parts > 1)
		return;
	n = mqtt_sms_write(&m, "1", out);
	check(n && n < MQTT_PAYLOAD);
	check(mqtt_sms_read(out, n, 0, &back, why, sizeof(why)));
	check(m.sender == back.sender && m.ref == back.ref && m.expires == back.expires);
	check(!memcmp(m.part[0].ud, back.part[0].ud, m.part[0].ud_octets));
	check(address_equal(&m.part[0].address, &back.part[0].address));
}

static void others(const char *text, size_t len)
{
	struct mqtt_ack a;
	struct mqtt_state s, again;
	struct mqtt_process p;

	if (mqtt_ack_read(text, len, &a, why, sizeof(why)))
		check(a.sender && a.ref && a.status >= MQTT_AGAIN && a.status <= 255);
	if (mqtt_process_read(text, len, &p, why, sizeof(why)))
		check(p.session);
	if (!mqtt_state_read(text, len, &s, why, sizeof(why)))
		return;
	check(mqtt_is_number(s.number) && s.unit);
	check(mqtt_state_read(out, mqtt_state_write(&s, out), &again, why, sizeof(why)));
	check(!strcmp(s.number, again.number) && s.unit == again.unit);
}

static void call(const char *text, size_t len)
{
	static struct mqtt_call c, back;
	size_t n;

	if (!mqtt_call_read(text, len, &c, why, sizeof(why))) {
		check(why[0]);
		return;
	}
	check(c.unit & MQTT_UNIT && c.s.line.key.unit & MQTT_UNIT && c.s.line.key.ref);
	check(mqtt_is_number(c.from) && c.len <= MQTT_CALL_OCTETS);
	if (c.what == MQTT_CALL_SIGNAL)
		check(c.s.kind >= CALL_SIGNAL_SETUP && c.s.kind <= CALL_SIGNAL_THERE &&
			c.s.group <= GROUP_PREFERRED);
	n = mqtt_call_write(&c, out);
	check(n && n < MQTT_PAYLOAD);
	check(mqtt_call_read(out, n, &back, why, sizeof(why)));
	check(!memcmp(&c, &back, sizeof(c)));
}

static void url(const char *text, size_t len)
{
	char copy[400];
	struct mqtt_url u;

	if (len >= sizeof(copy))
		return;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (mqtt_url_parse(copy, &u, why, sizeof(why)))
		check(u.host[0] && u.port && !strpbrk(u.prefix, "+#"));
	else
		check(why[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;

	if (!size)
		return 0;
	if (data[0] == 's')
		sms(text, size - 1);
	else if (data[0] == 'c')
		call(text, size - 1);
	else if (data[0] == 'u')
		url(text, size - 1);
	else
		others(text, size - 1);
	return 0;
}
