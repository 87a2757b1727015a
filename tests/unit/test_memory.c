/* How much memory a modem takes from the system: pages are given when they are first
 * written, so that they can be counted. state/README.md tells which parts are hot. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rig.h"
#include "state/modem_state.h"

#define PROFILE "fastrack-supreme-20-r74"

/* in KiB; README.md of tests/bench has what was measured. The slack is for
 * what others add. */
#define IDLE_MOST 24
#define USED_MOST 80

static struct profile *profile;
static struct rig rig;
static char *mem;
static size_t size, page;

/* A mapping of its own, all zero, with a page at each end that keeps it apart. */
static int begin(void **state)
{
	(void)state;
	page = (size_t)sysconf(_SC_PAGESIZE);
	profile = rig_profile(PROFILE);
	size = (modem_size(profile, 1) + page - 1) / page * page;
	mem = mmap(NULL, size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED || mprotect(mem + page, size, PROT_READ | PROT_WRITE))
		return -1;
	mem += page;
	madvise(mem, size, MADV_NOHUGEPAGE);
	rig_init_zeroed(&rig, profile, mem);
	rig_boot(&rig);
	return 0;
}

static int end(void **state)
{
	(void)state;
	munmap(mem - page, size + 2 * page);
	rig_profile_free(profile);
	return 0;
}

/* KiB of the mapping that were written. A page that was only read is not among them: it
 * is the system's page of zeros. */
static int written(void)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	char line[256];
	unsigned long from, to;
	bool here = false;
	int kib = -1;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			here = from == (unsigned long)mem &&
			       to == (unsigned long)(mem + size);
		else if (here && sscanf(line, "Anonymous: %d kB", &kib) == 1)
			break;
	}
	fclose(f);
	assert_true(kib >= 0);
	return kib;
}

static void an_idle_modem_takes_few_pages(void **state)
{
	int kib = written();

	(void)state;
	print_message("# idle: %d of %zu KiB\n", kib, size / 1024);
	assert_true(kib > 0);
	assert_true(kib <= IDLE_MOST);
}

/* Texts out and in, which are read and deleted as a program does it. */
static void messages_take_little_more(void **state)
{
	struct smsc_message in = {
		.from = "+33612345678", .text = "hi", .class = DCS_NO_CLASS, .copies = 1
	};
	enum pdu_error why;
	int i, kib;

	(void)state;
	rig_say(&rig, "AT+CMGF=1;+CNMI=2,1\r", SEC(1));
	for (i = 0; i < 100; i++) {
		rig_clear(&rig);
		rig_say(&rig, "AT+CMGS=\"+33612345678\"\r", SEC(1));
		rig_say(&rig, "a short note\x1a", SEC(10));
		rig.out[rig.len] = '\0';
		assert_non_null(strstr(rig.out, "OK"));
		rig_clear(&rig);
		assert_int_equal(smsc_send(&rig.modem->smsc, &in, &why), 1);
		rig_pass(&rig, SEC(30));
		rig.out[rig.len] = '\0';
		assert_non_null(strstr(rig.out, "+CMTI: \"SM\",1"));
		rig_say(&rig, "AT+CMGR=1;+CMGD=1\r", SEC(5));
	}
	kib = written();
	print_message("# after %d messages out and in: %d KiB\n", i, kib);
	assert_true(kib <= USED_MOST);
}

/* A reset does not take what is not used. */
static void a_reset_takes_no_more(void **state)
{
	int before = written();

	(void)state;
	rig_say(&rig, "AT+CFUN=1\r", SEC(120));
	assert_int_equal(written(), before);
}

static const struct CMUnitTest tests[] = {
	UNIT(an_idle_modem_takes_few_pages),
	UNIT(messages_take_little_more),
	UNIT(a_reset_takes_no_more),
};

int main(void)
{
	return cmocka_run_group_tests(tests, begin, end);
}
