/* IPv4 addresses in dotted decimal notation. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define IPV4_TEXT 16 /* the longest, with its zero */

/* Four numbers from 0 to 255 and nothing else; out is in network byte order. */
bool ipv4_read(const char *text, uint8_t out[4]);
void ipv4_write(const uint8_t address[4], char out[IPV4_TEXT]);
