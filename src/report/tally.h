#ifndef RETORT_TALLY_H
#define RETORT_TALLY_H

#include "report/report_reset.h"

/*
 * How often each of many things was counted, by a key of some octets, with a
 * name and a text for each. A hash whose key nobody can guess, so that no
 * capture can make it slow. Zero-initialise it. Beyond TALLY_MAX things others
 * are counted as "others".
 */
#define TALLY_MAX 100000

struct tally {
	struct tally_entry **heads;
	size_t nheads, n;
	uint64_t key[2];
	struct tally_entry *last; /* counted */
};

struct tally_entry {
	struct tally_entry *next; /* of the same head */
	/* NULL at first, for the caller to set; freed with the tally */
	char *name, *text;
	const char *what; /* likewise, but not freed */
	uint64_t n;
	/* for the caller, too: a number, and of some of them how many, and
	   when the first and the last of those came */
	uint64_t first, counted;
	int64_t from, to;
	size_t len; /* of the key */
	uint8_t key[];
};

/* Count what has that key; the entry is valid until tally_free(). */
struct tally_entry *tally_add(struct tally *, const void *key, size_t len);

/* Has it been counted? */
bool tally_has(const struct tally *, const void *key, size_t len);

/*
 * The entries from many to few, those of the same number by name. To be
 * freed; what it points to ends with the tally.
 */
const struct tally_entry **tally_sort(const struct tally *);

/* The same for a report; *n of them, to be freed. */
struct report_count *tally_counts(const struct tally *, size_t *n);

void tally_free(struct tally *);

#endif
