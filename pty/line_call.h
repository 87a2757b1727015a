/* A request to the modem lines of a port, as a program makes it with ioctl(), and as it
 * travels over the port's line socket. The preload library shares this file and is not
 * linked to the emulator, so it needs the C library and the kernel's headers only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#define LINE_CALL_VERSION 1
#define LINE_CALL_DATA    80

/* What the kernel's numbers do not cover: the bits of c_cflag that a pty does not keep. A
 * `value` of c_cflag, in and out. */
#define LINE_CALL_GET_FORMAT 1
#define LINE_CALL_SET_FORMAT 2

/* One message in each direction, on a SOCK_SEQPACKET socket; the caller closes it to give
 * up. */
struct line_call {
	uint32_t version;
	uint32_t request;                   /* TIOCMGET, ... */
	int32_t result;                     /* in the answer: 0 or -errno */
	uint32_t value;                     /* an argument that is a number */
	unsigned char data[LINE_CALL_DATA]; /* what the argument points to */
};

enum line_arg {
	LINE_ARG_VALUE, /* a number, or not used */
	LINE_ARG_IN,    /* a pointer to what the kernel reads */
	LINE_ARG_OUT,   /* a pointer to what it writes */
};

struct line_request {
	uint32_t number;
	enum line_arg arg;
	size_t size; /* of what the pointer leads to */
	bool termios;
};

/* The requests that are answered in the kernel's place; ends with the number 0. */
extern const struct line_request line_requests[];

/* The row of a request, NULL: the kernel's answer is right. */
const struct line_request *line_request_find(uint32_t number);

/* Where the line socket of this tty is: in a folder of the tty's owner. */
#define LINE_CALL_PATH 108  /* as in struct sockaddr_un */
#define LINE_CALL_MODE 0711 /* of the folder */
void line_call_folder(char path[LINE_CALL_PATH], uid_t owner);
void line_call_path(char path[LINE_CALL_PATH], const struct stat *tty);

/* Whether this may be the slave of a pty, whose major numbers are fixed. */
bool line_call_is_pty(const struct stat *tty);
