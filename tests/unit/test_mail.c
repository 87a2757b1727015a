/* codec/mail: the head of a mail, and its recipients. */
#include "unit.h"

#include <string.h>

#include "codec/mail.h"

static void expect_head(const struct mail *m, const char *want)
{
	char out[400];

	assert_int_equal(mail_head(m, out, sizeof(out)), strlen(want));
	assert_string_equal(out, want);
}

static void a_head_has_the_fields_that_are_set(void **state)
{
	(void)state;
	expect_head(&(struct mail){ "a@b", "", "", "", "" }, "From: <a@b>\r\n\r\n");
	expect_head(&(struct mail){ "a@b", "Meter 7", "c@d, e@f", "g@h", "Hi" },
		"From: \"Meter 7\" <a@b>\r\nTo: c@d, e@f\r\nCc: g@h\r\n"
		"Subject: Hi\r\n\r\n");
}

static void no_text_of_a_head_begins_a_line(void **state)
{
	(void)state;
	expect_head(
		&(struct mail){ "a\nb", "x\r\ny", "c\rd", "", "Hi\r\n\r\nBcc: x@y\177" },
		"From: \"x  y\" <a b>\r\nTo: c d\r\nSubject: Hi    Bcc: x@y \r\n\r\n");
	expect_head(&(struct mail){ "a@b", "q\" \\", "", "", "" },
		"From: \"q\\\" \\\\\" <a@b>\r\n\r\n");
}

static void a_head_that_does_not_fit_is_none(void **state)
{
	const struct mail m = { "a@b", "", "", "", "Hi" };
	char out[40];
	size_t len, size;

	(void)state;
	len = mail_head(&m, out, sizeof(out));
	assert_int_equal(len, strlen("From: <a@b>\r\nSubject: Hi\r\n\r\n"));
	for (size = 1; size <= len; size++)
		assert_int_equal(mail_head(&m, out, size), 0);
	assert_int_equal(mail_head(&m, out, len + 1), len);
}

/* The addresses of a list, with | between them; ! for one that is none. */
static void expect_addresses(const char *list, const char *want)
{
	char all[200] = "", one[16];

	while ((list = mail_address(list, one, sizeof(one)))) {
		strcat(all, *one ? one : "!");
		strcat(all, "|");
	}
	assert_string_equal(all, want);
}

static void a_list_has_addresses(void **state)
{
	(void)state;
	expect_addresses("", "");
	expect_addresses(" , ;", "");
	expect_addresses("a@b", "a@b|");
	expect_addresses("a@b, c@d ;e@f,", "a@b|c@d|e@f|");
	expect_addresses("a b@c,<d@e>,f@g> SIZE=1,h@i\r\nDATA,j@k", "!|!|!|!|j@k|");
	expect_addresses("fifteen.chars@x,sixteen.chars.@x", "fifteen.chars@x|!|");
}

static void controls_are_found(void **state)
{
	(void)state;
	assert_false(mail_has_control(""));
	assert_false(mail_has_control("a \xe9~"));
	assert_true(mail_has_control("a\n"));
	assert_true(mail_has_control("\x1f"));
	assert_true(mail_has_control("a\177"));
}

static const struct CMUnitTest tests[] = {
	UNIT(a_head_has_the_fields_that_are_set),
	UNIT(no_text_of_a_head_begins_a_line),
	UNIT(a_head_that_does_not_fit_is_none),
	UNIT(a_list_has_addresses),
	UNIT(controls_are_found),
};

UNIT_MAIN(tests)
