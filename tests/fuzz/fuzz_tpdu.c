/* Exercises codec/tpdu, address, timestamp, dcs, userdata, concat and cbm: a decoded
 * message encodes, decodes to the same message again, and is read within its bounds. The
 * first byte chooses the kind. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codec/cbm.h"
#include "codec/concat.h"
#include "codec/hex.h"
#include "codec/tpdu.h"
#include "codec/userdata.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool is)
{
	if (!is)
		abort();
}

static bool same(const struct tpdu *a, const struct tpdu *b)
{
	return a->kind == b->kind && a->fo == b->fo && a->mr == b->mr &&
	       a->pid == b->pid && a->dcs == b->dcs && a->st == b->st &&
	       a->fcs == b->fcs && a->ct == b->ct && a->mn == b->mn && a->pi == b->pi &&
	       a->has_pi == b->has_pi && a->udl == b->udl &&
	       a->ud_octets == b->ud_octets && address_equal(&a->address, &b->address) &&
	       !memcmp(&a->vp, &b->vp, sizeof(a->vp)) &&
	       !memcmp(a->scts, b->scts, sizeof(a->scts)) &&
	       !memcmp(a->dt, b->dt, sizeof(a->dt)) &&
	       !memcmp(a->ud, b->ud, a->ud_octets);
}

static void times(const struct tpdu *t)
{
	struct timestamp stamp, back;
	uint8_t octets[TIMESTAMP_OCTETS];

	if (timestamp_get(t->scts, &stamp) == PDU_OK) {
		timestamp_put(&stamp, octets);
		check(timestamp_get(octets, &back) == PDU_OK);
		check(timestamp_unix(&stamp) == timestamp_unix(&back));
	}
	check(validity_seconds(tpdu_validity(t), &t->vp, 0) >= -1);
}

/* Sets the same user data again with the setters. */
static void user_data(const struct tpdu *t)
{
	uint8_t septets[USERDATA_SEPTETS], back[USERDATA_SEPTETS];
	uint32_t cp[USERDATA_SEPTETS];
	size_t header = userdata_header(t), at = 0, n, m;
	struct userdata_ie ie;
	struct tpdu copy = *t;
	const uint8_t *octets;
	struct text text;

	while (userdata_next(t, &at, &ie))
		check(ie.data + ie.len <= t->ud + header);
	check(at <= header || at == 1);
	text_init(&text, cp, USERDATA_SEPTETS);
	userdata_text(t, &text);
	check(!text.full);
	if (userdata_in_septets(t)) {
		n = userdata_septets(t, septets);
		check(n <= USERDATA_SEPTETS);
		check(userdata_set_septets(&copy, t->ud, header, septets, n) == PDU_OK);
		m = userdata_septets(&copy, back);
		check(m == n && !memcmp(septets, back, n));
	} else {
		octets = userdata_octets(t, &n);
		check(userdata_set_octets(&copy, t->ud, header, octets, n) == PDU_OK);
		check(!memcmp(copy.ud, t->ud, t->ud_octets));
	}
	check(copy.udl == t->udl && copy.ud_octets == t->ud_octets);
}

static void join(const struct tpdu *t)
{
	struct concat_part kept[2] = { { .used = false } };
	uint32_t cp[USERDATA_SEPTETS];
	struct text text;
	struct concat c;

	concat_init(&c, kept, 2);
	if (concat_add(&c, t) == CONCAT_SINGLE)
		return;
	check(concat_add(&c, t) == CONCAT_DUPLICATE);
	check(concat_count(&c, t) == 1);
	text_init(&text, cp, USERDATA_SEPTETS);
	concat_text(&c, t, &text);
	concat_drop(&c, t);
	check(!concat_oldest(&c));
}

static void page(const uint8_t *data, size_t size)
{
	struct cbm c, again;
	uint32_t cp[CBM_SEPTETS];
	char mem[CBM_OCTETS];
	struct text text;
	struct buf out;

	if (cbm_decode(data, size, &c) != PDU_OK)
		return;
	text_init(&text, cp, CBM_SEPTETS);
	cbm_text(&c, &text);
	check(!text.full);
	buf_init(&out, mem, sizeof(mem));
	check(cbm_encode(&c, &out));
	check(cbm_decode((uint8_t *)mem, out.len, &again) == PDU_OK);
	check(again.id == c.id && again.page == c.page && again.pages == c.pages &&
		!memcmp(again.content, c.content, CBM_CONTENT));
}

/* Reads the same octets as a PDU of 27.005. */
static void read_digits(enum tpdu_kind kind, const uint8_t *data, size_t size)
{
	char digits[1024], mem[2 * (ADDRESS_OCTETS + TPDU_MAX)];
	struct address smsc, back;
	struct tpdu t, again;
	struct buf text, out;
	size_t length;

	buf_init(&text, digits, sizeof(digits));
	if (!size || data[0] >= size || !hex_put(&text, data, size))
		return;
	length = size - data[0] - 1;
	if (tpdu_read(kind, digits, text.len, length, &smsc, &t) != PDU_OK)
		return;
	buf_init(&out, mem, sizeof(mem));
	check(tpdu_write(&smsc, &t, &out, &length));
	check(tpdu_read(kind, mem, out.len, length, &back, &again) == PDU_OK);
	check(address_equal(&smsc, &back) && same(&t, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tpdu t, again;
	char mem[TPDU_MAX];
	struct buf out;
	enum tpdu_kind kind;

	if (!size)
		return 0;
	kind = (enum tpdu_kind)(data[0] % 8);
	data++;
	size--;
	page(data, size);
	read_digits(kind, data, size);
	if (tpdu_decode(kind, data, size, &t) != PDU_OK)
		return 0;
	buf_init(&out, mem, sizeof(mem));
	check(tpdu_encode(&t, &out));
	check(out.len <= size + 1); /* the length of a name may need one octet less */
	check(tpdu_decode(kind, (uint8_t *)mem, out.len, &again) == PDU_OK);
	check(same(&t, &again));
	times(&t);
	if (t.kind <= TPDU_SUBMIT || t.kind == TPDU_COMMAND || t.pi & TPDU_PI_UD)
		user_data(&t);
	join(&t);
	return 0;
}
