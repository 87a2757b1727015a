/* Answers that YAML gives (state/command_conf.h): those of its own commands, and those
 * that come instead of what a handler says. */
#pragma once

#include "at/at.h"

#define AT_TOLD_MAX 2000 /* bytes of one of them, with its arguments */

/* What YAML has the running command answer, NULL: nothing. The application that runs
 * comes first. */
const struct answer_conf *at_told_answer(const struct modem *m, const struct at_call *c);

/* The latency that an application gives it; 0: none. */
usec_t at_told_latency(const struct modem *m, const struct at_call *c);

/* The handler of the running command has returned `result`: after success the answer of
 * YAML is sent, and its result is returned. Other results remain. */
int at_tell_answer(struct channel *ch, int result);
