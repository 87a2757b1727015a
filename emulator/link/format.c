#include "link/format.h"

#include "link/link.h"
#include "state/modem_state.h"

static struct uart_format host_format(const struct uart *u)
{
	return (struct uart_format){ u->data_bits, u->stop_bits, u->parity };
}

bool format_differs(const struct channel *ch)
{
	const struct uart_format eight = { .data_bits = 8, .parity = UART_NONE };
	struct uart_format host = host_format(&ch->link->host);

	return ch->modem->garbles && host.data_bits && ch->link->frame.data_bits &&
	       !(uart_same_bits(host, eight) && uart_same_bits(ch->link->frame, eight));
}

const unsigned char *format_read(
	const struct channel *ch, const unsigned char *p, size_t len, unsigned char *out)
{
	size_t i;

	for (i = 0; i < len; i++)
		out[i] = uart_read_as(
			p[i], host_format(&ch->link->host), ch->link->frame);
	return out;
}

/* line.md +ICF */
void format_settle(struct channel *ch)
{
	static const struct uart_format formats[] = {
		{ 8, 1, UART_NONE }, /* a stored value that does not exist */
		{ 8, 2, UART_NONE },
		{ 8, 1, UART_ODD },
		{ 8, 1, UART_NONE },
		{ 7, 2, UART_NONE },
		{ 7, 1, UART_ODD },
		{ 7, 1, UART_NONE },
	};
	unsigned format = (unsigned)ch->set.frame_format;
	unsigned parity = (unsigned)ch->set.frame_parity;
	struct uart_format *f = &ch->link->frame;

	*f = formats[format < sizeof(formats) / sizeof(*formats) ? format : 0];
	if (f->parity != UART_NONE && parity <= UART_NONE)
		f->parity = (enum uart_parity)parity;
}

void format_blame(struct channel *ch)
{
	struct link *l = ch->link;
	char host[4], own[4];

	if (l->blamed_format || !l->host.data_bits || !l->frame.data_bits ||
		uart_same_bits(host_format(&l->host), l->frame))
		return;
	l->blamed_format = true;
	channel_blame(ch, LOG_LINK, CLIENT_FORMAT,
		"the host sends %s, the modem's line is %s: %s; set the host to %s, or "
		"send AT+ICF first",
		uart_format_text(host_format(&l->host), host),
		uart_format_text(l->frame, own),
		ch->modem->garbles ? "characters are misread"
				   : "misread on real hardware and with --line real",
		own);
}

size_t format_send(struct channel *ch, size_t len)
{
	struct modem *m = ch->modem;
	struct link *l = ch->link;
	unsigned char out[256];
	size_t i, n = len < sizeof(out) ? len : sizeof(out);

	for (i = 0; i < n; i++)
		out[i] = uart_read_as(
			(unsigned char)l->tx.data[i], l->frame, host_format(&l->host));
	m->ports.tx(m->ports.ctx, ch->port, out, n);
	l->said += n;
	return n;
}
