/* GSM 11.11 clauses 8 and 9: commands of the SIM and their status words. */
#include <string.h>

#include "gsm/sim_file.h"

#define MF 0x3f00

enum status {
	SW_OK = 0x9000,
	SW_RESPONSE = 0x9f00,    /* SW2: octets that GET RESPONSE would return */
	SW_NO_EF = 0x9400,       /* no EF is selected */
	SW_RANGE = 0x9402,       /* outside the file */
	SW_NOT_FOUND = 0x9404,   /* no such file, no such pattern */
	SW_STRUCTURE = 0x9408,   /* a command for another type of file */
	SW_ACCESS = 0x9804,      /* its CHV was not presented */
	SW_LENGTH = 0x6700,      /* SW2: the correct P3 */
	SW_PARAMETERS = 0x6b00,  /* P1 or P2 */
	SW_INSTRUCTION = 0x6d00, /* unknown */
	SW_CLASS = 0x6e00,
};

enum instruction {
	INS_STATUS = 0xf2,
	INS_SELECT = 0xa4,
	INS_SEEK = 0xa2,
	INS_READ_BINARY = 0xb0,
	INS_READ_RECORD = 0xb2,
	INS_GET_RESPONSE = 0xc0,
	INS_UPDATE_BINARY = 0xd6,
	INS_UPDATE_RECORD = 0xdc,
};

static bool granted(const struct sim_view *v, enum sim_access access)
{
	switch (access) {
	case SIM_ALWAYS:
		return true;
	case SIM_CHV1:
		return sim_open(v->sim) || sim_state(v->sim) == SIM_LOCKED;
	case SIM_CHV2:
		return v->sim->pin2_good;
	case SIM_ADM:
	case SIM_NEVER:
		break;
	}
	return false;
}

/* ---- the response of SELECT and STATUS (9.2.1) ------------------------------------ */

static void describe_df(const struct sim_view *v, uint16_t id, struct sim_response *r)
{
	const struct sim *s = v->sim;
	uint8_t *d = r->data;

	memset(d, 0, 22);
	d[4] = (uint8_t)(id >> 8);
	d[5] = (uint8_t)id;
	d[6] = id == MF ? 1 : 2;
	d[12] = 9;
	d[13] = s->pin_enabled ? 0x13 : 0x93; /* clock stop; bit 8: CHV1 off */
	d[14] = id == MF ? 2 : 0;
	d[15] = 8;
	d[16] = 4;
	d[18] = (uint8_t)(0x80 | s->chv1.pin_tries);
	d[19] = (uint8_t)(0x80 | s->chv1.puk_tries);
	d[20] = (uint8_t)(0x80 | s->chv2.pin_tries);
	d[21] = (uint8_t)(0x80 | s->chv2.puk_tries);
	r->len = 22;
}

static void describe_ef(
	const struct sim_view *v, const struct sim_file *f, struct sim_response *r)
{
	int size = sim_file_size(v, f);
	int total = size * sim_file_records(v, f);
	uint8_t *d = r->data;

	memset(d, 0, 15);
	d[2] = (uint8_t)(total >> 8);
	d[3] = (uint8_t)total;
	d[4] = (uint8_t)(f->id >> 8);
	d[5] = (uint8_t)f->id;
	d[6] = 4;
	d[7] = f->structure == SIM_CYCLIC ? 0x40 : 0; /* INCREASE is possible */
	d[8] = (uint8_t)(f->read << 4 | (unsigned)f->update);
	d[9] = f->structure == SIM_CYCLIC ? 0x1f : 0xff;
	d[10] = 0x44;
	d[11] = 1;
	d[12] = 2;
	d[13] = (uint8_t)f->structure;
	d[14] = f->structure == SIM_TRANSPARENT ? 0 : (uint8_t)size;
	r->len = 15;
}

/* ---- reading and writing --------------------------------------------------------- */

static void read_binary(const struct sim_view *v, const struct sim_file *f, int offset,
	int len, struct sim_response *r)
{
	uint8_t all[SIM_RECORD];
	int size = sim_file_size(v, f);

	if (f->structure != SIM_TRANSPARENT) {
		r->sw = SW_STRUCTURE;
		return;
	}
	if (!granted(v, f->read)) {
		r->sw = SW_ACCESS;
		return;
	}
	if (offset >= size) {
		r->sw = SW_RANGE;
		return;
	}
	if (!len || offset + len > size) {
		r->sw = SW_LENGTH | (unsigned)(size - offset);
		return;
	}
	sim_file_read(v, f, 1, all);
	memcpy(r->data, all + offset, (size_t)len);
	r->len = (size_t)len;
	r->sw = SW_OK;
}

/* True when access to the record is allowed. */
static bool check_record(const struct sim_view *v, const struct sim_file *f, int record,
	int len, enum sim_access access, struct sim_response *r)
{
	r->sw = SW_OK;
	if (f->structure == SIM_TRANSPARENT)
		r->sw = SW_STRUCTURE;
	else if (!granted(v, access))
		r->sw = SW_ACCESS;
	else if (record < 1 || record > sim_file_records(v, f))
		r->sw = SW_RANGE;
	else if (len != sim_file_size(v, f))
		r->sw = SW_LENGTH | (unsigned)sim_file_size(v, f);
	return r->sw == SW_OK;
}

static void read_record(const struct sim_view *v, const struct sim_file *f, int record,
	int len, struct sim_response *r)
{
	uint8_t all[SIM_RECORD];

	if (!check_record(v, f, record, len, f->read, r))
		return;
	sim_file_read(v, f, record, all);
	memcpy(r->data, all, (size_t)len);
	r->len = (size_t)len;
}

/* Phonebooks only: other data that the modem keeps has its own commands. */
static void update_record(const struct sim_view *v, const struct sim_file *f, int record,
	const uint8_t *data, size_t len, struct sim_response *r)
{
	const struct contact *was;
	struct contact c;

	if (f->book < 0) {
		r->sw = SW_ACCESS;
		return;
	}
	if (!check_record(v, f, record, (int)len, f->update, r))
		return;
	r->book = (enum book_id)f->book;
	if (!contact_decode(&c, book_text_max(v->books, r->book), data)) {
		r->sw = SW_PARAMETERS;
		return;
	}
	was = book_at(v->books, r->book, record);
	r->was = was ? *was : (struct contact){ 0 };
	book_put(v->books, r->book, record, c.type ? &c : NULL);
	r->index = record;
}

/* ---- +CRSM ----------------------------------------------------------------------- */

bool sim_restricted(const struct sim_view *v, int command, uint16_t id, const int p[3],
	const uint8_t *data, size_t len, struct sim_response *r)
{
	const struct sim_file *f = sim_file_find(0, id);

	*r = (struct sim_response){ .sw = SW_NOT_FOUND };
	switch (command) {
	case INS_STATUS:
		describe_df(v, sim_file_is_df(id) ? id : MF, r);
		r->sw = SW_OK;
		return true;
	case INS_GET_RESPONSE:
		if (sim_file_is_df(id))
			describe_df(v, id, r);
		else if (f)
			describe_ef(v, f, r);
		if (r->len)
			r->sw = SW_OK;
		return true;
	case INS_READ_BINARY:
		if (f)
			read_binary(v, f, p[0] << 8 | p[1], p[2], r);
		return true;
	case INS_READ_RECORD:
		if (f)
			read_record(v, f, p[0], p[2], r);
		return true;
	case INS_UPDATE_BINARY:
		if (f)
			r->sw = f->structure == SIM_TRANSPARENT ? SW_ACCESS
								: SW_STRUCTURE;
		return true;
	case INS_UPDATE_RECORD:
		if (f)
			update_record(v, f, p[0], data, len, r);
		return true;
	}
	return false;
}

/* ---- +CSIM ----------------------------------------------------------------------- */

static void select_file(struct sim_selection *s, const struct sim_view *v, uint16_t id,
	struct sim_response *r)
{
	if (sim_file_is_df(id)) {
		s->df = id;
		s->ef = 0;
		s->record = 0;
		describe_df(v, id, r);
	} else if (sim_file_find(s->df ? s->df : MF, id)) {
		s->ef = id;
		s->record = 0;
		describe_ef(v, sim_file_find(0, id), r);
	} else {
		r->sw = SW_NOT_FOUND;
		return;
	}
	r->sw = SW_RESPONSE | (unsigned)r->len;
	r->len = 0;
}

/* 9.2.5: P2 2 is the next record, 3 the previous one, 4 the one in P1 (0: the current
 * one). */
static int record_meant(
	const struct sim_selection *s, const struct sim_view *v, const uint8_t *apdu)
{
	int records = sim_file_records(v, sim_file_find(0, s->ef));

	switch (apdu[3]) {
	case 2:
		return s->record + 1;
	case 3:
		return s->record ? s->record - 1 : records;
	case 4:
		return apdu[2] ? apdu[2] : s->record;
	}
	return -1;
}

/* 9.2.7: P2 bit 4 clear is type 1; bits 0-3: from the beginning, from the end, forward,
 * backward. */
static void seek(struct sim_selection *s, const struct sim_view *v,
	const struct sim_file *f, const uint8_t *apdu, struct sim_response *r)
{
	int size = sim_file_size(v, f), records = sim_file_records(v, f);
	int step = apdu[3] & 1 ? -1 : 1, i = step > 0 ? 1 : records;
	uint8_t all[SIM_RECORD];

	if (f->structure != SIM_LINEAR || !granted(v, f->read)) {
		r->sw = f->structure != SIM_LINEAR ? SW_STRUCTURE : SW_ACCESS;
		return;
	}
	if (!apdu[4] || apdu[4] > size || apdu[4] > 16) {
		r->sw = SW_LENGTH;
		return;
	}
	if (apdu[3] & 2 && s->record)
		i = s->record + step;
	for (; i >= 1 && i <= records; i += step) {
		sim_file_read(v, f, i, all);
		if (memcmp(all, apdu + 5, apdu[4]) != 0)
			continue;
		s->record = i;
		r->sw = apdu[3] & 0x10 ? SW_RESPONSE | 1u : SW_OK;
		return;
	}
	r->sw = SW_NOT_FOUND;
}

static void on_selected(struct sim_selection *s, const struct sim_view *v,
	const uint8_t *apdu, struct sim_response *r)
{
	const struct sim_file *f = s->ef ? sim_file_find(0, s->ef) : NULL;
	int record;

	if (!f) {
		r->sw = SW_NO_EF;
		return;
	}
	if (apdu[1] == INS_SEEK) {
		seek(s, v, f, apdu, r);
	} else if (apdu[1] == INS_READ_BINARY) {
		read_binary(v, f, apdu[2] << 8 | apdu[3], apdu[4], r);
	} else {
		record = record_meant(s, v, apdu);
		if (record < 0) {
			r->sw = SW_PARAMETERS;
			return;
		}
		read_record(v, f, record, apdu[4], r);
		if (r->sw == SW_OK && apdu[3] != 4)
			s->record = record;
	}
}

void sim_apdu(struct sim_selection *s, const struct sim_view *v, const uint8_t *apdu,
	size_t len, struct sim_response *r)
{
	*r = (struct sim_response){ .sw = SW_CLASS };
	if (apdu[0] != 0xa0)
		return;
	switch (apdu[1]) {
	case INS_SELECT:
		if (apdu[4] != 2 || len < 7)
			r->sw = SW_LENGTH | 2u;
		else
			select_file(s, v, (uint16_t)(apdu[5] << 8 | apdu[6]), r);
		return;
	case INS_STATUS:
		describe_df(v, s->df ? s->df : MF, r);
		r->sw = SW_OK;
		if (apdu[4] && apdu[4] < r->len)
			r->len = apdu[4];
		return;
	case INS_SEEK:
	case INS_READ_BINARY:
	case INS_READ_RECORD:
		on_selected(s, v, apdu, r);
		return;
	}
	/* the SIM has no toolkit: FETCH, ENVELOPE and the like too */
	r->sw = SW_INSTRUCTION;
}
