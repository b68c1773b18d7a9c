#ifndef RETORT_TALLY_H
#define RETORT_TALLY_H

#include "report/report_reset.h"

/*
 * How often each of many names was counted, and a text for each: that of the
 * first. A balanced tree, so that no capture can make it slow. Zero-initialise
 * it. Beyond TALLY_MAX names others are counted as "others".
 */
#define TALLY_MAX 100000

struct tally {
	void *root;
	size_t n;
};

struct tally_entry {
	char *name;
	const char *what; /* not copied; NULL at first: for the caller to set */
	char *text;	  /* likewise, freed with the tally */
	uint64_t n;
};

/* Count the name; the entry is valid until tally_free(). */
struct tally_entry *tally_add(struct tally *, const char *name);

/* Has the name been counted? */
bool tally_has(const struct tally *, const char *name);

/*
 * The entries from many to few, those of the same number by name. To be
 * freed; what it points to ends with the tally.
 */
const struct tally_entry **tally_sort(const struct tally *);

/* The same for a report; *n of them, to be freed. */
struct report_count *tally_counts(const struct tally *, size_t *n);

void tally_free(struct tally *);

#endif
