/* A modem at its wire, with the control interface, and without the operating system. */
#pragma once

#include "host/control/api.h"
#include "wire.h"

struct control_rig {
	struct profile *profile;
	struct loop *loop;
	struct wire *wire;
	struct api *api;
};

/* Booted and registered; virtual time is stopped. */
void control_rig_init(struct control_rig *r);
void control_rig_free(struct control_rig *r);
