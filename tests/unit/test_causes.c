/* Error codes that one value of the network's profile produces: tests/lint/codes.txt
 * names that value after the code, and this test makes the command concerned print it. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"

static struct profile *profile;
static struct rig rig;
static unsigned tried;

static void type(const char *text, usec_t time)
{
	rig_type(&rig, text, strlen(text));
	rig_pass(&rig, time);
}

static void attach(void)
{
	type("AT+CGATT=1\r", SEC(30));
}

static void activation(void)
{
	type("AT+CGATT=1\r", SEC(30));
	type("AT+CGDCONT=1,\"IP\",\"internet\"\r", SEC(1));
	rig_clear(&rig);
	type("AT+CGACT=1,1\r", SEC(30));
}

static void message(void)
{
	type("AT+CMGF=1\r", SEC(1));
	rig_clear(&rig);
	type("AT+CMGS=\"0612345678\"\r", SEC(1));
	type("ping\x1a", SEC(60));
}

/* ---- the list -------------------------------------------------------------------- */

struct way {
	const char *word; /* after the code in codes.txt */
	int *value;       /* the value in the network */
	void (*meet)(void);
};

static void check(const struct way *w, const char *kind, int code)
{
	char want[40];

	*w->value = code;
	rig_init(&rig, profile);
	rig_boot(&rig);
	type("AT+CMEE=1\r", SEC(1));
	rig_clear(&rig);
	w->meet();
	*w->value = 0;
	snprintf(want, sizeof(want), "\r\n+%s ERROR: %d\r\n", kind, code);
	if (!memmem(rig.out, rig.len, want, strlen(want))) {
		print_error("%s %d: the modem's output is\n%.*s\n", kind, code,
			(int)rig.len, rig.out);
		fail();
	}
	rig_free(&rig);
	tried++;
}

static void each_code_is_printed(void **state)
{
	const struct way ways[] = {
		{ "network.gprs.attach_error", &profile->network.gprs.attach_error,
			attach },
		{ "network.gprs.activation_error",
			&profile->network.gprs.activation_error, activation },
		{ "network.sms.others.cause", &profile->network.sms.others.cause,
			message },
	};
	const char *path = getenv("CODES_TXT");
	char line[200], kind[4], word[100];
	FILE *f = path ? fopen(path, "r") : NULL;
	size_t i;
	int code;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%3s %d by %99s", kind, &code, word) != 3)
			continue;
		for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
			if (!strcmp(ways[i].word, word))
				break;
		if (i == sizeof(ways) / sizeof(ways[0]))
			fail_msg("codes.txt: nothing here sets \"%s\"", word);
		check(&ways[i], kind, code);
	}
	fclose(f);
	assert_true(tried > 50);
}

static int begin(void **state)
{
	(void)state;
	profile = rig_profile("fastrack-supreme-20-r74");
	return 0;
}

static int end(void **state)
{
	(void)state;
	rig_profile_free(profile);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(each_code_is_printed),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
