/* What belongs to a unit, its SIM or its place is no difference between two kinds of modem:
 * there only the result and the form of the lines are compared. */
#include "host/field/differ.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

const struct name difference_names[] = {
	{ DIFFERENCE_NONE, "none", NULL },
	{ DIFFERENCE_ANSWERED, "no answer", NULL },
	{ DIFFERENCE_RESULT, "result", NULL },
	{ DIFFERENCE_LINES, "number of lines", NULL },
	{ DIFFERENCE_TEXT, "text", NULL },
	{ DIFFERENCE_ECHO, "echo", NULL },
	{ 0, NULL, NULL },
};

/* ---- what belongs to each unit ---------------------------------------------------- */

enum own_part {
	OWN_DIGITS, /* numbers and quoted texts in the lines: their form is compared */
	OWN_LINES,  /* the lines */
	OWN_ALL,    /* the result too */
};

struct own {
	const char *start; /* of the command, after AT */
	enum own_part part;
	const char *why;
};

/* A start that ends in ? or = is that form; one that ends in a letter is the execution. */
static const struct own owns[] = {
	{ "+CGSN", OWN_DIGITS, "the IMEI" },
	{ "+GSN", OWN_DIGITS, "the IMEI" },
	{ "+WMSN", OWN_LINES, "the serial number" },
	{ "+WDOP", OWN_DIGITS, "when the unit was made" },
	{ "+CIMI", OWN_DIGITS, "the IMSI" },
	{ "+CCID", OWN_DIGITS, "the ICCID" },
	{ "+CNUM", OWN_ALL, "the numbers of the SIM" },
	{ "+CSCA?", OWN_LINES, "the number of the service centre" },
	{ "+CSVM?", OWN_LINES, "the number of the mailbox" },
	{ "+CPIN?", OWN_LINES, "whether the SIM has a PIN" },
	{ "+CPIN=", OWN_ALL, "the PIN of the SIM" },
	{ "+CPIN2=", OWN_ALL, "the PIN of the SIM" },
	{ "+CPIN2?", OWN_LINES, "whether the SIM has a PIN2" },
	{ "+CPINC", OWN_LINES, "how many tries are left" },
	{ "+CLCK=", OWN_ALL, "the locks and passwords of the SIM" },
	{ "+CPWD=", OWN_ALL, "the passwords of the SIM" },
	{ "+CSQ", OWN_DIGITS, "the signal" },
	{ "+CREG?", OWN_DIGITS, "the registration and the cell" },
	{ "+CGREG?", OWN_DIGITS, "the registration and the cell" },
	{ "+CGATT?", OWN_DIGITS, "the registration" },
	{ "+CGACT?", OWN_LINES, "the contexts of the moment" },
	{ "+CGDCONT?", OWN_LINES, "the contexts that the owner has set" },
	{ "+CGQREQ?", OWN_LINES, "the contexts that the owner has set" },
	{ "+CGQMIN?", OWN_LINES, "the contexts that the owner has set" },
	{ "+CGPADDR", OWN_LINES, "the addresses of the moment" },
	{ "+COPS?", OWN_DIGITS, "the operator" },
	{ "+COPS=?", OWN_LINES, "the operators in reach" },
	{ "+COPS=", OWN_ALL, "the operators in reach" },
	{ "+CPOL", OWN_LINES, "the operators on the SIM" },
	{ "+COPN", OWN_LINES, "the list of operators" },
	{ "+CCED", OWN_LINES, "the cells in reach" },
	{ "+CSPN", OWN_LINES, "the name on the SIM" },
	{ "+WOPN", OWN_LINES, "the operators in reach" },
	{ "+CPMS", OWN_DIGITS, "how many messages are stored" },
	{ "+CMGL", OWN_ALL, "the stored messages" },
	{ "+CMGR", OWN_ALL, "the stored messages" },
	{ "+CMGD=?", OWN_LINES, "the stored messages" },
	{ "+CMGS", OWN_ALL, "what the network says of a message" },
	{ "+CMGW", OWN_DIGITS, "the free place" },
	{ "+CMSS", OWN_ALL, "what the network says of a message" },
	{ "+CPBS?", OWN_DIGITS, "how many entries the phonebook has" },
	{ "+CPBS=?", OWN_LINES, "the phonebooks of the SIM" },
	{ "+CPBR=?", OWN_DIGITS, "the size of the phonebook" },
	{ "+CPBF=?", OWN_DIGITS, "the size of the phonebook" },
	{ "+CPBW=?", OWN_DIGITS, "the size of the phonebook" },
	{ "+CPBP=?", OWN_DIGITS, "the size of the phonebook" },
	{ "+CPBN=?", OWN_DIGITS, "the size of the phonebook" },
	{ "+CPBR=", OWN_ALL, "the entries of the phonebook" },
	{ "+CPBF=", OWN_ALL, "the entries of the phonebook" },
	{ "+CPBN", OWN_ALL, "the entries of the phonebook" },
	{ "+CPBP", OWN_ALL, "the entries of the phonebook" },
	{ "+CRSM=", OWN_LINES, "the files of the SIM" },
	{ "+CSIM=", OWN_LINES, "the files of the SIM" },
	{ "+CPHS=", OWN_LINES, "the services of the SIM" },
	{ "+WMBN?", OWN_LINES, "the mailboxes of the SIM" },
	{ "+WIMEI", OWN_LINES, "the IMEI" },
	{ "+STIN?", OWN_LINES, "the menu of the SIM" },
	{ "+WOLM?", OWN_LINES, "the operators on the SIM" },
	{ "+STGI", OWN_ALL, "the menu of the SIM" },
	{ "+STGR", OWN_ALL, "the menu of the SIM" },
	{ "+CCLK?", OWN_DIGITS, "the time" },
	{ "+CALA?", OWN_LINES, "the alarms" },
	{ "+CBC", OWN_DIGITS, "the supply" },
	{ "+ADC?", OWN_DIGITS, "voltages of the moment" },
	{ "+CIND?", OWN_DIGITS, "the state of the moment" },
	{ "+CPAS", OWN_DIGITS, "the state of the moment" },
	{ "+CLCC", OWN_LINES, "the calls of the moment" },
	{ "+CEER", OWN_LINES, "how the last call ended" },
	{ "+CAOC", OWN_DIGITS, "the charges" },
	{ "+CACM?", OWN_DIGITS, "the charges" },
	{ "+CAMM?", OWN_DIGITS, "the charges" },
	{ "+CPUC?", OWN_DIGITS, "the charges" },
	{ "+CUSD=", OWN_ALL, "what the network says" },
	{ "+CCFC=", OWN_ALL, "what the network says" },
	{ "+CLIP?", OWN_DIGITS, "what the network says" },
	{ "+CLIR?", OWN_DIGITS, "what the network says" },
	{ "+COLP?", OWN_DIGITS, "what the network says" },
	{ "+CCWA?", OWN_DIGITS, "what the network says" },
	{ "+WIOR", OWN_ALL, "the inputs of the moment" },
	{ "+WLOC", OWN_LINES, "the cells in reach" },
	{ "D", OWN_ALL, "the called party" },
	{ "A", OWN_ALL, "the calling party" },
};

/* Whether the command is the row's: the same form too. */
static bool is_row(const struct own *o, const char *command)
{
	size_t n = strlen(o->start);
	char last = o->start[n - 1], next;

	if (strncasecmp(command, o->start, n) != 0)
		return false;
	next = command[n];
	if (last == '=')
		return next != '?';
	if (n == 1) /* ATD with its number */
		return true;
	if (last == '?')
		return true;
	return !isalnum((unsigned char)next) && strcmp(command + n, "=?") != 0;
}

/* The next command of the line, after a semicolon; NULL: none. */
static const char *next_command(const char *command)
{
	bool quoted = false;

	for (; *command; command++) {
		if (*command == '"')
			quoted = !quoted;
		if (*command == ';' && !quoted)
			return command + 1;
	}
	return NULL;
}

/* Of the commands of a line, the row that compares least. */
static const struct own *own_of(const char *command)
{
	const struct own *found = NULL;
	size_t i;

	if (!strncasecmp(command, "AT", 2))
		command += 2;
	for (; command; command = next_command(command))
		for (i = 0; i < sizeof(owns) / sizeof(owns[0]); i++)
			if (is_row(&owns[i], command) &&
				(!found || owns[i].part > found->part))
				found = &owns[i];
	return found;
}

const char *differ_own(const char *command)
{
	const struct own *o = own_of(command);

	return o ? o->why : NULL;
}

bool differ_own_result(const char *command)
{
	const struct own *o = own_of(command);

	return o && o->part == OWN_ALL;
}

/* ---- answers ---------------------------------------------------------------------- */

const char *differ_line(const struct exchange *x, size_t i)
{
	size_t k;

	for (k = 0; k < x->n; k++)
		if (!x->line[k].unsolicited && !i--)
			return x->line[k].text;
	return NULL;
}

static void tell(const struct exchange *x, char *out, size_t size)
{
	const char *line;
	size_t i;

	out[0] = '\0';
	for (i = 0; (line = differ_line(x, i)); i++)
		snprintf(out + strlen(out), size - strlen(out), "%s | ", line);
	snprintf(out + strlen(out), size - strlen(out), "%s",
		x->result ? x->result : "no result");
}

/* Steps over a number or a quoted text; false: neither is there. */
static bool skip_own(const char **text)
{
	const char *t = *text;

	if (*t == '"') {
		for (t++; *t && *t != '"'; t++)
			;
		*text = *t ? t + 1 : t;
		return true;
	}
	if (!isdigit((unsigned char)*t))
		return false;
	while (isdigit((unsigned char)*t))
		t++;
	*text = t;
	return true;
}

static bool same_form(const char *a, const char *b)
{
	bool own;

	while (*a && *b) {
		own = skip_own(&a);
		if (own != skip_own(&b))
			return false;
		if (!own && *a++ != *b++)
			return false;
	}
	return !*a && !*b;
}

static enum difference_kind lines_of(
	const struct exchange *real, const struct exchange *ours, bool form)
{
	const char *a, *b;
	size_t i;

	for (i = 0;; i++) {
		a = differ_line(real, i);
		b = differ_line(ours, i);
		if (!a && !b)
			return DIFFERENCE_NONE;
		if (!a || !b)
			return DIFFERENCE_LINES;
		if (form ? !same_form(a, b) : strcmp(a, b) != 0)
			return DIFFERENCE_TEXT;
	}
}

static enum difference_kind compare(
	const struct exchange *real, const struct exchange *ours, const struct own *own)
{
	bool silent = !real->result != !ours->result;

	if (real->echoed != ours->echoed)
		return DIFFERENCE_ECHO;
	if (own && own->part == OWN_ALL)
		return DIFFERENCE_NONE;
	if (silent)
		return DIFFERENCE_ANSWERED;
	if (real->result && strcmp(real->result, ours->result) != 0)
		return DIFFERENCE_RESULT;
	if (own && own->part == OWN_LINES)
		return DIFFERENCE_NONE;
	return lines_of(real, ours, own != NULL);
}

/* Of two texts only the first line that differs. */
static void tell_line(const struct exchange *real, const struct exchange *ours, bool form,
	struct difference *out)
{
	const char *a, *b;
	size_t i = 0;

	do {
		a = differ_line(real, i);
		b = differ_line(ours, i++);
	} while (form ? same_form(a, b) : !strcmp(a, b));
	snprintf(out->real, sizeof(out->real), "%s", a);
	snprintf(out->ours, sizeof(out->ours), "%s", b);
}

bool differ(
	const struct exchange *real, const struct exchange *ours, struct difference *out)
{
	const struct own *own = own_of(real->command);

	out->kind = compare(real, ours, own);
	out->own = own ? own->why : NULL;
	if (out->kind == DIFFERENCE_TEXT) {
		tell_line(real, ours, own != NULL, out);
	} else {
		tell(real, out->real, sizeof(out->real));
		tell(ours, out->ours, sizeof(out->ours));
	}
	return out->kind != DIFFERENCE_NONE;
}
