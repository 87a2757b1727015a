/* Rows of options.c that have a file of their own: struct cli_option.take(). */
#pragma once

#include "host/run/options.h"

/* options_exec.c */
bool options_take_wait(void *options, char *arg, char *why, size_t size);
bool options_take_sweep(void *options, char *arg, char *why, size_t size);
bool options_take_sweep_text(void *options, char *arg, char *why, size_t size);
bool options_take_at(void *options, char *arg, char *why, size_t size);
bool options_take_on_exit(void *options, char *arg, char *why, size_t size);
bool options_take_report_json(void *options, char *arg, char *why, size_t size);
bool options_take_junit(void *options, char *arg, char *why, size_t size);
bool options_take_tap(void *options, char *arg, char *why, size_t size);

/* options_words.c */
bool options_take_trace_clock(void *options, char *arg, char *why, size_t size);
bool options_take_port(void *options, char *arg, char *why, size_t size); /* uart2,usb */
bool options_take_log(void *options, char *arg, char *why, size_t size);

bool options_take_panel(void *options, char *arg, char *why, size_t size);
bool options_take_panel_port(void *options, char *arg, char *why, size_t size);

/* options_net.c */
bool options_take_forward(void *options, char *arg, char *why, size_t size);
bool options_take_internet(void *options, char *arg, char *why, size_t size);
bool options_take_pcap(void *options, char *arg, char *why, size_t size);

/* options_exchange.c */
bool options_take_exchange(void *options, char *arg, char *why, size_t size);
bool options_take_exchange_password(void *options, char *arg, char *why, size_t size);
bool options_take_exchange_ca(void *options, char *arg, char *why, size_t size);
bool options_take_exchange_cert(void *options, char *arg, char *why, size_t size);
bool options_take_exchange_key(void *options, char *arg, char *why, size_t size);
const char *options_exchange_conflict(const struct options *o); /* options_conflict() */
