/* What the program does when memory runs out: it says so and ends with status 1. */
#pragma once

/* Returns p; NULL ends the program. */
void *must(void *p);

/* The same where no pointer says it. */
_Noreturn void out_of_memory(void);
