/* The server of the control interface without a network, replacing host/http.c: a request
 * is a call, and its answer can be checked. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct api;

struct fake_answer {
	int status; /* 0: not answered yet */
	char type[40];
	char *body; /* for a stream: all so far; zero-terminated */
	size_t len;
	bool stream, kept;
	bool slow; /* the reader takes no more: http_send() fails */
};

/* Makes a request; the answer is valid until the next one. `header` is the value of
 * whichever header is asked for, NULL: none. A request that is kept open goes on until
 * fake_close() or fake_late(). */
struct fake_answer *fake_ask(struct api *a, const char *method, const char *path,
	const char *query, const char *body, size_t len, const char *header);

void fake_other_client(void); /* forgets what the connection remembers */
void fake_close(void);        /* the client closes the connection */
void fake_late(void);         /* the client's time is over */
