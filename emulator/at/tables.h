/* The command tables, and how a firmware changes them. */
#pragma once

#include "at/at.h"
#include "state/profile.h"

struct chapter;

/* Size in bytes of the set that at_set_build() makes. */
size_t at_set_size(const struct chapter *const *chapters, const struct firmware *fw);

/* Resolves the rows of all chapters (at/chapter.h) for a firmware: absences, values,
 * defaults, latencies. What does not fit is left out: the checks below find it first. The
 * set is shared by all modems of that firmware and must outlive them; fw must outlive the
 * set. */
void at_set_build(struct at_set *set, const struct chapter *const *chapters,
	const struct firmware *fw);

/* The same for the commands that an application declares and that no chapter has; conf
 * must outlive the set. */
size_t at_own_size(
	const struct chapter *const *chapters, const struct command_conf *conf, size_t n);
void at_own_build(struct at_set *set, const struct chapter *const *chapters,
	const struct command_conf *conf, size_t n);

/* Checks whether what a profile says of a command fits its row; if not, why holds "what;
 * remedy". */
bool at_check_overlay(const struct chapter *const *chapters, const struct firmware *fw,
	const struct command_conf *conf, char *why, size_t size);
/* The same for a command of an application; all[0..n) are its commands. */
bool at_check_own(const struct chapter *const *chapters, const struct command_conf *all,
	size_t n, const struct command_conf *conf, char *why, size_t size);
bool at_check_latency(const struct chapter *const *chapters, const struct firmware *fw,
	const struct latency_conf *conf, char *why, size_t size);
bool at_check_default(const struct chapter *const *chapters, const struct firmware *fw,
	const struct default_conf *conf, char *why, size_t size);
bool at_check_memory(const struct chapter *const *chapters, const struct firmware *fw,
	const struct default_conf *conf, char *why, size_t size);

/* The tables of the running firmware, or of the one whose downloader runs. */
const struct at_set *at_tables_of(const struct modem *m);

/* The entry of that name (any case), NULL if the set has none. Whether a modem has the
 * command now: at_find() in at/known.h. */
const struct at_entry *at_set_find(
	const struct at_set *set, const char *name, size_t len);

/* Whether a value is legal: "(0-3,99)", "(\"SM\",\"ME\")". */
bool at_values_allow(const char *values, int v);

/* Whether AT+IPR=0 finds this rate: it stands in the first list of AT+IPR=?. */
bool at_autobauds(const struct at_set *set, unsigned baud);

/* The stored parameter that "+NAME" or "+NAME.parameter" names: its position, -1 if there
 * is none. */
long at_stored_param(const struct at_cmd *cmd, const char *name);

/* The position of a string among "(\"A\",\"B\")", -1 if it is not there. */
int at_values_place(const char *values, const char *text, size_t len);

/* The string at a position: its start and length, NULL if there is none. */
const char *at_values_text(const char *values, int place, size_t *len);

/* Whether parameter i of the row, as this firmware has it, may be v; for a choice v is
 * the position. */
bool at_value_legal(const struct at_entry *e, size_t i, int v);

/* Sets a parameter from profile text ("5", "PCCP437"); name as "+WMBS" or "+CSQ.name".
 * False if there is no such stored parameter or the value is not legal. */
bool at_set_default(const struct at_set *set, struct settings *s, const char *name,
	const char *value);

/* The same for the memory of a new unit, also of commands that keep their value in a
 * record of their own. */
bool at_deliver(
	const struct at_set *set, struct modem *m, const char *name, const char *value);

/* The factory's settings of this firmware. */
void at_set_factory(const struct at_set *set, struct settings *s);

/* The same over settings that have values: only those of the set change. */
void at_set_add_factory(const struct at_set *set, struct settings *s);
