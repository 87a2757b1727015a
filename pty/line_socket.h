/* The socket through which programs with the preload library reach the modem lines of a
 * pty (line_call.h). It has the mode and group of the pty's path and serves nothing else. */
#pragma once

struct line_socket;
struct pty;

/* Makes the socket of an open pty; NULL (logged) if that fails. */
struct line_socket *line_socket_open(struct pty *p);

/* Closes it, and removes it if it is still ours. NULL is allowed. */
void line_socket_close(struct line_socket *s);
