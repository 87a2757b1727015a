/* Messages present at delivery, as given in a profile (state/profile.h). */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "rig.h"
#include "state/modem_state.h"

static struct profile *profile;
static struct rig *rig;

static int begin(void **state)
{
	(void)state;
	profile = rig_profile("fastrack-supreme-20-r74");
	rig = calloc(1, sizeof(*rig));
	return 0;
}

static int end(void **state)
{
	(void)state;
	rig_free(rig);
	rig_profile_free(profile);
	free(rig);
	return 0;
}

static void type(const char *line)
{
	rig_clear(rig);
	rig_type(rig, line, strlen(line));
	rig_pass(rig, SEC(1));
}

static void assert_said(const char *text)
{
	if (!memmem(rig->out, rig->len, text, strlen(text)))
		fail_msg("\"%s\" is missing in \"%.*s\"", text, (int)rig->len, rig->out);
}

static void a_device_holds_them_in_me(void **state)
{
	struct message_conf *c = profile->device.messages;

	(void)state;
	c[0] = (struct message_conf){ .status = SMS_UNREAD,
		.from = "+33612345678",
		.time = "11/03/15,12:30:45+04",
		.text = "Hello" };
	/* the second one gets the values of the first */
	c[1] = (struct message_conf){
		.index = 1, .status = SMS_UNSENT, .to = "0612345678", .text = "Bye"
	};
	profile->device.n_messages = 2;
	rig_init(rig, profile);
	rig_boot(rig);
	type("AT+CMGF=1;+CPMS=\"ME\"\r");
	assert_said("\r\n+CPMS: 2,99,0,20,0,20\r\n");
	type("AT+CMGL=\"ALL\"\r");
	assert_said("\r\n+CMGL: 1,\"STO UNSENT\",\"0612345678\",\r\nBye\r\n"
		    "+CMGL: 2,\"REC UNREAD\",\"+33612345678\",,"
		    "\"11/03/15,12:30:45+04\"\r\nHello\r\n");
}

static void a_bad_one_is_refused(void **state)
{
	struct message_conf c = { .status = SMS_READ, .from = "1234", .text = "x" };
	struct address sc;
	struct tpdu t;

	(void)state;
	rig_init(rig, profile);
	strcpy(c.time, "11/03/15");
	assert_int_equal(message_conf_read(&c, "", &sc, &t), PDU_TIME);
	strcpy(c.time, "11/03/15,12:30:45+04");
	assert_int_equal(message_conf_read(&c, "+33609001390", &sc, &t), PDU_OK);
	assert_string_equal(sc.text, "33609001390");
	assert_int_equal(t.kind, TPDU_DELIVER);
	strcpy(c.pdu, "0001000A816021436587000806004800E920AC");
	assert_int_equal(message_conf_read(&c, "", &sc, &t), PDU_TYPE);
	c.status = SMS_SENT;
	assert_int_equal(message_conf_read(&c, "", &sc, &t), PDU_OK);
	assert_int_equal(t.kind, TPDU_SUBMIT);
}

#define ON_A_RIG(name) cmocka_unit_test_setup_teardown(name, begin, end)

static const struct CMUnitTest tests[] = {
	ON_A_RIG(a_device_holds_them_in_me),
	ON_A_RIG(a_bad_one_is_refused),
};

UNIT_MAIN(tests)
