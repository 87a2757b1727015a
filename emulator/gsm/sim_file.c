/* GSM 11.11 clause 10: contents of the elementary files. */
#include "gsm/sim_file.h"

#include <string.h>

#define MF        0x3f00
#define TELECOM   0x7f10
#define GSM       0x7f20
#define SMSP_TAIL 28

/* ---- digits ---------------------------------------------------------------------- */

static void put_digit(uint8_t *out, size_t place, unsigned digit)
{
	uint8_t *octet = &out[place / 2];

	*octet = (uint8_t)(place % 2 ? (*octet & 0x0f) | digit << 4
				     : (*octet & 0xf0) | digit);
}

static void put_digits(uint8_t *out, size_t place, const char *digits)
{
	for (; *digits; digits++)
		put_digit(out, place++, (unsigned)(*digits - '0'));
}

/* GSM 04.08: MCC 2 1, MNC 3 or F and MCC 3, MNC 2 1. */
static void put_plmn(uint8_t out[3], const char *plmn)
{
	put_digit(out, 0, (unsigned)(plmn[0] - '0'));
	put_digit(out, 1, (unsigned)(plmn[1] - '0'));
	put_digit(out, 2, (unsigned)(plmn[2] - '0'));
	put_digit(out, 3, plmn[5] ? (unsigned)(plmn[5] - '0') : 15);
	put_digit(out, 4, (unsigned)(plmn[3] - '0'));
	put_digit(out, 5, (unsigned)(plmn[4] - '0'));
}

static void put_number(uint8_t *out, uint32_t n, int octets)
{
	while (octets--) {
		out[octets] = (uint8_t)n;
		n >>= 8;
	}
}

/* ---- contents -------------------------------------------------------------------- */

static void fill_iccid(const struct sim_view *v, int record, uint8_t *out)
{
	(void)record;
	put_digits(out, 0, v->sim->iccid);
}

/* 10.3.2: length, then the parity of the number of digits in the first nibble. */
static void fill_imsi(const struct sim_view *v, int record, uint8_t *out)
{
	const char *imsi = v->sim->imsi;
	size_t n = strlen(imsi);

	(void)record;
	out[0] = (uint8_t)(n / 2 + 1);
	put_digit(out + 1, 0, n % 2 ? 9 : 1);
	put_digits(out + 1, 1, imsi);
}

/* 10.3.1: codes of 23.038 for cell broadcast. */
static void fill_lp(const struct sim_view *v, int record, uint8_t *out)
{
	int i;

	(void)record;
	for (i = 0; i < SIM_LANGUAGES; i++)
		out[i] = (uint8_t)sim_language(v->sim->language[i]);
}

static void fill_kc(const struct sim_view *v, int record, uint8_t *out)
{
	(void)v;
	(void)record;
	out[8] = 7; /* no key */
}

static void fill_plmnsel(const struct sim_view *v, int record, uint8_t *out)
{
	int i;

	(void)record;
	for (i = 0; i < v->sim->preferred_max; i++)
		if (v->sim->preferred[i][0])
			put_plmn(out + 3 * i, v->sim->preferred[i]);
}

static void fill_hpplmn(const struct sim_view *v, int record, uint8_t *out)
{
	(void)v;
	(void)record;
	out[0] = 5; /* looks for the home network every 30 minutes */
}

static void fill_acm(const struct sim_view *v, int record, uint8_t *out)
{
	(void)record;
	put_number(out, v->acm, 3);
}

static void fill_acm_max(const struct sim_view *v, int record, uint8_t *out)
{
	(void)record;
	put_number(out, v->acm_max, 3);
}

static void fill_puct(const struct sim_view *v, int record, uint8_t *out)
{
	(void)record;
	memcpy(out, v->puct, sizeof(v->puct));
}

/* 10.3.7: two bits per service, allocated and activated. */
static void fill_sst(const struct sim_view *v, int record, uint8_t *out)
{
	static const int always[] = { 1, 4, 5, 7, 12, 14 };
	const struct books *b = v->books;
	size_t i;

	(void)record;
	memset(out, 0, 5);
#define SERVICE(n) (out[((n)-1) / 4] |= (uint8_t)(3 << ((n)-1) % 4 * 2))
	for (i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		SERVICE(always[i]);
	if (book_present(b, BOOK_SM))
		SERVICE(2);
	if (book_present(b, BOOK_FD))
		SERVICE(3);
	if (book_present(b, BOOK_ON))
		SERVICE(9);
	if (v->sim->card->provider[0])
		SERVICE(17);
	if (book_present(b, BOOK_SN))
		SERVICE(18);
#undef SERVICE
}

/* 10.3.11: display condition, then the name of the provider. */
static void fill_spn(const struct sim_view *v, int record, uint8_t *out)
{
	const char *name = v->sim->card->provider;

	(void)record;
	out[0] = name[0] ? 1 : 0xff;
	memcpy(out + 1, name, strlen(name));
}

/* 10.3.15: one of ten classes, by the last digit of the IMSI. */
static void fill_acc(const struct sim_view *v, int record, uint8_t *out)
{
	const char *imsi = v->sim->imsi;
	size_t n = strlen(imsi);

	(void)record;
	put_number(out, n ? 1u << (imsi[n - 1] - '0') : 1, 2);
}

static void fill_fplmn(const struct sim_view *v, int record, uint8_t *out)
{
	size_t i;

	(void)record;
	for (i = 0; i < v->sim->card->n_forbidden; i++)
		put_plmn(out + 3 * i, v->sim->card->forbidden[i]);
}

/* 10.3.17: TMSI, location area, TMSI time, status. */
static void fill_loci(const struct sim_view *v, int record, uint8_t *out)
{
	(void)record;
	out[10] = v->plmn ? 0 : 1;
	if (!v->plmn)
		return;
	put_plmn(out + 4, v->plmn);
	put_number(out + 7, v->lac, 2);
}

static void fill_ad(const struct sim_view *v, int record, uint8_t *out)
{
	(void)record;
	memset(out, 0, 3);
	out[3] = (uint8_t)v->sim->card->mnc_digits;
}

static void fill_phase(const struct sim_view *v, int record, uint8_t *out)
{
	(void)v;
	(void)record;
	out[0] = 2;
}

/* 10.3.13: two octets per identifier; ranges are in another file. */
static void fill_cbmi(const struct sim_view *v, int record, uint8_t *out)
{
	const char *p = v->cbmi ? v->cbmi : "";
	int i = 0;

	(void)record;
	while (*p && i < 10) {
		uint32_t id = 0;

		for (; *p >= '0' && *p <= '9'; p++)
			id = id * 10 + (uint32_t)(*p - '0');
		if (*p != '-')
			put_number(out + 2 * i++, id, 2);
		p += strcspn(p, ",");
		p += *p == ',';
	}
}

/* 10.5.7: the reference; no notification of free memory is due. */
static void fill_smss(const struct sim_view *v, int record, uint8_t *out)
{
	(void)record;
	if (v->mr >= 0)
		out[0] = (uint8_t)v->mr;
}

static void fill_sms(const struct sim_view *v, int record, uint8_t *out)
{
	out[0] = 0;
	if (v->sms)
		v->sms(v->ctx, record, out);
}

/* Clears a bit of the parameter indicators: the parameter is present. */
static void put_parameter(uint8_t *p, int bit, int at, int value)
{
	if (value < 0)
		return;
	p[0] &= (uint8_t) ~(1 << bit);
	p[at] = (uint8_t)value;
}

/* 10.5.6: the service centre, and what AT+CSAS has saved from +CSMP. */
static void fill_smsp(const struct sim_view *v, int record, uint8_t *out)
{
	const char *smsc = v->smsc ? v->smsc : "";
	bool plus = smsc[0] == '+';
	size_t n = strlen(smsc + plus);
	uint8_t *p = out + 10;

	if (record != 1)
		return;
	put_parameter(p, 2, 25, v->pid);
	put_parameter(p, 3, 26, v->dcs);
	put_parameter(p, 4, 27, v->vp);
	if (!n || n > 20)
		return;
	put_parameter(p, 1, 13, (int)(1 + (n + 1) / 2));
	p[14] = plus ? CONTACT_INTERNATIONAL : CONTACT_NATIONAL;
	put_digits(p + 15, 0, smsc + plus);
}

static void fill_book(const struct sim_view *v, enum book_id id, int record, uint8_t *out)
{
	contact_encode(book_at(v->books, id, record), book_text_max(v->books, id), out);
}

static const struct sim_file files[] = {
	{ 0x2fe2, MF, SIM_TRANSPARENT, SIM_ALWAYS, SIM_NEVER, 10, -1, fill_iccid },
	{ 0x6f3a, TELECOM, SIM_LINEAR, SIM_CHV1, SIM_CHV1, 0, BOOK_SM, NULL },
	{ 0x6f3b, TELECOM, SIM_LINEAR, SIM_CHV1, SIM_CHV2, 0, BOOK_FD, NULL },
	{ 0x6f3c, TELECOM, SIM_LINEAR, SIM_CHV1, SIM_CHV1, 176, -1, fill_sms },
	{ 0x6f40, TELECOM, SIM_LINEAR, SIM_CHV1, SIM_CHV1, 0, BOOK_ON, NULL },
	{ 0x6f42, TELECOM, SIM_LINEAR, SIM_CHV1, SIM_CHV1, 10 + SMSP_TAIL, -1,
		fill_smsp },
	{ 0x6f43, TELECOM, SIM_TRANSPARENT, SIM_CHV1, SIM_CHV1, 2, -1, fill_smss },
	{ 0x6f49, TELECOM, SIM_LINEAR, SIM_CHV1, SIM_ADM, 0, BOOK_SN, NULL },
	{ 0x6f05, GSM, SIM_TRANSPARENT, SIM_ALWAYS, SIM_CHV1, 4, -1, fill_lp },
	{ 0x6f07, GSM, SIM_TRANSPARENT, SIM_CHV1, SIM_ADM, 9, -1, fill_imsi },
	{ 0x6f20, GSM, SIM_TRANSPARENT, SIM_CHV1, SIM_CHV1, 9, -1, fill_kc },
	{ 0x6f30, GSM, SIM_TRANSPARENT, SIM_CHV1, SIM_CHV1, -1, -1, fill_plmnsel },
	{ 0x6f31, GSM, SIM_TRANSPARENT, SIM_CHV1, SIM_ADM, 1, -1, fill_hpplmn },
	{ 0x6f37, GSM, SIM_TRANSPARENT, SIM_CHV1, SIM_CHV2, 3, -1, fill_acm_max },
	{ 0x6f38, GSM, SIM_TRANSPARENT, SIM_CHV1, SIM_ADM, 5, -1, fill_sst },
	{ 0x6f39, GSM, SIM_CYCLIC, SIM_CHV1, SIM_CHV2, 3, -1, fill_acm },
	{ 0x6f41, GSM, SIM_TRANSPARENT, SIM_CHV1, SIM_CHV2, 5, -1, fill_puct },
	{ 0x6f45, GSM, SIM_TRANSPARENT, SIM_CHV1, SIM_CHV1, 20, -1, fill_cbmi },
	{ 0x6f46, GSM, SIM_TRANSPARENT, SIM_ALWAYS, SIM_ADM, 17, -1, fill_spn },
	{ 0x6f74, GSM, SIM_TRANSPARENT, SIM_CHV1, SIM_CHV1, 16, -1, NULL },
	{ 0x6f78, GSM, SIM_TRANSPARENT, SIM_CHV1, SIM_ADM, 2, -1, fill_acc },
	{ 0x6f7b, GSM, SIM_TRANSPARENT, SIM_CHV1, SIM_CHV1, 12, -1, fill_fplmn },
	{ 0x6f7e, GSM, SIM_TRANSPARENT, SIM_CHV1, SIM_CHV1, 11, -1, fill_loci },
	{ 0x6fad, GSM, SIM_TRANSPARENT, SIM_ALWAYS, SIM_ADM, 4, -1, fill_ad },
	{ 0x6fae, GSM, SIM_TRANSPARENT, SIM_ALWAYS, SIM_ADM, 1, -1, fill_phase },
};

const struct sim_file *sim_file_find(uint16_t df, uint16_t id)
{
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (files[i].id == id && (!df || files[i].df == df))
			return &files[i];
	return NULL;
}

bool sim_file_is_df(uint16_t id)
{
	return id == MF || id == TELECOM || id == GSM;
}

int sim_file_size(const struct sim_view *v, const struct sim_file *f)
{
	if (f->book >= 0)
		return book_text_max(v->books, (enum book_id)f->book) + CONTACT_TAIL;
	return f->size < 0 ? 3 * v->sim->preferred_max : f->size;
}

int sim_file_records(const struct sim_view *v, const struct sim_file *f)
{
	if (f->book >= 0)
		return book_capacity(v->books, (enum book_id)f->book);
	if (f->fill == fill_sms)
		return v->sms_records;
	return 1;
}

void sim_file_read(
	const struct sim_view *v, const struct sim_file *f, int record, uint8_t *out)
{
	memset(out, 0xff, SIM_RECORD);
	if (f->book >= 0)
		fill_book(v, (enum book_id)f->book, record, out);
	else if (f->fill)
		f->fill(v, record, out);
}
