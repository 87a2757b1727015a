/* Preloaded into the program under test: the clock that counts from the start of the
 * machine runs 2,000 times as fast, so that work of a millisecond takes seconds. */
#include <dlfcn.h>
#include <time.h>

#define TIMES 2000

int clock_gettime(clockid_t id, struct timespec *out)
{
	static int (*real)(clockid_t id, struct timespec * out);
	static long long first;
	long long t;
	int status;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
	status = real(id, out);
	if (status || id != CLOCK_MONOTONIC)
		return status;
	t = out->tv_sec * 1000000000LL + out->tv_nsec;
	if (!first)
		first = t;
	t = first + (t - first) * TIMES;
	out->tv_sec = t / 1000000000;
	out->tv_nsec = t % 1000000000;
	return 0;
}
