/* host/dwl_tool: its command line, and that the flash of the shipped profiles accepts
 * what it makes for them. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/profile_conf.h"
#include "host/dwl/dwl_tool.h"
#include "host/read/library.h"
#include "modem.h"
#include "state/flash.h"

static char folder[] = "/tmp/test-dwl-tool-XXXXXX";
static char image[64];
static char said[8192]; /* standard output and error of the last run */

static int prepare(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(image, sizeof(image), "%s/x.dwl", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(image);
	return rmdir(folder);
}

/* Runs `dwl ...` (words, then NULL), and captures its output. */
static int run(const char *word, ...)
{
	FILE *catch = tmpfile();
	int out, err, argc = 1, status;
	char *argv[16] = { (char *)"dwl" };
	va_list ap;

	va_start(ap, word);
	for (; word && argc < 15; word = va_arg(ap, const char *))
		argv[argc++] = (char *)word;
	va_end(ap);
	fflush(stdout);
	out = dup(1);
	err = dup(2);
	dup2(fileno(catch), 1);
	dup2(fileno(catch), 2);
	status = dwl_tool(argc, argv);
	fflush(stdout);
	dup2(out, 1);
	dup2(err, 2);
	close(out);
	close(err);
	rewind(catch);
	memset(said, 0, sizeof(said));
	assert_true(fread(said, 1, sizeof(said) - 1, catch) < sizeof(said));
	fclose(catch);
	return status;
}

#define SAID(text) assert_non_null(strstr(said, text))

static void it_makes_what_it_can_tell(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(run("make", "--firmware", "r74", "--kind", "downloader", "-o",
				 image, NULL),
		0);
	assert_string_equal(said, "");
	assert_int_equal(stat(image, &st), 0);
	assert_int_equal(run("info", image, NULL), 0);
	SAID("kind       downloader\n");
	SAID("firmware   r74 (Open AT firmware 7.4)\n");
	SAID("needs      a downloader of r6 or r7\n");
	assert_int_equal(
		run("make", "--size=300k", "--kind=firmware", "--firmware=r663",
			"--profile", "fastrack-supreme-10-r663", "--output", image, NULL),
		0);
	assert_int_equal(stat(image, &st), 0);
	assert_int_equal(st.st_size, 300 * 1024);
}

static void it_makes_the_image_of_an_application(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(run("make", "--application", "wipsoft", "-o", image, NULL), 0);
	assert_string_equal(said, "");
	assert_int_equal(stat(image, &st), 0);
	assert_int_equal(st.st_size, 262144);
	assert_int_equal(run("info", image, NULL), 0);
	SAID("kind       application\n");
	SAID("firmware   r74 (");
	SAID("name       wipsoft (WIPsoft 5.42, for firmware 7.x)\n");
	SAID("needs      any downloader\n");
	SAID("AT+WOPEN=1 starts it\n");
	assert_int_equal(
		run("info", "--profile", "fastrack-supreme-20-r663", image, NULL), 0);
	SAID("AT+WOPEN=1 returns +CME ERROR: 541\n");
	assert_int_equal(run("make", "--application", "wipsoft-202", "--profile",
				 "fastrack-supreme-20-r663", "--kind", "application",
				 "--size", "10k", "-o", image, NULL),
		0);
	assert_int_equal(
		run("info", "--profile", "fastrack-supreme-20-r663", image, NULL), 0);
	SAID("AT+WOPEN=1 starts it\n");
	assert_int_equal(run("make", "--application", "wipsof", "-o", image, NULL), 1);
	SAID("there is no application \"wipsof\"");
	assert_int_equal(
		run("make", "--application", "wipsoft-base", "-o", image, NULL), 1);
	SAID("there is no application \"wipsoft-base\"");
	assert_int_equal(run("make", "--application", "wipsoft", "--kind", "firmware",
				 "-o", image, NULL),
		2);
	SAID("leave out --kind or --application");
	assert_int_equal(run("make", "--application", "wipsoft", NULL), 2);
	SAID("-o FILE");
}

static void what_is_missing_is_asked_for(void **state)
{
	(void)state;
	assert_int_equal(run(NULL), 2);
	SAID("make or info?");
	assert_int_equal(run("mkae", NULL), 2);
	SAID("unknown word \"mkae\"");
	assert_int_equal(run("make", NULL), 2);
	SAID("--firmware NAME");
	assert_int_equal(run("make", "--firmware", "r74", NULL), 2);
	SAID("--kind firmware");
	assert_int_equal(run("make", "--firmware", "r74", "--kind", "e2p", NULL), 2);
	SAID("-o FILE");
	assert_int_equal(run("info", NULL), 2);
	SAID("which file?");
	assert_int_equal(run("--help", NULL), 0);
	SAID("usage: fauxtrack dwl make|info");
	SAID("\n  info ");
	assert_int_equal(run("make", "--help", NULL), 0);
	SAID("usage: fauxtrack dwl make");
	SAID("\n  wrong-module ");
	SAID("\n  firmware-ad-init ");
}

static void it_makes_bad_ones(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(run("make", "--firmware", "r74", "--kind", "firmware", "--bad",
				 "truncated", "--size", "10k", "-o", image, NULL),
		0);
	assert_int_equal(stat(image, &st), 0);
	assert_int_equal(st.st_size, 5 * 1024);
	assert_int_equal(run("info", image, NULL), 1);
	SAID("fastrack-supreme-20-r74 as delivered");
	SAID("truncated");
	assert_int_equal(run("make", "--firmware", "r74", "--kind", "firmware", "--bad",
				 "wrong-family", "-o", image, NULL),
		0);
	assert_int_equal(run("info", image, NULL), 0);
	SAID("needs      a downloader of r6\n");
	SAID("it is not for this generation of downloader\n");
	SAID("send the matching downloader first");
	/* for another device, whose firmwares this one does not know */
	assert_int_equal(run("make", "--profile", "sl6087-r752", "--firmware",
				 "sl6087-r752", "--kind", "firmware", "-o", image, NULL),
		0);
	assert_int_equal(run("info", image, NULL), 0);
	SAID("it is for another module\n");
	assert_int_equal(run("info", "--profile", "sl6087-r752", image, NULL), 0);
	SAID("accepts it: *** END OF DOWNLOAD ***; AT+CFUN=1 starts it\n");
	assert_int_equal(run("make", "--firmware", "r74", "--kind", "firmware", "--bad",
				 "trunkated", "-o", image, NULL),
		2);
	SAID("did you mean \"truncated\"?");
}

static void what_is_wrong_is_told_with_a_remedy(void **state)
{
	(void)state;
	assert_int_equal(run("make", "--frimware", "r74", NULL), 2);
	SAID("did you mean \"firmware\"?");
	assert_int_equal(run("make", "--firmware", NULL), 2);
	SAID("--firmware needs a value");
	assert_int_equal(
		run("make", "--firmware", "r74", "--kind", "e2p", "-o", "x", "y", NULL),
		2);
	SAID("one image at a time");
	assert_int_equal(
		run("make", "--firmware", "r74", "--kind", "kit", "-o", image, NULL), 2);
	SAID("there is no kind \"kit\"");
	assert_int_equal(run("make", "--firmware", "r74", "--kind", "e2p", "--size", "5x",
				 "-o", image, NULL),
		2);
	SAID("not a size");
	assert_int_equal(
		run("make", "--firmware", "r47", "--kind", "e2p", "-o", image, NULL), 1);
	SAID("did you mean \"r74\"?");
	assert_int_equal(
		run("info", "--profile", "fastrack-supreme-20-r47", image, NULL), 1);
	SAID("did you mean \"fastrack-supreme-20-r");
	assert_int_equal(run("info", "/no/such.dwl", NULL), 1);
	SAID("No such file");
}

/* ---- with the flash of the shipped profiles -------------------------------------------
 */

static long no_record(void *ctx, const char *rec, void *buf, size_t max)
{
	(void)ctx;
	(void)rec;
	(void)buf;
	(void)max;
	return -1;
}

static int keep_nothing(void *ctx, const char *rec, const void *buf, size_t len)
{
	(void)ctx;
	(void)rec;
	(void)buf;
	(void)len;
	return 0;
}

static enum flash_verdict take(struct flash *f, const char *firmware, const char *kind)
{
	enum flash_verdict verdict;
	uint8_t block[1024];
	FILE *file;
	size_t n;

	assert_int_equal(
		run("make", "--firmware", firmware, "--kind", kind, "-o", image, NULL),
		0);
	file = fopen(image, "rb");
	assert_non_null(file);
	n = fread(block, 1, sizeof(block), file);
	verdict = flash_begin(f, block, n);
	for (; n > 0; n = fread(block, 1, sizeof(block), file))
		flash_data(f, block, n);
	fclose(file);
	if (verdict == FLASH_ACCEPTED)
		assert_int_equal(flash_end(f), FLASH_ACCEPTED);
	return verdict;
}

static void the_story_works_with_the_shipped_profiles(void **state)
{
	static const struct nv_ops nowhere = { .load = no_record, .store = keep_nothing };
	static const struct log log;
	struct library *l = library_new(NULL);
	struct doc_errors errors;
	struct profile *p;
	struct flash f;

	(void)state;
	doc_errors_init(&errors);
	p = profile_load(l, "fastrack-supreme-20-r663", NULL, 0, &errors);
	assert_non_null(p);
	flash_init(&f, p, &nowhere, &log);
	assert_string_equal(flash_firmware(&f)->name, "r663");
	assert_int_equal(take(&f, "r74", "firmware"), FLASH_WRONG_DOWNLOADER);
	assert_int_equal(take(&f, "r73", "downloader"), FLASH_WRONG_DOWNLOADER);
	assert_int_equal(take(&f, "r74", "downloader"), FLASH_ACCEPTED);
	flash_boot(&f);
	assert_null(flash_firmware(&f));
	assert_int_equal(take(&f, "r663", "firmware"), FLASH_WRONG_DOWNLOADER);
	assert_int_equal(take(&f, "r74", "firmware"), FLASH_ACCEPTED);
	flash_boot(&f);
	assert_string_equal(flash_firmware(&f)->name, "r74");
	assert_int_equal(flash_install_items(&f), INSTALL_BAND | INSTALL_APPLICATION |
							  INSTALL_FLASH_OBJECTS |
							  INSTALL_CACHE_SN);
	assert_int_equal(take(&f, "r74", "application"), FLASH_ACCEPTED);
	assert_int_equal(take(&f, "r747", "firmware"), FLASH_ACCEPTED);
	assert_string_equal(flash_firmware(&f)->name, "r747");
	profile_free(p);
	library_free(l);
	doc_errors_clear(&errors);
}

static const struct CMUnitTest tests[] = {
	UNIT(it_makes_what_it_can_tell),
	UNIT(it_makes_the_image_of_an_application),
	UNIT(it_makes_bad_ones),
	UNIT(what_is_missing_is_asked_for),
	UNIT(what_is_wrong_is_told_with_a_remedy),
	UNIT(the_story_works_with_the_shipped_profiles),
};

int main(void)
{
	return cmocka_run_group_tests(tests, prepare, remove_folder);
}
