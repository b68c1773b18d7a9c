#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"

#define FILE_MAX (1 << 20)

char *
file_read(const char *path, size_t *len, struct err *e)
{
	FILE *f = fopen(path, "re");
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
	err_about(e, ERR_ENV, "", path, why);
	free(text);
	if (f != NULL)
		fclose(f);
	return NULL;
}
