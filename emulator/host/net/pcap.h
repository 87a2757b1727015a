/* --pcap: the IP packets of a modem as a file for Wireshark and tcpdump (LINKTYPE_RAW). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/log.h"

struct pcap;

/* Creates the file; NULL (logged, with the remedy) on an error. */
struct pcap *pcap_open(const char *path, const struct log *log);
void pcap_close(struct pcap *p); /* NULL is allowed, here and below */

/* A packet at that Unix time in microseconds. */
void pcap_packet(struct pcap *p, int64_t at, const void *packet, size_t len);

/* Flushes everything so far to the file. */
void pcap_flush(struct pcap *p);
