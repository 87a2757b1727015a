/* Checksums: CRC-16/XMODEM and the 8-bit sum of XMODEM blocks, CRC-32 (IEEE 802.3) of
 * download images and records, the check digit of IMEI and ICCID. The first three
 * continue from an earlier value, so a stream can be summed piece by piece; start from 0.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Polynomial 0x1021, not reflected, nothing inverted: "123456789" gives 0x31C3. */
uint16_t crc16_xmodem(uint16_t crc, const void *data, size_t len);

/* The sum of the bytes modulo 256. */
uint8_t sum8(uint8_t sum, const void *data, size_t len);

/* Polynomial 0x04C11DB7, reflected, inverted at both ends: "123456789" gives 0xCBF43926.
 */
uint32_t crc32_ieee(uint32_t crc, const void *data, size_t len);

/* The digit '0' to '9' that follows these decimal digits by Luhn's rule (ISO/IEC 7812-1
 * annex B). */
char luhn_digit(const char *digits, size_t len);
