/* The module fauxtrack-curl: libcurl's part of a session (FTP, HTTP, SMTP, POP3), opened
 * when a modem creates the first one. Each session has one connection cache, so that what
 * is logged in stays logged in, and a thread: libcurl waits for some answers of a server
 * (RFC 959's 226, QUIT) without returning, and a modem must not.
 *
 * All functions below return at once; fd() says when there is something to look at. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CURL_MODULE  "fauxtrack-curl"
#define CURL_OPS     "curl_module_ops"
#define CURL_PACKAGE "libcurl4"

struct curl_session;

struct curl_place {
	uint8_t addr[4];
	uint16_t port;
};

/* Texts and lists are copied. */
struct curl_setup {
	const char *protocol; /* of URLs and redirects, the only one: "ftp" ... */
	/* Where names lead, the first that fits: NAME:PORT:ADDRESS:PORT; NAME or PORT may
	 * be empty. Ends with NULL. */
	const char *const *lead;
	/* Each connection is checked when it is about to be made, whatever has led to it:
	 * it must go to one of these, */
	const struct curl_place *allowed;
	size_t n_allowed;
	/* or, if this is not NULL, to an address for which it is false. It is called from
	 * another thread. */
	bool (*closed)(const uint8_t addr[4]);
	/* FTP: a data connection goes to the server's address, to a port from 1024 on. */
	bool data;
	const char *user, *password, *account; /* "": none; HTTP: of the proxy */
	int ttl, tos;
};

/* What is to be done. Texts are copied; NULL: not used. */
struct curl_task {
	const char *url;
	const char *method;          /* in place of the usual request */
	const char *proxy;           /* HTTP: "ADDRESS:PORT"; it then looks names up */
	const char *user, *password; /* HTTP: of the site */
	const char *const *headers;  /* HTTP */
	const char *command;         /* FTP: one that is all there is to do */
	const char *sender;          /* SMTP */
	const char *const *recipients;
	bool upload, append, no_body;
	bool text;    /* FTP: type A, where lines end in CR LF */
	bool post;    /* an upload: POST, not PUT */
	int64_t size; /* of the upload; -1: unknown */
	int redirects;
};

enum curl_end {
	CURL_END_DONE,
	CURL_END_CLOSED,  /* we do not let it through: host, port, place say what */
	CURL_END_NO_NAME, /* a name cannot be resolved */
	CURL_END_REFUSED, /* by the peer, with a reset */
	CURL_END_UNREACHABLE,
	CURL_END_LOGIN, /* the server does not accept user or password */
	CURL_END_SAID,  /* the server has answered with an error */
	CURL_END_CUT,   /* the connection has ended too early */
	CURL_END_WRONG, /* what is asked for cannot be asked: the URL */
};

struct curl_outcome {
	enum curl_end end;
	char said[256];    /* the last line of the server; HTTP: the status line */
	char command[8];   /* the last one that was sent; not HTTP */
	size_t recipients; /* SMTP: that were sent */
	int64_t size;      /* octets that were told beforehand, -1: none */
	char host[128];    /* of the last URL */
	uint16_t port;
	struct curl_place place; /* of a connection that was not let through */
	uint16_t local;          /* our port of the last connection ... */
	struct curl_place peer;  /* ... and its other end */
};

struct curl_ops {
	/* NULL, with "what; remedy" in why, if the system refuses. */
	struct curl_session *(*open)(
		const struct curl_setup *setup, char *why, size_t size);
	/* What it does is broken off; when it does nothing the server hears QUIT. */
	void (*close)(struct curl_session *s);
	/* Readable when one of the functions below may have something new; look() makes
	 * it quiet. */
	int (*fd)(const struct curl_session *s);
	void (*look)(struct curl_session *s);
	/* Not while another task runs. */
	void (*start)(struct curl_session *s, const struct curl_task *task);
	/* Octets of an upload. Returns how many were taken; with len 0: how many would
	 * be. */
	size_t (*write)(struct curl_session *s, const void *buf, size_t len);
	void (*end)(struct curl_session *s); /* no more follow */
	/* The octets that have come, at most size of them, which are then taken. */
	size_t (*read)(struct curl_session *s, void *buf, size_t size);
	/* The server takes an upload, or octets of a download have come. */
	bool (*begun)(struct curl_session *s);
	/* The task has ended, and all its octets are read: true once, with how. */
	bool (*done)(struct curl_session *s, struct curl_outcome *out);
	/* The server has closed a session that does nothing. */
	bool (*lost)(struct curl_session *s);
};
