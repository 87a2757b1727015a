/* While a command with such an answer runs, `told` holds back its information
 * (reply.c). When it has succeeded, the lines of YAML go out in place of that. */
#include "at/told.h"

#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "state/application.h"
#include "state/modem_state.h"

static enum command_form place_of(enum at_form form)
{
	return form == AT_EXEC   ? COMMAND_EXEC
	       : form == AT_SET  ? COMMAND_SET
	       : form == AT_READ ? COMMAND_READ
				 : COMMAND_TEST;
}

/* The application's answer. */
static const struct answer_conf *application_answer(
	const struct modem *m, const struct at_call *c)
{
	const struct application *app = application_running(m);
	enum command_form form = place_of(c->form);
	size_t i;

	for (i = 0; app && i < app->n_commands; i++)
		if (!strcmp(app->commands[i].name, c->entry->cmd->name))
			return command_answers(&app->commands[i], form)
				       ? &app->commands[i].answer[form]
				       : NULL;
	return NULL;
}

const struct answer_conf *at_told_answer(const struct modem *m, const struct at_call *c)
{
	const struct answer_conf *a = application_answer(m, c);
	enum command_form form = place_of(c->form);

	if (!a && c->entry->conf && command_answers(c->entry->conf, form))
		a = &c->entry->conf->answer[form];
	return a;
}

usec_t at_told_latency(const struct modem *m, const struct at_call *c)
{
	const struct answer_conf *a = application_answer(m, c);

	return a ? a->latency : 0;
}

/* An argument as text that cannot leave its line, whatever S3 and S4 are. */
static void put_argument(struct channel *ch, struct buf *b, size_t i)
{
	const struct at_call *c = &ch->at->call;
	size_t k;

	for (k = 0; at_given(c, i) && k < c->arg[i].len; k++) {
		unsigned char ch_ = (unsigned char)c->arg[i].text[k];

		if (ch_ >= ' ' && ch_ != 0x7f && ch_ != ch->set.s3 && ch_ != ch->set.s4)
			buf_putc(b, (char)ch_);
	}
}

/* Reads {1} to {4} and steps over it; 0: there is none here. */
static size_t take_argument(const char **text)
{
	const char *t = *text;

	if (t[0] != '{' || t[1] < '1' || t[1] > '0' + PROFILE_PARAMS || t[2] != '}')
		return 0;
	*text += 3;
	return (size_t)(t[1] - '0');
}

static void put_line(struct channel *ch, struct buf *b, const char *text)
{
	size_t n;

	while (*text) {
		n = take_argument(&text);
		if (n)
			put_argument(ch, b, n - 1);
		else
			buf_putc(b, *text++);
	}
}

/* The bytes of a raw answer as escaped text, as at_final() takes them. */
static void put_raw(struct channel *ch, struct buf *b, const char *text)
{
	char mem[AT_LINE_MAX];
	struct buf arg;
	size_t n;

	while (*text) {
		n = take_argument(&text);
		if (!n) {
			buf_putc(b, *text++);
			continue;
		}
		buf_init(&arg, mem, sizeof(mem));
		put_argument(ch, &arg, n - 1);
		buf_put_visible(b, mem, arg.len);
	}
}

static int tell_raw(struct channel *ch, const char *raw)
{
	struct at_state *at = ch->at;
	struct buf b;

	buf_init(&b, at->memory->told, sizeof(at->memory->told) - 1);
	put_raw(ch, &b, raw);
	b.data[b.len] = '\0';
	at->bytes = b.data;
	return AT_BYTES;
}

static void tell_lines(struct channel *ch, const struct answer_conf *a)
{
	char mem[AT_TOLD_MAX];
	size_t i, used = 0;
	struct buf b;

	for (i = 0; i < a->lines; i++) {
		buf_init(&b, mem, sizeof(mem) - used);
		put_line(ch, &b, a->line[i]);
		at_info_bytes(ch, b.data, b.len);
		used += b.len;
	}
}

int at_tell_answer(struct channel *ch, int result)
{
	const struct answer_conf *a = ch->at->told;

	if (!a || result == AT_PENDING || result == AT_MORE)
		return result;
	ch->at->told = NULL;
	if (result != AT_OK)
		return result;
	if (a->raw[0])
		return tell_raw(ch, a->raw);
	tell_lines(ch, a);
	return at_result_named(a->result);
}
