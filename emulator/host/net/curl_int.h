/* Shared by the files of the module fauxtrack-curl. */
#pragma once

#include <curl/curl.h>
#include <pthread.h>

#include "host/net/curl_module.h"

#define CURL_SOCKETS 8 /* of a session, at once */
#define CURL_OCTETS  (2 * CURL_MAX_WRITE_SIZE)

struct curl_session {
	pthread_mutex_t lock;
	CURLM *multi;
	CURL *easy;
	int event; /* the caller's */
	/* does not change */
	struct curl_slist *lead;
	struct curl_place *allowed;
	size_t n_allowed;
	bool (*closed)(const uint8_t addr[4]);
	bool data, http;
	int ttl, tos;
	/* of the task */
	struct curl_slist *headers, *command, *recipients;
	/* under the lock */
	bool start, busy, quit, upload, text;
	bool begun, ended, lost;
	bool in_waits, out_waits, out_ends; /* libcurl waits for room, or for octets */
	uint8_t in[CURL_OCTETS], out[CURL_OCTETS];
	size_t in_len, out_len;
	int socket[CURL_SOCKETS]; /* descriptors and 1; 0: none */
	int control;              /* of FTP, SMTP and POP3; -1: not connected */
	struct curl_place server; /* of the control connection */
	bool data_next;           /* PASV was sent, and nothing is connected yet */
	bool quits;   /* QUIT was sent: what the server says now is no answer */
	bool refused; /* outcome.place was not let through */
	struct curl_outcome outcome;
};

/* curl_module.c: there is something new for the caller. */
void curl_tell(struct curl_session *s);

/* curl_options.c: all options of a session; false: this libcurl lacks one. */
bool curl_configure(struct curl_session *s, const struct curl_setup *setup);
/* Those of a task. */
void curl_prepare(struct curl_session *s, const struct curl_task *t);

/* curl_callbacks.c: the functions that libcurl calls, as options. */
bool curl_callbacks(struct curl_session *s);
/* How a task has ended. */
void curl_outcome(struct curl_session *s, CURLcode code);
