#ifndef RETORT_TEST_FLOWING_H
#define RETORT_TEST_FLOWING_H

/* Connections that no capture holds, segment by segment. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/octets.h"
#include "match/flow.h"

#define MS    1000000LL
#define BEGAN (1700000000LL * 1000 * MS)

enum end { CLIENT, SERVER };

struct stage {
	struct flows *flows;
	struct reset *got; /* decided, in their order */
	size_t n;
	int64_t ms; /* when the next segment comes, since the beginning */
	uint64_t frame;
	uint8_t ip;	/* 4 or 6 */
	uint32_t which; /* of the clients */
	uint8_t ttl[2];
	uint16_t id[2];
	uint16_t wnd;
	uint32_t ts; /* 0: no timestamps */
};

static inline void
stage_decided(void *arg, struct reset *r)
{
	struct stage *s = arg;

	s->got = mem_grow(s->got, s->n, sizeof(*s->got));
	s->got[s->n] = *r;
	if (r->seg.text != NULL)
		s->got[s->n].seg.text = s->got[s->n].text;
	s->n++;
}

static inline void
stage_open(struct stage *s, uint32_t max_flows)
{
	struct flow_config config = { .max_flows = max_flows,
		.key = { 0x9ae16a3b2f90404f, 0xc3a5c85c97cb3127 },
		.decided = stage_decided,
		.arg = s };

	*s = (struct stage){
		.ip = 4, .ttl = { 64, 57 }, .id = { 1, 1 }, .wnd = 1000
	};
	s->flows = flows_new(&config);
}

/* All that is left is decided. */
static inline void
stage_end(struct stage *s)
{
	flows_end(s->flows);
}

static inline void
stage_close(struct stage *s)
{
	flows_free(s->flows);
	free(s->got);
}

/* The frame's octets that a struct quick points to. */
struct stage_frame {
	uint8_t addrs[32];
	uint8_t tcp[32];
};

static inline void
stage_fill(const struct stage *s, enum end from, struct quick *q,
    struct stage_frame *f)
{
	size_t len = s->ip == 6 ? 16 : 4;

	memset(f, 0, sizeof(*f));
	put32(f->addrs + (from == CLIENT ? 0 : len) + len - 4,
	    0x0a000000 + s->which / 60000);
	put32(f->addrs + (from == CLIENT ? len : 0) + len - 4, 0xc0000201);
	put32(f->tcp + 20, 0x0101080a);
	put32(f->tcp + 24, s->ts);
	q->addrs = f->addrs;
	q->tcp = f->tcp;
	q->options_len = s->ts != 0 ? 12 : 0;
	q->ip = s->ip;
	q->ttl = s->ttl[from];
	q->ip_id = s->id[from];
	q->df = true;
	q->sport = from == CLIENT ? 2000 + s->which % 60000 : 80;
	q->dport = from == CLIENT ? 80 : 2000 + s->which % 60000;
}

/* A segment of one end, seen now; the record of a RST, or NULL. */
static inline struct reset *
stage_send(struct stage *s, enum end from, uint16_t ctl, uint32_t seq,
    uint32_t ack, uint32_t len)
{
	struct quick q = { .seq = seq,
		.ack = ack,
		.ctl = ctl,
		.text_len = len,
		.wnd = s->wnd };
	struct stage_frame f;
	struct flow_hint hint;
	struct reset *r;

	stage_fill(s, from, &q, &f);
	flows_hint(s->flows, &q, &hint);
	flows_fetch(s->flows, &hint);
	r = flows_see(s->flows, &q, &hint, BEGAN + s->ms * MS, ++s->frame);
	ck_assert((r != NULL) == ((ctl & CTL_RST) != 0));
	if (r != NULL) {
		r->seg = (struct segment){ .seq = seq,
			.ack = ack,
			.ctl = ctl,
			.wnd = s->wnd,
			.ttl = q.ttl,
			.ip_id = q.ip_id,
			.text_len = len,
			.when = BEGAN + s->ms * MS };
		r->seg.tuple.src.addr.ip = r->seg.tuple.dst.addr.ip = s->ip;
	}
	return r;
}

/* The handshake of client ISS 1000 and server ISS 5000. */
static inline void
stage_handshake(struct stage *s)
{
	stage_send(s, CLIENT, CTL_SYN, 1000, 0, 0);
	stage_send(s, SERVER, CTL_SYN | CTL_ACK, 5000, 1001, 0);
	stage_send(s, CLIENT, CTL_ACK, 1001, 5001, 0);
}

#endif
