/* Exercises state/record and all code that reads records (state/nv*, flash_record,
 * at/store): the first byte chooses the kind, the rest is the record as in a --state
 * folder; then the same lines with correct length and checksum, which a fuzzer would not
 * find. A modem that accepts the record boots and shows what it has read; one that
 * refuses it has written nothing. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"
#include "state/record.h"

#define RECORD_MAX 57344

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct record_kind kinds[] = {
	{ "device", 2, 1, "" },
	{ "flash", 4, 3, "" },
	{ "settings", 3, 1, "" },
	{ "sim", 2, 1, "" },
	{ "locks", 2, 1, "" },
	{ "numbers", 2, 1, "" },
	{ "clock", 2, 1, "" },
	{ "books", 2, 1, "" },
	{ "selection", 2, 1, "" },
	{ "open_at", 2, 1, "" },
	{ "gprs", 2, 1, "" },
	{ "services", 2, 1, "" },
	{ "charge", 2, 1, "" },
	{ "gpio", 2, 1, "" },
	{ "charset", 2, 1, "" },
	{ "sms", 2, 1, "" },
	{ "messages-sm", 2, 1, "" },
	{ "messages-me", 2, 1, "" },
	{ "messages-sr", 2, 1, "" },
	{ "calls", 2, 1, "" },
	{ "boots", 2, 1, "" },
	{ "book-SM-1", 2, 1, "" },
	{ "book-LD-1", 2, 1, "" },
	{ "messages-out", 2, 1, "" },
	{ "messages-in", 2, 1, "" },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void start(const char *name, const void *record, size_t len)
{
	static const char looks[] = "AT+CPBS=\"SM\";+CPBR=1,50;+CMGF=1;+CMGL=\"ALL\"\r"
				    "AT+CCLK?;+CALA?;+CGDCONT?;+CCFC=0,2;+COPS?\r"
				    "AT+CPIN?\rAT&V\rAT+WOPEN?;+CSCA?;+CSVM?;+WIOM?\r";
	static struct profile *profile;
	static struct rig_store store;
	static void *mem;
	struct rig r;

	if (!profile) {
		profile = rig_profile("fastrack-supreme-20-r74");
		mem = malloc(modem_size(profile, 1));
	}
	rig_store_clear(&store);
	rig_record_put(&store, name, record, len);
	store.stores = 0;
	if (!rig_init_on(&r, profile, &store, mem)) {
		if (store.stores)
			abort();
		return;
	}
	rig_boot(&r);
	rig_say(&r, looks, SEC(30));
	modem_close(r.modem, r.now);
	/* records that it has written itself are valid */
	if (!rig_init_on(&r, profile, &store, mem))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char mem[RECORD_MAX + 128];
	const struct record_kind *kind;
	struct buf b;
	size_t begun;

	if (!size || size > RECORD_MAX)
		return 0;
	kind = &kinds[data[0] % KINDS];
	start(kind->name, data + 1, size - 1);
	buf_init(&b, mem, sizeof(mem));
	begun = record_begin(&b, kind);
	buf_put(&b, data + 1, size - 1);
	record_end(&b, begun);
	start(kind->name, b.data, b.len);
	return 0;
}
