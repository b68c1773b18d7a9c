/* Classic pcap files (draft-ietf-opsawg-pcap), of all kinds that are about. */
#include <string.h>

#include "base/clock.h"
#include "base/table.h"
#include "sniff/decode.h"
#include "sniff/pcapng_block.h"
#include "sniff/source.h"

enum { FILE_HEADER = 24, FRAME_HEADER = 16, PATCHED_HEADER = 24 };

static const struct magic {
	uint32_t magic;
	uint16_t header;
	uint16_t tick;
} magics[] = {
	{ 0xa1b2c3d4, FRAME_HEADER, 1000 }, { 0xa1b23c4d, FRAME_HEADER, 1 },
	{ 0xa1b2cd34, PATCHED_HEADER, 1000 }, /* once a patch of Linux's */
};

static int pcap_next(struct source *, struct captured *, int64_t, struct err *);

/* Find the format by its first octets, and the byte order on the way. */
static const struct magic *
find_magic(struct source *s)
{
	const uint8_t *p = s->in.p + s->in.pos;
	size_t i;

	for (i = 0; i < 2 * ARRAY_SIZE(magics); i++) {
		s->swapped = i & 1;
		if (file_get32(s->swapped, p) == magics[i / 2].magic)
			return &magics[i / 2];
	}
	return NULL;
}

int
pcap_begin(struct source *s, struct err *e)
{
	const struct magic *m = find_magic(s);
	const uint8_t *p;
	unsigned major;

	if (m == NULL)
		return 0;
	if (input_need(&s->in, FILE_HEADER, INT64_MAX) != 1)
		return source_end(s, false, e);
	p = s->in.p + s->in.pos;
	major = file_get16(s->swapped, p + 4);
	if (major != 2)
		return err_set(e, ERR_ENV,
		    "%s: version %u of the pcap format is not supported",
		    s->in.name, major);
	/* the upper half tells of a checksum behind each frame */
	s->dlt = file_get32(s->swapped, p + 20) & 0xffff;
	if (s->dlt == LINKTYPE_RAW)
		s->dlt = LINK_RAW;
	if (!decode_knows(s->dlt))
		return source_unknown(s, s->dlt, e);
	s->header = m->header;
	s->tick = m->tick;
	s->next = pcap_next;
	s->iface = s->ifaces->n;
	ifaces_add(s->ifaces, s->in.name, s->dlt,
	    file_get32(s->swapped, p + 16));
	s->in.pos += FILE_HEADER;
	return 0;
}

/* The frame's header and all of it must be in the buffer. */
static int
need_frame(struct source *s, int64_t deadline, struct err *e)
{
	struct input *in = &s->in;
	uint32_t caplen;
	int rc;

	rc = input_need(in, s->header, deadline);
	if (rc == 1) {
		caplen = file_get32(s->swapped, in->p + in->pos + 8);
		if (caplen > FRAME_MAX)
			return source_damage(s, e,
			    "damaged: a frame of %u octets", caplen);
		rc = input_need(in, s->header + caplen, deadline);
	}
	if (rc == 0)
		return source_end(s, in->pos == in->end, e);
	return rc;
}

static int
pcap_next(struct source *s, struct captured *f, int64_t deadline, struct err *e)
{
	struct input *in = &s->in;
	const uint8_t *p;
	uint32_t len;
	int rc;

	if (!input_has(in, s->header) ||
	    !input_has(in, s->header + (uint64_t)file_get32(s->swapped,
					   in->p + in->pos + 8))) {
		rc = need_frame(s, deadline, e);
		if (rc != 1)
			return rc;
	}
	p = in->p + in->pos;
	f->caplen = file_get32(s->swapped, p + 8);
	in->pos += s->header + f->caplen;
	len = file_get32(s->swapped, p + 12);
	/* unsigned, as a file may claim any time at all */
	f->when = (uint64_t)file_get32(s->swapped, p) * NSEC_PER_SEC +
		  (uint64_t)file_get32(s->swapped, p + 4) * s->tick;
	f->p = p + s->header;
	f->len = len > f->caplen ? len : f->caplen;
	f->dlt = s->dlt;
	f->iface = s->iface;
	f->number = ++s->number;
	f->swapped = s->swapped;
	f->notes = NULL;
	f->note_len = 0;
	return 1;
}
