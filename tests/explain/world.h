#ifndef RETORT_WORLD_H
#define RETORT_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../bench/frame.h"
#include "../bench/raw.h"

/*
 * Two hosts and a router between them, each a network namespace of its own:
 *
 *	A near --- to-a R to-b --- far B
 *
 *	A	192.0.2.1 2001:db8:1::1
 *	R	192.0.2.254 and 198.51.100.254, 2001:db8:1::254 and :2::254
 *	B	198.51.100.2 2001:db8:2::2
 *
 * One process has sockets in all of them, and sees every frame at near and at
 * far. What fails ends the program: there is nothing to test then.
 */
enum place { A, R, B, NPLACES };

struct seen {
	int64_t time; /* ns since 1970 */
	size_t len;
	uint8_t octets[256]; /* what is cut off is in len */
	size_t caplen;
};

/* The frames at one end. */
struct tap {
	int sock;
	struct seen *v;
	size_t n;
};

enum {
	SIX = 1, /* over IPv6 */
	NO_TIMESTAMPS = 2,
	NO_SCALE = 4,
	LARGE = 8,   /* say() sends 3000 octets where it would send 5 */
	FROM_B = 16, /* what A sends is not seen */
	FROM_A = 32  /* what B sends is not seen */
};

struct world {
	int ns[NPLACES];
	struct tap tap[2];  /* at A, at B */
	int forger[2];	    /* packet sockets of R, toward A and toward B */
	int own[2];	    /* and of A and B, toward R */
	uint8_t mac[2][12]; /* of A and R at near, of B and R at far */
	int64_t shift;	    /* ns that were slept without sleeping */
	unsigned flags;
	uint16_t port; /* the first of 16 that are ours */
	int listener;  /* of B, at `port` */
	int a, b;      /* the two ends of the last connection */
};

/* Namespaces with nothing in them, addresses, routes, taps. */
void world_make(struct world *, unsigned flags, uint16_t port);

/* Make new sockets there. */
void world_enter(const struct world *, enum place);

/* Run a command of sh(1) there. */
void world_run(const struct world *, enum place, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/*
 * A rule of nft(8) at that hook, in a table of its own; "forward" is R's, the
 * others are those of a host.
 */
void world_nft(const struct world *, enum place, const char *hook,
    const char *rule);
/* Its end. */
void world_nft_off(const struct world *, enum place);

/* Wait until all that is on the way has arrived and is seen. */
void settle(struct world *);
/* The captures begin here. */
void forget(struct world *);
/* Seconds for the captures, but not for us. */
void sleep_shifted(struct world *, double seconds);

/* Sockets; those that connect return when they have, or -1 with errno. */
int listen_at(struct world *, enum place, uint16_t port, int backlog);
int socket_at(struct world *, enum place, uint16_t own_port);
int connect_at(struct world *, int fd, enum place to, uint16_t port);
/* Listen at w->port if nobody does, connect A to it: w->a and w->b. */
void connect_both(struct world *);
void set_option(int fd, int level, int name, int value);
/* SO_LINGER with 0 s. */
void set_linger(int fd);
void say(struct world *, int fd); /* some text */
void hear(int fd);		  /* all that is there */
/* Forget the socket without a word, as a host does that loses its power. */
void vanish(int fd);

/* ---- crafted segments ---- */

/*
 * The last segment at that end that bears these control bits (0: any) and
 * comes from that host.
 */
bool find_last(struct world *, enum place at, enum place from, uint8_t ctl,
    struct raw *);

/* From the segment, which is a copy: bits, numbers, no options and no text. */
struct craft {
	uint8_t ctl, ttl;
	uint32_t seq, ack;
	uint16_t wnd, id;
	size_t text; /* octets of "x" */
};
void craft(struct raw *, const struct craft *);
/* Send it from R, as if the other host had: the frame, with a new TTL. */
void inject(struct world *, enum place to, struct raw *, uint8_t ttl);
/* Send it from the host itself, by a program that is not its stack. */
void originate(struct world *, enum place from, struct raw *);
/* A segment with the ends of the last one that went that way. */
void forge(struct world *, enum place to, const struct craft *);

/* The numbers of the connection of w->a and w->b: what `from` sends next. */
uint32_t next_seq(struct world *, enum place from);

/* Write what was seen, as pcap with nanoseconds. */
void world_write(const struct world *, const char *dir, const char *name);

#endif
