/* Exercises commands as data (conf/command_schema, at/check, at/data_rows, at/told,
 * at/kept): up to the first zero the input is YAML with the keys commands, says and boot
 * of a firmware; the rest is what a host types at the modem with that firmware, between
 * two boots on the same memory. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "conf/command_schema.h"
#include "conf/profile_schema.h"
#include "describe/commands.h"
#include "host/read/doc_yaml.h"
#include "rig.h"
#include "state/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LIST(m, n, elem)                                \
	.offset = offsetof(struct firmware, m),         \
	.stride = sizeof(((struct firmware *)0)->m[0]), \
	.most = sizeof(((struct firmware *)0)->m) /     \
		sizeof(((struct firmware *)0)->m[0]),   \
	.count = offsetof(struct firmware, n), .item = elem

static const struct schema_field fields[] = {
	{ "commands", "", SCHEMA_TABLE, 0, LIST(commands, n_commands, &command_item),
		.key_size = 12, .check_key = check_command_name },
	{ "says", "", SCHEMA_TABLE, 0, LIST(says.say, says.n, &say_item),
		.key_size = SAY_NAME, .check_key = check_name_key },
	{ "boot", "", SCHEMA_LIST, 0, LIST(says.boot, says.boots, &boot_line_item) },
	{ NULL },
};
static const struct schema schema = { "part", "", fields, NULL, NULL };

/* The commands of the input become those of the firmware. False: they have an error. */
static bool take(struct firmware *fw, const uint8_t *data, size_t size)
{
	struct doc_pool *pool = doc_pool_new();
	struct doc_errors errors;
	char why[256];
	struct doc *d;
	size_t i;
	bool ok;

	memset(fw->commands, 0, sizeof(fw->commands));
	memset(&fw->says, 0, sizeof(fw->says));
	fw->n_commands = 0;
	doc_errors_init(&errors);
	d = doc_yaml(pool, "fuzz", data, size, &errors);
	ok = d && schema_bind(&schema, d, fw, false, &errors);
	if (ok == (errors.n > 0))
		abort();
	for (i = 0; ok && i < fw->n_commands; i++)
		ok = commands_check_overlay(fw, &fw->commands[i], why, sizeof(why));
	doc_errors_clear(&errors);
	doc_pool_free(pool);
	return ok;
}

static void talk(struct profile *p, const uint8_t *data, size_t size)
{
	static struct rig rig;
	static struct rig_store store;
	int i;

	for (i = 0; i < 2; i++) {
		void *mem = malloc(modem_size(p, 1));

		if (!mem || !rig_init_on(&rig, p, &store, mem))
			abort(); /* it has refused what it has written */
		rig_boot(&rig);
		rig_type(&rig, data, size);
		rig_pass(&rig, SEC(60));
		modem_close(rig.modem, rig.now);
		rig_free(&rig);
	}
	rig_store_clear(&store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct profile *profile;
	struct firmware *fw;
	const uint8_t *end;

	if (!profile)
		profile = rig_profile("fastrack-supreme-20-r74");
	fw = (struct firmware *)profile_at(profile, profile->installed);
	end = size ? memchr(data, 0, size) : NULL;
	if (!end || !take(fw, data, (size_t)(end - data)))
		return 0;
	free((void *)fw->at);
	commands_init(fw, malloc(commands_size(fw)));
	talk(profile, end + 1, (size_t)(data + size - end - 1));
	return 0;
}
