#ifndef RETORT_FLOW_TABLE_H
#define RETORT_FLOW_TABLE_H

/* What the files flow*.c share. Not for others. */

#include "base/hash.h"
#include "match/flow.h"

/*
 * DOC: how a capture is followed
 *
 * Each connection has a struct flow in one array, found through a hash of its
 * tuple whose key nobody outside knows. Its two ends stand in the order of
 * their numbers, so that both directions find it. IPv4 addresses are their own
 * numbers. The number of an IPv6 address is 32 bits of a hash of it; two
 * connections are taken for one only if those of both ends, the ports and the
 * hash of the whole tuple agree, which a billion of them may expect less than
 * once, and which nobody can arrange who does not know the key.
 *
 * The last segments of all connections stand in one ring, and before[] has for
 * each the number of the one before it of the same connection, 0 if there is
 * none: that is the exchange that led to a RST, as far as the ring reaches
 * back. It is an array of its own, as that is small enough for a cache.
 *
 * A RST begins a struct pending with what is known then (flow_reset.c). What
 * comes later in the same connection is added to it, until the patience is
 * over. They are decided in their order; if too many wait, the oldest at once.
 */

struct flow {
	uint32_t hash;
	uint32_t addrs[2]; /* numbers for them */
	uint16_t ports[2];
	uint16_t since_old; /* s: between its SYN and what was before it */
	uint16_t pending;   /* 1 + the place of its latest; 0: none */
	uint8_t resets[2];
	bool ip6 : 1, reused : 1, old_open : 1;
	bool other_echo : 1; /* SYN,ACK's; see struct reset */
	struct flow_side sides[2];
	uint32_t first;	   /* ms since the capture began */
	uint32_t last_seg; /* number of its last segment in the ring */
	uint32_t nsegs;
	uint32_t idle; /* ms: longest silence since the last progress */
};

/* A segment in the ring: packed, for a quarter of a million of them. */
struct ring_seg {
	int64_t when;
	uint64_t frame;
	uint32_t seq, ack, len;
	uint32_t tsval;
	uint16_t ctl; /* and RING_... */
	uint16_t wnd, ip_id;
	uint8_t ttl, tos;
} __attribute__((packed, aligned(4)));

enum {
	RING_SIDE = 0x200,
	RING_TS = 0x400,
	RING_DF = 0x800,
	RING_ANSWER = 0x1000 /* a RST whose number is an ACK of its peer's */
};

struct host {
	struct flow_host is;
	uint32_t last_addr; /* whom its last SYN asked */
	uint16_t last_port;
};

#define HOST_SETS 4096 /* of HOST_WAYS each; a power of two */
#define HOST_WAYS 4

/* The keys together, as they are looked at first. */
struct host_set {
	uint64_t keys[HOST_WAYS]; /* 0: free */
	struct host all[HOST_WAYS];
};

#define PENDING_MAX   2048 /* below 2^16 */
#define PENDING_CHAIN 8	   /* of one connection that are still added to */

struct pending {
	struct reset reset;
	uint32_t flow;	 /* 0: nothing more is added */
	uint16_t before; /* 1 + the place of the one before it in the chain */
	bool turned;	 /* the sender is side 1 */
	int64_t until;
	uint64_t sender_key, peer_key; /* of hosts */
};

struct flows {
	struct flow_config config;
	struct flow_counts counts;
	struct flow *flows; /* from 1 */
	uint32_t *slots;    /* of the hash, see flow_table.c */
	uint32_t mask;
	uint32_t hand; /* where the search for the oldest goes on */
	struct ring_seg *ring;
	uint32_t *before;	   /* see above */
	uint32_t ring_mask, nring; /* nring: of the last one, from 1 */
	struct host_set *hosts;
	int64_t began; /* when the first segment came */
	struct pending *pending;
	uint32_t oldest, npending; /* a queue in pending[] */
};

/* A segment on its way through these files. */
struct passing {
	const struct quick *q;
	int64_t when;
	uint64_t frame;
	struct flow *flow;
	uint32_t ms;  /* since the capture began */
	int side;     /* which end sent it */
	uint32_t end; /* SEG.SEQ + SEG.LEN */
	bool ts;
	uint32_t tsval, tsecr;
	struct host *host;	/* who sent it, if it has been asked for */
	bool new_text, new_ack; /* it went beyond what had been seen */
	bool copy;		/* the same again, from another place */
	uint32_t answered; /* by a RST without ACK: that in the ring, or 0 */
};

static inline uint64_t
flow_hash(const struct flows *f, uint64_t a, uint64_t b)
{
	return hash_pair(f->config.key, a, b);
}

/* flow_table.c: the flow of that tuple, which may be new */
struct flow *flow_of(struct flows *, const struct quick *,
    const struct flow_hint *);

/* flow_host.c */
uint64_t host_key(const struct flows *, const struct quick *, bool source);
void host_fetch(const struct flows *, uint64_t key); /* into the cache */
struct host *host_find(struct flows *, uint64_t key);
struct host *host_of(struct flows *, struct passing *);
void host_learn_ttl(struct host *, uint8_t ttl);

/* flow_side.c: what the segment says of the two sides. */
void flow_follow(struct flows *, struct passing *);

/*
 * flow_tell.c: a segment of the ring; the sender of the RST is side `sender`.
 * And all that is known of a RST by what came before it.
 */
void seg_recall(struct flow_seg *, const struct ring_seg *, int sender);
/* The latest of the peer that a RST without ACK answers by its number; or 0. */
uint32_t seg_answered(const struct flows *, const struct passing *);
/* Was it seen before, but for its TTL, at another place of its path? */
bool seg_is_copy(const struct flows *, const struct passing *);
void reset_tell(const struct flows *, const struct passing *, struct reset *);

/* flow_reset.c */
struct reset *reset_begin(struct flows *, const struct passing *);
void reset_follow(struct flows *, const struct passing *);
void reset_detach(struct flows *, struct flow *, bool reopened);
void reset_decide(struct flows *, int64_t now);

#endif
