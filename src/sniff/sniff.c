#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"
#include "sniff/capture.h"
#include "sniff/decode.h"
#include "sniff/dump.h"
#include "sniff/live.h"
#include "sniff/sniff.h"

/*
 * Immediate mode, or every reply would wait for a buffer to fill. A small
 * snaplen, or the ring would hold a few frames only.
 */
#define SNAPLEN	    2048
#define RING_SIZE   (4 << 20)
#define RING_FRAMES (RING_SIZE / SNAPLEN)
static const struct live_options live_options = {
	.snaplen = SNAPLEN,
	.ring = RING_SIZE,
	.immediate = true,
};

struct sniff {
	struct capture *capture;
	struct dump *keep;   /* or NULL */
	struct buf frame;    /* one that gets an Ethernet header for keep */
	const uint8_t *last; /* the frame given last, or NULL */
	size_t last_len;
};

int
sniff_open_live(struct sniff **sp, const char *ifname, const char *filter,
    struct err *e)
{
	struct capture *c;

	*sp = NULL;
	if (capture_open_how(&c, ifname, &live_options, filter, e) == -1)
		return -1;
	*sp = mem_calloc(1, sizeof(**sp));
	(*sp)->capture = c;
	return 0;
}

int
sniff_open_file(struct sniff **sp, const char *path, struct err *e)
{
	struct capture *c;

	*sp = NULL;
	if (capture_open(&c, &path, 1, NULL, e) == -1)
		return -1;
	*sp = mem_calloc(1, sizeof(**sp));
	(*sp)->capture = c;
	return 0;
}

/* Add a frame to s->keep, with an Ethernet header of ours if it has none. */
static void
keep_frame(struct sniff *s, const struct captured *f)
{
	uint8_t header[14] = { 0 };
	uint16_t type;
	int n;

	if (f->dlt == LINK_ETHERNET) {
		dump_cut_frame(s->keep, f->when, f->p, f->caplen, f->len);
		return;
	}
	n = decode_link(f->dlt, f->p, f->caplen, &type);
	if (n == -1)
		return;
	header[12] = type >> 8;
	header[13] = type & 0xff;
	buf_reset(&s->frame);
	buf_add(&s->frame, header, sizeof(header));
	buf_add(&s->frame, f->p + n, f->caplen - n);
	dump_cut_frame(s->keep, f->when, (const uint8_t *)s->frame.p,
	    s->frame.len, sizeof(header) + f->len - n);
}

/* Remember what is given to the caller. rc: as of sniff_next(); it is back. */
static int
give(struct sniff *s, const struct captured *f, int rc)
{
	s->last = rc == 1 ? f->p : NULL;
	s->last_len = rc == 1 ? f->caplen : 0;
	return rc;
}

/*
 * The next frame, whatever is in it; *passed is how many were before it in
 * this call. Returns as sniff_next() does.
 */
static int
next_frame(struct sniff *s, struct captured *f, unsigned *passed,
    int64_t deadline, struct err *e)
{
	bool is_live = capture_is_live(s->capture);
	int rc;

	/* A flood of frames that are passed over must not hold us for ever. */
	if ((*passed)++ > RING_FRAMES && is_live && clock_mono() >= deadline)
		return 0;
	/* a pipe is waited for, too, but for a file no deadline counts */
	do {
		rc = capture_next(s->capture, f, is_live ? deadline : INT64_MAX,
		    e);
	} while (rc == CAPTURE_WAIT && (!is_live || clock_mono() < deadline));
	if (rc == CAPTURE_WAIT)
		return 0;
	if (rc == 1 && s->keep != NULL)
		keep_frame(s, f);
	return rc;
}

int
sniff_next(struct sniff *s, struct segment *seg, int64_t deadline,
    struct err *e)
{
	struct captured f;
	unsigned passed = 0;
	int rc;

	while ((rc = next_frame(s, &f, &passed, deadline, e)) == 1)
		if (decode_frame(seg, f.dlt, f.p, f.caplen, f.len) ==
		    DECODE_TCP) {
			seg->when = f.when;
			break;
		}
	return give(s, &f, rc);
}

int
sniff_see(struct sniff *s, struct sight *v, int64_t deadline, struct err *e)
{
	struct captured f;
	unsigned passed = 0;
	int rc;

	while ((rc = next_frame(s, &f, &passed, deadline, e)) == 1)
		if (decode_sight(v, f.dlt, f.p, f.caplen, f.len) == DECODE_TCP)
			break;
	if (rc == 1 && v->kind == SIGHT_SEGMENT)
		v->seg.when = f.when;
	else if (rc == 1 && v->kind == SIGHT_ICMP)
		v->icmp.when = f.when;
	return give(s, &f, rc);
}

int
sniff_drops(struct sniff *s, unsigned *drops, struct err *e)
{
	return capture_drops(s->capture, drops, e);
}

int
sniff_inbound(struct sniff *s, struct err *e)
{
	return capture_inbound(s->capture, e);
}

void
sniff_keep(struct sniff *s, struct dump *d)
{
	s->keep = d;
}

const uint8_t *
sniff_frame(const struct sniff *s, size_t *len)
{
	*len = s->last_len;
	return s->last;
}

int
sniff_fd(const struct sniff *s)
{
	return capture_fd(s->capture);
}

void
sniff_close(struct sniff *s)
{
	if (s == NULL)
		return;
	capture_close(s->capture);
	buf_free(&s->frame);
	free(s);
}
