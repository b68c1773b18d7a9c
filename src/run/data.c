#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "run/data.h"

char *
data_dir(const char *dir)
{
	char *built;

	if (dir == NULL)
		dir = getenv("RETORT_DATA");
	if (dir != NULL && dir[0] != '\0')
		return mem_strdup(dir);
	/* a build tree has its own */
	built = file_in_build_tree("data");
	return built != NULL ? built : mem_strdup(PKGDATADIR);
}

static int
load_file(struct rulebook *book, const char *path, struct err *e)
{
	size_t len;
	char *text = file_read(path, &len, e);
	int rc;

	if (text == NULL)
		return -1;
	rc = rulebook_add(book, path, text, len, e);
	free(text);
	return rc;
}

static int
load_glob(struct rulebook *book, const char *dir, const char *sub,
    const char *kind, struct err *e)
{
	struct buf pattern = { 0 };
	int rc = 0;
	size_t i;
	glob_t g;

	/* a directory's name is no pattern */
	for (i = 0; dir[i] != '\0'; i++) {
		if (strchr("*?[]\\", dir[i]) != NULL)
			buf_adds(&pattern, "\\");
		buf_add(&pattern, &dir[i], 1);
	}
	buf_addf(&pattern, "/%s/*.%s", sub, kind);
	if (glob(buf_str(&pattern), 0, NULL, &g) != 0)
		g.gl_pathc = 0;
	for (i = 0; i < g.gl_pathc && rc == 0; i++)
		rc = load_file(book, g.gl_pathv[i], e);
	if (i > 0)
		globfree(&g);
	buf_free(&pattern);
	return rc;
}

int
data_load(struct rulebook *book, const char *dir, unsigned data, struct err *e)
{
	const char *cases = data & DATA_MATRIX ? "matrix" : "cases";

	if (load_glob(book, dir, "rules", "rules", e) == -1)
		return -1;
	if (data & (DATA_CASES | DATA_MATRIX) &&
	    load_glob(book, dir, cases, "cases", e) == -1)
		return -1;
	if (data & DATA_KNOWN &&
	    (load_glob(book, dir, "deviations", "deviations", e) == -1 ||
		load_glob(book, dir, "reasons", "reasons", e) == -1))
		return -1;
	if (STAILQ_EMPTY(&book->rules))
		return err_about(e, ERR_ENV, "", dir,
		    ": no rules/*.rules files here; name the data directory "
		    "with --data");
	if (!STAILQ_EMPTY(&book->templates) ||
	    !(data & (DATA_CASES | DATA_MATRIX)))
		return 0;
	return err_about(e, ERR_ENV, "", dir,
	    data & DATA_MATRIX
		? ": no matrix/*.cases files here; name the data directory "
		  "with --data"
		: ": no cases/*.cases files here; name the data directory "
		  "with --data");
}
