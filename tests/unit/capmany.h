#ifndef RETORT_TEST_CAPMANY_H
#define RETORT_TEST_CAPMANY_H

/* A large capture file, and gzip's form of it. */
#include <zlib.h>

#include "base/clock.h"
#include "capfiles.h"

/* Many frames, so that the buffer is refilled in the middle of them. */
static inline void
put_many(const char *path, unsigned n)
{
	static uint8_t octets[70000];
	struct cap c = { 0 };
	unsigned i;

	cap_classic(&c, 0xa1b23c4d, 1);
	for (i = 0; i < n; i++) {
		memset(octets, i, sizeof(octets));
		cap_record(&c, i, i, octets, i * 7919 % sizeof(octets));
	}
	capfile_put(path, &c);
}

static inline void
read_many(struct capture *c, unsigned n)
{
	struct captured f;
	unsigned i;

	for (i = 0; i < n; i++) {
		f = capfile_next(c);
		ck_assert_int_eq(f.when, i * NSEC_PER_SEC + i);
		ck_assert_uint_eq(f.caplen, i * 7919 % 70000);
		if (f.caplen > 0) {
			ck_assert_uint_eq(f.p[0], i & 0xff);
			ck_assert_uint_eq(f.p[f.caplen - 1], i & 0xff);
		}
	}
}

static inline size_t
slurp(const char *path, uint8_t **p)
{
	FILE *f = fopen(path, "r");
	size_t n;

	ck_assert_ptr_nonnull(f);
	*p = malloc(64 << 20);
	n = fread(*p, 1, 64 << 20, f);
	fclose(f);
	return n;
}

/* Pack octets [from, to) as a member of its own. */
static inline void
pack(const char *path, const char *mode, const uint8_t *p, size_t from,
    size_t to)
{
	gzFile g = gzopen(path, mode);

	ck_assert_ptr_nonnull(g);
	ck_assert_int_eq(gzwrite(g, p + from, to - from), to - from);
	ck_assert_int_eq(gzclose(g), Z_OK);
}

#endif
