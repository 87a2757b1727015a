/* Time: virtual microseconds since the modem was made. Time is an argument everywhere
 * in libmodem; nothing below host/ reads a clock. */
#pragma once

#include <stdint.h>

typedef uint64_t usec_t;

#define USEC_NEVER UINT64_MAX
#define MS(n)      ((usec_t)(n)*1000u)
#define SEC(n)     ((usec_t)(n)*1000000u)
