/* The module fauxtrack-seccomp, opened by `exec --lines` only: libseccomp's part. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Puts this process, and all that it starts, under a filter: an ioctl() of its own
 * architecture with one of these requests (its lower 32 bits) is notified, all else goes
 * on. no_new_privs: sets that too, without which only root may. Returns the descriptor of
 * the listener (seccomp_unotify(2)), closed on exec; or -errno, with nothing changed but
 * perhaps no_new_privs. */
int seccomp_module_filter(const unsigned *requests, size_t n, bool no_new_privs);
typedef int seccomp_filter(const unsigned *requests, size_t n, bool no_new_privs);

#define SECCOMP_MODULE  "fauxtrack-seccomp"
#define SECCOMP_FILTER  "seccomp_module_filter"
#define SECCOMP_PACKAGE "libseccomp2" /* Debian's, of the library that it needs */
