/* Far ends of data calls in virtual time. */
#include <stdio.h>
#include <stdlib.h>

#include "conf/far_conf.h"
#include "host/play/player_int.h"

#define FILE_MOST (1 << 20) /* bytes of a file that are sent */

/* What the file has, NULL: it cannot be read. */
static char *content(const char *path, size_t *len)
{
	FILE *f = fopen(path, "re");
	char *data;

	if (!f)
		return NULL;
	data = play_alloc(FILE_MOST);
	*len = fread(data, 1, FILE_MOST, f);
	fclose(f);
	return data;
}

static void far_open(void *ctx, unsigned id, const char *text)
{
	struct player *p = ctx;
	struct far_end_conf c;

	far_conf_read(text, &c); /* it was checked */
	play_far_drop(p);
	p->far = (struct play_far){ .id = id, .asked = true };
	p->far.data = c.kind == FAR_FILE ? content(c.path, &p->far.len) : play_alloc(0);
	play_trace_text(p, "far end: %s%s", text, p->far.data ? "" : " cannot be read");
}

static size_t far_room(void *ctx, unsigned id)
{
	(void)ctx;
	(void)id;
	return FILE_MOST;
}

static void far_tx(void *ctx, unsigned id, const void *buf, size_t len)
{
	(void)ctx;
	(void)id;
	(void)buf;
	(void)len;
}

static void far_close(void *ctx, unsigned id)
{
	struct player *p = ctx;

	if (p->far.id == id)
		play_far_drop(p);
}

struct far_ports play_far_ports(struct player *p)
{
	return (struct far_ports){ p, far_open, far_room, far_tx, far_close };
}

void play_far_drop(struct player *p)
{
	free(p->far.data);
	p->far = (struct play_far){ .id = 0 };
}

bool play_far_next(struct player *p)
{
	struct play_far *f = &p->far;
	int id = (int)f->id;
	size_t n;

	if (!id)
		return false;
	if (f->asked && !f->data) {
		modem_far_closed(p->modem, p->all->now, id, FAR_UNREACHABLE);
		return true;
	}
	if (f->asked) {
		f->asked = false;
		modem_far_there(p->modem, p->all->now, id);
		return true;
	}
	n = modem_far_room(p->modem, id);
	if (n > f->len - f->at)
		n = f->len - f->at;
	if (!n)
		return false;
	f->at += n;
	modem_far_rx(p->modem, p->all->now, id, f->data + f->at - n, n);
	return true;
}
