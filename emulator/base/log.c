#include "base/log.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

const struct name log_cat_names[] = {
	{ LOG_AT, "at", "command lines and answers" },
	{ LOG_CALL, "call", "calls" },
	{ LOG_DWL, "dwl", "downloads and flash" },
	{ LOG_HTTP, "http", "the control interface" },
	{ LOG_LINK, "link", "what the bytes of the port mean: commands, data, XMODEM" },
	{ LOG_MODEM, "modem", "power, boot, reset, LED" },
	{ LOG_NET, "net", "cells and registration" },
	{ LOG_NV, "nv", "non-volatile memory" },
	{ LOG_PTY, "pty", "the pseudo-terminal and its clients" },
	{ LOG_SIM, "sim", "SIM, PIN" },
	{ LOG_SMS, "sms", "messages" },
	{ 0, NULL, NULL },
};

const struct name log_level_names[] = {
	{ LOG_LEVEL_ERROR, "error", "a fault in Fauxtrack" },
	{ LOG_LEVEL_WARN, "warn", "a problem of the profile or the machine" },
	{ LOG_LEVEL_CLIENT, "client", "the client did what a real modem punishes" },
	{ LOG_LEVEL_NOTE, "info", "what happened" },
	{ LOG_LEVEL_DEBUG, "debug", "everything" },
	{ 0, NULL, NULL },
};

static bool log_wants(const struct log *l, enum log_cat cat, enum log_level level)
{
	return l && l->line && level <= l->level[cat];
}

void log_line(
	const struct log *l, enum log_cat cat, enum log_level level, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (!log_wants(l, cat, level))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	l->line(l->ctx, cat, level, text);
}
