/* pcapng files (draft-ietf-opsawg-pcapng), of any shape. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "sniff/decode.h"
#include "sniff/pcapng_block.h"
#include "sniff/source.h"

/*
 * How it works: each block is brought into the buffer as a whole, its two
 * lengths are compared, and from then on nothing is read beyond its body. What
 * a section says of its interfaces ends with it.
 */
struct block {
	const uint8_t *body;
	uint32_t type;
	uint32_t len; /* of the body */
};

enum { PACKET_BODY = 20, SECTION_BODY = 16, IFACE_BODY = 8 };

bool
pcapng_option(bool swapped, const uint8_t *p, uint32_t n, uint32_t *at,
    struct block_option *o)
{
	uint32_t left = n - *at, padding;

	if (left < 4)
		return false;
	p += *at;
	o->code = file_get16(swapped, p);
	o->len = file_get16(swapped, p + 2);
	if (o->code == OPT_END || o->len > left - 4)
		return false;
	o->value = p + 4;
	padding = -o->len & 3;
	*at += 4 + o->len;
	/* the last may lack its padding */
	*at += padding < n - *at ? padding : n - *at;
	return true;
}

int
captured_comment(const struct captured *f, uint32_t *at, const char **text,
    size_t *len)
{
	struct block_option o;

	while (pcapng_option(f->swapped, f->notes, f->note_len, at, &o))
		if (o.code == OPT_COMMENT) {
			*text = (const char *)o.value;
			*len = o.len;
			return 1;
		}
	return 0;
}

/* A whole block in the buffer. As capture_next(). */
static int
need_block(struct source *s, struct block *b, int64_t deadline, struct err *e)
{
	struct input *in = &s->in;
	uint32_t total, magic;
	const uint8_t *p;
	int rc = input_need(in, BLOCK_MIN, deadline);

	if (rc != 1)
		return rc == 0 ? source_end(s, in->pos == in->end, e) : rc;
	p = in->p + in->pos;
	b->type = file_get32(s->swapped, p);
	if (b->type == BLOCK_SECTION) {
		memcpy(&magic, p + 8, sizeof(magic));
		s->swapped = magic == __builtin_bswap32(BYTE_ORDER_MAGIC);
		if (!s->swapped && magic != BYTE_ORDER_MAGIC)
			return source_damage(s, e,
			    "damaged: a section of no byte order");
	}
	total = file_get32(s->swapped, p + 4);
	if (total < BLOCK_MIN || total > BLOCK_MAX || total % 4 != 0)
		return source_damage(s, e, "damaged: a block of %u octets",
		    total);
	rc = input_need(in, total, deadline);
	if (rc != 1)
		return rc == 0 ? source_end(s, false, e) : rc;
	p = in->p + in->pos;
	if (file_get32(s->swapped, p + total - 4) != total)
		return source_damage(s, e,
		    "damaged: the two lengths of a block differ");
	b->body = p + 8;
	b->len = total - BLOCK_MIN;
	in->pos += total;
	return 1;
}

static int
begin_section(struct source *s, const struct block *b, struct err *e)
{
	unsigned major;

	if (b->len < SECTION_BODY)
		return source_damage(s, e,
		    "damaged: a section header of %u "
		    "octets",
		    b->len);
	major = file_get16(s->swapped, b->body + 4);
	if (major != 1)
		return source_damage(s, e,
		    "version %u of the pcapng format is not supported:", major);
	s->nsection = 0;
	return 0;
}

/* if_tsresol: a power of ten or, with the upper bit, of two. */
static int
set_resolution(struct ticks *t, uint8_t octet)
{
	unsigned n = octet & 0x7f;

	if (n > (octet & 0x80 ? 63 : 19))
		return -1;
	t->per_sec = 1;
	if (octet & 0x80)
		t->per_sec <<= n;
	else
		while (n-- > 0)
			t->per_sec *= 10;
	return 0;
}

static char *
escaped(const struct block_option *o)
{
	struct buf b = { 0 };
	char *copy;

	buf_add_escaped(&b, o->value, strnlen((const char *)o->value, o->len));
	copy = mem_strdup(buf_str(&b));
	buf_free(&b);
	return copy;
}

static int
iface_option(struct source *s, struct section_iface *si, struct iface *i,
    const struct block_option *o, struct err *e)
{
	switch (o->code) {
	case OPT_IF_NAME:
		free((char *)i->name);
		i->name = escaped(o);
		break;
	case OPT_IF_DESCRIPTION:
		free((char *)i->description);
		i->description = escaped(o);
		break;
	case OPT_IF_TSRESOL:
		if (o->len >= 1 &&
		    set_resolution(&si->ticks, o->value[0]) == -1)
			return source_damage(s, e,
			    "stamps of resolution 0x%02x are not supported:",
			    o->value[0]);
		break;
	case OPT_IF_TSOFFSET:
		if (o->len >= 8)
			si->ticks.offset = file_get64(s->swapped, o->value);
		break;
	}
	return 0;
}

static int
add_interface(struct source *s, const struct block *b, struct err *e)
{
	struct section_iface *si;
	uint32_t at = IFACE_BODY;
	struct iface *i;
	struct block_option o;

	if (b->len < IFACE_BODY)
		return source_damage(s, e, "damaged: an interface of %u octets",
		    b->len);
	s->section = mem_grow(s->section, s->nsection, sizeof(*s->section));
	si = &s->section[s->nsection++];
	si->dlt = file_get16(s->swapped, b->body);
	if (si->dlt == LINKTYPE_RAW)
		si->dlt = LINK_RAW;
	si->snaplen = file_get32(s->swapped, b->body + 4);
	si->knows = decode_knows(si->dlt);
	si->ticks.per_sec = 1000000;
	si->index = s->ifaces->n;
	i = ifaces_add(s->ifaces, s->in.name, si->dlt, si->snaplen);
	while (pcapng_option(s->swapped, b->body, b->len, &at, &o))
		if (iface_option(s, si, i, &o, e) == -1)
			return -1;
	return 0;
}

/* Frames that were dropped at an interface, all in all. */
static void
take_statistics(struct source *s, const struct block *b)
{
	struct section_iface *si;
	uint32_t at = 12;
	struct block_option o;

	if (b->len < at || file_get32(s->swapped, b->body) >= s->nsection)
		return;
	si = &s->section[file_get32(s->swapped, b->body)];
	while (pcapng_option(s->swapped, b->body, b->len, &at, &o))
		if (o.code == OPT_ISB_IFDROP && o.len >= 8) {
			s->dropped -= si->dropped;
			si->dropped = file_get64(s->swapped, o.value);
			s->dropped += si->dropped;
		}
}

/* Nanoseconds; unsigned, as a file may claim any time at all. */
static int64_t
to_nsec(const struct ticks *t, uint64_t stamp)
{
	uint64_t offset = (uint64_t)t->offset * NSEC_PER_SEC;

	if (t->per_sec == 1000000)
		return offset + stamp * 1000;
	if (t->per_sec == NSEC_PER_SEC)
		return offset + stamp;
	return offset + stamp / t->per_sec * NSEC_PER_SEC +
	       (unsigned __int128)(stamp % t->per_sec) * NSEC_PER_SEC /
		   t->per_sec;
}

/*
 * A frame's octets begin at octet at of the block; what is left of it are
 * options. -1: the block is too short.
 */
static int
set_frame(struct source *s, struct captured *f, const struct block *b,
    uint32_t at, uint32_t iface, struct err *e)
{
	const struct section_iface *si;
	uint32_t padded = (f->caplen + 3) & ~3U;

	if (iface >= s->nsection)
		return source_damage(s, e,
		    "damaged: a frame of interface %u, which is not described,",
		    iface);
	if (b->len < at || f->caplen > b->len - at)
		return source_damage(s, e,
		    "damaged: a frame of %u octets in a "
		    "block of %u",
		    f->caplen, b->len + BLOCK_MIN);
	si = &s->section[iface];
	f->p = b->body + at;
	if (f->len < f->caplen)
		f->len = f->caplen;
	f->dlt = s->dlt = si->dlt;
	f->iface = si->index;
	f->number = ++s->number;
	s->unknown += !si->knows;
	f->swapped = s->swapped;
	f->notes = f->p + padded;
	f->note_len = b->len - at >= padded ? b->len - at - padded : 0;
	return 1;
}

static int
packet(struct source *s, struct captured *f, const struct block *b,
    struct err *e)
{
	const uint8_t *p = b->body;
	uint32_t iface;

	if (b->len < PACKET_BODY)
		return source_damage(s, e,
		    "damaged: a frame's block of %u "
		    "octets",
		    b->len + BLOCK_MIN);
	/* the old kind has a count of drops in the other half */
	iface = b->type == BLOCK_OLD_PACKET ? file_get16(s->swapped, p)
					    : file_get32(s->swapped, p);
	f->caplen = file_get32(s->swapped, p + 12);
	f->len = file_get32(s->swapped, p + 16);
	if (set_frame(s, f, b, PACKET_BODY, iface, e) == -1)
		return -1;
	f->when = s->last = to_nsec(&s->section[iface].ticks,
	    (uint64_t)file_get32(s->swapped, p + 4) << 32 |
		file_get32(s->swapped, p + 8));
	return 1;
}

/* It has no stamp; that of the frame before is nearest to the truth. */
static int
simple_packet(struct source *s, struct captured *f, const struct block *b,
    struct err *e)
{
	uint32_t snaplen;

	if (b->len < 4)
		return source_damage(s, e,
		    "damaged: a frame's block of %u "
		    "octets",
		    b->len + BLOCK_MIN);
	f->len = f->caplen = file_get32(s->swapped, b->body);
	snaplen = s->nsection > 0 ? s->section[0].snaplen : 0;
	if (snaplen != 0 && f->caplen > snaplen)
		f->caplen = snaplen;
	f->when = s->last;
	return set_frame(s, f, b, 4, 0, e);
}

static int
pcapng_next(struct source *s, struct captured *f, int64_t deadline,
    struct err *e)
{
	struct block b;
	int rc;

	while ((rc = need_block(s, &b, deadline, e)) == 1) {
		switch (b.type) {
		case BLOCK_PACKET:
		case BLOCK_OLD_PACKET:
			return packet(s, f, &b, e);
		case BLOCK_SIMPLE_PACKET:
			return simple_packet(s, f, &b, e);
		case BLOCK_SECTION:
			rc = begin_section(s, &b, e);
			break;
		case BLOCK_INTERFACE:
			rc = add_interface(s, &b, e);
			break;
		case BLOCK_STATISTICS:
			take_statistics(s, &b);
			break;
		}
		if (rc == -1)
			return -1;
	}
	return rc;
}

int
pcapng_begin(struct source *s, struct err *e)
{
	const uint8_t *p = s->in.p + s->in.pos;
	struct block b;
	int rc;

	s->swapped = false;
	if (file_get32(s->swapped, p) != BLOCK_SECTION)
		return 0;
	rc = need_block(s, &b, INT64_MAX, e);
	if (rc == 1)
		rc = begin_section(s, &b, e);
	if (rc == -1)
		return -1;
	if (rc == CAPTURE_WAIT)
		return err_set(e, ERR_ENV, "%s: interrupted", s->in.name);
	s->next = pcapng_next;
	return 0;
}
