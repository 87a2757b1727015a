/* All chapters. Their order is that in which they stop, start and hear of events. */
#include "chapters/chapters.h"

#include <stddef.h>

extern const struct chapter chapter_v24, chapter_general, chapter_call, chapter_data,
	chapter_phonebook, chapter_gprs, chapter_services, chapter_network, chapter_sim,
	chapter_sms, chapter_device, chapter_wavecom, chapter_stk, chapter_mux,
	chapter_wip, chapter_boot;

const struct chapter *const chapters[] = {
	&chapter_v24,
	&chapter_general,
	&chapter_call,
	&chapter_data,
	&chapter_phonebook,
	&chapter_wip,
	&chapter_gprs,
	&chapter_services,
	&chapter_network,
	&chapter_sim,
	&chapter_sms,
	&chapter_device,
	&chapter_wavecom,
	&chapter_stk,
	&chapter_mux,
	&chapter_boot,
	NULL,
};
