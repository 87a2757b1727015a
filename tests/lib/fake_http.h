/* The server of the control interface without a network, in the place of host/http.c: a
 * request is a call, its answer is looked at. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct api;

struct fake_answer {
	int status; /* 0: not answered yet */
	char type[40];
	char *body; /* of a stream: all so far; ends with a zero */
	size_t len;
	bool stream, kept;
	bool slow; /* its reader takes no more: http_send() fails */
};

/* Asks; the answer is valid until the next one. `header` stands for any header that is
 * asked for, NULL: none. What is kept goes on until fake_close() or fake_late(). */
struct fake_answer *fake_ask(struct api *a, const char *method, const char *path,
	const char *query, const char *body, size_t len, const char *header);

void fake_other_client(void); /* what the connection remembers is forgotten */
void fake_close(void);        /* the client goes */
void fake_late(void);         /* its time is over */
