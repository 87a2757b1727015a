/* Results of tests as JUnit XML, which CI systems show: play and exec write it. */
#pragma once

#include <stdbool.h>

struct junit;

enum junit_verdict {
	JUNIT_PASSED,
	JUNIT_FAILED,
	JUNIT_SKIPPED,
	JUNIT_ERROR, /* it could not be tried */
};

/* suite: "fauxtrack play". Ends the program if out of memory. */
struct junit *junit_new(const char *suite);

/* From here on counts the time of the next result. junit_add() calls it too. */
void junit_start(struct junit *j);

/* Adds a result. where: the file or command; text: of a failure, an error or a skip, may
 * be NULL; bytes that XML cannot hold are shown as <1A>. j may be NULL: nothing is done. */
void junit_add(struct junit *j, const char *where, const char *name,
	enum junit_verdict verdict, const char *text);

/* Writes the file; false with errno if that fails. */
bool junit_write(const struct junit *j, const char *path);

/* The same in the Test Anything Protocol. */
bool junit_write_tap(const struct junit *j, const char *path);

void junit_free(struct junit *j); /* NULL is allowed */
