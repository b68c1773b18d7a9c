#ifndef RETORT_TEST_CAPFILES_H
#define RETORT_TEST_CAPFILES_H

/* A directory of capture files, for the tests that read some. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "caps.h"
#include "sniff/capture.h"

enum { CAPFILES = 4 };

struct capfiles {
	char dir[32];
	char path[CAPFILES][64];
};

static inline void
capfiles_make(struct capfiles *f)
{
	unsigned i;

	strcpy(f->dir, "/tmp/check_capture.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(f->dir));
	for (i = 0; i < CAPFILES; i++)
		snprintf(f->path[i], sizeof(f->path[i]), "%s/%u", f->dir, i);
}

static inline void
capfiles_remove(struct capfiles *f)
{
	unsigned i;

	for (i = 0; i < CAPFILES; i++)
		unlink(f->path[i]);
	ck_assert_int_eq(rmdir(f->dir), 0);
}

static inline void
capfile_write(const char *path, const void *p, size_t n)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(p, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
}

/* Write what was put together, and forget it. */
static inline void
capfile_put(const char *path, struct cap *c)
{
	capfile_write(path, buf_str(&c->b), c->b.len);
	buf_free(&c->b);
}

static inline struct capture *
capfile_open(const char *path, const char *filter)
{
	struct capture *c;
	struct err e = { 0 };

	ck_assert_msg(capture_open(&c, &path, 1, filter, &e) == 0, "%s", e.msg);
	return c;
}

/* One frame must come. */
static inline struct captured
capfile_next(struct capture *c)
{
	struct captured f;
	struct err e = { 0 };

	memset(&f, 0xa5, sizeof(f));
	ck_assert_msg(capture_next(c, &f, 0, &e) == 1, "%s", e.msg);
	return f;
}

static inline void
capfile_at_end(struct capture *c)
{
	struct captured f;
	struct err e = { 0 };

	ck_assert_msg(capture_next(c, &f, 0, &e) == 0, "%s", e.msg);
	ck_assert_int_eq(capture_next(c, &f, 0, &e), 0);
}

/* Damage must be told, once, with this in the line. */
static inline void
capfile_damaged(struct capture *c, const char *what)
{
	struct captured f;
	struct err e = { 0 };

	ck_assert_int_eq(capture_next(c, &f, 0, &e), -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_msg(strstr(e.msg, what) != NULL, "%s", e.msg);
	ck_assert_int_eq(capture_next(c, &f, 0, &e), 0);
}

#endif
