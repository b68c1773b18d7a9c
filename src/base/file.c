#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

#define FILE_MAX (1 << 20)

char *
file_read(const char *path, size_t *len, struct err *e)
{
	FILE *f = fopen(path, "re");
	struct buf name = { 0 };
	const char *why;
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
	why = strerror(errno);
	buf_add_escaped(&name, path, strlen(path));
	err_set(e, ERR_ENV, "%s: %s", buf_str(&name), why);
	buf_free(&name);
	free(text);
	if (f != NULL)
		fclose(f);
	return NULL;
}
