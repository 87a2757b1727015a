/* Log lines leave through a callback, which adds the time. Each category has its own
 * level. The level of a line says whose fault it reports: ERROR is Fauxtrack's, CLIENT is
 * the program on the port doing what a real modem would punish, WARN is the profile's or
 * the machine's. */
#pragma once

#include <stdbool.h>

#include "base/names.h"

enum log_cat {
	LOG_AT,
	LOG_CALL,
	LOG_DWL,
	LOG_HTTP,
	LOG_LINK,
	LOG_MODEM,
	LOG_NET,
	LOG_NV,
	LOG_PTY,
	LOG_SIM,
	LOG_SMS,
	LOG_CATS,
};

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_CLIENT,
	LOG_LEVEL_NOTE,
	LOG_LEVEL_DEBUG,
};

extern const struct name log_cat_names[];
extern const struct name log_level_names[];

struct log {
	void (*line)(void *ctx, enum log_cat cat, enum log_level level, const char *text);
	void *ctx;
	enum log_level level[LOG_CATS];
};

void log_line(const struct log *l, enum log_cat cat, enum log_level level,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#define log_error(l, cat, ...)  log_line(l, cat, LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(l, cat, ...)   log_line(l, cat, LOG_LEVEL_WARN, __VA_ARGS__)
#define log_client(l, cat, ...) log_line(l, cat, LOG_LEVEL_CLIENT, __VA_ARGS__)
#define log_note(l, cat, ...)   log_line(l, cat, LOG_LEVEL_NOTE, __VA_ARGS__)
#define log_debug(l, cat, ...)  log_line(l, cat, LOG_LEVEL_DEBUG, __VA_ARGS__)
