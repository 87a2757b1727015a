/* Shared by the tests of state/flash: a profile with an old and a new generation, files
 * as made by dwl make, and a memory that can fail after any store. */
#pragma once

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "modem.h"
#include "state/flash.h"

enum {
	R663,
	R74,
	R743,
	Q24,
	FIRMWARES
};

/* ---- a memory that loses power after a number of stores ---------------------------- */

static struct {
	char data[4096];
	long len;   /* -1: no record */
	int stores; /* done so far */
	int last;   /* the stores after this one fail */
} nv;

static inline long nv_load(void *ctx, const char *rec, void *buf, size_t max)
{
	(void)ctx;
	assert_string_equal(rec, "flash");
	assert_true(nv.len <= (long)max);
	if (nv.len > 0)
		memcpy(buf, nv.data, (size_t)nv.len);
	return nv.len;
}

static inline int nv_store(void *ctx, const char *rec, const void *buf, size_t len)
{
	(void)ctx;
	assert_string_equal(rec, "flash");
	assert_true(len <= sizeof(nv.data));
	if (nv.stores == nv.last)
		return -1;
	nv.stores++;
	memcpy(nv.data, buf, len);
	nv.len = (long)len;
	return 0;
}

static char logged[1024];

static inline void on_log(
	void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	(void)ctx;
	(void)cat;
	(void)level;
	snprintf(logged, sizeof(logged), "%s", text);
}

static const struct nv_ops memory = { .load = nv_load, .store = nv_store };
static struct log quiet;
static struct profile profile;
static struct firmware described[FIRMWARES];
static struct firmware_slot slots[FIRMWARES];
static struct firmware_shelf shelf = { .slot = slots };
static struct flash f;

static inline void firmware(int i, const char *name, const char *module,
	const char *family, const char *library)
{
	struct firmware *fw = &described[i];

	strcpy(fw->name, name);
	strcpy(slots[i].name, name);
	slots[i].state = FIRMWARE_READY;
	slots[i].is = fw;
	strcpy(fw->module, module);
	strcpy(fw->family, family);
	strcpy(fw->open_at.text, library);
	strcpy(fw->downloader.generation, family);
	strcpy(fw->downloader.image_accepted_by[0], family);
	fw->downloader.accepted = 1;
	strcpy(fw->needs_downloader[0], family);
	fw->needs = 1;
	fw->downloader.size = 3000;
	fw->image_size = 5000;
}

/* A Supreme on 6.63, as delivered. */
static inline void begin(void)
{
	size_t i;

	memset(&profile, 0, sizeof(profile));
	memset(described, 0, sizeof(described));
	memset(slots, 0, sizeof(slots));
	memset(&nv, 0, sizeof(nv));
	nv.len = -1;
	nv.last = 1000;
	logged[0] = '\0';
	quiet.line = on_log;
	for (i = 0; i < LOG_CATS; i++)
		quiet.level[i] = LOG_LEVEL_DEBUG;
	firmware(R663, "r663", "Q2687H", "r6", "AT v04.27");
	firmware(R74, "r74", "Q2687H", "r7", "AT v06.30");
	firmware(R743, "r743", "Q2687H", "r7", "AT v06.32");
	firmware(Q24, "q24", "Q2406B", "r6", "AT v03.12");
	shelf.n = FIRMWARES;
	profile.shelf = &shelf;
	strcpy(described[R74].downloader.image_accepted_by[0], "r6");
	strcpy(described[R74].downloader.image_accepted_by[1], "r7");
	described[R74].downloader.accepted = 2;
	described[R74].install.resets = INSTALL_BAND;
	described[R74].install.erases = INSTALL_APPLICATION | INSTALL_FLASH_OBJECTS;
	described[R74].install.clears = INSTALL_CACHE_SN;
	strcpy(profile.device.modules[0], "Q2687H");
	profile.device.n_modules = 1;
	profile.device.flash_kb = 4096;
	profile.installed = profile.downloader = R663;
	flash_init(&f, &profile, &memory, &quiet);
}

/* Switched off and on again: only the record survives. */
static inline void power_cycle(void)
{
	flash_init(&f, &profile, &memory, &quiet);
	assert_true(flash_load(&f, NULL));
}

/* ---- files ----------------------------------------------------------------------------
 */

struct file {
	uint8_t data[20 * 1024];
	size_t len; /* with padding */
};

static inline struct file make(int fw, enum dwl_kind kind, uint32_t length)
{
	static struct file file;
	struct dwl_header h;

	assert_true(image_header(&described[fw], kind, length, &h));
	h.crc = dwl_body_crc(&h);
	file.len = (length + 127) / 128 * 128;
	assert_true(file.len <= sizeof(file.data));
	memset(file.data, IMAGE_PADDING, file.len);
	dwl_encode(&h, file.data);
	dwl_body(&h, 0, file.data + DWL_HEADER, length - DWL_HEADER);
	return file;
}

static inline enum flash_verdict start(const struct file *file)
{
	enum flash_verdict v = flash_begin(&f, file->data, 128);

	if (v == FLASH_ACCEPTED)
		flash_data(&f, file->data, 128);
	return v;
}

static inline bool finish(const struct file *file)
{
	size_t at;

	for (at = 128; at < file->len; at += 128)
		flash_data(&f, file->data + at, 128);
	return flash_end(&f) == FLASH_ACCEPTED;
}

static inline bool send(int fw, enum dwl_kind kind)
{
	struct file file = make(fw, kind, 5000);

	return start(&file) == FLASH_ACCEPTED && finish(&file);
}

static inline const char *runs(void)
{
	const struct firmware *fw = flash_firmware(&f);

	return fw ? fw->name : "nothing";
}
