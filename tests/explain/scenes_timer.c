/* Connections of which a timer runs out. */
#include <sys/socket.h>

#include <err.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <unistd.h>

#include "scenes.h"

static void
keep_alive(struct world *w, int probes, int user_timeout_ms)
{
	set_option(w->b, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_option(w->b, IPPROTO_TCP, TCP_KEEPIDLE, 1);
	set_option(w->b, IPPROTO_TCP, TCP_KEEPINTVL, 1);
	set_option(w->b, IPPROTO_TCP, TCP_KEEPCNT, probes);
	if (user_timeout_ms > 0)
		set_option(w->b, IPPROTO_TCP, TCP_USER_TIMEOUT,
		    user_timeout_ms);
}

/* A's answers are lost. */
static void
keep_alive_lost(struct world *w)
{
	connect_both(w);
	say(w, w->a);
	hear(w->b);
	world_nft(w, R, "forward", "iif to-a drop");
	keep_alive(w, 2, 0);
	usleep(4300000);
	settle(w);
}

/* A hears nothing, and is nowhere. */
static void
keep_alive_dead(struct world *w)
{
	connect_both(w);
	world_nft(w, A, "input", "drop");
	keep_alive(w, 3, 0);
	usleep(5300000);
	settle(w);
}

/* The client's keepalives, which the server's host does not hear. */
static void
keep_alive_of_client(struct world *w)
{
	int b;

	connect_both(w);
	say(w, w->a);
	hear(w->b);
	say(w, w->b);
	hear(w->a);
	world_nft(w, B, "input", "drop");
	b = w->b;
	w->b = w->a;
	keep_alive(w, 3, 0);
	w->b = b;
	usleep(5300000);
	settle(w);
}

static void
user_timeout(struct world *w)
{
	connect_both(w);
	world_nft(w, A, "input", "drop");
	keep_alive(w, 9, 2500);
	usleep(5300000);
	settle(w);
}

/* B gives up text that nobody acknowledges, silently; then A speaks. */
static void
user_timeout_text(struct world *w)
{
	connect_both(w);
	set_option(w->b, IPPROTO_TCP, TCP_USER_TIMEOUT, 600);
	world_nft(w, R, "forward", "drop");
	say(w, w->b);
	usleep(2500000);
	world_nft_off(w, R);
	say(w, w->a);
}

#define SAME(name, play, a, b)                                       \
	{ name, play, 0, a, b }, { name "-ip6", play, SIX, a, b },   \
	    { name "-plain", play, NO_TIMESTAMPS | NO_SCALE, a, b }, \
	{                                                            \
		name "-large", play, LARGE, a, b                     \
	}

const struct scene scenes_timer[] = {
	SAME("keep-alive", keep_alive_lost, NULL, "keepalive"),
	{ "keep-alive-client", keep_alive_of_client, 0, "keepalive", NULL },
	{ "keep-alive-dead", keep_alive_dead, 0, NULL, "keepalive" },
	{ "user-timeout", user_timeout, 0, NULL, "keepalive" },
	{ "user-timeout-text", user_timeout_text, 0, NULL, "~half-open" },
	{ 0 },
};
