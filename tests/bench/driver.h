/* Shared by the programs that drive a server at its ptys and measure it. An error ends the
 * program with a message. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define GIVE_UP_MS 20000

void die(const char *what); /* with errno; does not return */
uint64_t now_ns(void);

/* CPU time of the server in nanoseconds. The work of the kernel's workers for its pty is
 * charged to no process. */
double cpu_ns(pid_t pid);

/* One processor for the servers (1) and another for the driver (0); otherwise the result
 * depends on where the scheduler puts them. */
void use_cpu(int cpu);

/* Starts a server, at most two; returns its standard output. */
FILE *start_server(pid_t *pid, char **argv);

/* For atexit(): the servers end with the driver, however it ends. */
void end_servers(void);

/* As many files as the system allows. */
void raise_limit(void);

/* Opens a pty as a serial port, without blocking. */
int open_tty(const char *path);

/* Writes, and reads up to an answer that ends so. Returns its length; *heard, if not NULL,
 * is the answer with a zero at its end, valid until the next call. */
size_t talk(int fd, const char *text, const char *end, const char **heard);
