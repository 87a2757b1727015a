/* The records "sim", "locks" and "numbers". */
#include "state/nv_card.h"

#include <stdio.h>
#include <string.h>

#include "state/modem_state.h"

/* sim */

/* What +WMBN, +WVMI and +WDCI report about a CPHS SIM: "mailbox.1" is its type and
 * number. */
static void put_cphs(const struct sim *s, struct buf *b)
{
	char key[40], number[8 + CONTACT_NUMBER];
	int i;

	for (i = 0; s->card->cphs.present && i < CPHS_LINES; i++) {
		const struct contact *box = &s->cphs.mailbox[i];

		snprintf(key, sizeof(key), "waiting.%d", i + 1);
		record_put(b, key, s->cphs.voice_mail[i]);
		snprintf(key, sizeof(key), "diverted.%d", i + 1);
		record_put(b, key, s->cphs.diverted[i]);
		snprintf(key, sizeof(key), "mailbox.%d", i + 1);
		snprintf(number, sizeof(number), "%d %s", box->type, box->number);
		record_put_text(b, key, number);
		snprintf(key, sizeof(key), "mailbox.%d.name", i + 1);
		record_put_hex(b, key, box->text, box->text_len);
	}
}

static bool take_mailbox(const struct record *r, struct contact *box)
{
	char text[8 + CONTACT_NUMBER];
	const char *number = text;
	int type = 0;

	if (!record_text(r, text, sizeof(text)))
		return false;
	for (; *number >= '0' && *number <= '9' && type <= 255; number++)
		type = type * 10 + (*number - '0');
	if (*number != ' ' || type > 255)
		return false;
	box->type = (uint8_t)type;
	box->number[0] = '\0';
	return !type || contact_set_number(box, number + 1, strlen(number + 1), type,
				CONTACT_NUMBER) == CONTACT_OK;
}

static bool take_flag(const struct record *r, bool *out)
{
	int on;

	if (!record_int_in(r, 0, 1, &on))
		return false;
	*out = on;
	return true;
}

/* False: the line belongs to CPHS and is wrong. */
static bool take_cphs(struct sim *s, const struct record *r)
{
	char key[40];
	int i;

	for (i = 0; i < CPHS_LINES; i++) {
		struct contact *box = &s->cphs.mailbox[i];

		snprintf(key, sizeof(key), "waiting.%d", i + 1);
		if (!strcmp(r->key, key))
			return take_flag(r, &s->cphs.voice_mail[i]);
		snprintf(key, sizeof(key), "diverted.%d", i + 1);
		if (!strcmp(r->key, key))
			return take_flag(r, &s->cphs.diverted[i]);
		snprintf(key, sizeof(key), "mailbox.%d", i + 1);
		if (!strcmp(r->key, key))
			return take_mailbox(r, box);
		snprintf(key, sizeof(key), "mailbox.%d.name", i + 1);
		if (!strcmp(r->key, key)) {
			box->text_len = (uint8_t)(r->len / 2);
			return r->len / 2 <= CONTACT_TEXT &&
			       record_hex(r, box->text, r->len / 2);
		}
	}
	return true;
}

void nv_put_sim(const struct modem *m, struct buf *b)
{
	const struct sim *s = &m->sim;
	char key[24];
	int i;

	record_put_text(b, "pin", s->chv1.pin);
	record_put(b, "fixed_dialling", s->fixed_dialling);
	record_put(b, "pin_enabled", s->pin_enabled);
	record_put(b, "pin_tries", s->chv1.pin_tries);
	record_put(b, "puk_tries", s->chv1.puk_tries);
	record_put_text(b, "pin2", s->chv2.pin);
	record_put(b, "pin2_tries", s->chv2.pin_tries);
	record_put(b, "puk2_tries", s->chv2.puk_tries);
	for (i = 0; i < s->preferred_max; i++) {
		snprintf(key, sizeof(key), "preferred.%d", i + 1);
		record_put_text(b, key, s->preferred[i]);
	}
	for (i = 0; i < SIM_LANGUAGES; i++) {
		snprintf(key, sizeof(key), "language.%d", i + 1);
		record_put_text(b, key, s->language[i]);
	}
	put_cphs(s, b);
}

bool nv_take_sim(struct modem *m, const struct record *r)
{
	struct sim *s = &m->sim;
	int i;

	if (!strcmp(r->key, "pin"))
		return record_text(r, s->chv1.pin, sizeof(s->chv1.pin));
	if (!strcmp(r->key, "pin2"))
		return record_text(r, s->chv2.pin, sizeof(s->chv2.pin));
	if (!strcmp(r->key, "pin_tries"))
		return record_int_in(r, 0, SIM_PIN_TRIES, &s->chv1.pin_tries);
	if (!strcmp(r->key, "puk_tries"))
		return record_int_in(r, 0, SIM_PUK_TRIES, &s->chv1.puk_tries);
	if (!strcmp(r->key, "pin2_tries"))
		return record_int_in(r, 0, SIM_PIN_TRIES, &s->chv2.pin_tries);
	if (!strcmp(r->key, "puk2_tries"))
		return record_int_in(r, 0, SIM_PUK_TRIES, &s->chv2.puk_tries);
	if (!strcmp(r->key, "pin_enabled"))
		return take_flag(r, &s->pin_enabled);
	if (!strcmp(r->key, "fixed_dialling"))
		return take_flag(r, &s->fixed_dialling);
	for (i = 0; i < s->preferred_max; i++) {
		char key[24];

		snprintf(key, sizeof(key), "preferred.%d", i + 1);
		if (!strcmp(r->key, key))
			return record_text(r, s->preferred[i], sizeof(s->preferred[i]));
	}
	for (i = 0; i < SIM_LANGUAGES; i++) {
		char key[24];

		snprintf(key, sizeof(key), "language.%d", i + 1);
		if (!strcmp(r->key, key))
			return record_text(r, s->language[i], sizeof(s->language[i]));
	}
	return take_cphs(s, r);
}

/* locks of the modem to a SIM */

void nv_put_locks(const struct modem *m, struct buf *b)
{
	char key[16];
	int i;

	for (i = 0; i < LOCKS; i++) {
		const struct sim_lock *lock = &m->sim.locks.lock[i];
		const char *name = name_of(sim_lock_names, i);

		snprintf(key, sizeof(key), "%s.to", name);
		record_put_text(b, key, lock->on ? lock->to : "-");
		snprintf(key, sizeof(key), "%s.key", name);
		record_put_text(b, key, lock->key);
		snprintf(key, sizeof(key), "%s.tries", name);
		record_put(b, key, lock->tries);
	}
}

bool nv_take_locks(struct modem *m, const struct record *r)
{
	const struct name *n;
	struct sim_lock *lock;
	char name[3] = { r->key[0], r->key[1] };

	n = name_find(sim_lock_names, name);
	if (!n || r->key[2] != '.')
		return true;
	lock = &m->sim.locks.lock[n->value];
	if (!strcmp(r->key + 3, "key"))
		return record_text(r, lock->key, sizeof(lock->key));
	if (!strcmp(r->key + 3, "tries"))
		return record_int_in(r, 0, SIM_LOCK_TRIES, &lock->tries);
	if (!record_text(r, lock->to, sizeof(lock->to)))
		return false;
	lock->on = strcmp(lock->to, "-") != 0;
	if (!lock->on)
		lock->to[0] = '\0';
	return true;
}

/* numbers: voice mail, operator names added by AT+WOLM, caller groups */

static void put_groups(const struct modem *m, struct buf *b)
{
	char key[40];
	int i;

	for (i = 0; i < BOOK_GROUPS; i++) {
		const struct book_group *group = &m->books.group[i];

		if (!group->name.type)
			continue;
		snprintf(key, sizeof(key), "group.%d", i + 1);
		record_put_hex(b, key, group->name.text, group->name.text_len);
		snprintf(key, sizeof(key), "group.%d.refused", i + 1);
		record_put(b, key, group->refused);
	}
}

/* False: the line belongs to a group and is wrong. */
static bool take_group(struct modem *m, const struct record *r)
{
	char key[40];
	int i, refused;

	for (i = 0; i < BOOK_GROUPS; i++) {
		struct book_group *group = &m->books.group[i];

		snprintf(key, sizeof(key), "group.%d", i + 1);
		if (!strcmp(r->key, key)) {
			group->name.type = CONTACT_NATIONAL;
			group->name.text_len = (uint8_t)(r->len / 2);
			return r->len / 2 <= CONTACT_TEXT &&
			       record_hex(r, group->name.text, r->len / 2);
		}
		snprintf(key, sizeof(key), "group.%d.refused", i + 1);
		if (!strcmp(r->key, key)) {
			if (!record_int_in(r, 0, 1, &refused))
				return false;
			group->refused = refused;
			return true;
		}
	}
	return true;
}

void nv_clear_numbers(struct modem *m)
{
	int i;

	for (i = 0; i < BOOK_GROUPS; i++)
		if (m->books.group[i].name.type || m->books.group[i].refused)
			m->books.group[i] = (struct book_group){ .refused = false };
}

void nv_put_numbers(const struct modem *m, struct buf *b)
{
	char key[40];
	int i;

	record_put(b, "voice_mail.on", m->voice_mail.on);
	record_put(b, "voice_mail.type", m->voice_mail.type);
	record_put_text(b, "voice_mail.number", m->voice_mail.number);
	for (i = 0; i < OPERATORS_ADDED; i++) {
		snprintf(key, sizeof(key), "operator.%d", i + 1);
		record_put_text(b, key, m->added[i].plmn);
		snprintf(key, sizeof(key), "operator.%d.name", i + 1);
		record_put_text(b, key, m->added[i].long_name);
		snprintf(key, sizeof(key), "operator.%d.short", i + 1);
		record_put_text(b, key, m->added[i].short_name);
	}
	put_groups(m, b);
}

bool nv_take_numbers(struct modem *m, const struct record *r)
{
	char key[40];
	int i;

	if (!strcmp(r->key, "voice_mail.on"))
		return record_int_in(r, 0, 1, &m->voice_mail.on);
	if (!strcmp(r->key, "voice_mail.type"))
		return record_int_in(r, 0, 255, &m->voice_mail.type);
	if (!strcmp(r->key, "voice_mail.number"))
		return record_text(r, m->voice_mail.number, sizeof(m->voice_mail.number));
	for (i = 0; i < OPERATORS_ADDED; i++) {
		struct operator_name *o = &m->added[i];

		snprintf(key, sizeof(key), "operator.%d", i + 1);
		if (!strcmp(r->key, key))
			return record_text(r, o->plmn, sizeof(o->plmn));
		snprintf(key, sizeof(key), "operator.%d.name", i + 1);
		if (!strcmp(r->key, key))
			return record_text(r, o->long_name, sizeof(o->long_name));
		snprintf(key, sizeof(key), "operator.%d.short", i + 1);
		if (!strcmp(r->key, key))
			return record_text(r, o->short_name, sizeof(o->short_name));
	}
	return take_group(m, r);
}
