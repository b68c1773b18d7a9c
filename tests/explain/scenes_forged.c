/* Resets that none of the two hosts has sent. */
#include <sys/socket.h>

#include <unistd.h>

#include "scenes.h"

static void
talk(struct world *w)
{
	connect_both(w);
	say(w, w->a);
	hear(w->b);
	say(w, w->b);
	hear(w->a);
}

/* Somewhere in A's window: A asks, B does not know of anything. */
static void
in_window(struct world *w)
{
	talk(w);
	forge(w, A,
	    &(struct craft){ .ctl = RST,
		.ttl = 51,
		.id = 4711,
		.seq = next_seq(w, B) + 9000 });
	say(w, w->b);
	hear(w->a);
	say(w, w->a);
}

/* The number is right, and A is gone; B is told by A's stack. */
static void
exact(struct world *w)
{
	talk(w);
	forge(w, A,
	    &(struct craft){
		.ctl = RST, .ttl = 51, .id = 4711, .seq = next_seq(w, B) });
	say(w, w->b);
}

/* ... and the TTL as well. */
static void
exact_ttl(struct world *w)
{
	talk(w);
	forge(w, A,
	    &(struct craft){
		.ctl = RST, .ttl = 63, .id = 4711, .seq = next_seq(w, B) });
	say(w, w->b);
}

/* As some national firewalls: three, one window apart, to each end. */
static void
several(struct world *w)
{
	uint32_t a, b;
	int i;

	talk(w);
	say(w, w->a);
	a = next_seq(w, A);
	b = next_seq(w, B);
	for (i = 0; i < 3; i++)
		forge(w, A,
		    &(struct craft){ .ctl = RST | ACK,
			.ttl = 97,
			.id = 100 + i,
			.seq = b + i * 1460,
			.ack = a });
	for (i = 0; i < 3; i++)
		forge(w, B,
		    &(struct craft){ .ctl = RST | ACK,
			.ttl = 97,
			.id = 200 + i,
			.seq = a + i * 1460,
			.ack = b });
}

static void
off_window(struct world *w)
{
	talk(w);
	forge(w, A,
	    &(struct craft){ .ctl = RST,
		.ttl = 51,
		.id = 1,
		.seq = next_seq(w, B) + 0x30000000 });
	say(w, w->b);
	hear(w->a);
	say(w, w->a);
}

/* A text that a censor does not like draws a reset before the answer. */
static void
answer_to_text(struct world *w)
{
	uint32_t a, b;

	talk(w);
	say(w, w->a);
	a = next_seq(w, A);
	b = next_seq(w, B);
	forge(w, A,
	    &(struct craft){ .ctl = RST | ACK,
		.ttl = 120,
		.id = 9,
		.seq = b,
		.ack = a,
		.wnd = 1000 });
	hear(w->b);
	say(w, w->b);
}

/* ... and it has the form of an answer; but B takes the text. */
static void
answer_without_ack(struct world *w)
{
	talk(w);
	say(w, w->a);
	forge(w, A,
	    &(struct craft){ .ctl = RST, .ttl = 62, .seq = next_seq(w, B) });
	hear(w->b);
	say(w, w->b);
	settle(w);
	close(w->b);
}

/* A SYN from nowhere in an open connection draws an ACK, and no more. */
static void
blind_syn(struct world *w)
{
	talk(w);
	forge(w, B,
	    &(struct craft){ .ctl = SYN,
		.ttl = 51,
		.id = 3,
		.seq = next_seq(w, A) + 100,
		.wnd = 1000 });
	say(w, w->a);
	hear(w->b);
	close(w->a);
	settle(w);
	close(w->b);
	settle(w);
}

/* It says why: draft-ietf-tcpm-rst-diagnostic-payload is not met by "xxxx". */
static void
with_text(struct world *w)
{
	talk(w);
	forge(w, A,
	    &(struct craft){ .ctl = RST,
		.ttl = 51,
		.id = 4711,
		.seq = next_seq(w, B) + 9000,
		.text = 12 });
	say(w, w->b);
	hear(w->a);
}

#define SAME(name, play, a, b)                                      \
	{ name, play, 0, a, b }, { name "-ip6", play, SIX, a, b },  \
	{                                                           \
		name "-plain", play, NO_TIMESTAMPS | NO_SCALE, a, b \
	}

#define GONE "after-reset|half-open"

const struct scene scenes_forged[] = {
	SAME("forged-window", in_window, NULL, "forged"),
	SAME("forged-exact", exact, GONE, "forged"),
	{ "forged-exact-ttl", exact_ttl, 0, GONE, "forged" },
	SAME("forged-several", several, "forged|" GONE, "forged"),
	SAME("forged-off", off_window, NULL, "forged"),
	SAME("forged-answer", answer_to_text, GONE, "forged"),
	{ "forged-taken", answer_without_ack, 0, GONE, "forged" },
	{ "blind-syn", blind_syn, 0, NULL, NULL },
	{ "forged-text", with_text, 0, NULL, "forged" },
	{ 0 },
};
