#ifndef RETORT_FLOW_H
#define RETORT_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcp/quick.h"
#include "tcp/segment.h"

/*
 * The connections of a capture, each rebuilt from what was seen of it: both
 * directions, or one; from its SYN, or from somewhere in the middle. Memory
 * is bounded: beyond max_flows the one that has been silent longest makes
 * room. Numbers are in host byte order, times in ns since 1970 unless said
 * otherwise.
 */

/* What has been seen of one side. */
enum side_seen {
	SIDE_SEEN = 0x0001,   /* anything but a RST */
	SIDE_SYN = 0x0002,    /* SYN or SYN,ACK: isn is set */
	SIDE_ACTIVE = 0x0004, /* it was a SYN without ACK */
	SIDE_ACKED = 0x0008,  /* it has sent an ACK: rcv_nxt, wnd are set */
	SIDE_DATA = 0x0010,   /* it has sent text */
	SIDE_FIN = 0x0020,
	SIDE_RST = 0x0040,
	SIDE_TS = 0x0080,    /* timestamps: tsval is set */
	SIDE_MPTCP = 0x0100, /* its SYN bore the option, likewise below */
	SIDE_FASTOPEN = 0x0200,
	SIDE_SYN_DATA = 0x0400, /* its SYN bore text */
	SIDE_ID_ZERO = 0x0800,	/* it has sent IP ID 0 with something not RST */
	SIDE_ID_SET = 0x1000,	/* it has sent another IP ID */
	SIDE_PROBE = 0x2000,	/* its last segment is a keepalive probe */
	SIDE_WSCALE = 0x4000,	/* its SYN offered window scaling */
	SIDE_TTL_VARIES = 0x8000
};

/* One side of a connection: what it sent. */
struct flow_side {
	uint32_t isn;	  /* its ISS */
	uint32_t snd_nxt; /* what follows the highest octet it sent */
	uint32_t rcv_nxt; /* its latest SEG.ACK: what it expects next */
	uint32_t tsval;	  /* its highest timestamp */
	uint32_t last;	  /* ms since the capture began: when it sent anything,
			     and when text, SYN or FIN that was new */
	uint32_t last_new;
	uint16_t seen; /* enum side_seen */
	uint16_t wnd;  /* its latest window, unscaled */
	uint16_t ip_id;
	uint8_t shift; /* the scale of wnd; 0 when not in use or not known */
	uint8_t ttl, tos;
	uint8_t retries; /* retransmissions since the last progress */
	uint8_t syns;	 /* how often its SYN was seen */
	uint8_t probes;	 /* keepalive or window probes, unanswered */
};

/* A segment that is remembered, about as short as can be. */
struct flow_seg {
	int64_t when;
	uint64_t frame;
	uint32_t seq, ack, len;
	uint32_t tsval; /* if ts */
	uint16_t wnd, ip_id;
	uint8_t ttl, tos;
	uint16_t ctl : 9;
	bool ts : 1, df : 1;
	bool by_sender : 1; /* of the RST that is explained; else its peer */
};

/* What is known of a host from all its flows, not only one. */
struct flow_host {
	uint8_t ttl;	     /* what most of its segments bear; 0: not known */
	uint32_t segments;   /* first ones of a flow that showed its TTL */
	uint32_t opened;     /* SYNs without ACK, one a flow */
	uint32_t accepted;   /* SYN,ACKs to a SYN that was seen */
	uint32_t unasked;    /* SYN,ACKs to no SYN that was seen */
	uint32_t resets;     /* RSTs it sent */
	uint32_t quick_ends; /* flows that it opened and reset without text */
	uint32_t changes;    /* how often its next SYN asked another port or
				another host than the one before */
	uint32_t rtt_min;    /* us, its fastest answer to SYN or FIN; 0: none */
};

#define RESET_TOLD   24	 /* segments of an exchange */
#define RESET_BEFORE 16	 /* of them, at most, before the RST and itself */
#define RESET_TEXT   256 /* octets of a RST's text that are kept */

/*
 * A RST, what was known of its connection when it came, and what came after
 * it. "Sender" is who sent the RST, by its addresses; "peer" to whom.
 */
struct reset {
	struct segment seg; /* decoded by the caller of flows_see(); its text
			       is in text[] */
	uint64_t frame;
	uint64_t number; /* of this RST, from 1 */

	/* the connection before the RST */
	struct flow_side sender, peer;
	bool fresh;	   /* no segment of it was seen before the RST */
	bool middle;	   /* seen from the middle: no SYN */
	bool copy;	   /* the RST was seen before, with another TTL */
	bool reused;	   /* an earlier connection had the same tuple */
	bool old_open;	   /* which was not closed when the SYN came */
	int64_t since_old; /* ns since its last segment */
	int64_t idle;	   /* ns, the longest silence since the last progress:
			      before the RST, or what it answers */
	int64_t quiet;	   /* ns since the sender sent anything */
	int64_t age;	   /* ns since the first segment */
	unsigned sender_resets; /* RSTs of either side before this one */
	unsigned peer_resets;
	bool resets_differ; /* their SEQ is not all the same as this one's */
	bool old_timestamp; /* the trigger's is older than one before it */
	bool other_echo; /* the peer's SYN,ACK echoes no timestamp of the SYN */

	/* the exchange, told[]: up to the RST, then what came after */
	size_t ntold;
	size_t at;	 /* the RST's place in it */
	int trigger;	 /* the place of what it answers; -1: nothing found */
	bool answers;	 /* and its numbers are those of a reply to that */
	uint64_t untold; /* segments of the flow before told[0] */

	/* after the RST, until it was decided */
	unsigned sender_after;	    /* segments of the sender that are no RST */
	unsigned sender_new_after;  /* of them, surely sent after it, with
					 new text or a new ACK */
	unsigned sender_text_after; /* text beyond the RST, maybe sent before */
	bool sender_ends;	    /* with a FIN or RST,ACK */
	unsigned peer_after;
	unsigned peer_new_after;
	unsigned resets_after; /* of the sender */
	unsigned peer_resets_after;
	bool after_differ; /* one of them has another SEQ */
	bool challenged;   /* the peer sent an empty ACK at once */
	bool reopened;	   /* a SYN of the same tuple came */

	/* the hosts, when it was decided */
	struct flow_host sender_host, peer_host;

	/* as far as ntold and seg.text_kept go; not cleared behind that */
	struct flow_seg told[RESET_TOLD];
	uint8_t text[RESET_TEXT];
};

struct flow_counts {
	uint64_t segments, flows, evicted, resets;
	uint32_t now, most; /* flows in memory */
};

#define FLOWS_LIMIT 0xffffffu

struct flow_config {
	uint32_t max_flows; /* 0: a million; at most FLOWS_LIMIT */
	uint64_t key[2];    /* unguessable: a hostile capture must not be able
			       to put all flows in one place */
	int64_t patience;   /* ns of the capture's time until a RST is decided;
			       0: three seconds */
	/* called for each RST, in their order, once it is decided */
	void (*decided)(void *arg, struct reset *);
	void *arg;
};

struct flows;

struct flows *flows_new(const struct flow_config *);

/* Where a segment's flow is kept. */
struct flow_hint {
	uint32_t hash;
	uint32_t addrs[2]; /* numbers for them: in the order of the ends */
	uint16_t ports[2];
	int side;      /* which of the flow's ends sent it */
	uint32_t flow; /* its place, as flows_fetch() found it; 0: none yet */
};

/*
 * Find that out. A table of many flows is larger than any cache, so this also
 * begins to fetch what will be looked at: it takes a while, in which to go on
 * with other segments. Then flows_fetch() has the rest fetched, and after as
 * many segments again comes flows_see(). Both may be called late or never.
 */
void flows_hint(const struct flows *, const struct quick *, struct flow_hint *);
void flows_fetch(const struct flows *, struct flow_hint *);

/*
 * The next segment of the capture, seen at when, in frame number `frame`. When
 * it is a RST, returns the record that was begun for it, so that the caller
 * can fill in seg and text; else NULL. RSTs that can be decided by now are
 * handed to decided() first.
 */
struct reset *flows_see(struct flows *, const struct quick *,
    const struct flow_hint *, int64_t when, uint64_t frame);

/* It is that late in the capture's time, though no segment has come. */
void flows_tick(struct flows *, int64_t when);

/* The end of the capture: decide what is left. */
void flows_end(struct flows *);

void flows_count(const struct flows *, struct flow_counts *);
void flows_free(struct flows *);

/*
 * A remembered segment of that exchange, as far as it goes: its only option
 * is its timestamp, without TSecr; it has no text.
 */
void reset_told(const struct reset *, size_t i, struct segment *);

#endif
