#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "cmd/picture.h"

static int
refuse(const char *path, struct err *e)
{
	struct buf why = { 0 };

	buf_addf(&why, "': %s", strerror(errno));
	err_about(e, ERR_ENV, "cannot write '", path, buf_str(&why));
	buf_free(&why);
	return -1;
}

int
picture_open(FILE **f, const char *path, struct err *e)
{
	*f = path != NULL ? fopen(path, "we") : NULL;
	return path != NULL && *f == NULL ? refuse(path, e) : 0;
}

int
picture_close(FILE *f, const char *path, struct err *e)
{
	int bad;

	if (f == NULL)
		return 0;
	bad = ferror(f);
	return fclose(f) != 0 || bad ? refuse(path, e) : 0;
}
