#ifndef RETORT_DUMP_H
#define RETORT_DUMP_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * A capture file that is being written: classic pcap, Ethernet frames,
 * stamps in nanoseconds, in the byte order of this host.
 */
struct dump;

/*
 * Create the file, or empty it. 0, or -1 with *e filled (ERR_ENV) and *dp
 * NULL.
 */
int dump_open(struct dump **dp, const char *path, struct err *e);

/*
 * Add a frame of len octets, seen at when ns since 1970. A failed write is
 * told by dump_flush() and dump_close(); frames after it are not written.
 */
void dump_frame(struct dump *d, int64_t when, const uint8_t *frame, size_t len);

/* The same for a frame of which only the first caplen octets were kept. */
void dump_cut_frame(struct dump *d, int64_t when, const uint8_t *frame,
    size_t caplen, size_t len);

/*
 * Hand all frames so far to the kernel. 0, or -1 when any write failed since
 * the file was opened (ERR_ENV: disk full, say).
 */
int dump_flush(struct dump *d, struct err *e);

/* Flush, close and free. As dump_flush(); NULL is no error. */
int dump_close(struct dump *d, struct err *e);

#endif
