#include "host/module.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/exchange/mqtt_module.h"
#include "host/net/curl_module.h"
#include "host/net/slirp_module.h"
#include "seccomp_module.h"

const struct module_row module_rows[] = {
	{ "fauxtrack-lines", NULL, NULL, "run --lines for programs started elsewhere" },
	{ SECCOMP_MODULE, SECCOMP_FILTER, SECCOMP_PACKAGE, "exec --lines" },
	{ SLIRP_MODULE, SLIRP_OPS, SLIRP_PACKAGE, "--forward and --internet" },
	{ CURL_MODULE, CURL_OPS, CURL_PACKAGE, "FTP, HTTP and mail of WIPsoft" },
	{ MQTT_MODULE, MQTT_OPS, MQTT_PACKAGE, "--exchange" },
	{ NULL },
};

bool module_find(const char *name, char path[PATH_MAX])
{
	static const char *const places[] = { FAUXTRACK_MODULES_BUILT,
		FAUXTRACK_MODULES_INSTALLED };
	char exe[PATH_MAX], long_path[PATH_MAX + 200];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	size_t i;

	if (n < 0)
		return false;
	exe[n] = '\0';
	*strrchr(exe, '/') = '\0';
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(long_path, sizeof(long_path), "%s/%s/%s.so", exe, places[i],
			name);
		if (realpath(long_path, path))
			return true;
	}
	return false;
}

void *module_open(
	const char *name, const char *symbol, const char *package, char *why, size_t size)
{
	char path[PATH_MAX];
	void *module, *address = NULL;

	if (!module_find(name, path)) {
		snprintf(why, size,
			"the module %s.so is not there; start the program that was "
			"built, or install it with meson install",
			name);
		return NULL;
	}
	module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (module)
		address = dlsym(module, symbol);
	if (!address)
		snprintf(
			why, size, "%s; install Debian's package %s", dlerror(), package);
	return address;
}
