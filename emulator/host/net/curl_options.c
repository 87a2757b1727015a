/* What is asked of libcurl. Nothing comes from the environment or from files of a user: no
 * proxy, no netrc, no cookies, one protocol. */
#include <string.h>

#include "host/net/curl_int.h"

#define PATIENCE 75L /* s; what a modem waits for a peer that does not answer */

static const char *text_or_null(const char *text)
{
	return text && *text ? text : NULL;
}

static bool set_login(CURL *e, const struct curl_setup *setup, bool http)
{
	const char *user = text_or_null(setup->user);
	const char *password = text_or_null(setup->password);

	if (http)
		return !curl_easy_setopt(e, CURLOPT_PROXYUSERNAME, user) &&
		       !curl_easy_setopt(e, CURLOPT_PROXYPASSWORD, password);
	return !curl_easy_setopt(e, CURLOPT_USERNAME, user) &&
	       !curl_easy_setopt(e, CURLOPT_PASSWORD, password) &&
	       !curl_easy_setopt(e, CURLOPT_FTP_ACCOUNT, text_or_null(setup->account));
}

static bool set_limits(CURL *e, const struct curl_setup *setup)
{
	return !curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, setup->protocol) &&
	       !curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, setup->protocol) &&
	       !curl_easy_setopt(e, CURLOPT_PROXYTYPE, (long)CURLPROXY_HTTP) &&
	       !curl_easy_setopt(e, CURLOPT_NOPROXY, "") &&
	       !curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
	       !curl_easy_setopt(e, CURLOPT_USE_SSL, (long)CURLUSESSL_NONE) &&
	       !curl_easy_setopt(e, CURLOPT_IPRESOLVE, (long)CURL_IPRESOLVE_V4) &&
	       !curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) &&
	       !curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT, PATIENCE) &&
	       !curl_easy_setopt(e, CURLOPT_BUFFERSIZE, (long)CURL_MAX_WRITE_SIZE);
}

bool curl_configure(struct curl_session *s, const struct curl_setup *setup)
{
	CURL *e = s->easy;

	return set_limits(e, setup) && set_login(e, setup, s->http) &&
	       curl_callbacks(s) &&
	       !curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
	       !curl_easy_setopt(e, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) &&
	       !curl_easy_setopt(e, CURLOPT_PROXYAUTH, (long)CURLAUTH_BASIC) &&
	       !curl_easy_setopt(e, CURLOPT_PATH_AS_IS, 1L) &&
	       /* the address that a server tells is checked, not replaced */
	       !curl_easy_setopt(e, CURLOPT_FTP_SKIP_PASV_IP, 0L) &&
	       !curl_easy_setopt(e, CURLOPT_FTP_USE_EPSV, 0L) &&
	       !curl_easy_setopt(e, CURLOPT_FTP_FILEMETHOD, (long)CURLFTPMETHOD_NOCWD) &&
	       !curl_multi_setopt(s->multi, CURLMOPT_MAXCONNECTS, 2L);
}

void curl_prepare(struct curl_session *s, const struct curl_task *t)
{
	CURL *e = s->easy;

	/* each of them, because the handle remembers */
	curl_easy_setopt(e, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(e, CURLOPT_UPLOAD, 0L);
	curl_easy_setopt(e, CURLOPT_NOBODY, 0L);
	curl_easy_setopt(e, CURLOPT_INFILESIZE_LARGE, (curl_off_t)t->size);
	curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->size);
	if (t->upload && t->post)
		curl_easy_setopt(e, CURLOPT_POST, 1L);
	else if (t->upload)
		curl_easy_setopt(e, CURLOPT_UPLOAD, 1L);
	else if (t->no_body)
		curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
	curl_easy_setopt(e, CURLOPT_URL, t->url);
	curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, t->method);
	/* "" is no proxy, whatever the environment says */
	curl_easy_setopt(e, CURLOPT_PROXY, t->proxy ? t->proxy : "");
	/* with a proxy, a name that leads elsewhere would make libcurl want a tunnel */
	curl_easy_setopt(e, CURLOPT_CONNECT_TO, t->proxy ? NULL : s->lead);
	curl_easy_setopt(e, CURLOPT_QUOTE, s->command);
	curl_easy_setopt(e, CURLOPT_APPEND, t->append ? 1L : 0L);
	curl_easy_setopt(e, CURLOPT_MAIL_FROM, t->sender);
	curl_easy_setopt(e, CURLOPT_MAIL_RCPT, s->recipients);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, s->headers);
	curl_easy_setopt(e, CURLOPT_TRANSFERTEXT, t->text ? 1L : 0L);
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, t->redirects > 0 ? 1L : 0L);
	curl_easy_setopt(e, CURLOPT_MAXREDIRS, (long)t->redirects);
	if (!s->http)
		return;
	curl_easy_setopt(e, CURLOPT_USERNAME, text_or_null(t->user));
	curl_easy_setopt(e, CURLOPT_PASSWORD, text_or_null(t->password));
}
