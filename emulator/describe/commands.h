/* The command tables as seen from outside: checked against profiles, built for firmwares,
 * listed. Part of the facade: nothing outside libmodem includes at/. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "state/profile.h"

/* Size in bytes of one firmware's tables, aligned as malloc aligns. */
size_t commands_size(const struct firmware *f);

/* Builds the tables of a firmware in mem and links them to it. mem must outlive it. */
void commands_init(struct firmware *f, void *mem);

/* The same for the commands that an application declares: memory for them, and their
 * tables, for struct application.at. conf must outlive them. */
size_t commands_own_size(const struct command_conf *conf, size_t n);
const struct at_set *commands_own_init(
	const struct command_conf *conf, size_t n, void *mem);

/* Checks whether what a profile says of a command fits its row, or makes a row of its
 * own; if not, why holds "what; remedy". conf is one of those of the firmware, or of the
 * application whose commands are all[0..n). */
bool commands_check_overlay(const struct firmware *fw, const struct command_conf *conf,
	char *why, size_t size);
bool commands_check_own(const struct command_conf *all, size_t n,
	const struct command_conf *conf, char *why, size_t size);
bool commands_check_latency(const struct firmware *fw, const struct latency_conf *conf,
	char *why, size_t size);
bool commands_check_default(const struct firmware *fw, const struct default_conf *conf,
	char *why, size_t size);
bool commands_check_memory(const struct firmware *fw, const struct default_conf *conf,
	char *why, size_t size);

struct command_row {
	const char *name;
	char source[384]; /* where its facts are told, and what is inferred */
	char forms[5];    /* E exec, S set, R read, T test, or - */
	char stored[32];  /* "-", "AT&W", "at once", "AT&W, AT+CSAS" */
	/* "works", "kept", "refused", "absent"; "wip": only while an application that
	 * provides that runs, from the version that `source` begins with */
	const char *status;
	bool data; /* declared by YAML: `source` begins with its file and line */
};

/* Row i, sorted by name, of a firmware with its tables; false after the last. */
bool commands_row(const struct firmware *f, size_t i, struct command_row *out);

/* The same for the commands that an application declares, as commands_own_init() made
 * them. */
bool commands_own_row(const struct at_set *own, size_t i, struct command_row *out);

/* The stored values of a command. */
struct setting_row {
	const char *name, *source;
	char factory[80]; /* values separated by commas; for those in a record of its own:
			     none */
	char kept[32];    /* as in struct command_row */
	bool restored;    /* AT&F puts it back */
	bool absent;
	bool data; /* of a command that YAML declares */
};

/* The same for commands that store something. */
bool commands_setting(const struct firmware *f, size_t i, struct setting_row *out);

/* Parameter i of the command as this firmware has it. False if there is none. */
struct param_row {
	const char *name;   /* as profiles name it */
	const char *values; /* legal values, as =? shows them */
	bool number;        /* an integer */
	bool stored; /* its value is kept: "+NAME" or "+NAME.parameter" in a profile */
};
bool commands_param(
	const struct firmware *f, const char *command, size_t i, struct param_row *out);
