#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

#define FILE_MAX (1 << 20)

char *
file_read(const char *path, size_t *len, struct err *e)
{
	bool input = strcmp(path, "-") == 0;
	FILE *f = input ? fdopen(dup(STDIN_FILENO), "r") : fopen(path, "re");
	char why[128];
	char *text = NULL;

	if (f == NULL)
		goto fail;
	text = mem_calloc(FILE_MAX + 1, 1);
	*len = fread(text, 1, FILE_MAX, f);
	if (ferror(f))
		goto fail;
	if (fgetc(f) != EOF) {
		errno = EFBIG;
		goto fail;
	}
	fclose(f);
	return text;
fail:
	snprintf(why, sizeof(why), ": %s", strerror(errno));
	err_about(e, ERR_ENV, "", input ? "standard input" : path, why);
	free(text);
	if (f != NULL)
		fclose(f);
	return NULL;
}

char *
file_in_build_tree(const char *name)
{
	char exe[4096], path[4200];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash;

	if (n <= 0)
		return NULL;
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	if (slash == NULL)
		return NULL;
	*slash = '\0';
	snprintf(path, sizeof(path), "%s/config.status", exe);
	if (access(path, F_OK) == -1)
		return NULL;
	snprintf(path, sizeof(path), "%s/%s", exe, name);
	return mem_strdup(path);
}
