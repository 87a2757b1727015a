/* Options that have a file of their own; each is a `take` of host/cli.h. */
#pragma once

#include "host/run/options.h"

bool options_take_log(void *options, char *arg, char *why, size_t size);
bool options_take_forward(void *options, char *arg, char *why, size_t size);
bool options_take_internet(void *options, char *arg, char *why, size_t size);
bool options_take_pcap(void *options, char *arg, char *why, size_t size);
