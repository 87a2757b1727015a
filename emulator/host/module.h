/* Parts of the program that bring a library of their own: shared objects that are opened
 * when they are needed, so that one modem at a pty loads none. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* The path of NAME.so: in the build folder of a program that was not installed, else in
 * the folder where modules are installed. False if there is none. */
bool module_find(const char *name, char path[PATH_MAX]);

/* Opens it, for ever, and returns the address of a symbol; NULL, with the reason and the
 * remedy in why. package: Debian's package of the library that it needs. */
void *module_open(const char *name, const char *symbol, const char *package, char *why,
	size_t size);
