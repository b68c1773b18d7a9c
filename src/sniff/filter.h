#ifndef RETORT_FILTER_H
#define RETORT_FILTER_H

#include "sniff/capture.h"

/* A capture filter in pcap's syntax, for frames of any link type. */
struct filter;

struct filter *filter_new(const char *text);

/*
 * Compile it for a link type, unless that was done. 0, or -1 with *e filled
 * (ERR_USAGE).
 */
int filter_compile(struct filter *, uint32_t dlt, struct err *e);

/*
 * Whether it wants a frame: 1 or 0. -1 as filter_compile(). It wants none of a
 * link type that is not decoded: for most of them none compiles.
 */
int filter_wants(struct filter *, const struct captured *f, struct err *e);

void filter_free(struct filter *);

#endif
