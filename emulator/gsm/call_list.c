/* The states of a call (the diagram is in call.c), and read access to the calls. */
#include "gsm/call.h"

#include <string.h>

#define LIVE (FSM_TO(CALL_FREE) | FSM_TO(CALL_ACTIVE))

const struct fsm_state call_states[] = {
	[CALL_FREE] = { "free",
		FSM_TO(CALL_DIALING) | FSM_TO(CALL_INCOMING) | FSM_TO(CALL_WAITING) },
	[CALL_DIALING] = { "dialing",
		LIVE | FSM_TO(CALL_ALERTING) | FSM_TO(CALL_TRAINING) },
	[CALL_ALERTING] = { "alerting", LIVE | FSM_TO(CALL_TRAINING) },
	[CALL_INCOMING] = { "incoming", LIVE | FSM_TO(CALL_TRAINING) },
	[CALL_WAITING] = { "waiting", LIVE | FSM_TO(CALL_INCOMING) },
	[CALL_TRAINING] = { "training", LIVE },
	[CALL_ACTIVE] = { "active", FSM_TO(CALL_FREE) | FSM_TO(CALL_HELD) },
	[CALL_HELD] = { "held", LIVE },
	[CALL_HELD + 1] = { NULL, 0 },
};

const struct call *calls_find(const struct calls *a, enum call_state state)
{
	size_t i;

	for (i = 0; i < a->made; i++)
		if (call_state(&a->call[i]) == state)
			return &a->call[i];
	return NULL;
}

bool calls_any(const struct calls *a)
{
	return a->live != 0;
}

bool calls_ringing(const struct calls *a)
{
	return calls_find(a, CALL_INCOMING) != NULL;
}

bool calls_busy(const struct calls *a)
{
	return calls_any(a) && !calls_ringing(a);
}

const char *call_state_name(const struct call *c)
{
	return call_states[call_state(c)].name;
}

bool call_is_emergency(const char *number, bool card)
{
	static const char *const always[] = { "112", "911", NULL };
	static const char *const bare[] = { "000", "08", "110", "118", "119", "999",
		NULL };
	size_t i;

	for (i = 0; always[i]; i++)
		if (!strcmp(number, always[i]))
			return true;
	for (i = 0; !card && bare[i]; i++)
		if (!strcmp(number, bare[i]))
			return true;
	return false;
}
