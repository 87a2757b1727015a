/* What libcurl calls, in the thread of a session: octets, the lines of the server, and
 * each connection that it is about to make. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/net/curl_int.h"

#define DATA_PORT_MIN 1024 /* of an FTP server's data connections */

/* ---- octets -------------------------------------------------------------------------- */

/* libcurl has made one LF of each CR LF. */
static void put_lines(struct curl_session *s, const char *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (data[i] == '\n')
			s->in[s->in_len++] = '\r';
		s->in[s->in_len++] = (uint8_t)data[i];
	}
}

/* Before the end of a list of POP3 libcurl always writes CR LF, also if nothing is listed.
 */
static bool lists_nothing(const struct curl_session *s, const char *data, size_t len)
{
	return !s->begun && !strcmp(s->outcome.command, "LIST") && len == 2 &&
	       !memcmp(data, "\r\n", 2);
}

static size_t on_body(char *data, size_t one, size_t len, void *ctx)
{
	struct curl_session *s = ctx;
	size_t taken = CURL_WRITEFUNC_PAUSE;

	(void)one;
	pthread_mutex_lock(&s->lock);
	if (lists_nothing(s, data, len))
		taken = len;
	else if (s->text && 2 * len <= sizeof(s->in) - s->in_len) {
		put_lines(s, data, len);
		taken = len;
	} else if (!s->text && len <= sizeof(s->in) - s->in_len) {
		memcpy(s->in + s->in_len, data, len);
		s->in_len += len;
		taken = len;
	}
	s->begun = true;
	s->in_waits = taken == CURL_WRITEFUNC_PAUSE;
	pthread_mutex_unlock(&s->lock);
	curl_tell(s);
	return taken;
}

static size_t on_upload(char *out, size_t one, size_t size, void *ctx)
{
	struct curl_session *s = ctx;
	size_t n = one * size;

	pthread_mutex_lock(&s->lock);
	s->begun = true;
	if (n > s->out_len)
		n = s->out_len;
	if (n) {
		memcpy(out, s->out, n);
		memmove(s->out, s->out + n, s->out_len - n);
		s->out_len -= n;
	} else if (!s->out_ends) {
		s->out_waits = true;
		n = CURL_READFUNC_PAUSE;
	}
	pthread_mutex_unlock(&s->lock);
	curl_tell(s);
	return n;
}

/* ---- lines --------------------------------------------------------------------------- */

/* The line without its end, and only what can be shown. */
static void keep(char *out, size_t size, const char *line, size_t len)
{
	size_t i;

	while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		len--;
	if (len >= size)
		len = size - 1;
	for (i = 0; i < len; i++)
		out[i] = line[i] >= ' ' && line[i] < 127 ? line[i] : '?';
	out[len] = '\0';
}

static size_t on_line(char *line, size_t one, size_t len, void *ctx)
{
	struct curl_session *s = ctx;

	if (s->quits)
		return one * len;
	if (s->http ? len > 5 && !memcmp(line, "HTTP/", 5)
		    : len > 1 && (line[0] == '+' || line[0] == '-' ||
					 (line[0] >= '1' && line[0] <= '5')))
		keep(s->outcome.said, sizeof(s->outcome.said), line, len);
	return one * len;
}

/* Passwords pass here too; only names of commands are kept. */
static int on_talk(CURL *e, curl_infotype type, char *data, size_t size, void *ctx)
{
	static const char *const commands[] = { "USER", "PASS", "ACCT", "AUTH", "APOP",
		"EHLO", "HELO", "CAPA", "MAIL", "RCPT", "DATA", "NOOP", "RETR", "STOR",
		"APPE", "DELE", "LIST", "STAT", "PASV", "TYPE", NULL };
	struct curl_session *s = ctx;
	size_t i;

	(void)e;
	if (s->http || type != CURLINFO_HEADER_OUT || size < 5)
		return 0;
	s->quits = !memcmp(data, "QUIT", 4);
	for (i = 0; commands[i]; i++) {
		if (memcmp(data, commands[i], 4) != 0 ||
			(data[4] != ' ' && data[4] != '\r'))
			continue;
		memcpy(s->outcome.command, commands[i], 5);
		s->data_next = !strcmp(commands[i], "PASV");
		s->outcome.recipients += !strcmp(commands[i], "RCPT");
	}
	return 0;
}

/* ---- connections --------------------------------------------------------------------- */

static bool same(const struct curl_place *a, const struct curl_place *b)
{
	return !memcmp(a->addr, b->addr, 4) && a->port == b->port;
}

static bool may_go(const struct curl_session *s, const struct curl_place *to)
{
	size_t i;

	/* what a server has told after PASV */
	if (s->data && !strcmp(s->outcome.command, "PASV"))
		return !memcmp(to->addr, s->server.addr, 4) && to->port >= DATA_PORT_MIN;
	for (i = 0; i < s->n_allowed; i++)
		if (same(to, &s->allowed[i]))
			return true;
	return s->closed && !s->closed(to->addr);
}

static int *place_of(struct curl_session *s, int fd)
{
	size_t i;

	for (i = 0; i < CURL_SOCKETS; i++)
		if (s->socket[i] == fd)
			return &s->socket[i];
	return NULL;
}

static bool read_place(const struct sockaddr *addr, struct curl_place *out)
{
	struct sockaddr_in in;

	if (addr->sa_family != AF_INET)
		return false;
	memcpy(&in, addr, sizeof(in));
	memcpy(out->addr, &in.sin_addr, 4);
	out->port = ntohs(in.sin_port);
	return true;
}

static curl_socket_t make_socket(struct curl_session *s, const struct curl_place *to)
{
	int *place = place_of(s, 0);
	int fd;

	if (!place)
		return CURL_SOCKET_BAD;
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return CURL_SOCKET_BAD;
	setsockopt(fd, IPPROTO_IP, IP_TTL, &s->ttl, s->ttl > 0 ? sizeof(s->ttl) : 0);
	setsockopt(fd, IPPROTO_IP, IP_TOS, &s->tos, sizeof(s->tos));
	*place = fd + 1;
	if (!s->http && strcmp(s->outcome.command, "PASV") != 0) {
		s->control = fd;
		s->server = *to;
	}
	return fd;
}

static curl_socket_t on_open(
	void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct curl_session *s = ctx;
	struct curl_place to = { .port = 0 };
	curl_socket_t fd = CURL_SOCKET_BAD;
	bool known = read_place(&address->addr, &to);

	pthread_mutex_lock(&s->lock);
	s->data_next = false;
	if (purpose == CURLSOCKTYPE_IPCXN && known && may_go(s, &to)) {
		fd = make_socket(s, &to);
	} else {
		s->refused = true;
		s->outcome.place = to;
	}
	pthread_mutex_unlock(&s->lock);
	return fd;
}

static int on_close(void *ctx, curl_socket_t fd)
{
	struct curl_session *s = ctx;
	int *place;

	pthread_mutex_lock(&s->lock);
	place = place_of(s, fd + 1);
	if (place)
		*place = 0;
	if (fd == s->control)
		s->control = -1;
	pthread_mutex_unlock(&s->lock);
	return close(fd);
}

/* libcurl also listens for active FTP; that is not carried. */
static int on_socket(void *ctx, curl_socket_t fd, curlsocktype purpose)
{
	(void)ctx;
	(void)fd;
	return purpose == CURLSOCKTYPE_IPCXN ? CURL_SOCKOPT_OK : CURL_SOCKOPT_ERROR;
}

bool curl_callbacks(struct curl_session *s)
{
	CURL *e = s->easy;

	return !curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body) &&
	       !curl_easy_setopt(e, CURLOPT_WRITEDATA, s) &&
	       !curl_easy_setopt(e, CURLOPT_READFUNCTION, on_upload) &&
	       !curl_easy_setopt(e, CURLOPT_READDATA, s) &&
	       !curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_line) &&
	       !curl_easy_setopt(e, CURLOPT_HEADERDATA, s) &&
	       !curl_easy_setopt(e, CURLOPT_DEBUGFUNCTION, on_talk) &&
	       !curl_easy_setopt(e, CURLOPT_DEBUGDATA, s) &&
	       !curl_easy_setopt(e, CURLOPT_VERBOSE, 1L) &&
	       !curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open) &&
	       !curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, s) &&
	       !curl_easy_setopt(e, CURLOPT_CLOSESOCKETFUNCTION, on_close) &&
	       !curl_easy_setopt(e, CURLOPT_CLOSESOCKETDATA, s) &&
	       !curl_easy_setopt(e, CURLOPT_SOCKOPTFUNCTION, on_socket) &&
	       !curl_easy_setopt(e, CURLOPT_SOCKOPTDATA, s);
}

/* ---- the end of a task --------------------------------------------------------------- */

static enum curl_end not_connected(CURL *e)
{
	long error = 0;

	curl_easy_getinfo(e, CURLINFO_OS_ERRNO, &error);
	return error == ECONNREFUSED ? CURL_END_REFUSED : CURL_END_UNREACHABLE;
}

/* libcurl says "unsupported protocol" of an answer that is not HTTP, too. */
static bool no_http(const struct curl_session *s, CURLcode code)
{
	long sent = 0;

	curl_easy_getinfo(s->easy, CURLINFO_REQUEST_SIZE, &sent);
	return s->http && code == CURLE_UNSUPPORTED_PROTOCOL && sent &&
	       !s->outcome.said[0];
}

static enum curl_end end_of(const struct curl_session *s, CURLcode code)
{
	/* libcurl has more than a hundred */
	if (code == CURLE_OK)
		return CURL_END_DONE;
	if (s->refused)
		return CURL_END_CLOSED;
	if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY)
		return CURL_END_NO_NAME;
	if (code == CURLE_COULDNT_CONNECT)
		return not_connected(s->easy);
	/* which libcurl also says when it reads 421 from an FTP server */
	if (code == CURLE_OPERATION_TIMEDOUT && !strncmp(s->outcome.said, "421", 3))
		return CURL_END_SAID;
	if (code == CURLE_OPERATION_TIMEDOUT)
		return CURL_END_UNREACHABLE;
	if (code == CURLE_LOGIN_DENIED)
		return CURL_END_LOGIN;
	if (no_http(s, code))
		return CURL_END_SAID;
	if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
		return CURL_END_WRONG;
	if (code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING ||
		code == CURLE_PARTIAL_FILE ||
		(code == CURLE_SEND_ERROR && s->outcome.said[0] < '4'))
		return CURL_END_CUT;
	return CURL_END_SAID;
}

static void read_host(const struct curl_session *s, struct curl_outcome *o)
{
	CURLU *u = curl_url();
	char *url = NULL, *host = NULL, *port = NULL;

	curl_easy_getinfo(s->easy, CURLINFO_EFFECTIVE_URL, &url);
	if (u && url && !curl_url_set(u, CURLUPART_URL, url, 0)) {
		if (!curl_url_get(u, CURLUPART_HOST, &host, 0))
			keep(o->host, sizeof(o->host), host, strlen(host));
		if (!curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT))
			o->port = (uint16_t)strtoul(port, NULL, 10);
	}
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(u);
}

void curl_outcome(struct curl_session *s, CURLcode code)
{
	struct curl_outcome *o = &s->outcome;
	curl_off_t size = -1;
	char *addr = NULL;
	long port = 0;

	pthread_mutex_lock(&s->lock);
	o->end = end_of(s, code);
	curl_easy_getinfo(s->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
	o->size = size;
	read_host(s, o);
	curl_easy_getinfo(s->easy, CURLINFO_LOCAL_PORT, &port);
	o->local = (uint16_t)port;
	curl_easy_getinfo(s->easy, CURLINFO_PRIMARY_IP, &addr);
	if (!addr || inet_pton(AF_INET, addr, o->peer.addr) != 1)
		memset(o->peer.addr, 0, 4);
	port = 0;
	curl_easy_getinfo(s->easy, CURLINFO_PRIMARY_PORT, &port);
	o->peer.port = (uint16_t)port;
	pthread_mutex_unlock(&s->lock);
}
