#include <sys/stat.h>

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "cmd/scripts.h"

#define SUFFIX ".pkt"

static char *
escaped(const char *text, size_t len)
{
	struct buf b = { 0 };
	char *s;

	buf_add_escaped(&b, text, len);
	s = mem_strdup(buf_str(&b));
	buf_free(&b);
	return s;
}

static void
add_file(struct script_files *files, const char *path)
{
	struct script_file *f;
	char *copy = mem_strdup(path);

	files->v = mem_grow(files->v, files->n, sizeof(*files->v));
	f = &files->v[files->n++];
	f->path = mem_strdup(path);
	f->name = escaped(path, strlen(path));
	f->dir = mem_strdup(dirname(copy));
	f->about = mem_strdup("");
	free(copy);
}

static int add_below(struct script_files *, const char *dir, struct err *);

/* What a directory holds. Links to directories are not followed. */
static int
add_entry(struct script_files *files, const char *path, struct err *e)
{
	size_t n = strlen(path), k = strlen(SUFFIX);
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return add_below(files, path, e);
	if (n > k && strcmp(path + n - k, SUFFIX) == 0)
		add_file(files, path);
	return 0;
}

static int
add_below(struct script_files *files, const char *dir, struct err *e)
{
	struct dirent **list;
	struct buf path = { 0 };
	int n = scandir(dir, &list, NULL, alphasort), i, rc = 0;
	char why[128];

	if (n == -1) {
		snprintf(why, sizeof(why), ": %s", strerror(errno));
		return err_about(e, ERR_ENV, "", dir, why);
	}
	for (i = 0; i < n; i++) {
		if (list[i]->d_name[0] != '.' && rc == 0) {
			buf_reset(&path);
			buf_addf(&path, "%s%s%s", dir,
			    dir[strlen(dir) - 1] == '/' ? "" : "/",
			    list[i]->d_name);
			rc = add_entry(files, buf_str(&path), e);
		}
		free(list[i]);
	}
	free(list);
	buf_free(&path);
	return rc;
}

int
scripts_find(struct script_files *files, char *const *operands, size_t n,
    struct err *e)
{
	struct stat st;
	size_t i, before;

	memset(files, 0, sizeof(*files));
	for (i = 0; i < n; i++) {
		before = files->n;
		if (operands[i][0] == '\0')
			return err_set(e, ERR_USAGE,
			    "the name of a script is empty");
		if (stat(operands[i], &st) == -1 || !S_ISDIR(st.st_mode)) {
			add_file(files, operands[i]);
			continue;
		}
		if (add_below(files, operands[i], e) == -1)
			return -1;
		if (files->n == before)
			return err_about(e, ERR_USAGE, "", operands[i],
			    ": no *" SUFFIX " files below this directory");
	}
	return 0;
}

void
scripts_free(struct script_files *files)
{
	struct script_file *f = files->v;
	size_t i;

	for (i = 0; i < files->n; i++, f++) {
		if (f->parsed)
			script_free(&f->script);
		free(f->path);
		free(f->name);
		free(f->dir);
		free(f->about);
	}
	free(files->v);
	memset(files, 0, sizeof(*files));
}

/* The first line that is a comment before anything else. */
static char *
first_comment(const char *text)
{
	const char *end;

	while (isspace((unsigned char)*text))
		text++;
	if (strncmp(text, "//", 2) != 0)
		return mem_strdup("");
	text += 2 + strspn(text + 2, " \t");
	end = text + strcspn(text, "\r\n");
	return escaped(text, end - text);
}

int
scripts_read(struct script_file *f, const char *const *defines)
{
	size_t len;
	char *text = file_read(f->path, &len, &f->e);

	if (text == NULL)
		return -1;
	free(f->about);
	f->about = first_comment(text);
	f->parsed = true;
	f->e.kind = ERR_NONE;
	if (script_parse(&f->script, f->path, text, len, defines, &f->e) == 0)
		f->e.kind = ERR_NONE;
	free(text);
	return f->e.kind == ERR_NONE ? 0 : -1;
}
