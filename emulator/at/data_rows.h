/* Rows made from commands that YAML declares (state/command_conf.h). */
#pragma once

#include "at/at.h"

/* Whether it declares a command that no chapter has. */
bool at_row_is_data(const struct chapter *const *chapters, const struct command_conf *c);

/* How many of them do. */
size_t at_data_count(
	const struct chapter *const *chapters, const struct command_conf *c, size_t n);

/* Makes the row; c must outlive it. */
void at_data_row(struct at_cmd *cmd, const struct command_conf *c);

/* Sets the factory values of an entry whose row is from YAML. */
void at_data_defaults(struct at_entry *e);

/* Assigns each kept value of the rows from YAML a place in settings.data, from `first`. */
void at_data_slots(struct at_set *set, int first);

/* Lays the latencies of an entry's answers over those it has. */
void at_data_latency(struct at_entry *e);

/* The kept values, and the kept texts, that a command declares. */
size_t at_data_values(const struct command_conf *c);
size_t at_data_texts(const struct command_conf *c);
