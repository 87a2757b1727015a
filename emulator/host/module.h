/* Parts of the program that bring a library of their own: shared objects that are opened
 * when they are needed, so that one modem at a pty loads none. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* A part of the program, for reports: what it is for and what it needs. The names are those
 * that its user passes to module_open(). */
struct module_row {
	const char *name;    /* NULL ends the table */
	const char *symbol;  /* NULL: it is not opened by this program */
	const char *package; /* Debian's, of its library; NULL: it needs none */
	const char *what;    /* what works only with it */
};
extern const struct module_row module_rows[];

/* The path of NAME.so: in the build folder of a program that was not installed, else in
 * the folder where modules are installed. False if there is none. */
bool module_find(const char *name, char path[PATH_MAX]);

/* Opens it, for ever, and returns the address of a symbol; NULL, with the reason and the
 * remedy in why. package: Debian's package of the library that it needs. */
void *module_open(const char *name, const char *symbol, const char *package, char *why,
	size_t size);
