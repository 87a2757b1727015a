/* Structs that begin with their size: a program and a library of different versions
 * understand each other as long as the newer one does not need what the other lacks. */
#include <string.h>

#include "library_int.h"

#define MOST 4096 /* more than any version will have: a size that was never set */

bool library_sized(void *to, size_t size, const void *from, const char **why)
{
	const unsigned char *p = from;
	size_t theirs, i;

	if (!from)
		return true;
	memcpy(&theirs, from, sizeof(theirs));
	if (theirs < sizeof(theirs) || theirs > MOST) {
		*why = "its member size is not set; set it to sizeof of the struct";
		return false;
	}
	for (i = size; i < theirs; i++) {
		if (!p[i])
			continue;
		*why = "it has a member that this version of libfauxtrack does not know; "
		       "leave it zero, or install a newer libfauxtrack";
		return false;
	}
	memcpy(to, from, theirs < size ? theirs : size);
	return true;
}
