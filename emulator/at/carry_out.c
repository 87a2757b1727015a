/* Carries out one command: preconditions, arguments, handler. When this happens, and how
 * fault rules change it, is in run.c. */
#include "at/parse.h"
#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "at/told.h"
#include "link/link.h"
#include "state/modem_state.h"

int at_locked_error(const struct modem *m)
{
	/* PH-SIM PIN, then the personalisations (errors.md +CME ERROR) */
	static const int code[LOCKS] = { 5, 40, 42, 44, 46 };
	enum sim_lock_id id = sim_refused(&m->sim);

	return AT_CME(id < LOCKS ? code[id] : CME_NOT_ALLOWED);
}

/* Checks preconditions in the order of the reference (errors.md Error selection): one
 * code for each failure. */
int at_check_needs(const struct modem *m, unsigned needs)
{
	if (needs & (AT_NEED_OPEN | AT_NEED_LOADED) && sim_state(&m->sim) != SIM_OFF &&
		sim_state(&m->sim) != SIM_ABSENT)
		needs |= needs & AT_NEED_OPEN ? AT_NEED_PIN : AT_NEED_FILES;
	if (needs & (AT_NEED_SIM | AT_NEED_PIN | AT_NEED_FILES)) {
		switch (sim_state(&m->sim)) {
		case SIM_OFF:
		case SIM_ABSENT:
			return AT_CME(CME_NO_SIM);
		case SIM_CHECKING:
			return AT_CME(CME_BUSY);
		case SIM_PIN:
			if (needs & (AT_NEED_PIN | AT_NEED_FILES))
				return AT_CME(CME_SIM_PIN);
			break;
		case SIM_PUK:
			if (needs & (AT_NEED_PIN | AT_NEED_FILES))
				return AT_CME(CME_SIM_PUK);
			break;
		case SIM_LOCKED:
			if (needs & (AT_NEED_PIN | AT_NEED_FILES))
				return at_locked_error(m);
			break;
		case SIM_BLOCKED:
		case SIM_FAILED:
			return AT_CME(CME_SIM_FAILURE);
		case SIM_LOADING:
			if (needs & AT_NEED_FILES)
				return AT_CME(CME_BUSY);
			break;
		case SIM_READY:
			break;
		}
	}
	if (needs & AT_NEED_NO_CALL && calls_any(&m->calls))
		return AT_CME(CME_NOT_ALLOWED);
	if (needs & AT_NEED_CALL && !calls_busy(&m->calls))
		return AT_CME(CME_NOT_ALLOWED);
	if (needs & AT_NEED_NET && !net_registered(&m->net))
		return AT_CME(net_service(&m->net) ? CME_EMERGENCY_ONLY : CME_NO_SERVICE);
	return AT_OK;
}

/* A setting: stores the values, or reports them. */
static int run_setting(struct channel *ch, struct at_call *c)
{
	if (c->form == AT_READ) {
		at_info_settings(ch, c->entry);
		return AT_OK;
	}
	return at_store_values(ch, c);
}

static void info_test(struct channel *ch, const struct at_entry *e)
{
	char text[256];
	struct buf b;
	size_t i;

	if (e->test) {
		if (e->test[0])
			at_info(ch, "%s: %s", e->cmd->name, e->test);
		return;
	}
	buf_init(&b, text, sizeof(text));
	for (i = 0; i < e->params; i++)
		buf_printf(&b, "%s%s", i ? "," : "", e->values[i] ? e->values[i] : "");
	if (b.len)
		at_info(ch, "%s: %.*s", e->cmd->name, (int)b.len, text);
}

int at_refused(const struct modem *m, const struct at_call *c)
{
	const struct at_cmd *cmd = c->entry->cmd;

	return cmd->open & (unsigned)c->form ? AT_OK : at_check_needs(m, cmd->needs);
}

bool at_class_locked(const struct channel *ch, const struct at_call *c)
{
	const struct channel *other;

	if (!c->entry->class)
		return false;
	for (other = channel_next(ch->modem, NULL); other;
		other = channel_next(ch->modem, other))
		if (other != ch && at_running(other) &&
			other->at->call.entry->class == c->entry->class)
			return true;
	return false;
}

/* Its row's answer, after everything that can refuse it. */
static int answer(struct channel *ch, struct at_call *c)
{
	const struct at_cmd *cmd = c->entry->cmd;

	if (c->entry->refused && c->form & (AT_SET | AT_EXEC))
		return AT_CME(CME_NOT_ALLOWED);
	/* a firmware's overlay comes before the handler's own answer */
	if (c->form == AT_TEST && (!cmd->test_by_run || c->entry->test)) {
		info_test(ch, c->entry);
		return AT_OK;
	}
	return cmd->run ? cmd->run(ch, c) : run_setting(ch, c);
}

int at_carry_out(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct at_call *c = &ch->at->call;
	const struct at_cmd *cmd = c->entry->cmd;
	int result;

	if (cmd->flags & AT_F_UNKNOWN) {
		at_blame_line(ch, CLIENT_UNKNOWN);
		return AT_ERROR;
	}
	if (c->entry->after_cmee && !ch->link->cmee)
		return AT_ERROR;
	result = at_refused(m, c);
	if (result != AT_OK) {
		at_blame_line(ch, CLIENT_REFUSED);
		return result;
	}
	result = at_parse_args(c);
	if (result != AT_OK) {
		at_blame_line(ch, CLIENT_ARGUMENTS);
		/* wip.md WIPsoft availability: wrong syntax is ERROR */
		return cmd->provided ? AT_ERROR : result;
	}
	ch->at->told = at_told_answer(m, c);
	return at_tell_answer(ch, answer(ch, c));
}

/* errors.md Readiness; 515 stays unchanged. */
int at_sms_result(int result)
{
	switch (result) {
	case AT_CME(CME_NOT_ALLOWED):
		return AT_CMS(302);
	case AT_CME(CME_PH_SIM):
		return AT_CMS(312);
	case AT_CME(CME_NO_SIM):
		return AT_CMS(310);
	case AT_CME(CME_SIM_PIN):
		return AT_CMS(311);
	case AT_CME(CME_SIM_FAILURE):
		return AT_CMS(313);
	case AT_CME(CME_SIM_PUK):
		return AT_CMS(316);
	default:
		return result;
	}
}
