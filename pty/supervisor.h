/* `fauxtrack exec --lines`: COMMAND runs under a seccomp filter that hands the requests of
 * line_call.h to this process, which answers those that are for its ptys and lets all
 * others go on. No privilege is needed. seccomp_unotify(2). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "seccomp_module.h"

struct pty_hub;
struct supervisor;

/* Whether the kernel, and the policy of a container, allow it; else why has the reason. */
bool supervisor_possible(char *why, size_t size);

/* In the process that becomes COMMAND, with the function of the module: from now on the process, and all that it starts,
 * is under the filter. Returns the descriptor for supervisor_new(), or -1 after writing
 * into why what the system refuses; then nothing has changed, but perhaps no_new_privs. */
int supervisor_confine(seccomp_filter *filter, char *why, size_t size);

/* Whether confining takes the privileges of setuid programs away: for all but root. */
bool supervisor_takes_privileges(void);

/* Answers, from the event loop, until supervisor_free(); that gives the requests ENOSYS
 * where a process of COMMAND is still running. Takes over the descriptor. */
struct supervisor *supervisor_new(struct pty_hub *h, int listener);
void supervisor_free(struct supervisor *s); /* NULL is allowed */
