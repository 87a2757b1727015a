/* Hosts of the world, their servers, and the files of these. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "codec/ip.h"
#include "conf/must.h"
#include "host/net/peer.h"
#include "host/play/peers_int.h"

const struct name peers_kinds[] = {
	{ PEERS_TALK, "talk", "says what the scenario says" },
	{ PEERS_ECHO, "echo", "returns all it gets" },
	{ PEERS_DISCARD, "discard", "hears" },
	{ PEERS_PAGE, "page", "sends a text by HTTP, and closes" },
	{ PEERS_STREAM, "stream", "sends `after` octets (100000), and closes" },
	{ PEERS_REFUSES, "refuses", "nothing listens" },
	{ PEERS_SILENT, "silent", "answers no packet" },
	{ PEERS_CLOSES, "closes", "closes after `after` octets" },
	{ PEERS_RESETS, "resets", "resets after `after` octets" },
	{ PEERS_FTP, "ftp", "a server of the session FTP" },
	{ PEERS_HTTP, "http", "of HTTP, or its proxy" },
	{ PEERS_SMTP, "smtp", "of SMTP" },
	{ PEERS_POP3, "pop3", "of POP3" },
	{ 0, NULL, NULL },
};

const struct name peers_states[] = {
	{ PEERS_CONNECTING, "connecting", NULL },
	{ PEERS_OPEN, "open", NULL },
	{ PEERS_HALF, "half", "the modem sends no more" },
	{ PEERS_CLOSED, "closed", NULL },
	{ PEERS_RESET, "reset", NULL },
	{ 0, NULL, NULL },
};

void peers_lower(const char *text, char out[PEERS_NAME])
{
	size_t i;

	for (i = 0; text[i] && i < PEERS_NAME - 1; i++)
		out[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a'
								 : text[i]);
	out[i] = '\0';
}

bool peers_knows(const struct peers *p, const char *host, uint8_t addr[4])
{
	static const uint8_t gateway[4] = { 10, 0, 2, 2 };
	const struct named_host *h;
	char name[PEERS_NAME];

	peers_lower(host, name);
	h = names_find(&p->names, name);
	if (h) {
		memcpy(addr, h->addr, 4);
		return true;
	}
	if (!strcmp(name, PEER_NAME)) {
		memcpy(addr, gateway, 4);
		return true;
	}
	if (!ip_addr_read(name, strlen(name), addr))
		return false;
	return !memcmp(addr, gateway, 4) || names_at(&p->names, addr);
}

/* Makes a name known: it gets an address, as names of network.hosts do. */
static void know(struct peers *p, const char *host, uint16_t port)
{
	struct forward f = { .port = port, .to = { 127, 0, 0, 1 }, .to_port = port };
	uint8_t addr[4];

	if (!*host || peers_knows(p, host, addr))
		return;
	peers_lower(host, f.name);
	names_add(&p->names, &f);
}

/* Whether a server's host is meant by this name or address. */
static bool is_host(const struct peers *p, const struct peers_server *s, const char *host)
{
	uint8_t a[4], b[4];

	if (!*s->host || !strcasecmp(s->host, host))
		return true;
	return peers_knows(p, s->host, a) && peers_knows(p, host, b) && !memcmp(a, b, 4);
}

struct peers_server *peers_server_at(struct peers *p, const char *host, uint16_t port)
{
	struct peers_server *s, *found = NULL;

	for (s = p->server; s < p->server + p->n_servers; s++) {
		if ((s->port && s->port != port) || !is_host(p, s, host))
			continue;
		if (!found || (!*found->host && *s->host) || (!found->port && s->port))
			found = s;
	}
	return found;
}

struct peers_server *peers_serve(struct peers *p, const char *host, uint16_t port)
{
	struct peers_server *s;

	for (s = p->server; s < p->server + p->n_servers; s++)
		if (!strcasecmp(s->host, host) && s->port == port)
			return s;
	if (p->n_servers == PEERS_SERVERS)
		return NULL;
	p->n_servers++;
	*s = (struct peers_server){ .port = port };
	peers_lower(host, s->host);
	know(p, s->host, port);
	return s;
}

const struct peers_file *peers_file(const struct peers_server *s, const char *name)
{
	size_t i;

	for (i = 0; i < PEERS_FILES; i++)
		if (s->file[i].data && !strcmp(s->file[i].name, name))
			return &s->file[i];
	return NULL;
}

bool peers_store(struct peers_server *s, const char *name, const void *data, size_t len)
{
	struct peers_file *f = (struct peers_file *)peers_file(s, name);
	char *copy;
	size_t i;

	for (i = 0; !f && i < PEERS_FILES; i++)
		if (!s->file[i].data)
			f = &s->file[i];
	if (!f || strlen(name) >= sizeof(f->name))
		return false;
	copy = must(malloc(len + 1));
	memcpy(copy, data, len);
	free(f->data);
	f->data = copy;
	f->len = len;
	strcpy(f->name, name);
	return true;
}

/* The usual servers of every host: those of the peer that PPP reaches. */
struct peers_server *peers_usual(uint16_t port)
{
	static struct peers_server echo = { .kind = PEERS_ECHO },
				   discard = { .kind = PEERS_DISCARD },
				   page = { .kind = PEERS_PAGE };

	return port == 7 ? &echo : port == 9 ? &discard : port == 80 ? &page : NULL;
}
