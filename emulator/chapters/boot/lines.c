#include "chapters/boot/lines.h"

#include "at/reply.h"
#include "state/application.h"
#include "state/modem_state.h"

/* Says what is due of one source; the time of its next line, USEC_NEVER if there is none
 * whose stage was reached. */
static usec_t say_due(struct modem *m, const struct says_conf *says, uint16_t *said)
{
	usec_t next = USEC_NEVER;
	size_t i;

	for (i = 0; i < says->boots; i++) {
		const struct boot_line *l = &says->boot[i];
		usec_t due = m->s.stage[l->at] + l->after;

		if (*said >> i & 1 || !(m->s.stages >> l->at & 1))
			continue;
		if (due > m->sched.now) {
			next = due < next ? due : next;
			continue;
		}
		*said |= (uint16_t)(1u << i);
		at_urc(m, "%s", l->text);
	}
	return next;
}

void boot_lines(struct modem *m)
{
	const struct application *app = application_running(m);
	usec_t next = USEC_NEVER, other;

	if (m->fw)
		next = say_due(m, &m->fw->says, &m->s.said);
	if (app) {
		other = say_due(m, &app->says, &m->s.app_said);
		next = other < next ? other : next;
	}
	if (next != USEC_NEVER)
		timer_arm(&m->sched, &m->s.boot_line, next - m->sched.now);
}

void boot_stage(struct modem *m, enum boot_stage stage)
{
	if (m->s.stages >> stage & 1)
		return;
	m->s.stages |= 1u << stage;
	m->s.stage[stage] = m->sched.now;
	boot_lines(m);
}

static void line_due(void *ctx, usec_t now)
{
	(void)now;
	boot_lines(ctx);
}

void boot_lines_init(struct modem *m)
{
	timer_init(&m->s.boot_line, "line of the boot", TIMER_OWN, line_due, m);
}
