#ifndef RETORT_SNIFF_H
#define RETORT_SNIFF_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sniff/decode.h"

struct dump;

/* A source of segments: a network interface or a capture file. */
struct sniff;

/*
 * Capture on an interface from now on. filter is in pcap's syntax, or NULL
 * for all. Frames are kept to 2048 octets; the interface is not made
 * promiscuous. 0, or -1 with *e filled and *sp NULL: ERR_USAGE for a filter
 * that does not compile, ERR_ENV for all else (no such interface, it is down,
 * no permission, a link type that is not decoded).
 */
int sniff_open_live(struct sniff **sp, const char *ifname, const char *filter,
    struct err *e);

/*
 * Read a capture file: classic pcap in either byte order, with stamps in
 * microseconds or nanoseconds, or pcapng. "-" is standard input. 0, or -1
 * with *e filled (ERR_ENV) and *sp NULL.
 */
int sniff_open_file(struct sniff **sp, const char *path, struct err *e);

/*
 * The next TCP segment (see decode_frame()); frames that are none, or too
 * short to be one, are passed over. when is set; text points into a buffer
 * that is valid until the next call. deadline is in ns of clock_mono(); one
 * that is not in the future means: only what has arrived already. For a file
 * it does not count.
 *
 * Returns 1 with *seg filled. 0 when the deadline passed (live), or at the
 * end of the file. -1 with *e filled (ERR_ENV) when the interface went down
 * or away, or the file is cut off or broken: all segments before that have
 * been delivered.
 */
int sniff_next(struct sniff *s, struct segment *seg, int64_t deadline,
    struct err *e);

/*
 * The same for all that decode_sight() knows: segments, ICMP errors about
 * segments, echo requests, and the questions and answers of ARP and neighbour
 * discovery. The text of an echo is valid as that of a segment.
 */
int sniff_see(struct sniff *s, struct sight *, int64_t deadline, struct err *e);

/*
 * Frames that the kernel dropped, since the interface was opened, because we
 * did not read fast enough. 0 for files. Returns 0, or -1 with *e filled.
 */
int sniff_drops(struct sniff *s, unsigned *drops, struct err *e);

/*
 * From now on only what comes in, not what this machine sends there: the
 * kernel does not even copy it. Better than "inbound" in a filter, which
 * libpcap cannot apply to the first frame, and loses it. 0, or -1 with *e.
 */
int sniff_inbound(struct sniff *s, struct err *e);

/*
 * From now on add every frame that sniff_next() and sniff_see() read, whatever
 * is in it, to d; NULL ends that. d stays the caller's. Frames without an
 * Ethernet header get one with zero addresses.
 */
void sniff_keep(struct sniff *s, struct dump *d);

/*
 * The octets of the frame that sniff_next() or sniff_see() gave last, as many
 * as were kept, with whatever link header they came with. Valid until the next
 * call; NULL and 0 after one that gave none.
 */
const uint8_t *sniff_frame(const struct sniff *s, size_t *len);

/* For poll(2): there may be a frame to read. -1 for files. */
int sniff_fd(const struct sniff *s);

/* Close and free; NULL is no error. */
void sniff_close(struct sniff *s);

#endif
