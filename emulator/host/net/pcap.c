#include "host/net/pcap.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"

#define SNAP_LENGTH  65535
#define LINKTYPE_RAW 101

struct pcap {
	FILE *file;
	const struct log *log;
	char *path;
	bool failed, written;
};

struct pcap *pcap_open(const char *path, const struct log *log)
{
	const struct {
		uint32_t magic;
		uint16_t major, minor;
		int32_t zone;
		uint32_t accuracy, snap_length, link_type;
	} head = { 0xa1b2c3d4, 2, 4, 0, 0, SNAP_LENGTH, LINKTYPE_RAW };
	struct pcap *p = must(calloc(1, sizeof(*p)));

	p->log = log;
	p->path = must(strdup(path));
	p->file = fopen(path, "we");
	if (!p->file) {
		log_error(log, LOG_NET,
			"--pcap %s: %s; its directory must exist and be writable", path,
			strerror(errno));
		pcap_close(p);
		return NULL;
	}
	fwrite(&head, sizeof(head), 1, p->file);
	p->written = true;
	pcap_flush(p);
	return p;
}

void pcap_close(struct pcap *p)
{
	if (!p)
		return;
	if (p->file) {
		pcap_flush(p);
		fclose(p->file);
	}
	free(p->path);
	free(p);
}

void pcap_packet(struct pcap *p, int64_t at, const void *packet, size_t len)
{
	uint32_t head[4];

	if (!p)
		return;
	head[0] = (uint32_t)(at / 1000000);
	head[1] = (uint32_t)(at % 1000000);
	head[2] = head[3] = (uint32_t)len;
	fwrite(head, sizeof(head), 1, p->file);
	fwrite(packet, 1, len, p->file);
	p->written = true;
}

void pcap_flush(struct pcap *p)
{
	if (!p || !p->written)
		return;
	p->written = false;
	if (!fflush(p->file) || p->failed)
		return;
	p->failed = true;
	log_error(p->log, LOG_NET, "%s: %s; the file is incomplete", p->path,
		strerror(errno));
}
