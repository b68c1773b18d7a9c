#ifndef RETORT_SOURCE_H
#define RETORT_SOURCE_H

#include "sniff/capture.h"
#include "sniff/input.h"

/* One file of a capture, as the readers of the two formats share it. */

/* The interfaces of all files; a frame has the index of its own. */
struct ifaces {
	struct iface *all;
	size_t n;
};

/* How stamps of one interface become nanoseconds since 1970. */
struct ticks {
	uint64_t per_sec;
	int64_t offset; /* seconds to add */
};

/* An interface of the section of a pcapng file that is being read. */
struct section_iface {
	struct ticks ticks;
	uint32_t index; /* in struct ifaces */
	uint32_t dlt;
	uint32_t snaplen; /* 0: none */
	bool knows;	  /* whether we decode its link type */
	uint64_t dropped; /* frames, as its last statistics say */
};

struct source {
	struct input in;
	struct ifaces *ifaces;
	int (*next)(struct source *, struct captured *, int64_t, struct err *);
	bool swapped;	  /* in the other byte order than this host's */
	uint64_t number;  /* of frames read */
	uint64_t unknown; /* of them: of a link type that we do not decode */
	uint64_t dropped;
	int64_t last; /* stamp of the last frame */
	uint32_t dlt; /* classic's; of the last frame */
	/* classic */
	uint32_t header; /* octets before each frame */
	uint32_t tick;	 /* ns */
	uint32_t iface;
	/* pcapng */
	struct section_iface *section;
	uint32_t nsection;
};

/* The largest frame, as for libpcap and Wireshark, and the largest block. */
enum { FRAME_MAX = 262144, BLOCK_MAX = 16 << 20 };

/*
 * Open a file of a capture and read its first octets, which tell its format.
 * 0, or -1 with *e filled (ERR_ENV). source_close() is needed in any case.
 */
int source_open(struct source *s, const char *path, struct ifaces *ifaces,
    struct err *e);

/* See capture_next(). 0 and -1 are for good. */
static inline int
source_next(struct source *s, struct captured *f, int64_t deadline,
    struct err *e)
{
	return s->next(s, f, deadline, e);
}

void source_close(struct source *s);

/* For the readers: */

/* Take over a file that begins with the format's own octets. */
int pcap_begin(struct source *s, struct err *e);
int pcapng_begin(struct source *s, struct err *e);

/* Add an interface; its texts are to be filled in, allocated. */
struct iface *ifaces_add(struct ifaces *all, const char *file, uint32_t dlt,
    uint32_t snaplen);
/* Drop all but the first n. */
void ifaces_cut(struct ifaces *all, size_t n);

/*
 * The file has no more frames: 0 when that is its true end, else -1 and *e
 * says why. whole: it did not stop within something.
 */
int source_end(struct source *s, bool whole, struct err *e);

/* "FILE: what is wrong, frame 7, octet 1234"; ends the file. -1. */
int source_damage(struct source *s, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* "FILE: link type USB (186) is not supported". -1. */
int source_unknown(struct source *s, uint32_t dlt, struct err *e);

/* Numbers of a file, which may be in the other byte order. */
static inline uint32_t
file_get32(bool swapped, const uint8_t *p)
{
	uint32_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return swapped ? __builtin_bswap32(v) : v;
}

static inline uint16_t
file_get16(bool swapped, const uint8_t *p)
{
	uint16_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return swapped ? __builtin_bswap16(v) : v;
}

static inline uint64_t
file_get64(bool swapped, const uint8_t *p)
{
	uint64_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return swapped ? __builtin_bswap64(v) : v;
}

#endif
