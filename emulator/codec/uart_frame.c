#include "uart_frame.h"

#include <string.h>

static const char parities[] = "OEMSN"; /* by enum uart_parity */

bool uart_format_parse(const char *text, struct uart_format *f)
{
	const char *parity;

	if (strlen(text) != 3 || text[0] < '5' || text[0] > '8' ||
		(text[2] != '1' && text[2] != '2'))
		return false;
	parity = strchr(parities, text[1]);
	if (!parity)
		return false;
	f->data_bits = (unsigned char)(text[0] - '0');
	f->stop_bits = (unsigned char)(text[2] - '0');
	f->parity = (enum uart_parity)(parity - parities);
	return true;
}

const char *uart_format_text(struct uart_format f, char out[4])
{
	out[0] = (char)('0' + f.data_bits);
	out[1] = parities[f.parity];
	out[2] = (char)('0' + f.stop_bits);
	out[3] = '\0';
	return out;
}

bool uart_same_bits(struct uart_format a, struct uart_format b)
{
	return a.data_bits == b.data_bits && a.parity == b.parity;
}

static unsigned ones(unsigned bits)
{
	unsigned n = 0;

	for (; bits; bits >>= 1)
		n += bits & 1;
	return n;
}

static unsigned parity_bit(unsigned data, enum uart_parity parity)
{
	switch (parity) {
	case UART_ODD:
		return !(ones(data) & 1);
	case UART_EVEN:
		return ones(data) & 1;
	case UART_MARK:
		return 1;
	case UART_SPACE:
	case UART_NONE:
		break;
	}
	return 0;
}

unsigned char uart_read_as(
	unsigned char byte, struct uart_format from, struct uart_format to)
{
	unsigned data, line, at;

	if (!from.data_bits || !to.data_bits)
		return byte;
	at = from.data_bits;
	data = byte & ((1u << at) - 1);
	line = data;
	if (from.parity != UART_NONE)
		line |= parity_bit(data, from.parity) << at++;
	line |= ~0u << at;
	return (unsigned char)(line & ((1u << to.data_bits) - 1));
}
