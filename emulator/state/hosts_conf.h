/* What hosts of a modem reach through PPP, as a profile names it. */
#pragma once

#include <stddef.h>

#include "codec/forward.h"

#define PROFILE_HOSTS 16

struct hosts_conf {
	char text[PROFILE_HOSTS][FORWARD_TEXT]; /* of codec/forward.h, to loopback only */
	size_t n;
};
