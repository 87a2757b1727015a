/* The sending side of XMODEM in virtual time, with the faults that a scenario requests.
 */
#include <string.h>

#include "codec/crc.h"
#include "codec/dwl.h"
#include "host/play/player_int.h"
#include "state/application.h"
#include "state/image.h"

enum {
	SOH = 0x01,
	STX = 0x02,
	EOT = 0x04,
	ACK = 0x06,
	NAK = 0x15,
	CAN = 0x18,
};

#define TRIES 10

struct sender {
	struct player *p;
	const struct step *step;
	const struct send_conf *conf;
	struct dwl_file file;
	uint32_t size; /* bytes that are sent */
	bool crc;
	uint32_t block, at; /* the block's number, and its offset in bytes */
	int naks;           /* so far, not counting a damaged block's */
	usec_t began;
};

/* The file's bytes from `at`, with padding after its end. */
static void file_bytes(const struct sender *s, uint32_t at, uint8_t *out, size_t len)
{
	memset(out, IMAGE_PADDING, len);
	dwl_file_bytes(&s->file, at, out, len);
}

static bool no_image(struct sender *s, const char *what, const char *name,
	const char *flaw, const char *unknown)
{
	if (flaw)
		play_fail(
			s->p, s->step->at, "the file of %s \"%s\": %s", what, name, flaw);
	else
		play_fail(s->p, s->step->at,
			"the profile has no such image of %s \"%s\"; %s", what, name,
			unknown);
	return false;
}

static bool make_application(struct sender *s, size_t slot)
{
	const struct profile *p = s->p->profile;
	const char *name = s->conf->application;
	const struct application *a = profile_application(p, name);

	return (a && image_application_file(p, slot, a, s->size,
			     (enum image_defect)s->conf->bad, &s->file)) ||
	       no_image(s, "application", name, profile_application_flaw(p, name),
		       "write one that fauxtrack list applications prints");
}

static bool make_image(struct sender *s)
{
	const struct profile *p = s->p->profile;
	const char *name = s->conf->firmware;
	size_t slot = p->installed;

	if ((!s->conf->application[0] || name[0]) && !profile_find(p, name, &slot))
		return no_image(s, "firmware", name, profile_flaw(p, name),
			"write one of its firmwares");
	if (s->conf->application[0])
		return make_application(s, slot);
	return image_file(p, slot, (enum dwl_kind)s->conf->kind, s->size,
		       (enum image_defect)s->conf->bad, &s->file) ||
	       no_image(s, "firmware", name, NULL, "write another size or defect");
}

static bool make_file(struct sender *s)
{
	s->size = s->conf->size;
	if (s->conf->text[0]) {
		s->file.size = s->size < DWL_HEADER ? s->size : DWL_HEADER;
		memcpy(s->file.head, s->conf->text, strlen(s->conf->text));
		return true;
	}
	if (!make_image(s))
		return false;
	s->size = s->file.size;
	if (s->conf->module[0]) {
		strcpy(s->file.header.module, s->conf->module);
		dwl_encode(&s->file.header, s->file.head);
	}
	return true;
}

static bool something(void *ctx)
{
	struct player *p = ctx;

	return p->seen < p->len;
}

/* The next byte from the modem, -1 if none comes in time. */
static int next_byte(struct sender *s)
{
	struct player *p = s->p;

	play_run(p->all, p->all->now + s->step->within, something, p);
	return something(p) ? (unsigned char)p->out[p->seen++] : -1;
}

static bool unexpected(struct sender *s, int byte, const char *wanted)
{
	char c = (char)byte;

	if (byte < 0)
		play_fail(s->p, s->step->at, "block %u: expected %s, got nothing",
			s->block, wanted);
	else
		play_fail(s->p, s->step->at, "block %u: expected %s, got \"%s\"",
			s->block, wanted, play_visible(&c, 1));
	return false;
}

static bool await_start(struct sender *s)
{
	int byte = next_byte(s);

	if (byte != NAK && byte != 'C')
		return unexpected(s, byte, "a start character");
	while (something(s->p) &&
		(s->p->out[s->p->seen] == NAK || s->p->out[s->p->seen] == 'C'))
		byte = (unsigned char)s->p->out[s->p->seen++];
	s->crc = s->conf->check == SEND_AS_ASKED ? byte == 'C'
						 : s->conf->check == SEND_CRC;
	return true;
}

static size_t block_size(const struct sender *s)
{
	if (s->conf->block)
		return (size_t)s->conf->block;
	return s->block % 2 ? 128 : 1024;
}

static bool put_block(struct sender *s, bool damaged)
{
	uint8_t b[3 + 1024 + 2];
	size_t size = block_size(s), n = 3 + size;
	uint16_t crc;

	b[0] = size == 128 ? SOH : STX;
	b[1] = (uint8_t)s->block;
	b[2] = (uint8_t)~s->block;
	file_bytes(s, s->at, b + 3, size);
	if (s->block == s->conf->corrupt)
		b[3 + size / 2] ^= 1;
	if (s->crc) {
		crc = crc16_xmodem(0, b + 3, size);
		b[n++] = (uint8_t)(crc >> 8);
		b[n++] = (uint8_t)crc;
	} else {
		b[n] = sum8(0, b + 3, size);
		n++;
	}
	if (damaged)
		b[n - 1] ^= 0x55;
	return play_type(s->p, s->step->at, b, n);
}

/* The number of the block that the modem does not acknowledge, 0 if there is none. */
static uint32_t refused_block(const struct send_conf *c)
{
	return c->refused ? 1 : c->refused_at;
}

/* Sends the block until it is acknowledged. */
static bool send_block(struct sender *s)
{
	bool damaged = s->block == s->conf->damage;
	int tries, byte;

	for (tries = 0; tries < TRIES; tries++) {
		if (!put_block(s, damaged))
			return false;
		if (s->block == refused_block(s->conf))
			return true;
		byte = next_byte(s);
		if (byte == ACK && !damaged)
			return true;
		if (byte != NAK)
			return unexpected(s, byte, damaged ? "a NAK" : "an ACK");
		s->naks += !damaged;
		damaged = false;
	}
	return unexpected(s, NAK, "an ACK after ten tries");
}

static bool send_end(struct sender *s)
{
	static const char eot = EOT;
	int tries, byte;

	for (tries = 0; tries < TRIES; tries++) {
		if (!play_type(s->p, s->step->at, &eot, 1))
			return false;
		if (s->conf->refused_end)
			return true;
		byte = next_byte(s);
		if (byte == ACK)
			return true;
		if (byte != NAK)
			return unexpected(s, byte, "the ACK of the EOT");
		s->naks++;
	}
	return unexpected(s, NAK, "the ACK of the EOT");
}

/* Checks how many NAKs came, and how long the transfer took. */
static void check_course(const struct sender *s)
{
	usec_t took = s->p->all->now - s->began;

	if (s->conf->naks >= 0 && s->naks != s->conf->naks)
		play_fail(s->p, s->step->at, "expected %d NAKs, got %d", s->conf->naks,
			s->naks);
	if (s->conf->takes && took != s->conf->takes)
		play_fail(s->p, s->step->at,
			"expected the transfer to take %.6f s, it took %.6f s",
			(double)s->conf->takes / 1e6, (double)took / 1e6);
}

void play_send(struct player *p, const struct step *step)
{
	static const char can[] = { CAN, CAN };
	struct sender s = { .p = p, .step = step, .conf = &step->send, .block = 1 };

	if (!make_file(&s) || !await_start(&s))
		return;
	s.began = p->all->now;
	for (; s.at < s.size; s.block++) {
		if (s.conf->blocks && s.block > s.conf->blocks)
			break;
		if (!send_block(&s) || s.block == refused_block(s.conf))
			return;
		if (s.block == s.conf->repeat) {
			if (!put_block(&s, false))
				return;
			if (next_byte(&s) != ACK) {
				play_fail(p, step->at,
					"block %u: sent twice, but not acknowledged "
					"twice",
					s.block);
				return;
			}
		}
		s.at += (uint32_t)block_size(&s);
	}
	if (s.conf->cancel)
		play_type(p, step->at, can, sizeof(can));
	else if (!s.conf->blocks && send_end(&s))
		check_course(&s);
}
