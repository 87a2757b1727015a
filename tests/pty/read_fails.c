/* Preloaded into the program under test: makes reading a file named "sim" fail with a
 * disk error, which no file system in a test can produce. */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

ssize_t read(int fd, void *buf, size_t len)
{
	ssize_t (*real)(int, void *, size_t);
	char link[64], path[4096];
	ssize_t n;

	*(void **)&real = dlsym(RTLD_NEXT, "read");
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n > 4 && !memcmp(path + n - 4, "/sim", 4)) {
		errno = EIO;
		return -1;
	}
	return real(fd, buf, len);
}
