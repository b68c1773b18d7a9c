/* The sockets of a scene, and the segments it crafts: see world.h. */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "world.h"

#define LONG_MS 15000

static struct sockaddr_in6
address(const struct world *w, enum place place, uint16_t port)
{
	static const char *const text[2][2] = {
		{ "::ffff:192.0.2.1", "::ffff:198.51.100.2" },
		{ "2001:db8:1::1", "2001:db8:2::2" },
	};
	struct sockaddr_in6 at = { .sin6_family = AF_INET6,
		.sin6_port = htons(port) };

	inet_pton(AF_INET6, text[!!(w->flags & SIX)][place == B],
	    &at.sin6_addr);
	return at;
}

void
set_option(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)) == -1)
		err(1, "setsockopt %d %d", level, name);
}

void
set_linger(int fd)
{
	struct linger l = { .l_onoff = 1, .l_linger = 0 };

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l)) == -1)
		err(1, "SO_LINGER");
}

int
socket_at(struct world *w, enum place place, uint16_t own_port)
{
	struct sockaddr_in6 at = address(w, place, own_port);
	int fd, off = 0;

	world_enter(w, place);
	fd = socket(AF_INET6, SOCK_STREAM, 0);
	if (fd == -1)
		err(1, "socket");
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (own_port != 0 && bind(fd, (void *)&at, sizeof(at)) == -1)
		err(1, "bind %u", own_port);
	return fd;
}

int
listen_at(struct world *w, enum place place, uint16_t port, int backlog)
{
	int fd = socket_at(w, place, port);

	if (listen(fd, backlog) == -1)
		err(1, "listen %u", port);
	return fd;
}

int
connect_at(struct world *w, int fd, enum place to, uint16_t port)
{
	struct sockaddr_in6 at = address(w, to, port);

	return connect(fd, (void *)&at, sizeof(at));
}

void
connect_both(struct world *w)
{
	if (w->listener == -1)
		w->listener = listen_at(w, B, w->port, 8);
	w->a = socket_at(w, A, 0);
	if (connect_at(w, w->a, B, w->port) == -1)
		err(1, "connect");
	w->b = accept(w->listener, NULL, NULL);
	if (w->b == -1)
		err(1, "accept");
	settle(w);
}

void
say(struct world *w, int fd)
{
	static const char text[3000] = "hello";
	size_t n = w->flags & LARGE ? sizeof(text) : 5;

	if (send(fd, text, n, MSG_NOSIGNAL) == -1 && errno != ECONNRESET &&
	    errno != EPIPE)
		err(1, "send");
	settle(w);
}

void
hear(int fd)
{
	char text[65536];

	while (recv(fd, text, sizeof(text), MSG_DONTWAIT) > 0)
		;
}

void
vanish(int fd)
{
	set_option(fd, IPPROTO_TCP, TCP_REPAIR, 1);
	close(fd);
}

/* ---- crafted segments ---- */

uint32_t
next_seq(struct world *w, enum place from)
{
	struct raw f;

	if (!find_last(w, from, from, 0, &f))
		errx(1, "no segment to continue");
	return get32(f.tcp + 4) + raw_occupies(&f);
}

void
craft(struct raw *f, const struct craft *c)
{
	uint8_t *ip = f->octets + ETH;
	size_t total;

	put32(f->tcp + 4, c->seq);
	put32(f->tcp + 8, c->ack);
	f->tcp[12] = 5 << 4;
	f->tcp[13] = c->ctl;
	f->tcp[14] = c->wnd >> 8, f->tcp[15] = c->wnd;
	memset(f->tcp + TCP, 'x', c->text);
	f->tcp_len = TCP + c->text;
	total = (f->six ? 0 : (ip[0] & 15) * 4) + f->tcp_len;
	ip[f->six ? 4 : 2] = total >> 8, ip[f->six ? 5 : 3] = total;
	if (!f->six)
		ip[1] = 0, ip[4] = c->id >> 8, ip[5] = c->id;
	f->len = ETH + (f->six ? IP6 : 0) + total;
}

void
inject(struct world *w, enum place to, struct raw *f, uint8_t ttl)
{
	memcpy(f->octets, w->mac[to == B], 12);
	raw_seal(f, ttl, 0);
	raw_give(w->forger[to == B], f);
	settle(w);
}

void
originate(struct world *w, enum place from, struct raw *f)
{
	const uint8_t *mac = w->mac[from == B];

	memcpy(f->octets, mac + 6, 6);
	memcpy(f->octets + 6, mac, 6);
	raw_seal(f, 64, 0);
	raw_give(w->own[from == B], f);
	settle(w);
}

void
forge(struct world *w, enum place to, const struct craft *c)
{
	enum place from = to == A ? B : A;
	struct raw f;

	if (!find_last(w, from, from, 0, &f))
		errx(1, "no segment to be like");
	craft(&f, c);
	inject(w, to, &f, c->ttl);
}
