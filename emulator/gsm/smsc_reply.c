/* What the recipient of a message does: sends it back, or replies. */
#include <string.h>
#include <strings.h>

#include "gsm/smsc_int.h"
#include "gsm/smsc_outbox.h"

#define BLANKS " \t\r\n"

/* smsc.c has made it->t for this. */
static void send_back(struct smsc *s, const struct smsc_item *it)
{
	const struct sms_behaviour *b = it->behaviour;
	struct tpdu t = it->t;
	int copies = b->twice ? 2 : 1;

	smsc_stamp(s, t.scts);
	while (copies--)
		smsc_queue(s, NULL, &t, b->reply_after);
}

/* Whether a person reads both as the same word: neither case nor blanks around it count
 * (inferred). */
static bool same_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	text += strspn(text, BLANKS);
	return !strncasecmp(text, word, len) && !text[len + strspn(text + len, BLANKS)];
}

/* A text in several parts is known with its last one. */
static const char *reply_to(struct smsc *s, const struct smsc_item *it)
{
	const struct sms_behaviour *b = it->behaviour;
	const struct smsc_sent *sent = smsc_outbox_find(s, it->sent);
	size_t i;

	for (i = 0; sent && i < b->n_replies; i++)
		if (same_word(smsc_outbox_text(s, sent), b->replies[i].to))
			return b->replies[i].text;
	return b->reply;
}

void smsc_reply(struct smsc *s, const struct smsc_item *it)
{
	const struct sms_behaviour *b = it->behaviour;
	struct smsc_message m = {
		.text = reply_to(s, it),
		.class = DCS_NO_CLASS,
		.delay = b->reply_after,
		.copies = b->twice ? 2 : 1,
	};
	char from[ADDRESS_NUMBER];
	enum pdu_error why;

	if (b->echo)
		send_back(s, it);
	if (!m.text[0])
		return;
	m.from = address_number(&it->peer, from);
	if (!smsc_send(s, &m, &why))
		log_warn(s->log, LOG_SMS, "the reply of %s cannot be sent: %s", from,
			name_of(pdu_error_names, (int)why));
}
