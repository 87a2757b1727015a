#include "conf/must.h"

#include <stdio.h>
#include <stdlib.h>

void out_of_memory(void)
{
	fputs("fauxtrack: out of memory; end other programs, or raise ulimit -v\n",
		stderr);
	exit(EXIT_FAILURE);
}

void *must(void *p)
{
	if (!p)
		out_of_memory();
	return p;
}
