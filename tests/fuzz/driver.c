/*
 * In the place of libFuzzer, where there is none: read a corpus, cut it off and
 * mutate it, and try what comes of it. It knows nothing of coverage, but takes
 *the same options, and is the same in each run with the same seed and runs.
 *
 *	fuzz_... [-seed=N] [-runs=N] [-max_total_time=SECONDS] DIRECTORY
 */
#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "fuzz.h"

enum { GROWTH = 64, MUTATIONS = 6, HANG = 20 /* seconds */ };

struct input {
	char *p;
	size_t n;
};

struct corpus {
	struct input *all;
	size_t n;
};

/* Xorshift (Marsaglia 2003). */
static uint64_t
next_random(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

static void
read_corpus(struct corpus *c, const char *dir)
{
	struct dirent *entry;
	DIR *d = opendir(dir);
	char path[512];
	struct err e;

	if (d == NULL)
		err(1, "%s", dir);
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		c->all = mem_grow(c->all, c->n, sizeof(*c->all));
		c->all[c->n].p = file_read(path, &c->all[c->n].n, &e);
		if (c->all[c->n].p == NULL)
			errx(1, "%s", e.msg);
		c->n++;
	}
	closedir(d);
	if (c->n == 0)
		errx(1, "%s: no corpus", dir);
}

/* Files in the order of their text, as directories have none. */
static int
compare(const void *a, const void *b)
{
	const struct input *x = a, *y = b;
	int rc = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);

	return rc != 0 ? rc : (x->n > y->n) - (x->n < y->n);
}

/* Change one thing of n octets at p, which have room to grow. */
static size_t
mutate_once(uint8_t *p, size_t n, const struct corpus *c, uint64_t *x)
{
	static const uint8_t edges[] = { 0, 1, 4, 0x7f, 0x80, 0xfc, 0xff };
	size_t at = n > 0 ? next_random(x) % n : 0, k;
	const struct input *other;

	switch (next_random(x) % (n > 0 ? 7 : 1)) {
	case 0: /* a piece of another input */
		other = &c->all[next_random(x) % c->n];
		k = next_random(x) % (GROWTH / MUTATIONS);
		if (k > other->n)
			k = other->n;
		memmove(p + at + k, p + at, n - at);
		memcpy(p + at, other->p + next_random(x) % (other->n - k + 1),
		    k);
		return n + k;
	case 1:
		return next_random(x) % 4 == 0 ? at : n;
	case 2: /* drop some octets */
		k = next_random(x) % (n - at) % 16;
		memmove(p + at, p + at + k, n - at - k);
		return n - k;
	case 3:
		p[at] ^= 1 << next_random(x) % 8;
		return n;
	case 4:
		p[at] += next_random(x) % 9 - 4;
		return n;
	case 5:
		p[at] = edges[next_random(x) % sizeof(edges)];
		return n;
	default:
		p[at] = next_random(x);
		return n;
	}
}

/* An input in a buffer of its size, so that a sanitizer sees what is beyond. */
static void
run_one(const uint8_t *p, size_t n)
{
	uint8_t *exact = malloc(n ? n : 1);

	if (exact == NULL)
		errx(1, "out of memory");
	memcpy(exact, p, n);
	alarm(HANG);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
}

static void
run_mutated(const struct corpus *c, uint64_t *x)
{
	const struct input *base = &c->all[next_random(x) % c->n];
	uint8_t *p = mem_calloc(base->n + GROWTH, 1);
	unsigned i = next_random(x) % MUTATIONS;
	size_t n = base->n;

	memcpy(p, base->p, n);
	do
		n = mutate_once(p, n, c, x);
	while (i-- > 0);
	run_one(p, n);
	free(p);
}

/* All inputs, and each cut off, at every octet if there are runs enough. */
static void
run_cut(const struct corpus *c, unsigned long long runs)
{
	unsigned long long total = 0, step;
	size_t i, n;

	for (i = 0; i < c->n; i++)
		total += c->all[i].n + 1;
	step = total / runs + 1;
	for (i = 0; i < c->n; i++) {
		for (n = i % step; n < c->all[i].n; n += step)
			run_one((const uint8_t *)c->all[i].p, n);
		run_one((const uint8_t *)c->all[i].p, c->all[i].n);
	}
}

int
main(int argc, char **argv)
{
	unsigned long long seed = 1, runs = -1, seconds = -1, i;
	int64_t start = clock_mono();
	struct corpus c = { 0 };
	uint64_t x;

	for (; argc > 2 && argv[1][0] == '-'; argc--, argv++)
		if (sscanf(argv[1], "-seed=%llu", &seed) != 1 &&
		    sscanf(argv[1], "-runs=%llu", &runs) != 1 &&
		    strncmp(argv[1], "-timeout=", 9) != 0 &&
		    sscanf(argv[1], "-max_total_time=%llu", &seconds) != 1)
			errx(2, "unknown option %s", argv[1]);
	if (argc != 2)
		errx(2, "usage: [-seed=N] [-runs=N] [-max_total_time=N] DIR");
	read_corpus(&c, argv[1]);
	qsort(c.all, c.n, sizeof(*c.all), compare);
	run_cut(&c, runs);
	x = seed * 0x9e3779b97f4a7c15 + 1;
	for (i = 0; i < runs; i++) {
		if (i % 256 == 0 &&
		    (uint64_t)(clock_mono() - start) / NSEC_PER_SEC >= seconds)
			break;
		run_mutated(&c, &x);
	}
	fprintf(stderr, "Done %llu runs in %lld ms\n", i,
	    (long long)((clock_mono() - start) / NSEC_PER_MSEC));
	while (c.n > 0)
		free(c.all[--c.n].p);
	free(c.all);
	return 0;
}
