#ifndef RETORT_PCAPNG_H
#define RETORT_PCAPNG_H

#include "sniff/capture.h"

/*
 * A pcapng file that is being written: stamps in nanoseconds, in the byte
 * order of this host. Frames keep what comments they had.
 */
struct pcapng;

/*
 * Create a file for frames of a capture, or empty it; "-" is standard output.
 * The capture must outlive it. 0, or -1 with *e filled (ERR_ENV; ERR_USAGE when
 * it is a file of that very capture) and *wp NULL.
 */
int pcapng_create(struct pcapng **wp, const char *path, const struct capture *c,
    struct err *e);

/*
 * Add a frame as capture_next() gave it, with a comment before those it has,
 * or NULL. Lines of the comment end with \n, save the last; what is neither
 * printable nor UTF-8 is escaped. A failed write is told by pcapng_flush() and
 * pcapng_finish(); frames after it are not written.
 */
void pcapng_add(struct pcapng *w, const struct captured *f,
    const char *comment);

/*
 * Hand all frames so far to the kernel. 0, or -1 with *e filled (ERR_ENV) when
 * any write failed since the file was created: disk full, say.
 */
int pcapng_flush(struct pcapng *w, struct err *e);

/* Flush, close and free. As pcapng_flush(); NULL is no error. */
int pcapng_finish(struct pcapng *w, struct err *e);

#endif
