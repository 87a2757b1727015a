#include "host/exchange/mqtt_url.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORM "mqtt://[USER@]HOST[:PORT][/PREFIX] or mqtts://..."

static bool wrong(char *why, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static bool wrong(char *why, size_t size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, size, fmt, ap);
	va_end(ap);
	return false;
}

static bool copy(char *out, size_t room, const char *text, size_t n)
{
	if (n >= room)
		return false;
	memcpy(out, text, n);
	out[n] = '\0';
	return true;
}

/* USER@ before the host; what is left. NULL: wrong. */
static const char *take_user(
	const char *text, struct mqtt_url *out, char *why, size_t size)
{
	size_t authority = strcspn(text, "/");
	const char *at = memrchr(text, '@', authority);
	size_t n = at ? (size_t)(at - text) : 0;

	if (!at)
		return text;
	if (memchr(text, ':', n)) {
		wrong(why, size,
			"a password does not belong on the command line, where all users "
			"of this machine see it; put it into a file and give "
			"--exchange-password FILE, or into $FAUXTRACK_EXCHANGE_PASSWORD");
		return NULL;
	}
	if (!n || !copy(out->user, sizeof(out->user), text, n)) {
		wrong(why, size, "the user before @ has 1 to %zu characters; give " FORM,
			sizeof(out->user) - 1);
		return NULL;
	}
	return at + 1;
}

/* HOST, or an address of IPv6 in brackets. */
static const char *take_host(
	const char *text, struct mqtt_url *out, char *why, size_t size)
{
	bool six = *text == '[';
	size_t n = six ? strcspn(text, "]") : strcspn(text, ":/");

	if (six && text[n] != ']') {
		wrong(why, size, "the ] after the address is missing; give " FORM);
		return NULL;
	}
	if (n == six || !copy(out->host, sizeof(out->host), text + six, n - six)) {
		wrong(why, size, "the host is missing or too long; give " FORM);
		return NULL;
	}
	return text + n + six;
}

static const char *take_port(
	const char *text, struct mqtt_url *out, char *why, size_t size)
{
	char *end;
	unsigned long port;

	out->port = out->tls ? 8883 : 1883;
	if (*text != ':')
		return text;
	port = strtoul(text + 1, &end, 10);
	if (text[1] < '0' || text[1] > '9' || !port || port > 65535) {
		wrong(why, size, "the port is not a number from 1 to 65535; give " FORM);
		return NULL;
	}
	out->port = (uint16_t)port;
	return end;
}

static bool take_prefix(const char *text, struct mqtt_url *out, char *why, size_t size)
{
	size_t n;

	if (!*text)
		return true;
	if (*text++ != '/')
		return wrong(why, size, "\"%s\" after the host; give " FORM, text - 1);
	n = strlen(text);
	while (n && text[n - 1] == '/')
		n--;
	if (strpbrk(text, "+#?") || (n && *text == '/') || (n && *text == '$'))
		return wrong(why, size,
			"a prefix is part of MQTT topics: it does not have +, # or ?, "
			"and "
			"does not begin with / or $");
	return copy(out->prefix, sizeof(out->prefix), text, n) ||
	       wrong(why, size, "the prefix is too long; give at most %d characters",
		       MQTT_PREFIX - 1);
}

bool mqtt_url_parse(const char *text, struct mqtt_url *out, char *why, size_t size)
{
	*out = (struct mqtt_url){ .tls = !strncmp(text, "mqtts://", 8) };
	if (!out->tls && strncmp(text, "mqtt://", 7) != 0)
		return wrong(why, size, "\"%s\" is not a broker; give " FORM, text);
	text += out->tls ? 8 : 7;
	text = take_user(text, out, why, size);
	text = text ? take_host(text, out, why, size) : NULL;
	text = text ? take_port(text, out, why, size) : NULL;
	return text && take_prefix(text, out, why, size);
}
