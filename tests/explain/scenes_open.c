/* Connections that do not come to be. */
#include <sys/socket.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "scenes.h"

static void
closed_port(struct world *w)
{
	int fd = socket_at(w, A, 0);

	if (connect_at(w, fd, B, w->port) == 0)
		errx(1, "port %u is open", w->port);
	close(fd);
}

/* The host is known by another connection. */
static void
closed_port_beside(struct world *w)
{
	int fd = socket_at(w, A, 0);

	connect_both(w);
	say(w, w->a);
	connect_at(w, fd, B, w->port + 1);
	say(w, w->b);
}

/* In the background: connect() has nothing to tell yet. */
static int
begin(struct world *w, enum place from, enum place to, uint16_t port)
{
	int fd = socket_at(w, from, 0);

	fcntl(fd, F_SETFL, O_NONBLOCK);
	if (connect_at(w, fd, to, port) == -1 && errno != EINPROGRESS)
		err(1, "connect");
	settle(w);
	return fd;
}

/* A gives up; then what was lost on the way comes after all. */
static void
given_up(struct world *w)
{
	int fd;

	w->listener = listen_at(w, B, w->port, 8);
	world_nft(w, R, "forward", "tcp flags & (syn | ack) == syn | ack drop");
	fd = begin(w, A, B, w->port);
	usleep(300000);
	close(fd);
	world_nft_off(w, R);
	usleep(1200000); /* until B sends it again */
	settle(w);
}

static void
overflow(struct world *w)
{
	int fd[3], i;

	world_run(w, B, "echo 1 >/proc/sys/net/ipv4/tcp_abort_on_overflow");
	w->listener = listen_at(w, B, w->port, 8);
	world_nft(w, R, "forward", "tcp flags == ack iif to-a drop");
	for (i = 0; i < 3; i++)
		fd[i] = begin(w, A, B, w->port);
	/* not before: a SYN cookie is never refused so */
	listen(w->listener, 0);
	world_nft_off(w, R);
	for (i = 0; i < 3; i++)
		say(w, fd[i]);
}

static void
listener_closed(struct world *w)
{
	w->listener = listen_at(w, B, w->port, 8);
	w->a = begin(w, A, B, w->port);
	usleep(100000);
	close(w->listener);
	settle(w);
}

static void
listener_closed_with_text(struct world *w)
{
	w->listener = listen_at(w, B, w->port, 8);
	w->a = begin(w, A, B, w->port);
	say(w, w->a);
	close(w->listener);
	settle(w);
}

/* The last ACK of the handshake comes when the listener has gone. */
static void
listener_closed_early(struct world *w)
{
	w->listener = listen_at(w, B, w->port, 8);
	world_nft(w, R, "forward", "tcp flags == ack iif to-a drop");
	w->a = begin(w, A, B, w->port);
	close(w->listener);
	world_nft_off(w, R);
	say(w, w->a);
}

/* B kept no state of the SYN, and knows nothing when the ACK comes. */
static void
lost_cookie(struct world *w)
{
	struct raw f;

	world_run(w, B, "echo 2 >/proc/sys/net/ipv4/tcp_syncookies");
	w->listener = listen_at(w, B, w->port, 8);
	world_nft(w, R, "forward", "tcp flags == ack iif to-a drop");
	w->a = begin(w, A, B, w->port);
	close(w->listener);
	settle(w);
	w->listener = listen_at(w, B, w->port, 8);
	world_nft_off(w, R);
	if (!find_last(w, A, A, ACK, &f))
		errx(1, "no ACK");
	/* no cookie is one less than another */
	put32(f.tcp + 8, get32(f.tcp + 8) - 1);
	inject(w, B, &f, 63);
}

/* A frame that looks like A's SYN to that port. */
static void
get_syn(struct world *w, uint16_t port, struct raw *f)
{
	int fd = begin(w, A, B, port);

	if (!find_last(w, A, A, SYN, f))
		errx(1, "no SYN");
	close(fd);
	settle(w);
	forget(w);
}

static void
set_ports(struct raw *f, uint16_t from, uint16_t to)
{
	f->tcp[0] = from >> 8, f->tcp[1] = from;
	f->tcp[2] = to >> 8, f->tcp[3] = to;
}

/* As nmap -sS: by a raw socket, of which the stack knows nothing. */
static void
scan(struct world *w)
{
	struct raw f;
	int i;

	w->listener = listen_at(w, B, w->port, 8);
	listen_at(w, B, w->port + 3, 8);
	get_syn(w, w->port, &f);
	for (i = 0; i < 12; i++) {
		set_ports(&f, 41000, w->port + i);
		originate(w, A, &f);
	}
}

static void
scan_one(struct world *w)
{
	struct raw f;

	w->listener = listen_at(w, B, w->port, 8);
	get_syn(w, w->port, &f);
	set_ports(&f, 41000, w->port);
	originate(w, A, &f);
}

/* As nmap -sF, -sN, -sX and -sA, to one port that is open and one that is not
 */
static void
scan_odd(struct world *w)
{
	static const uint8_t bits[] = { FIN, 0, FIN | 8 | 32, ACK };
	struct raw f;
	size_t i;

	w->listener = listen_at(w, B, w->port, 8);
	get_syn(w, w->port, &f);
	for (i = 0; i < 8; i++) {
		craft(&f, &(struct craft){ .ctl = bits[i / 2],
			      .seq = 77777 * (i + 1),
			      .ack = bits[i / 2] & ACK ? 99999 : 0,
			      .wnd = 1024 });
		set_ports(&f, 41000 + i, w->port + i % 2);
		originate(w, A, &f);
	}
}

static void
health_check(struct world *w)
{
	int i;

	w->listener = listen_at(w, B, w->port, 8);
	for (i = 0; i < 3; i++) {
		w->a = socket_at(w, A, 0);
		if (connect_at(w, w->a, B, w->port) == -1)
			err(1, "connect");
		set_linger(w->a);
		close(w->a);
		sleep_shifted(w, 5);
	}
}

/* Without the ACK, as some load balancers do. */
static void
health_check_quick(struct world *w)
{
	int i;

	w->listener = listen_at(w, B, w->port, 8);
	for (i = 0; i < 3; i++) {
		w->a = socket_at(w, A, 0);
		set_option(w->a, IPPROTO_TCP, TCP_QUICKACK, 0);
		if (connect_at(w, w->a, B, w->port) == -1)
			err(1, "connect");
		set_linger(w->a);
		close(w->a);
		sleep_shifted(w, 5);
	}
}

/* Somebody else sends SYNs with A's address. */
static void
backscatter(struct world *w)
{
	struct raw f;
	int i;

	w->listener = listen_at(w, B, w->port, 64);
	get_syn(w, w->port, &f);
	for (i = 0; i < 4; i++) {
		set_ports(&f, 42000 + i, w->port);
		put32(f.tcp + 4, 1000000007u * (i + 1));
		inject(w, B, &f, 44);
	}
}

/* An old SYN,ACK acknowledges what A has not sent. */
static void
wrong_ack(struct world *w)
{
	struct raw f;

	w->listener = listen_at(w, B, w->port, 8);
	world_nft(w, R, "forward", "tcp flags & (syn | ack) == syn | ack drop");
	w->a = begin(w, A, B, w->port);
	if (!find_last(w, B, B, SYN | ACK, &f))
		errx(1, "no SYN,ACK");
	put32(f.tcp + 8, get32(f.tcp + 8) - 100000);
	inject(w, A, &f, 63);
}

/* A SYN,ACK echoes a timestamp that A has not sent. */
static void
wrong_echo(struct world *w)
{
	struct raw f;
	size_t i;

	w->listener = listen_at(w, B, w->port, 8);
	world_nft(w, R, "forward", "tcp flags & (syn | ack) == syn | ack drop");
	w->a = begin(w, A, B, w->port);
	if (!find_last(w, B, B, SYN | ACK, &f))
		errx(1, "no SYN,ACK");
	for (i = TCP; i + 10 <= f.tcp_len; i++)
		if (f.tcp[i] == 8 && f.tcp[i + 1] == 10)
			put32(f.tcp + i + 6, get32(f.tcp + i + 6) + 77777);
	inject(w, A, &f, 63);
}

static void
fast_open(struct world *w)
{
	int fd = socket_at(w, A, 0);
	struct sockaddr_in6 at = { 0 };
	socklen_t len = sizeof(at);
	int i;

	for (i = A; i <= B; i += B)
		world_run(w, i, "echo 519 >/proc/sys/net/ipv4/tcp_fastopen");
	w->listener = listen_at(w, B, w->port, 8);
	set_option(w->listener, IPPROTO_TCP, TCP_FASTOPEN, 8);
	set_option(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1);
	getsockname(w->listener, (void *)&at, &len);
	if (connect_at(w, fd, B, w->port) == -1)
		err(1, "connect");
	if (send(fd, "hello", 5, 0) == -1)
		err(1, "send");
	w->b = accept(w->listener, NULL, NULL);
	settle(w);
	close(w->b);
	settle(w);
}

#define SAME(name, play, a, b)                                      \
	{ name, play, 0, a, b }, { name "-ip6", play, SIX, a, b },  \
	{                                                           \
		name "-plain", play, NO_TIMESTAMPS | NO_SCALE, a, b \
	}

const struct scene scenes_open[] = {
	SAME("closed-port", closed_port, NULL, "closed-port"),
	{ "closed-port-beside", closed_port_beside, 0, NULL, "closed-port" },
	{ "closed-port-one-way", closed_port, FROM_B, NULL, "~closed-port" },
	SAME("given-up", given_up, "connect-given-up", NULL),
	SAME("overflow", overflow, NULL, "accept-overflow"),
	SAME("listener-closed", listener_closed, NULL, "listener-closed"),
	{ "listener-closed-text", listener_closed_with_text, 0, NULL,
	    "listener-closed|unread-data" },
	{ "listener-closed-early", listener_closed_early, 0, NULL,
	    "~lost-handshake" },
	{ "lost-cookie", lost_cookie, 0, NULL, "lost-handshake" },
	SAME("scan", scan, "scanner", "closed-port|scanner"),
	{ "scan-odd", scan_odd, 0, NULL,
	    "scan-probe scan-probe scan-probe wrong-tuple" },
	{ "scan-one", scan_one, 0, "scanner|connect-given-up", NULL },
	SAME("health-check", health_check, "health-check", NULL),
	SAME("health-check-quick", health_check_quick, "health-check", NULL),
	{ "backscatter", backscatter, 0, "backscatter|scanner|connect-given-up",
	    NULL },
	{ "wrong-ack", wrong_ack, 0, "~wrong-syn-ack", NULL },
	{ "wrong-echo", wrong_echo, 0, "~paws|wrong-syn-ack", NULL },
	{ "fast-open", fast_open, 0, NULL, "fast-open|unread-data" },
	{ 0 },
};
