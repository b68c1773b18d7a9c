#ifndef RETORT_OPTION_H
#define RETORT_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "tcp/segment.h"

/* Option kinds, by IANA's numbers (RFC 9293 3.2). */
enum option_kind {
	OPT_EOL = 0,
	OPT_NOP = 1,
	OPT_MSS = 2,
	OPT_WSCALE = 3,	  /* RFC 7323 */
	OPT_SACK_OK = 4,  /* RFC 2018 */
	OPT_SACK = 5,	  /* RFC 2018 */
	OPT_TS = 8,	  /* RFC 7323 */
	OPT_MD5 = 19,	  /* RFC 2385 */
	OPT_AO = 29,	  /* RFC 5925 */
	OPT_MPTCP = 30,	  /* RFC 8684 */
	OPT_FASTOPEN = 34 /* RFC 7413 */
};

/* One option in a segment's raw options. */
struct option {
	uint8_t kind;
	uint8_t len;	     /* the whole option; 1 for EOL and NOP */
	const uint8_t *data; /* len - 2 octets, network byte order */
};

/*
 * Append an option to s->options. Numbers in host byte order. 0, or -1 when
 * the 40 octets have no room for it (s is then unchanged). No padding is
 * added: craft/ pads with EOL.
 */
int opt_add_raw(struct segment *s, const void *octets, size_t len);
int opt_add_mss(struct segment *s, uint16_t mss);
int opt_add_wscale(struct segment *s, uint8_t shift);
int opt_add_sack_ok(struct segment *s);
/* n pairs of left and right edges. */
int opt_add_sack(struct segment *s, const uint32_t (*edges)[2], size_t n);
int opt_add_ts(struct segment *s, uint32_t val, uint32_t ecr);
int opt_add_md5(struct segment *s, const uint8_t digest[16]);
/* A cookie of 4 to 16 octets, or none (len 0) to ask for one. */
int opt_add_fastopen(struct segment *s, const void *cookie, size_t len);

/*
 * Walk the options: *at starts as 0. Returns 1 with *o filled, 0 at the end
 * (also at EOL), -1 at an option whose length is illegal (RFC 9293 MUST-7):
 * below 2, past the end, or not the length its kind must have.
 */
int opt_next(const struct segment *s, size_t *at, struct option *o);

/* The first option of that kind, if the walk comes to one. */
bool opt_find(const struct segment *s, enum option_kind kind, struct option *o);

/* tcpdump's way: "mss 1460,nop,wscale 7". */
void opt_add_text(struct buf *, const struct segment *s);

#endif
