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
	return &m->profile->firmware[m->flash.downloader];
}

/* If a start character does not fit it is skipped: another one follows. */
static void send(void *ctx, const void *buf, size_t len)
{
	struct modem *m = ctx;

	if (link_room(m) >= len)
		link_send(m, buf, len);
}

static void say(struct modem *m, const char *text)
{
	if (link_room(m) >= strlen(text))
		link_send(m, text, strlen(text));
}

/* Only the downloader's commands remain. */
static void restrict_commands(struct modem *m)
{
	m->link->mode = LINK_COMMAND;
	m->link->download.tail = true;
	m->link->download.refused(m);
}

static void refuse(struct modem *m, enum flash_verdict why)
{
	modem_blame(m, LOG_DWL, CLIENT_FILE, "download refused: %s",
		name_of(flash_verdict_names, why));
	modem_notify(m, NOTICE_DOWNLOAD, "refused", (long)why);
	say(m, "\r\n*** ERROR IN HEADER ***\r\n");
	send(m, cancel, sizeof(cancel));
	restrict_commands(m);
}

/* Sends a text between the bytes of the protocol, then CAN; the flash has rejected the
 * file. That the text is the same for a file that does not end is inferred: it is the
 * only one that was seen between blocks (download.md Download messages). */
static void break_off(struct modem *m, enum flash_verdict why)
{
	modem_blame(m, LOG_DWL, CLIENT_FILE, "download refused after %u bytes: %s",
		m->link->download.file.bytes, name_of(flash_verdict_names, why));
	modem_notify_file(m, "refused", why, &m->link->download.file);
	say(m, "\r\n*** XMODEM BINARY ALLOCATION ERROR ***\r\n");
	send(m, cancel, sizeof(cancel));
	restrict_commands(m);
}

static void progress(struct modem *m)
{
	struct download *d = &m->link->download;
	uint32_t step = d->file.total ? (uint32_t)((uint64_t)d->file.bytes *
						   PROGRESS_STEPS / d->file.total)
				      : d->file.bytes / PROGRESS_BYTES;

	if (step == d->shown)
		return;
	d->shown = step;
	modem_notify_file(m, "progress", (long)d->file.bytes, &d->file);
}

static bool first_block(struct modem *m, const void *data, size_t len)
{
	enum flash_verdict verdict = flash_begin(&m->flash, data, len);
	struct download *d = &m->link->download;

	d->shown = 0;
	if (verdict != FLASH_ACCEPTED) {
		refuse(m, verdict);
		return false;
	}
	d->file = (struct notice_file){
		.kind = name_of(dwl_kind_names, m->flash.job.kind),
		.total = m->flash.job.bound ? 0 : m->flash.job.length,
	};
	modem_notify_file(m, "receiving", 0, &d->file);
	return true;
}

static bool block(void *ctx, const void *data, size_t len, bool first)
{
	struct modem *m = ctx;
	enum flash_verdict verdict;

	if (first && !first_block(m, data, len))
		return false;
	m->link->download.file.block++;
	m->link->download.file.bytes += (uint32_t)len;
	verdict = flash_data(&m->flash, data, len);
	if (verdict != FLASH_ACCEPTED) {
		break_off(m, verdict);
		return false;
	}
	progress(m);
	return true;
}

static void failed(void *ctx, enum xmodem_fault why)
{
	struct modem *m = ctx;

	flash_abort(&m->flash);
	modem_blame(m, LOG_DWL, CLIENT_FILE, "download aborted: %s",
		name_of(xmodem_fault_names, (int)why));
	modem_notify_file(
		m, "failed", (long)m->link->download.file.bytes, &m->link->download.file);
	if (!m->link->download.told) {
		download_start(m);
		return;
	}
	m->link->download.told = false;
	restrict_commands(m);
}

static bool end(void *ctx)
{
	struct modem *m = ctx;
	enum flash_verdict verdict = flash_end(&m->flash);

	if (verdict == FLASH_MEMORY) {
		/* a block that is not stored must not be acknowledged */
		failed(m, XMODEM_RETRIES);
		send(m, cancel, sizeof(cancel));
		return false;
	}
	timer_stop(&m->sched, &m->link->download.late);
	modem_notify_file(m, verdict == FLASH_ACCEPTED ? "done" : "unsound",
		(long)m->link->download.file.bytes, &m->link->download.file);
	timer_arm(&m->sched, &m->link->download.end_text, downloader(m)->dwl.end_text);
	return true;
}

static void late(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	(void)now;
	xmodem_answer_now(&m->link->download.xmodem);
}

/* How a fault rule changes an answer. */
static enum xmodem_answer answer(void *ctx, enum xmodem_moment at, uint32_t number)
{
	static const enum fault_place places[] = { FAULT_AT_ASK, FAULT_AT_BLOCK,
		FAULT_AT_EOT };
	struct modem *m = ctx;
	const struct xmodem *x = &m->link->download.xmodem;
	struct fault_subject s = { .number = (long)number };
	const struct fault_rule *r;
	struct timer *put_off = &m->link->download.late;

	if (at == XMODEM_AT_BLOCK)
		s.text = x->size == XMODEM_BLOCK_MAX ? "1024" : "128";
	r = m->taps->xmodem(m, places[at], &s);
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
		say(m, "\r\n");
		say(m, r->xmodem.text);
		say(m, "\r\n");
		m->link->download.told = true;
		return XMODEM_GIVE_UP;
	case FAULT_XMODEM_SLOW:
		if (!timer_armed(put_off) || number == 1)
			timer_arm(&m->sched, put_off, fault_draw(m, &r->xmodem.delay));
		return XMODEM_LATER;
	}
	return XMODEM_NORMAL;
}

static void other(void *ctx, uint8_t byte)
{
	struct modem *m = ctx;

	m->link->download.typed(m, byte);
}

static void end_text(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	(void)now;
	say(m, "\r\n*** END OF DOWNLOAD ***\r\n");
	download_start(m);
}

void download_init(struct modem *m)
{
	struct download *d = &m->link->download;
	const struct xmodem_user user = {
		.ctx = m,
		.send = send,
		.block = block,
		.end = end,
		.failed = failed,
		.answer = answer,
		.other = other,
	};

	xmodem_init(&d->xmodem, &m->sched, &user);
	timer_init(&d->end_text, "end of download", TIMER_WAIT, end_text, m);
	timer_init(&d->late, "late answer", TIMER_OWN, late, m);
}

void download_start(struct modem *m)
{
	struct xmodem_conf conf = xmodem_conf_of(downloader(m));

	m->link->mode = LINK_DOWNLOAD;
	m->link->download.file = (struct notice_file){ .kind = NULL };
	modem_notify(m, NOTICE_DOWNLOAD, "waiting", 0);
	xmodem_start(&m->link->download.xmodem, &conf, conf.start_period);
}

void download_stop(struct modem *m)
{
	struct download *d = &m->link->download;

	flash_abort(&m->flash);
	xmodem_reset(&d->xmodem);
	timer_stop(&m->sched, &d->end_text);
	timer_stop(&m->sched, &d->late);
	d->told = d->tail = false;
	d->file = (struct notice_file){ 0 };
	d->shown = 0;
}

bool download_is_tail(struct modem *m, uint8_t byte)
{
	struct download *d = &m->link->download;

	d->tail = d->tail && (byte == CAN || byte == BS);
	return d->tail;
}

size_t download_uneventful(const struct modem *m, size_t len)
{
	size_t n = xmodem_data_left(&m->link->download.xmodem);

	return n < 2 || len < 2 ? 1 : n - 1 < len ? n - 1 : len;
}

void download_rx(struct modem *m, const void *data, size_t len)
{
	xmodem_rx(&m->link->download.xmodem, data, len);
}
