/* Shared by toolkit.c, which goes through a session, and toolkit_answer.c. */
#pragma once

#include "gsm/toolkit.h"

/* Changes the state; nothing is waited for any more. */
void toolkit_go(struct toolkit *t, enum toolkit_state to);

/* The card thinks, and asks this step; NULL, or a name that is "": the session ends. */
void toolkit_proceed(struct toolkit *t, const struct toolkit_step *s);
void toolkit_proceed_to(struct toolkit *t, const char *name);
void toolkit_end_session(struct toolkit *t);

/* The last menu before the one that is asked; without one the session ends. */
void toolkit_go_back(struct toolkit *t);

/* Asks the present step of the user, or shows its help. */
void toolkit_ask(struct toolkit *t);

/* The present step has been answered, or done. */
void toolkit_complete(struct toolkit *t);

/* Keeps the answer of that number, 0: nowhere. */
void toolkit_keep(struct toolkit *t, int number, const char *text);
