#include "codec/tpdu.h"

#include <string.h>

#include "codec/gsm7.h"
#include "codec/hex.h"
#include "codec/userdata.h"

/* The fields in coding order; each kind has some of them. */
enum field {
	F_END,
	F_FCS,
	F_MR,
	F_PID,
	F_CT,
	F_MN,
	F_ADDRESS,
	F_DCS,
	F_VP,
	F_SCTS,
	F_DT,
	F_ST,
	F_UD,       /* length and data, counted by the DCS */
	F_CD,       /* length in octets and data */
	F_OPTIONAL, /* TP-PI and what it announces; all of it may be missing */
	F_PI,       /* the same, but TP-PI is there */
	F_SCTS_PI,  /* TP-PI, TP-SCTS, and what TP-PI announces */
};

static const struct layout {
	uint8_t mti, ud_max;
	uint8_t fields[8]; /* enum field */
} layouts[] = {
	/* user data: clauses 9.2.3.24 and 9.2.2, with messages of at most 164 octets */
	[TPDU_DELIVER] = { 0, 140, { F_ADDRESS, F_PID, F_DCS, F_SCTS, F_UD } },
	[TPDU_SUBMIT] = { 1, 140, { F_MR, F_ADDRESS, F_PID, F_DCS, F_VP, F_UD } },
	[TPDU_STATUS_REPORT] = { 2, 131,
		{ F_MR, F_ADDRESS, F_SCTS, F_DT, F_ST, F_OPTIONAL } },
	[TPDU_COMMAND] = { 2, 146, { F_MR, F_PID, F_CT, F_MN, F_ADDRESS, F_CD } },
	[TPDU_DELIVER_ACK] = { 0, 159, { F_PI } },
	[TPDU_DELIVER_ERROR] = { 0, 158, { F_FCS, F_PI } },
	[TPDU_SUBMIT_ACK] = { 1, 152, { F_SCTS_PI } },
	[TPDU_SUBMIT_ERROR] = { 1, 151, { F_FCS, F_SCTS_PI } },
};

int tpdu_kind(uint8_t fo, bool from_sc, bool report)
{
	switch (fo & TPDU_MTI) {
	case 0:
		return from_sc ? TPDU_DELIVER : report ? TPDU_DELIVER_ACK : -1;
	case 1:
		return !from_sc ? TPDU_SUBMIT : report ? TPDU_SUBMIT_ACK : -1;
	case 2:
		return from_sc ? TPDU_STATUS_REPORT : TPDU_COMMAND;
	default:
		return -1;
	}
}

enum validity_format tpdu_validity(const struct tpdu *t)
{
	return (enum validity_format)((t->fo & TPDU_VPF) >> 3);
}

size_t tpdu_ud_max(enum tpdu_kind kind)
{
	return layouts[kind].ud_max;
}

void tpdu_init(struct tpdu *t, enum tpdu_kind kind)
{
	memset(t, 0, sizeof(*t));
	t->kind = kind;
	t->fo = layouts[kind].mti;
	t->has_pi = kind >= TPDU_DELIVER_ACK;
}

/* Decoding. */

static enum pdu_error get_user_data(struct pdu_in *in, struct tpdu *t, bool octets)
{
	enum pdu_error error = pdu_octet(in, &t->udl);
	size_t n = t->udl;

	if (error != PDU_OK)
		return error;
	if (!octets && userdata_in_septets(t))
		n = gsm7_octets(n, 0);
	if (n > tpdu_ud_max(t->kind))
		return PDU_USER_DATA;
	t->ud_octets = (uint8_t)n;
	error = pdu_octets(in, t->ud, n);
	return error != PDU_OK ? error : userdata_check(t);
}

static enum pdu_error get_pi(struct pdu_in *in, struct tpdu *t)
{
	enum pdu_error error = pdu_octet(in, &t->pi);
	uint8_t more = t->pi;

	/* extension octets have no meaning yet (clause 9.2.3.27) */
	while (error == PDU_OK && more & 0x80)
		error = pdu_octet(in, &more);
	t->pi &= 0x7f;
	t->has_pi = true;
	return error;
}

static enum pdu_error get_announced(struct pdu_in *in, struct tpdu *t)
{
	enum pdu_error error = PDU_OK;

	if (t->pi & TPDU_PI_PID)
		error = pdu_octet(in, &t->pid);
	if (error == PDU_OK && t->pi & TPDU_PI_DCS)
		error = pdu_octet(in, &t->dcs);
	if (error == PDU_OK && t->pi & TPDU_PI_UD)
		error = get_user_data(in, t, false);
	return error;
}

static enum pdu_error get_validity(struct pdu_in *in, struct tpdu *t)
{
	enum validity_format format = tpdu_validity(t);
	enum pdu_error error = pdu_octets(in, t->vp.octets, validity_octets(format));

	return error != PDU_OK ? error : validity_check(format, &t->vp);
}

static enum pdu_error get_optional(struct pdu_in *in, struct tpdu *t, enum field field)
{
	enum pdu_error error;

	if (field == F_OPTIONAL && !in->left)
		return PDU_OK;
	error = get_pi(in, t);
	if (error == PDU_OK && field == F_SCTS_PI)
		error = pdu_octets(in, t->scts, sizeof(t->scts));
	return error != PDU_OK ? error : get_announced(in, t);
}

static enum pdu_error get_field(struct pdu_in *in, struct tpdu *t, enum field field)
{
	switch (field) {
	case F_FCS:
		return pdu_octet(in, &t->fcs);
	case F_MR:
		return pdu_octet(in, &t->mr);
	case F_PID:
		return pdu_octet(in, &t->pid);
	case F_CT:
		return pdu_octet(in, &t->ct);
	case F_MN:
		return pdu_octet(in, &t->mn);
	case F_ADDRESS:
		return address_get(in, &t->address);
	case F_DCS:
		return pdu_octet(in, &t->dcs);
	case F_VP:
		return get_validity(in, t);
	case F_SCTS:
		return pdu_octets(in, t->scts, sizeof(t->scts));
	case F_DT:
		return pdu_octets(in, t->dt, sizeof(t->dt));
	case F_ST:
		return pdu_octet(in, &t->st);
	case F_UD:
		return get_user_data(in, t, false);
	case F_CD:
		return get_user_data(in, t, true);
	case F_OPTIONAL:
	case F_PI:
	case F_SCTS_PI:
		return get_optional(in, t, field);
	case F_END:
		break;
	}
	return PDU_OK;
}

enum pdu_error tpdu_decode(
	enum tpdu_kind kind, const uint8_t *data, size_t len, struct tpdu *t)
{
	struct pdu_in in = { data, len };
	const uint8_t *field = layouts[kind].fields;
	enum pdu_error error;

	memset(t, 0, sizeof(*t));
	t->kind = kind;
	error = pdu_octet(&in, &t->fo);
	if (error == PDU_OK && (t->fo & TPDU_MTI) != layouts[kind].mti)
		error = PDU_TYPE;
	while (error == PDU_OK && *field != F_END)
		error = get_field(&in, t, (enum field) * field++);
	return error == PDU_OK && in.left ? PDU_LONG : error;
}

/* Encoding. */

static bool put_user_data(struct buf *out, const struct tpdu *t)
{
	return buf_putc(out, (char)t->udl) && buf_put(out, t->ud, t->ud_octets);
}

static bool put_optional(struct buf *out, const struct tpdu *t, enum field field)
{
	if (field == F_OPTIONAL && !t->has_pi)
		return true;
	return buf_putc(out, (char)t->pi) &&
	       (field != F_SCTS_PI || buf_put(out, t->scts, sizeof(t->scts))) &&
	       (!(t->pi & TPDU_PI_PID) || buf_putc(out, (char)t->pid)) &&
	       (!(t->pi & TPDU_PI_DCS) || buf_putc(out, (char)t->dcs)) &&
	       (!(t->pi & TPDU_PI_UD) || put_user_data(out, t));
}

static bool put_field(struct buf *out, const struct tpdu *t, enum field field)
{
	switch (field) {
	case F_FCS:
		return buf_putc(out, (char)t->fcs);
	case F_MR:
		return buf_putc(out, (char)t->mr);
	case F_PID:
		return buf_putc(out, (char)t->pid);
	case F_CT:
		return buf_putc(out, (char)t->ct);
	case F_MN:
		return buf_putc(out, (char)t->mn);
	case F_ADDRESS:
		return address_put(out, &t->address);
	case F_DCS:
		return buf_putc(out, (char)t->dcs);
	case F_VP:
		return buf_put(out, t->vp.octets, validity_octets(tpdu_validity(t)));
	case F_SCTS:
		return buf_put(out, t->scts, sizeof(t->scts));
	case F_DT:
		return buf_put(out, t->dt, sizeof(t->dt));
	case F_ST:
		return buf_putc(out, (char)t->st);
	case F_UD:
	case F_CD:
		return put_user_data(out, t);
	case F_OPTIONAL:
	case F_PI:
	case F_SCTS_PI:
		return put_optional(out, t, field);
	case F_END:
		break;
	}
	return true;
}

bool tpdu_encode(const struct tpdu *t, struct buf *out)
{
	const struct layout *layout = &layouts[t->kind];
	const uint8_t *field = layout->fields;
	size_t begin = out->len;
	bool fits = buf_putc(out, (char)((t->fo & ~TPDU_MTI) | layout->mti));

	while (fits && *field != F_END)
		fits = put_field(out, t, (enum field) * field++);
	if (!fits)
		out->len = begin; /* all or nothing, as with every buf */
	return fits;
}

enum pdu_error tpdu_read(enum tpdu_kind kind, const char *digits, size_t n, size_t length,
	struct address *smsc, struct tpdu *t)
{
	uint8_t data[ADDRESS_OCTETS + 255];
	struct pdu_in in = { data, 0 };
	enum pdu_error error;
	size_t i;

	for (i = 0; i < n; i++)
		if (hex_digit(digits[i]) < 0)
			return PDU_DIGITS;
	if (n % 2)
		return PDU_DIGITS;
	if (!hex_decode(digits, n, data, sizeof(data), &in.left))
		return PDU_LONG;
	error = address_get_smsc(&in, smsc);
	if (error == PDU_OK && in.left != length)
		error = PDU_COUNT;
	return error != PDU_OK ? error : tpdu_decode(kind, in.at, in.left, t);
}

enum pdu_error tpdu_read_any(
	const char *digits, size_t n, bool from_sc, struct address *smsc, struct tpdu *t)
{
	uint8_t octets[ADDRESS_OCTETS + TPDU_MAX];
	struct pdu_in in = { octets, 0 };
	enum pdu_error error;
	int kind;

	if (!hex_decode(digits, n, octets, sizeof(octets), &in.left))
		return PDU_DIGITS;
	error = address_get_smsc(&in, smsc);
	if (error != PDU_OK)
		return error;
	if (!in.left)
		return PDU_SHORT;
	kind = tpdu_kind(in.at[0], from_sc, false);
	return kind < 0 ? PDU_TYPE : tpdu_decode((enum tpdu_kind)kind, in.at, in.left, t);
}

bool tpdu_write(
	const struct address *smsc, const struct tpdu *t, struct buf *out, size_t *length)
{
	char mem[ADDRESS_OCTETS + TPDU_MAX];
	struct buf octets;
	size_t before;

	buf_init(&octets, mem, sizeof(mem));
	if (smsc && !address_put_smsc(&octets, smsc))
		return false;
	before = octets.len;
	if (!tpdu_encode(t, &octets))
		return false;
	*length = octets.len - before;
	return hex_put(out, mem, octets.len);
}
