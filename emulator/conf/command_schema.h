/* Commands, lines of the boot and lines that an action says, as data: the schemas that
 * firmware and application files share. */
#pragma once

#include "conf/schema.h"

extern const struct schema command_schema; /* struct command_conf */
extern const struct schema answer_schema;  /* struct answer_conf */

/* Items of SCHEMA_TABLE "commands" (struct command_conf, key_size 12, check_key
 * check_command_name), SCHEMA_TABLE "says" (struct say_conf, key_size SAY_NAME, check_key
 * check_say_name) and SCHEMA_LIST "boot" (struct boot_line). */
extern const struct schema_field command_item;
extern const struct schema_field say_item;
extern const struct schema_field boot_line_item;

/* Returns what is wrong with a name of `says` ("what; remedy"), or NULL. */
const char *check_say_name(const char *key);

/* Notes in each of the n commands where the mapping `commands` has it. */
struct command_conf;
void commands_note_places(struct command_conf *c, size_t n, const struct doc *commands);
