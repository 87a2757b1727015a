/* Replaces libFuzzer where it is not available: runs the target with every file of the
 * given folders and files, so that a fixed crash stays fixed. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int ran;

static int run_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data, *copy;
	struct stat st;
	size_t len;

	if (!f || fstat(fileno(f), &st)) {
		perror(path);
		return 1;
	}
	data = malloc((size_t)st.st_size + 1);
	len = data ? fread(data, 1, (size_t)st.st_size, f) : 0;
	fclose(f);
	/* a separate block of exactly that size, so that a read past the end is detected
	 */
	copy = malloc(len ? len : 1);
	if (!data || !copy) {
		perror(path);
		exit(1);
	}
	memcpy(copy, data, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(data);
	free(copy);
	ran++;
	return 0;
}

static int run_folder(const char *path)
{
	struct dirent **names = NULL;
	int bad = 0, i, n = scandir(path, &names, NULL, alphasort);
	char file[4096];

	for (i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.') {
			snprintf(file, sizeof(file), "%s/%s", path, names[i]->d_name);
			bad |= run_file(file);
		}
		free(names[i]);
	}
	free(names);
	return bad;
}

int main(int argc, char **argv)
{
	struct stat st;
	int bad = 0, i;

	for (i = 1; i < argc; i++) {
		if (!stat(argv[i], &st) && S_ISDIR(st.st_mode))
			bad |= run_folder(argv[i]);
		else
			bad |= run_file(argv[i]);
	}
	printf("%d inputs\n", ran);
	if (!ran) {
		fputs("no input; give a file, or a folder with files\n", stderr);
		return 1;
	}
	return bad;
}
