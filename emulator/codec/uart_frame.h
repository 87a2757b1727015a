/* Characters on an asynchronous line: start bit, data bits from the lowest, parity bit,
 * stop bits (V.4; V.250 6.2.11), and how a receiver with another format reads them. */
#pragma once

#include <stdbool.h>

enum uart_parity {
	UART_ODD,
	UART_EVEN,
	UART_MARK,
	UART_SPACE,
	UART_NONE
}; /* +ICF */

struct uart_format {
	unsigned char data_bits; /* 5 to 8; 0: the format is not known */
	unsigned char stop_bits; /* 1 or 2 */
	enum uart_parity parity;
};

/* Text such as "7E1" as a format. False: it is none, and *f is left alone. */
bool uart_format_parse(const char *text, struct uart_format *f);

/* The text of a known format, in out. Returns out. */
const char *uart_format_text(struct uart_format f, char out[4]);

/* The same bits between start and stop: a receiver does not look at a second stop bit. */
bool uart_same_bits(struct uart_format a, struct uart_format b);

/* What a receiver with the format `to` reads of a byte that was sent with the format
 * `from`. A line after the stop bits is idle, which reads as ones; a character with a wrong
 * parity or stop bit is passed on as it is (inferred). With an unknown format the byte
 * itself. */
unsigned char uart_read_as(
	unsigned char byte, struct uart_format from, struct uart_format to);
