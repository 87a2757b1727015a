/* Shared by import_play.c, import_stage.c and import_data.c: our modem, the host of the
 * log at it, and the demo that this becomes. */
#pragma once

#include "host/field/import_int.h"

#define STAGE_STEPS   256      /* steps of YAML */
#define STAGE_ANSWER  SEC(180) /* how long our modem may take */
#define STAGE_SETTLED MS(300) /* after what it says unasked, where the log has no times */

struct stage {
	struct import *im;
	struct play_live *live;
	struct exchanges *parser;
	struct exchange *answer;             /* of the command that was typed last */
	char *said;                          /* unasked lines, each with a \n after it */
	bool numeric;                        /* ATV0 */
	struct scenario *owner[STAGE_STEPS]; /* of steps, which must outlive the play */
	size_t owners;
	size_t turn;
	bool dead; /* it cannot go on */
};

/* Of struct exchanges: takes what our modem says. */
void stage_take(void *ctx, const struct exchange *x);

/* Steps of the demo: all before this are forgotten; what is typed, heard, and waited. */
void stage_forget(struct import *im);
bool stage_keys(struct stage *s, const void *bytes, size_t len);
bool stage_line(struct stage *s, const char *command); /* with its CR */
void stage_hear(struct stage *s, size_t most, usec_t took);
void stage_pass(struct stage *s, usec_t time);

/* A step of YAML, "ppp: { ... }". False: it failed. */
bool stage_do(struct stage *s, const char *yaml);

/* Waits for a final result or a prompt. */
void stage_wait(struct stage *s, usec_t limit);

/* The octets up to the end of that, 0: it has not come. */
size_t stage_answer_end(const struct stage *s);

/* What a visible text stands for, and an end; the caller frees it. */
char *stage_bytes(const char *visible, size_t *len, const char *end);

/* ---- import_data.c ---- */

/* Our modem is in a data call. False: it has to be played again. */
bool stage_data(struct stage *s);
void stage_peers(struct stage *s);
