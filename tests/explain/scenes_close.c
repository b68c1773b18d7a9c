/* Connections that are given up by their users or timers. */
#include <sys/socket.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "scenes.h"

static void
unread(struct world *w)
{
	connect_both(w);
	say(w, w->a);
	close(w->b);
	settle(w);
}

/* The one that connected leaves an answer unread. */
static void
unread_by_client(struct world *w)
{
	connect_both(w);
	say(w, w->a);
	hear(w->b);
	say(w, w->b);
	close(w->a);
	settle(w);
}

static void
unread_in_the_middle(struct world *w)
{
	connect_both(w);
	say(w, w->a);
	hear(w->b);
	forget(w);
	say(w, w->a);
	close(w->b);
	settle(w);
}

/* After the peer's FIN. */
static void
unread_after_fin(struct world *w)
{
	connect_both(w);
	say(w, w->a);
	close(w->a);
	settle(w);
	close(w->b);
	settle(w);
}

/* The user of B ends by a signal, and the kernel closes for it. */
static void
killed(struct world *w)
{
	pid_t pid;

	connect_both(w);
	say(w, w->a);
	pid = fork();
	if (pid == 0) {
		pause();
		_exit(0);
	}
	close(w->b);
	usleep(50000);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	settle(w);
}

/* A server refuses while the client still sends. */
static void
unread_early(struct world *w)
{
	static const char text[60000];

	connect_both(w);
	send(w->a, text, sizeof(text), MSG_DONTWAIT);
	settle(w);
	say(w, w->b);
	close(w->b);
	settle(w);
}

/* A gives up while its text waits for B's window. */
static void
linger_unsent(struct world *w)
{
	static const char text[4000000];

	connect_both(w);
	send(w->a, text, sizeof(text), MSG_DONTWAIT);
	settle(w);
	set_linger(w->a);
	close(w->a);
	settle(w);
}

/* B closes; what A sends has nobody to read it. */
static void
text_after_close(struct world *w)
{
	connect_both(w);
	say(w, w->a);
	hear(w->b);
	close(w->b);
	settle(w);
	say(w, w->a);
}

/* ... before A has acknowledged the FIN. */
static void
text_crosses_close(struct world *w)
{
	connect_both(w);
	world_nft(w, R, "forward", "tcp flags & fin == fin iif to-b drop");
	close(w->b);
	settle(w);
	say(w, w->a);
}

static void
text_after_shutdown(struct world *w)
{
	connect_both(w);
	shutdown(w->b, SHUT_RDWR);
	settle(w);
	say(w, w->a);
}

/* The small form that B is kept in has ended. */
static void
text_long_after_close(struct world *w)
{
	world_run(w, B, "echo 1 >/proc/sys/net/ipv4/tcp_fin_timeout");
	connect_both(w);
	close(w->b);
	usleep(1800000);
	say(w, w->a);
}

static void
linger(struct world *w)
{
	connect_both(w);
	say(w, w->a);
	hear(w->b);
	say(w, w->b);
	hear(w->a);
	set_linger(w->b);
	close(w->b);
	settle(w);
}

static void
linger_by_client(struct world *w)
{
	connect_both(w);
	say(w, w->a);
	hear(w->b);
	say(w, w->b);
	hear(w->a);
	set_linger(w->a);
	close(w->a);
	settle(w);
}

static void
linger_in_the_middle(struct world *w)
{
	connect_both(w);
	forget(w);
	say(w, w->a);
	hear(w->b);
	set_linger(w->b);
	close(w->b);
	settle(w);
}

static void
ss_kill(struct world *w)
{
	connect_both(w);
	say(w, w->a);
	hear(w->b);
	world_run(w, B, "ss -K state established sport = :%u >/dev/null",
	    w->port);
	settle(w);
}

/* connect() to nobody, with text that has not left. */
static void
disconnect(struct world *w)
{
	struct sockaddr nobody = { .sa_family = AF_UNSPEC };

	connect_both(w);
	say(w, w->a);
	hear(w->b);
	connect(w->b, &nobody, sizeof(nobody));
	settle(w);
}

/* B closes in FIN-WAIT-2 and will not wait there. */
static void
linger2(struct world *w)
{
	connect_both(w);
	set_option(w->b, IPPROTO_TCP, TCP_LINGER2, -1);
	shutdown(w->b, SHUT_WR);
	settle(w);
	close(w->b);
	settle(w);
}

/* Neither hears that the other gives up. */
static void
both_abort(struct world *w)
{
	connect_both(w);
	say(w, w->a);
	hear(w->b);
	world_nft(w, R, "forward", "tcp flags & rst == rst drop");
	set_linger(w->a);
	set_linger(w->b);
	close(w->a);
	close(w->b);
	settle(w);
}

static void
connect_mptcp(struct world *w)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6,
		.sin6_port = htons(w->port) };

	world_enter(w, B);
	w->listener = socket(AF_INET6, SOCK_STREAM, IPPROTO_MPTCP);
	world_enter(w, A);
	w->a = socket(AF_INET6, SOCK_STREAM, IPPROTO_MPTCP);
	if (w->listener == -1 || w->a == -1)
		err(77, "SKIP: MPTCP");
	if (bind(w->listener, (void *)&any, sizeof(any)) == -1 ||
	    listen(w->listener, 8) == -1 ||
	    connect_at(w, w->a, B, w->port) == -1)
		err(1, "MPTCP");
	w->b = accept(w->listener, NULL, NULL);
	settle(w);
}

static void
mptcp_unread(struct world *w)
{
	connect_mptcp(w);
	say(w, w->a);
	say(w, w->b);
	close(w->b);
	settle(w);
	usleep(200000);
	settle(w);
}

static void
mptcp_linger(struct world *w)
{
	connect_mptcp(w);
	say(w, w->a);
	hear(w->b);
	set_linger(w->b);
	close(w->b);
	usleep(200000);
	settle(w);
}

/* The last octet before a RST is no keepalive probe. */
static void
linger_after_octet(struct world *w)
{
	connect_both(w);
	say(w, w->b);
	hear(w->a);
	if (send(w->a, "x", 1, 0) != 1)
		err(1, "send");
	settle(w);
	hear(w->b);
	usleep(700000);
	set_linger(w->a);
	close(w->a);
	settle(w);
}

/* From the same port each time: what was before is another connection. */
static void
linger_again(struct world *w)
{
	int i;

	connect_both(w);
	for (i = 0; i < 3; i++) {
		close(w->a);
		close(w->b);
		settle(w);
		w->a = socket_at(w, A, w->port + 15);
		if (connect_at(w, w->a, B, w->port) == -1)
			err(1, "connect");
		w->b = accept(w->listener, NULL, NULL);
		set_linger(w->a);
		say(w, w->a);
		hear(w->b);
	}
}

#define SAME(name, play, a, b)                                       \
	{ name, play, 0, a, b }, { name "-ip6", play, SIX, a, b },   \
	    { name "-plain", play, NO_TIMESTAMPS | NO_SCALE, a, b }, \
	{                                                            \
		name "-large", play, LARGE, a, b                     \
	}

const struct scene scenes_close[] = {
	SAME("unread", unread, NULL, "unread-data"),
	{ "unread-one-way", unread, FROM_B, NULL, "unread-data|abort" },
	{ "unread-by-client", unread_by_client, 0, "unread-data", NULL },
	{ "unread-middle", unread_in_the_middle, 0, NULL, "unread-data" },
	{ "unread-after-fin", unread_after_fin, 0, NULL, "unread-data" },
	{ "unread-early", unread_early, 0, NULL,
	    "unread-data|abort after-reset|unread-data" },
	{ "linger-unsent", linger_unsent, 0, "abort", NULL },
	{ "killed", killed, 0, NULL, "unread-data" },
	SAME("after-close", text_after_close, NULL,
	    "data-after-close after-reset"),
	SAME("crosses-close", text_crosses_close, NULL,
	    "~data-after-close ~after-reset"),
	{ "after-shutdown", text_after_shutdown, 0, NULL, "data-after-close" },
	{ "after-close-long", text_long_after_close, 0, NULL,
	    "data-after-close" },
	{ "after-close-one-way", text_after_close, FROM_B, NULL,
	    "~data-after-close" },
	SAME("linger", linger, NULL, "abort|unread-data"),
	{ "linger-by-client", linger_by_client, 0, "abort|unread-data", NULL },
	{ "linger-middle", linger_in_the_middle, 0, NULL, "abort|unread-data" },
	{ "linger-one-way", linger, FROM_B, NULL, "abort|unread-data" },
	{ "ss-kill", ss_kill, 0, NULL, "abort|unread-data" },
	{ "disconnect", disconnect, 0, NULL, "abort|unread-data" },
	{ "linger-octet", linger_after_octet, 0, "abort|unread-data", NULL },
	{ "linger-again", linger_again, 0, "abort|unread-data", NULL },
	{ "linger2", linger2, 0, NULL, "abort" },
	{ "both-abort", both_abort, 0, "abort|unread-data",
	    "abort|unread-data" },
	{ "mptcp-unread", mptcp_unread, 0, "mptcp", "mptcp" },
	{ "mptcp-linger", mptcp_linger, 0, "mptcp", "mptcp" },
	{ 0 },
};
