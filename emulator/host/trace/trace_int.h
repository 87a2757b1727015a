/* Shared by trace.c and the formats. */
#pragma once

#include "host/trace/trace.h"
#include "state/ports.h"

#define TRACE_TEXT  512   /* longest text of the head */
#define TRACE_ITEM  65536 /* most octets of one item when it is read */
#define TRACE_FACES (MODEM_NAMED + 2 + SOCKETS) /* interfaces of pcapng */

struct trace {
	FILE *file;
	const struct log *log;
	const struct trace_format *format;
	char *path;
	struct trace_header header;
	char *version, *profile, *speed; /* of the header */
	int64_t clock;
	bool begun; /* the head is written */
	bool failed;
	bool wall;      /* trace_wall() */
	bool wall_told; /* ... for the moment */
	usec_t wall_at;
	unsigned lines[MODEM_NAMED]; /* as told last */
	unsigned faces;              /* pcapng: interfaces that were described ... */
	unsigned face[TRACE_FACES];  /* ... and their numbers + 1 */
};

struct trace_reader {
	FILE *file;
	const struct trace_format *format;
	char *path;
	struct trace_header header;
	char version[TRACE_TEXT], profile[TRACE_TEXT], speed[TRACE_TEXT];
	int64_t clock;
	unsigned long number; /* of the line or block, from 1 */
	char what[64];        /* what is wrong with it */
	char place[256];
	char *line; /* of getline() */
	size_t line_size;
	bool cut; /* its end is missing */
	uint8_t data[TRACE_ITEM];
	/* pcapng */
	bool swapped;  /* the other byte order */
	bool started;  /* `first` holds */
	int64_t first; /* time of the first packet, in microseconds */
	unsigned lines[MODEM_NAMED];
	bool held; /* `next` is an item that has been read already */
	struct trace_item next;
	struct trace_face {
		unsigned link_type, port;
		char kind;       /* of LINKTYPE_USER0: TRACE_FAR, TRACE_SOCKET */
		unsigned digits; /* of its time stamps, after the second */
	} face[32];
	unsigned faces;
};

struct trace_format {
	const char *suffix; /* NULL: all others */
	/* Whether a file that begins so is of this format. */
	bool (*ours)(const uint8_t *start, size_t len);
	void (*begin)(struct trace *t); /* header and clock are known */
	void (*put)(struct trace *t, const struct trace_item *item);
	/* Reads the head; false: it is damaged. */
	bool (*read_head)(struct trace_reader *r);
	int (*read)(struct trace_reader *r, struct trace_item *item);
};
extern const struct trace_format trace_text, trace_json, trace_pcapng;

static inline bool trace_is_packet(char kind)
{
	return kind == TRACE_PACKET_IN || kind == TRACE_PACKET_OUT;
}

static inline bool trace_is_text(char kind)
{
	return kind == TRACE_EVENT || kind == TRACE_NOTE;
}

/* What is wrong where the reader stands; returns -1. */
int trace_damaged(struct trace_reader *r, const char *what);

/* Reads one line without its end; false at the end of the file. */
bool trace_read_line(struct trace_reader *r);

/* Takes a text of the head by its name: "profile", "seed" ...; others are ignored. */
void trace_take_head(struct trace_reader *r, const char *name, const char *value);
