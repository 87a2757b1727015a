/* AT+WDWL: passes the files of the XMODEM receiver to the flash, and reports the outcome.
 */
#include "link/download.h"

#include <string.h>

#include "link/link.h"
#include "state/modem_state.h"

#define CAN 0x18
#define BS  0x08

/* How often progress is reported: every twentieth of a file whose length is known. That
 * costs little compared with the blocks, and is fine enough for a progress bar. */
#define PROGRESS_STEPS 20
#define PROGRESS_BYTES 65536 /* otherwise */

static const char cancel[] = { CAN, CAN };

static const struct firmware *downloader(const struct modem *m)
{
	return profile_at(m->profile, m->flash.downloader);
}

/* If a start character does not fit it is skipped: another one follows. */
static void send(void *ctx, const void *buf, size_t len)
{
	struct channel *ch = ctx;

	if (link_room(ch) >= len)
		link_send(ch, buf, len);
}

static void say(struct channel *ch, const char *text)
{
	if (link_room(ch) >= strlen(text))
		link_send(ch, text, strlen(text));
}

/* Only the downloader's commands remain. */
static void restrict_commands(struct channel *ch)
{
	struct modem *m = ch->modem;

	ch->link->mode = LINK_COMMAND;
	ch->link->download.tail = true;
	ch->link->download.refused(m);
}

static void refuse(struct channel *ch, enum flash_verdict why)
{
	channel_blame(ch, LOG_DWL, CLIENT_FILE, "download refused: %s",
		name_of(flash_verdict_names, why));
	channel_notify(ch, NOTICE_DOWNLOAD, "refused", (long)why);
	say(ch, "\r\n*** ERROR IN HEADER ***\r\n");
	send(ch, cancel, sizeof(cancel));
	restrict_commands(ch);
}

/* Sends a text between the bytes of the protocol, then CAN; the flash has rejected the
 * file. That the text is the same for a file that does not end is inferred: it is the
 * only one that was seen between blocks (download.md Download messages). */
static void break_off(struct channel *ch, enum flash_verdict why)
{
	channel_blame(ch, LOG_DWL, CLIENT_FILE, "download refused after %u bytes: %s",
		ch->link->download.file.bytes, name_of(flash_verdict_names, why));
	channel_notify_file(ch, "refused", why, &ch->link->download.file);
	say(ch, "\r\n*** XMODEM BINARY ALLOCATION ERROR ***\r\n");
	send(ch, cancel, sizeof(cancel));
	restrict_commands(ch);
}

static void progress(struct channel *ch)
{
	struct download *d = &ch->link->download;
	uint32_t step = d->file.total ? (uint32_t)((uint64_t)d->file.bytes *
						   PROGRESS_STEPS / d->file.total)
				      : d->file.bytes / PROGRESS_BYTES;

	if (step == d->shown)
		return;
	d->shown = step;
	channel_notify_file(ch, "progress", (long)d->file.bytes, &d->file);
}

static bool first_block(struct channel *ch, const void *data, size_t len)
{
	struct modem *m = ch->modem;
	enum flash_verdict verdict = flash_begin(&m->flash, data, len);
	struct download *d = &ch->link->download;

	d->shown = 0;
	if (verdict != FLASH_ACCEPTED) {
		refuse(ch, verdict);
		return false;
	}
	d->file = (struct notice_file){
		.kind = name_of(dwl_kind_names, m->flash.job.kind),
		.total = m->flash.job.bound ? 0 : m->flash.job.length,
	};
	channel_notify_file(ch, "receiving", 0, &d->file);
	return true;
}

static bool block(void *ctx, const void *data, size_t len, bool first)
{
	struct channel *ch = ctx;
	enum flash_verdict verdict;

	if (first && !first_block(ch, data, len))
		return false;
	ch->link->download.file.block++;
	ch->link->download.file.bytes += (uint32_t)len;
	verdict = flash_data(&ch->modem->flash, data, len);
	if (verdict != FLASH_ACCEPTED) {
		break_off(ch, verdict);
		return false;
	}
	progress(ch);
	return true;
}

static void failed(void *ctx, enum xmodem_fault why)
{
	struct channel *ch = ctx;

	flash_abort(&ch->modem->flash);
	channel_blame(ch, LOG_DWL, CLIENT_FILE, "download aborted: %s",
		name_of(xmodem_fault_names, (int)why));
	channel_notify_file(ch, "failed", (long)ch->link->download.file.bytes,
		&ch->link->download.file);
	if (!ch->link->download.told) {
		download_start(ch);
		return;
	}
	ch->link->download.told = false;
	restrict_commands(ch);
}

static bool end(void *ctx)
{
	struct channel *ch = ctx;
	enum flash_verdict verdict = flash_end(&ch->modem->flash);

	if (verdict == FLASH_MEMORY) {
		/* a block that is not stored must not be acknowledged */
		failed(ch, XMODEM_RETRIES);
		send(ch, cancel, sizeof(cancel));
		return false;
	}
	timer_stop(&ch->modem->sched, &ch->link->download.late);
	channel_notify_file(ch, verdict == FLASH_ACCEPTED ? "done" : "unsound",
		(long)ch->link->download.file.bytes, &ch->link->download.file);
	timer_arm(&ch->modem->sched, &ch->link->download.end_text,
		downloader(ch->modem)->dwl.end_text);
	return true;
}

static void late(void *ctx, usec_t now)
{
	struct channel *ch = ctx;

	(void)now;
	xmodem_answer_now(&ch->link->download.xmodem);
}

/* How a fault rule changes an answer. */
static enum xmodem_answer answer(void *ctx, enum xmodem_moment at, uint32_t number)
{
	static const enum fault_place places[] = { FAULT_AT_ASK, FAULT_AT_BLOCK,
		FAULT_AT_EOT };
	struct channel *ch = ctx;
	const struct xmodem *x = &ch->link->download.xmodem;
	struct fault_subject s = { .on = ch, .number = (long)number };
	const struct fault_rule *r;
	struct timer *put_off = &ch->link->download.late;

	if (at == XMODEM_AT_BLOCK)
		s.text = x->size == XMODEM_BLOCK_MAX ? "1024" : "128";
	r = ch->modem->taps->xmodem(ch, places[at], &s);
	if (!r)
		return XMODEM_NORMAL;
	switch ((enum fault_xmodem)r->xmodem.how) {
	case FAULT_XMODEM_NAK:
		return XMODEM_REFUSE;
	case FAULT_XMODEM_SILENT:
		return XMODEM_SILENT;
	case FAULT_XMODEM_CANCEL:
		return XMODEM_GIVE_UP;
	case FAULT_XMODEM_TEXT:
		say(ch, "\r\n");
		say(ch, r->xmodem.text);
		say(ch, "\r\n");
		ch->link->download.told = true;
		return XMODEM_GIVE_UP;
	case FAULT_XMODEM_SLOW:
		if (!timer_armed(put_off) || number == 1)
			timer_arm(&ch->modem->sched, put_off,
				fault_draw(ch->modem, &r->xmodem.delay));
		return XMODEM_LATER;
	}
	return XMODEM_NORMAL;
}

static void other(void *ctx, uint8_t byte)
{
	struct channel *ch = ctx;

	ch->link->download.typed(ch, byte);
}

static void end_text(void *ctx, usec_t now)
{
	struct channel *ch = ctx;

	(void)now;
	say(ch, "\r\n*** END OF DOWNLOAD ***\r\n");
	download_start(ch);
}

void download_init(struct channel *ch)
{
	struct download *d = &ch->link->download;
	const struct xmodem_user user = {
		.ctx = ch,
		.memory = ch->link->memory->block,
		.send = send,
		.block = block,
		.end = end,
		.failed = failed,
		.answer = answer,
		.other = other,
	};

	xmodem_init(&d->xmodem, &ch->modem->sched, &user);
	timer_init(&d->end_text, "end of download", TIMER_WAIT, end_text, ch);
	timer_init(&d->late, "late answer", TIMER_OWN, late, ch);
}

void download_start(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct xmodem_conf conf = xmodem_conf_of(downloader(m));

	ch->link->mode = LINK_DOWNLOAD;
	ch->link->download.file = (struct notice_file){ .kind = NULL };
	channel_notify(ch, NOTICE_DOWNLOAD, "waiting", 0);
	xmodem_start(&ch->link->download.xmodem, &conf, conf.start_period);
}

static void download_stop(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct download *d = &ch->link->download;

	flash_abort(&m->flash);
	xmodem_reset(&d->xmodem);
	timer_stop(&m->sched, &d->end_text);
	timer_stop(&m->sched, &d->late);
	d->told = d->tail = false;
	d->file = (struct notice_file){ 0 };
	d->shown = 0;
}

void downloads_stop(struct modem *m)
{
	struct channel *ch;

	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		download_stop(ch);
}

bool download_is_tail(struct channel *ch, uint8_t byte)
{
	struct download *d = &ch->link->download;

	d->tail = d->tail && (byte == CAN || byte == BS);
	return d->tail;
}

size_t download_uneventful(const struct channel *ch, size_t len)
{
	size_t n = xmodem_data_left(&ch->link->download.xmodem);

	return n < 2 || len < 2 ? 1 : n - 1 < len ? n - 1 : len;
}

void download_rx(struct channel *ch, const void *data, size_t len)
{
	xmodem_rx(&ch->link->download.xmodem, data, len);
}
