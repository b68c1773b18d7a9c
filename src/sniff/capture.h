#ifndef RETORT_CAPTURE_H
#define RETORT_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct stat;

/*
 * Captured frames, whatever is in them: from files, from standard input or
 * from an interface. Classic pcap in either byte order, with stamps in micro-
 * or nanoseconds; pcapng with any number of sections, interfaces and link
 * types; either of them compressed by gzip.
 */
struct capture;

/* One frame. The pointers hold until the next call of capture_next(). */
struct captured {
	int64_t when; /* ns since 1970 */
	const uint8_t *p;
	uint32_t caplen;      /* octets at p */
	uint32_t len;	      /* octets on the wire; never below caplen */
	uint32_t dlt;	      /* enum link (sniff/decode.h), or another DLT_ */
	uint32_t iface;	      /* see capture_iface() */
	uint64_t number;      /* in its file, from 1, as Wireshark counts */
	bool swapped;	      /* its file is in the other byte order */
	uint32_t note_len;    /* octets of the pcapng options at notes */
	const uint8_t *notes; /* see captured_comment() */
};

/* Where frames come from; one file can have several. */
struct iface {
	const char *file; /* escaped; "standard input"; or the interface */
	uint32_t dlt;
	uint32_t snaplen;	 /* 0: none that is known */
	const char *name;	 /* escaped; NULL when the file has none */
	const char *description; /* likewise */
};

/* What was read so far. */
struct capture_count {
	uint64_t frames;   /* delivered */
	uint64_t filtered; /* passed over, as the filter wants */
	uint64_t unknown;  /* of them: of a link type that we do not decode */
	uint64_t dropped;  /* never captured, says the capture itself */
	uint64_t octets;   /* read of the files, as they lie on the disk */
	uint64_t total;	   /* of the files' octets; 0 when that is unknown */
};

#define CAPTURE_WAIT 2 /* a result of capture_next() */

/*
 * Open the n files of paths, "-" being standard input, and read their headers.
 * The frames of several are merged by their stamps, in whatever order the
 * files are given: the parts of a long capture, or the same time seen at
 * several places. The filter is in pcap's syntax, or NULL for all frames.
 *
 * 0, or -1 with *e filled and *cp NULL: ERR_USAGE for a filter that does not
 * compile, ERR_ENV for a file that cannot be read, is empty, a directory, no
 * capture, or has a link type that is not decoded.
 */
int capture_open(struct capture **cp, const char *const *paths, size_t n,
    const char *filter, struct err *e);

/*
 * The same for an interface, from now on. It becomes promiscuous, and frames
 * are kept to 2048 octets. Errors as of sniff_open_live().
 */
int capture_open_live(struct capture **cp, const char *ifname,
    const char *filter, struct err *e);

/*
 * The next frame: 1 with *f filled. 0 at the end of all files.
 *
 * CAPTURE_WAIT when nothing came before the deadline, in ns of clock_mono(),
 * or a signal interrupted the waiting, or the filter has passed over many
 * frames; for a regular file the deadline does not count.
 *
 * -1 with *e filled (ERR_ENV) when a file is cut off or broken, and all frames
 * before that have been delivered: another call goes on with what the other
 * files have. Also when the interface went down or away; ERR_USAGE when a link
 * type appears that the filter does not compile for.
 */
int capture_next(struct capture *c, struct captured *f, int64_t deadline,
    struct err *e);

/* How many interfaces were met so far, and number i of them. */
size_t capture_ifaces(const struct capture *c);
const struct iface *capture_iface(const struct capture *c, size_t i);

/* Counters; of an interface, dropped is asked of the kernel. */
void capture_counts(struct capture *c, struct capture_count *);

/* Whether this file is one of the capture's. */
bool capture_reads(const struct capture *c, const struct stat *st);

/* Whether it is an interface, which has no end. */
bool capture_is_live(const struct capture *c);

/*
 * The comments of a frame, one by one: *at is 0 at first. 1 with the comment,
 * raw and not terminated; 0 after the last.
 */
int captured_comment(const struct captured *f, uint32_t *at, const char **text,
    size_t *len);

/* Close and free; NULL is no error. */
void capture_close(struct capture *c);

#endif
