/* Rows of options.c that are in options_words.c: struct cli_option.take(). */
#pragma once

#include "host/run/options.h"

bool options_take_port(void *ctx, char *arg, char *why, size_t size); /* uart2,usb */
bool options_take_log(void *ctx, char *arg, char *why, size_t size);
