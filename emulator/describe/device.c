/* State: power, flash, stores, the port, its multiplexer, time. */
#include "at/run.h"
#include "chapters/boot/boot.h"
#include "describe/rows.h"
#include "link/link.h"
#include "link/mux.h"
#include "state/application.h"
#include "state/layout.h"

/* what it is and does */

static const char *power(const struct view *v, char *mem)
{
	(void)mem;
	return name_of(power_names, (int)v->m->power);
}

static const char *led(const struct view *v, char *mem)
{
	(void)mem;
	return name_of(led_names, (int)v->m->led);
}

static long long led_on(const struct view *v)
{
	return led_blink(v->m->led).on;
}

static long long led_off(const struct view *v)
{
	return led_blink(v->m->led).off;
}

static bool runs(const struct modem *m)
{
	return m->power == POWER_ON || m->power == POWER_STOPPED;
}

static long long functionality(const struct view *v)
{
	return runs(v->m) ? boot_functionality(v->m) : UNKNOWN;
}

static bool in_call(const struct view *v)
{
	return calls_any(&v->m->calls);
}

/* The session's value remains after power-off, until the next power-on. */
static bool initialised(const struct view *v)
{
	return runs(v->m) && v->m->s.initialised;
}

static const struct name parities[] = { { 0, "even", NULL }, { 1, "odd", NULL },
	{ 0, NULL, NULL } };

static const char *boot_parity(const struct view *v, char *mem)
{
	(void)mem;
	return name_of(parities, v->m->boots % 2);
}

static const struct row top_rows[] = {
	{ "power", "what is running", .text = power, .values = power_names },
	{ "led", "the pattern of the LED", .text = led, .values = led_names },
	{ "led_on", "milliseconds for which it is lit in turn; 0: always dark",
		.number = led_on },
	{ "led_off", "milliseconds for which it is dark in turn; 0: always lit",
		.number = led_off },
	{ "initialised", "+WIND: 4 is done, or 3 without an unlocked SIM",
		.flag = initialised },
	{ "functionality", "+CFUN", .number = functionality, .most = 4 },
	{ "boots", "power-on and resets so far", INT_AT(boots) },
	{ "boot_parity", "whether that number is odd or even", .text = boot_parity,
		.values = parities },
	{ "band", "the +WMBS value in use", INT_AT(band) },
	{ "in_call", "there is a call, in any state", .flag = in_call },
	{ NULL },
};

/* stores */

static long long messages_used(const struct view *v)
{
	return sms_used(&v->m->sms, (enum sms_store_id)v->i);
}

static long long messages_capacity(const struct view *v)
{
	return sms_capacity(&v->m->sms, (enum sms_store_id)v->i);
}

static const struct row message_rows[] = {
	{ "used", "messages in the store", .number = messages_used },
	{ "capacity", "positions in the store", .number = messages_capacity },
	{ NULL },
};

static bool book_there(const struct view *v)
{
	return book_present(&v->m->books, (enum book_id)v->i);
}

static long long entries_used(const struct view *v)
{
	return book_used(&v->m->books, (enum book_id)v->i);
}

static long long entries_capacity(const struct view *v)
{
	return book_capacity(&v->m->books, (enum book_id)v->i);
}

static const struct row book_rows[] = {
	{ "used", "entries in the book", .number = entries_used },
	{ "capacity", "positions in the book", .number = entries_capacity },
	{ NULL },
};

/* flash */

/* Firmwares in the order of the profile, then none. */
static const char *firmware_choice(const struct profile *p, size_t i)
{
	const struct firmware *f = profile_nth(p, i);

	if (f)
		return f->name;
	return !i || profile_nth(p, i - 1) ? "none" : NULL;
}

static const char *image_choice(const struct profile *p, size_t i)
{
	const struct firmware *f = profile_nth(p, i);

	return f ? f->name : NULL;
}

static const char *firmware(const struct view *v, char *mem)
{
	(void)mem;
	return v->m->fw ? v->m->fw->name : "none";
}

static const char *revision(const struct view *v, char *mem)
{
	(void)mem;
	return v->m->fw ? v->m->fw->revision.text : NULL;
}

static const struct row firmware_rows[] = {
	{ "name", "the running firmware, or none", .text = firmware,
		.choice = firmware_choice },
	{ "revision", "as in +CGMR", .text = revision },
	{ NULL },
};

static const char *firmware_name(const struct view *v, long i)
{
	return i < 0 ? NULL : profile_at(v->m->profile, (size_t)i)->name;
}

static const char *downloader(const struct view *v, char *mem)
{
	(void)mem;
	return firmware_name(v, (long)v->m->flash.downloader);
}

static const char *downloader_version(const struct view *v, char *mem)
{
	(void)mem;
	return profile_at(v->m->profile, v->m->flash.downloader)->downloader.version.text;
}

static const char *downloader_pending(const struct view *v, char *mem)
{
	(void)mem;
	return firmware_name(v, v->m->flash.pending);
}

static const struct row downloader_rows[] = {
	{ "name", "the firmware whose downloader is installed", .text = downloader,
		.choice = image_choice },
	{ "version", "as in AT+WDWL?", .text = downloader_version },
	{ "pending", "whose downloader is held aside until a reset",
		.text = downloader_pending, .choice = image_choice },
	{ NULL },
};

static const char *flash_firmware_name(const struct view *v, char *mem)
{
	(void)mem;
	return firmware_name(v, (long)v->m->flash.firmware);
}

static const char *app_name(const struct view *v, char *mem)
{
	(void)mem;
	return v->m->flash.app_name[0] ? v->m->flash.app_name : NULL;
}

static const char *app_choice(const struct profile *p, size_t i)
{
	const struct application *a = profile_application_nth(p, i);

	return a ? a->name : NULL;
}

static bool app_runs(const struct view *v)
{
	return application_running(v->m);
}

static const char *app_library(const struct view *v, char *mem)
{
	(void)mem;
	return v->m->flash.app_present ? v->m->flash.app_library : NULL;
}

static const char *app_fault(const struct view *v, char *mem)
{
	(void)mem;
	return v->m->flash.app_present
		       ? name_of(app_fault_names, (int)v->m->flash.app_fault)
		       : NULL;
}

static long long flash_capacity(const struct view *v)
{
	return v->m->profile->device.flash_kb;
}

static const char *layout_binary_text(const struct view *v, char *mem)
{
	struct extent e[LAYOUT_BINARIES];
	size_t i, n, len = 0;

	n = layout_binaries(profile_at(v->m->profile, v->m->flash.firmware), e);
	for (i = 0; i < n; i++)
		len += (size_t)snprintf(mem + len, MODEM_STATE_TEXT - len, "%s0x%06x+%u",
			i ? " " : "", e[i].at, e[i].size);
	return mem;
}

static long long app_at(const struct view *v)
{
	return v->m->flash.app_present ? v->m->flash.app_at : UNKNOWN;
}

static long long app_size(const struct view *v)
{
	return v->m->flash.app_present ? v->m->flash.app_size : UNKNOWN;
}

static long long app_room(const struct view *v)
{
	long long room;

	if (!v->m->fw)
		return UNKNOWN;
	room = (v->m->fw->wopen.total - v->m->open_at.ad_size) * 1024LL -
	       v->m->flash.app_size;
	return room > 0 ? room : 0;
}

static const struct row flash_rows[] = {
	{ "firmware", "the firmware installed last", .text = flash_firmware_name,
		.choice = image_choice },
	{ "valid", "it can run", BOOL_AT(flash.valid) },
	{ "application", "there is an Open AT application", BOOL_AT(flash.app_present) },
	{ "application_name", "its file in applications/", .text = app_name,
		.choice = app_choice },
	{ "application_runs", "its commands exist now", .flag = app_runs },
	{ "library", "the library it was built with", .text = app_library },
	{ "fault", "what is wrong with it", .text = app_fault,
		.values = app_fault_names },
	{ "binaries", "binaries of the firmware: address+bytes of each",
		.text = layout_binary_text },
	{ "capacity", "size of the whole flash, KB", .number = flash_capacity },
	{ "application_at", "address of the application", .number = app_at },
	{ "application_size", "size of the application, bytes", .number = app_size },
	{ "free", "bytes not used by application and A&D", .number = app_room },
	{ "ad_init", "the next boot formats the A&D volume", BOOL_AT(flash.ad_init) },
	{ "e2p", "the next boot restores the factory settings", BOOL_AT(flash.e2p) },
	{ "dota", "there is a DOTA1 area (Q24)", BOOL_AT(flash.dota) },
	{ "objects", "there are flash objects", BOOL_AT(flash.objects) },
	{ "wopen", "AT+WOPEN", INT_AT(open_at.mode) },
	{ "ad_size", "size of application and data storage, KB",
		INT_AT(open_at.ad_size) },
	{ NULL },
};

/* The port that the state shows: UART1, but in the part that has one for each name. */
static const struct channel *shown(const struct view *v)
{
	return channel_of_port(v->m, (unsigned)v->i);
}

static const char *phase(const struct view *v, char *mem)
{
	(void)mem;
	return shown(v)->link->mode == LINK_DOWNLOAD
		       ? name_of(xmodem_phase_names,
				 (int)shown(v)->link->download.xmodem.phase)
		       : "off";
}

static const char *download_kind(const struct view *v, char *mem)
{
	(void)mem;
	return shown(v)->link->download.file.kind;
}

static long long download_block(const struct view *v)
{
	return shown(v)->link->download.file.block;
}

static long long download_bytes(const struct view *v)
{
	return shown(v)->link->download.file.bytes;
}

static long long download_total(const struct view *v)
{
	const struct notice_file *f = &shown(v)->link->download.file;

	return f->kind && f->total ? f->total : UNKNOWN;
}

static const struct row download_rows[] = {
	{ "state", "state of the XMODEM receiver", .text = phase,
		.values = xmodem_phase_names },
	{ "kind", "kind of the file in progress", .text = download_kind,
		.values = dwl_kind_names },
	{ "block", "number of its blocks taken", .number = download_block },
	{ "bytes", "bytes in these blocks, padding included", .number = download_bytes },
	{ "total", "its size in bytes, without padding", .number = download_total },
	{ NULL },
};

static const char *file_kind(const struct view *v, char *mem)
{
	int kind = v->m->flash.last.kind;

	(void)mem;
	return kind == DWL_NONE ? NULL : name_of(dwl_kind_names, kind);
}

static const char *file_firmware(const struct view *v, char *mem)
{
	(void)mem;
	return v->m->flash.last.kind == DWL_NONE
		       ? NULL
		       : firmware_name(v, (long)v->m->flash.last.firmware);
}

static long long file_size(const struct view *v)
{
	return v->m->flash.last.kind == DWL_NONE ? UNKNOWN : v->m->flash.last.size;
}

static const char *file_sha256(const struct view *v, char *mem)
{
	size_t i;

	if (v->m->flash.last.kind == DWL_NONE)
		return NULL;
	/* in lower case, as sha256sum prints it */
	for (i = 0; i < sizeof(v->m->flash.last.sha256); i++)
		snprintf(mem + 2 * i, 3, "%02x", v->m->flash.last.sha256[i]);
	return mem;
}

static const struct row file_rows[] = {
	{ "kind", "kind of the last file received", .text = file_kind,
		.values = dwl_kind_names },
	{ "firmware", "firmware of that file", .text = file_firmware,
		.choice = image_choice },
	{ "size", "bytes, without padding", .number = file_size },
	{ "sha256", "of these bytes", .text = file_sha256 },
	{ "complete", "the whole file has come, and it was sound",
		BOOL_AT(flash.last.complete) },
	{ NULL },
};

/* the port and time */

static const struct name mode_names[] = {
	{ LINK_COMMAND, "command", "command lines" },
	{ LINK_PPP, "ppp", "PPP frames" },
	{ LINK_DATA, "data", "bytes of the far end" },
	{ LINK_DOWNLOAD, "download", "XMODEM blocks" },
	{ LINK_MUX, "mux", "frames of the multiplexer" },
	{ LINK_SOCKET, "socket", "octets of a socket of WIPsoft" },
	{ 0, NULL, NULL },
};

static const char *mode(const struct view *v, char *mem)
{
	(void)mem;
	/* the link is set again only at the next power-on */
	return name_of(mode_names,
		v->m->power == POWER_OFF ? LINK_COMMAND : (int)shown(v)->link->mode);
}

static bool is_open(const struct view *v)
{
	return !shown(v)->shut;
}

/* UART1 is `port`. */
static bool other_there(const struct view *v)
{
	return v->i != MODEM_UART1 && shown(v);
}

static bool dtr(const struct view *v)
{
	return shown(v)->link->dtr;
}

static bool rts(const struct view *v)
{
	return shown(v)->link->rts;
}

static bool dcd(const struct view *v)
{
	return shown(v)->link->v24 & V24_DCD;
}

static bool dsr(const struct view *v)
{
	return shown(v)->link->v24 & V24_DSR;
}

static bool cts(const struct view *v)
{
	return shown(v)->link->v24 & V24_CTS;
}

static bool ri(const struct view *v)
{
	return shown(v)->link->v24 & V24_RI;
}

static long long baud(const struct view *v)
{
	return shown(v)->link->host.baud ? (long long)shown(v)->link->host.baud : UNKNOWN;
}

static long long dropped(const struct view *v)
{
	return (long long)shown(v)->at->urc_dropped;
}

static const struct row port_rows[] = {
	{ "mode", "what its bytes mean", .text = mode, .values = mode_names },
	{ "open", "AT+WMFM has it open", .flag = is_open },
	{ "dtr", "a client has opened it, and has not switched DTR off", .flag = dtr },
	{ "rts", "RTS of the client, where the port has it", .flag = rts },
	{ "dcd", "carrier detect, as the modem sets it", .flag = dcd },
	{ "dsr", "data set ready", .flag = dsr },
	{ "cts", "clear to send", .flag = cts },
	{ "ri", "ring indicator", .flag = ri },
	{ "baud", "set by the client", .number = baud },
	{ "dropped", "unsolicited result codes dropped for lack of room",
		.number = dropped },
	{ NULL },
};

/* the multiplexer */

static const char *mux_state(const struct view *v, char *mem)
{
	(void)mem;
	return mux_states[v->m->mux->fsm.state].name;
}

static const char *mux_open(const struct view *v, char *mem)
{
	const struct mux *x = v->m->mux;
	struct buf b;
	int i;

	if (!mux_runs(v->m))
		return NULL;
	buf_init(&b, mem, MODEM_STATE_TEXT - 1);
	for (i = 1; i <= MUX_DLCS; i++)
		if (x->dlc[i].state == DLC_OPEN)
			buf_printf(&b, "%s%d", b.len ? " " : "", i);
	mem[b.len] = '\0';
	return mem;
}

static const char *mux_sleep(const struct view *v, char *mem)
{
	(void)mem;
	return mux_runs(v->m) ? mux_sleeps[v->m->mux->sleep.state].name : NULL;
}

static const struct row mux_rows[] = {
	{ "state", "state of the 27.010 multiplexer", .text = mux_state,
		.states = mux_states },
	{ "dlcs", "its open DLCs, from 1", .text = mux_open },
	{ "sleep", "whether it sleeps", .text = mux_sleep, .states = mux_sleeps },
	{ NULL },
};

static const char *iso_time(int64_t seconds, char *mem)
{
	struct clock_time t;

	clock_split(seconds, &t);
	snprintf(mem, MODEM_STATE_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d", t.year, t.month,
		t.day, t.hour, t.minute, t.second);
	return mem;
}

static const char *own_clock(const struct view *v, char *mem)
{
	return iso_time(clock_at(&v->m->clock, v->now), mem);
}

static long long virtual_time(const struct view *v)
{
	return (long long)v->now;
}

static const struct row clock_rows[] = {
	{ "time", "shown by the modem's real-time clock", .text = own_clock },
	{ "virtual", "microseconds since the modem was made", .number = virtual_time },
	{ NULL },
};

const struct part describe_device[] = {
	{ NULL, top_rows },
	{ "port", port_rows },
	{ "ports", port_rows, .each = port_names, .there = other_there },
	{ "mux", mux_rows },
	{ "clock", clock_rows },
	{ "messages", message_rows, .each = sms_store_names },
	{ "phonebooks", book_rows, .each = book_all_names, .there = book_there },
	{ "firmware", firmware_rows },
	{ "downloader", downloader_rows },
	{ "flash", flash_rows },
	{ "download", download_rows },
	{ "file", file_rows },
	{ NULL },
};
