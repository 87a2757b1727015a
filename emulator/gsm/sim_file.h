/* The SIM as +CSIM and +CRSM see it: files of GSM 11.11 clause 10, made from the profile
 * and from the modem's present state, and the commands of clause 9. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gsm/phonebook.h"
#include "gsm/sim.h"

#define SIM_RECORD   255
#define SIM_RESPONSE 256

/* The source of the files' contents. */
struct sim_view {
	struct sim *sim;
	struct books *books;
	const char *plmn; /* of the location area, NULL where unknown */
	unsigned lac;
	uint32_t acm, acm_max; /* units */
	uint8_t puct[5];       /* currency and price, as in EF-PUCT */
	const char *smsc;      /* service centre with or without +, NULL for none */
	int pid, dcs, vp;      /* in EF-SMSP, -1 for none */
	const char *cbmi;      /* "10,100": message identifiers, NULL for none */
	int mr;                /* the last TP-MR, -1 for none */
	int sms_records;       /* number of records in EF-SMS */
	/* Fills one record of EF-SMS; NULL: all are free. */
	void (*sms)(void *ctx, int index, uint8_t record[176]);
	void *ctx;
};

struct sim_response {
	uint8_t data[SIM_RESPONSE];
	size_t len;
	unsigned sw; /* SW1 and SW2 */
	/* an entry that was written: index 0 for none, and its previous contents */
	enum book_id book;
	int index;
	struct contact was;
};

/* What is selected on the SIM; all zeros: the master file. */
struct sim_selection {
	uint16_t df, ef;
	int record;
};

/* ---- files ------------------------------------------------------------------------
 */

enum sim_structure {
	SIM_TRANSPARENT = 0,
	SIM_LINEAR = 1,
	SIM_CYCLIC = 3,
};
enum sim_access { /* GSM 11.11 clause 9.3 */
	SIM_ALWAYS = 0,
	SIM_CHV1 = 1,
	SIM_CHV2 = 2,
	SIM_ADM = 4,
	SIM_NEVER = 15,
};

struct sim_file {
	uint16_t id, df;
	enum sim_structure structure;
	enum sim_access read, update;
	int size; /* of the file or one record; 0: determined by the phonebook */
	int book; /* its enum book_id, -1 for none */
	/* Fills a file or record of `size` octets, preset to FF. */
	void (*fill)(const struct sim_view *v, int record, uint8_t *out);
};

/* NULL if there is none; df 0 searches all directories. */
const struct sim_file *sim_file_find(uint16_t df, uint16_t id);
bool sim_file_is_df(uint16_t id);

/* The size of the file or of one record, and the number of records (1 if transparent). */
int sim_file_size(const struct sim_view *v, const struct sim_file *f);
int sim_file_records(const struct sim_view *v, const struct sim_file *f);

/* The contents: out has SIM_RECORD octets. */
void sim_file_read(
	const struct sim_view *v, const struct sim_file *f, int record, uint8_t *out);

/* ---- commands --------------------------------------------------------------------- */

/* A command APDU as in +CSIM. */
void sim_apdu(struct sim_selection *s, const struct sim_view *v, const uint8_t *apdu,
	size_t len, struct sim_response *r);

/* A command of +CRSM: READ BINARY 176, READ RECORD 178, GET RESPONSE 192, UPDATE BINARY
 * 214, UPDATE RECORD 220, STATUS 242. False: no such command. */
bool sim_restricted(const struct sim_view *v, int command, uint16_t id, const int p[3],
	const uint8_t *data, size_t len, struct sim_response *r);
