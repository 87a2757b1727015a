#include "control_rig.h"

#include <assert.h>

#include "fake_http.h"
#include "host/loop.h"
#include "rig.h"

void control_rig_init(struct control_rig *r)
{
	static const struct log silent;
	const struct wire_options o = { .modem = { .seed = 1, .speed = 1 } };

	r->profile = rig_profile("fastrack-supreme-20-r74");
	r->loop = loop_new(&silent);
	assert(r->loop);
	r->wire = wire_new(r->loop, r->profile, &o);
	assert(r->wire);
	wire_scale(r->wire, 0);
	r->api = api_new(r->profile, &silent);
	api_add(r->api, &(struct api_place){ r->wire, "/dev/pts/7", r->profile,
				"fastrack-supreme-20-r74", NULL, 1 });
}

void control_rig_free(struct control_rig *r)
{
	fake_close();
	fake_other_client(); /* the next rig may have the same address, and its client has
				done nothing yet */
	api_free(r->api);
	wire_free(r->wire);
	loop_free(r->loop);
	rig_profile_free(r->profile);
}
