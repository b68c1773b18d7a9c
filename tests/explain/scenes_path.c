/* Resets by what stands between the hosts, or in front of one. */
#include <sys/socket.h>

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "scenes.h"

static void
refused(struct world *w)
{
	int fd = socket_at(w, A, 0);

	if (connect_at(w, fd, B, w->port + 1) == 0)
		errx(1, "connected");
	settle(w);
}

static void
reject(struct world *w, enum place place, uint16_t port)
{
	char rule[64];

	snprintf(rule, sizeof(rule), "tcp dport %u reject with tcp reset",
	    port);
	world_nft(w, place, place == R ? "forward" : "input", rule);
}

/* A router refuses in B's name, which A knows from another connection. */
static void
firewall(struct world *w)
{
	connect_both(w);
	say(w, w->a);
	reject(w, R, w->port + 1);
	refused(w);
}

static void
firewall_only(struct world *w)
{
	reject(w, R, w->port + 1);
	refused(w);
}

static void
firewall_of_host(struct world *w)
{
	connect_both(w);
	reject(w, B, w->port + 1);
	refused(w);
}

/* A connection is refused in its middle: the rules have changed. */
static void
firewall_later(struct world *w)
{
	connect_both(w);
	say(w, w->a);
	say(w, w->b);
	reject(w, R, w->port);
	say(w, w->a);
}

/* The host's own firewall does so: no TTL tells it apart. */
static void
firewall_of_host_later(struct world *w)
{
	connect_both(w);
	say(w, w->a);
	hear(w->b);
	say(w, w->b);
	reject(w, B, w->port);
	say(w, w->a);
}

/* A router that has no record of a connection resets it. */
static void
record_lost(struct world *w)
{
	connect_both(w);
	say(w, w->a);
	hear(w->b);
	sleep_shifted(w, 12);
	world_nft(w, R, "forward",
	    "ct state new tcp flags & syn == 0 reject with tcp reset");
	say(w, w->a);
}

/* After some time without traffic a middlebox resets both ends. */
static void
idle(struct world *w, double seconds, uint8_t ttl)
{
	uint32_t a, b;

	connect_both(w);
	say(w, w->a);
	hear(w->b);
	say(w, w->b);
	hear(w->a);
	a = next_seq(w, A);
	b = next_seq(w, B);
	sleep_shifted(w, seconds);
	forge(w, A,
	    &(struct craft){
		.ctl = RST | ACK, .ttl = ttl, .seq = b, .ack = a });
	forge(w, B,
	    &(struct craft){
		.ctl = RST | ACK, .ttl = ttl, .seq = a, .ack = b });
}

static void
idle_300(struct world *w)
{
	idle(w, 300, 255);
}

static void
idle_12(struct world *w)
{
	idle(w, 12, 200);
}

static void
idle_3600(struct world *w)
{
	idle(w, 3600, 64);
}

/* The TTL is that of the hosts. */
static void
idle_900(struct world *w)
{
	idle(w, 900, 63);
}

/* It has forgotten the connection, and resets who speaks next. */
static void
idle_then_text(struct world *w)
{
	connect_both(w);
	say(w, w->a);
	hear(w->b);
	sleep_shifted(w, 1800);
	reject(w, R, w->port);
	say(w, w->a);
}

#define SAME(name, play, a, b)                                      \
	{ name, play, 0, a, b }, { name "-ip6", play, SIX, a, b },  \
	{                                                           \
		name "-plain", play, NO_TIMESTAMPS | NO_SCALE, a, b \
	}

const struct scene scenes_path[] = {
	SAME("firewall", firewall, NULL, "firewall-reject"),
	{ "firewall-only", firewall_only, 0, NULL,
	    "closed-port|firewall-reject" },
	SAME("firewall-host", firewall_of_host, NULL,
	    "closed-port|firewall-reject"),
	SAME("firewall-later", firewall_later, NULL, "firewall-reject|forged"),
	{ "firewall-host-later", firewall_of_host_later, 0, NULL,
	    "half-open|firewall-reject" },
	{ "idle-12-ttl", idle_12, 0, "idle-timer|forged", "idle-timer|forged" },
	{ "record-lost", record_lost, 0, NULL, "idle-timer|firewall-reject" },
	SAME("idle-300", idle_300, "idle-timer", "idle-timer"),
	SAME("idle-3600", idle_3600, "idle-timer", "idle-timer"),
	{ "idle-900", idle_900, 0, "idle-timer", "idle-timer" },
	SAME("idle-then-text", idle_then_text, NULL,
	    "idle-timer|firewall-reject|half-open"),
	{ 0 },
};
