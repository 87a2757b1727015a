/* Preloaded into the program under test: makes posix_openpt() fail with the error number
 * in $OPENPT_ERRNO, after so many calls as $OPENPT_GOOD says. */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

int posix_openpt(int flags)
{
	static int calls;
	int (*real)(int);
	const char *good = getenv("OPENPT_GOOD"), *error = getenv("OPENPT_ERRNO");

	if (error && calls++ >= (good ? atoi(good) : 0)) {
		errno = atoi(error);
		return -1;
	}
	*(void **)&real = dlsym(RTLD_NEXT, "posix_openpt");
	return real(flags);
}
