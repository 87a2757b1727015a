/* Phonebooks and the lists that dialling needs (phonebook.md). */
#include "at/chapter.h"

#include <string.h>

#include "at/at.h"
#include "at/reply.h"
#include "state/modem_state.h"
#include "state/nv.h"

extern const struct at_cmd at_cmds_phonebook[], at_cmds_own_numbers[], at_cmds_contacts[];

static const struct at_cmd *const rows[] = { at_cmds_phonebook, at_cmds_own_numbers,
	at_cmds_contacts, NULL };

static void init(struct modem *m, int64_t epoch)
{
	const char *number = m->profile->sim.voice_mail;

	(void)epoch;
	m->voice_mail.on = number[0] != '\0';
	m->voice_mail.type = number[0] == '+' ? CONTACT_INTERNATIONAL : CONTACT_NATIONAL;
	strcpy(m->voice_mail.number, number);
}

static void stop(struct modem *m)
{
	books_reset(&m->books);
}

/* +WIND: 10 and 11 list only phonebooks that exist, without empty fields at the end
 * (boot.md Phonebook events). */
static void report_books(struct modem *m)
{
	char status[96], sums[240];
	struct buf s, d;
	size_t kept = 0;
	int i, j;

	buf_init(&s, status, sizeof(status));
	buf_init(&d, sums, sizeof(sums));
	for (i = 0; i < BOOKS_WIND; i++) {
		enum book_id id = (enum book_id)i;
		bool there = book_present(&m->books, id);
		bool changed = there && book_reload(&m->books, id);

		if (there && m->fw->books_told & 1u << i)
			buf_printf(&s, ",\"%s\",%d", name_of(book_names, i), changed);
		buf_puts(&d, i ? "," : "");
		if (!there || !(m->fw->books_fingerprinted & 1u << i))
			continue;
		buf_puts(&d, "\"");
		for (j = 0; j < BOOK_DIGEST; j++)
			buf_printf(&d, "%02X", m->books.cached[i][j]);
		buf_puts(&d, "\"");
		kept = d.len;
	}
	nv_save_books(m);
	at_wind(m, 10, "10%.*s", (int)s.len, status);
	at_wind(m, 11, "11,%.*s%s", (int)kept, sums,
		firmware_has(m->fw, QUIRK_WIND11_OPEN_END) ? "," : "");
}

static void files(struct modem *m)
{
	m->books.loaded = !m->live.skip_books;
	if (m->books.loaded)
		report_books(m);
}

const struct chapter chapter_phonebook = {
	.name = "phonebook",
	.rows = rows,
	.class = true,
	.init = init,
	.stop = stop,
	.files = files,
};
