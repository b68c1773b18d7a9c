#include <sys/prctl.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/driver.h"
#include "path/netlink.h"
#include "forger.h"
#include "frame.h"
#include "raw.h"

#define WRONG	 0x5eed5eed /* added to a number: far from any window */
#define SENT_MAX 8	    /* segments of a connection that are sent again */

/* The connection that the peer is busy with. */
struct conn {
	uint8_t peer_port[2], stack_port[2];
	bool six;
	bool synced;	   /* the peer has seen an ACK of the stack's */
	uint32_t syn_ack;  /* what acknowledges the peer's last SYN ... */
	bool has_syn;	   /* ... if there was one */
	struct raw answer; /* the stack's last, until a fence has passed */
	struct raw asked;  /* the peer's last, likewise */
	struct raw sent[SENT_MAX]; /* what occupied sequence numbers */
	size_t nsent;
};

struct forger {
	const struct bench_net *net;
	int peer, stack; /* packet sockets toward the two */
	struct conn conn, fence;
};

/* ---- forgeries ---- */

static void
add(uint8_t *number, uint32_t n)
{
	put32(number, get32(number) + n);
}

/* A forgery of the stack's segment. False: it would not be one. */
static bool
forge(const struct conn *c, enum forgery how, struct raw *f)
{
	uint8_t *seq = f->tcp + 4, *ack = f->tcp + 8, flags = f->tcp[13];

	switch (how) {
	case FORGED_PORT:
		f->tcp[1]++;
		break;
	case FORGED_ACK:
		if (!(flags & ACK))
			return false;
		add(ack, WRONG);
		/* a RST is believed for its sequence number alone */
		add(seq, c->synced && flags & RST ? WRONG : 0);
		break;
	case FORGED_SEQ:
		add(seq, WRONG);
		if (!c->synced || (c->has_syn && get32(ack) == c->syn_ack))
			add(ack, WRONG);
		break;
	default:
		break;
	}
	raw_seal(f, FORGED_TTL + how, how == FORGED_CHECKSUM ? 0x0101 : 0);
	return true;
}

static void
forge_all(const struct forger *g, const struct conn *c,
    const struct raw *genuine)
{
	enum forgery how;
	struct raw f;

	for (how = 0; how < FORGED_AGAIN; how++) {
		raw_copy(&f, genuine);
		if (forge(c, how, &f))
			raw_give(g->peer, &f);
	}
}

/* Into silence only what no stack can mean as its reply. */
static void
forge_silence(const struct forger *g, const struct conn *c)
{
	struct raw answer, f;

	raw_answer(&answer, &c->asked);
	raw_copy(&f, &answer);
	if (forge(c, FORGED_PORT, &f))
		raw_give(g->peer, &f);
	raw_copy(&f, &answer);
	if (forge(c, FORGED_CHECKSUM, &f))
		raw_give(g->peer, &f);
}

static void
send_again(const struct forger *g, const struct conn *c)
{
	struct raw f;
	size_t i;

	for (i = 0; i < c->nsent; i++) {
		raw_copy(&f, &c->sent[i]);
		raw_seal(&f, FORGED_TTL + FORGED_AGAIN, 0);
		raw_give(g->peer, &f);
	}
}

/* ---- the connection ---- */

/* Is the frame of this connection? ours: sent by the peer. */
static bool
is_of(const struct conn *c, const struct raw *f, bool ours)
{
	return c->six == f->six &&
	       memcmp(f->tcp, ours ? c->peer_port : c->stack_port, 2) == 0 &&
	       memcmp(f->tcp + 2, ours ? c->stack_port : c->peer_port, 2) == 0;
}

static void
begin(struct conn *c, const struct raw *f, bool ours)
{
	c->six = f->six;
	memcpy(ours ? c->peer_port : c->stack_port, f->tcp, 2);
	memcpy(ours ? c->stack_port : c->peer_port, f->tcp + 2, 2);
	c->synced = c->has_syn = false;
	c->answer.len = c->asked.len = c->nsent = 0;
}

/* Was it sent before? Then the peer awaits no answer in its place. */
static bool
is_again(const struct conn *c, const struct raw *f)
{
	size_t i;

	for (i = 0; i < c->nsent; i++)
		if (is_of(c, f, false) &&
		    memcmp(c->sent[i].tcp + 4, f->tcp + 4, 4) == 0 &&
		    c->sent[i].tcp[13] == f->tcp[13])
			return true;
	return false;
}

/* Note what the stack sent and the peer is now told. */
static void
note(struct conn *c, const struct raw *f)
{
	uint8_t flags = f->tcp[13];

	if (!is_of(c, f, false)) {
		if ((flags & (SYN | ACK)) != SYN)
			return;
		begin(c, f, false);
	}
	raw_copy(&c->answer, f);
	if (flags & RST)
		return;
	c->synced |= !!(flags & ACK);
	if (raw_occupies(f) > 0 && c->nsent < SENT_MAX)
		raw_copy(&c->sent[c->nsent++], f);
}

/* Something new from the stack. */
static void
answer(struct forger *g, const struct raw *f)
{
	if (is_of(&g->conn, f, false))
		forge_all(g, &g->conn, f);
	note(&g->conn, f);
}

/* Hand on what the stack has to say, the forgeries of it first. */
static void
from_stack(struct forger *g)
{
	struct raw f;

	while (raw_take(g->stack, &f)) {
		if (f.tcp != NULL && is_of(&g->fence, &f, false))
			forge_all(g, &g->fence, &f);
		else if (f.tcp != NULL && !is_again(&g->conn, &f))
			answer(g, &f);
		raw_give(g->peer, &f);
	}
}

/* What comes before the answer to a fence is part of the case. */
static void
before_fence(struct forger *g, const struct raw *f)
{
	begin(&g->fence, f, true);
	if (g->conn.answer.len > 0)
		forge_all(g, &g->conn, &g->conn.answer);
	else if (g->conn.asked.len > 0)
		forge_silence(g, &g->conn);
	send_again(g, &g->conn);
	g->conn.answer.len = g->conn.asked.len = 0;
}

static void
from_peer(struct forger *g)
{
	const uint8_t port[2] = { g->net->fence_port >> 8, g->net->fence_port };
	struct raw f;

	/* the kernel may have sent something for its user before */
	from_stack(g);
	if (!raw_take(g->peer, &f))
		return;
	if (f.tcp != NULL && memcmp(f.tcp + 2, port, 2) == 0) {
		before_fence(g, &f);
	} else if (f.tcp != NULL) {
		if (!is_of(&g->conn, &f, true))
			begin(&g->conn, &f, true);
		g->conn.answer.len = 0;
		raw_copy(&g->conn.asked, &f);
		if (f.tcp[13] & SYN) {
			g->conn.has_syn = true;
			g->conn.syn_ack = get32(f.tcp + 4) + 1;
		}
		send_again(g, &g->conn);
	}
	/* on one processor its answer is there when this returns */
	raw_give(g->stack, &f);
	from_stack(g);
}

/* ---- the three namespaces ---- */

static int
open_wire(const char *ifname)
{
	struct sockaddr_ll sll = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(ifname) };
	int sock = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), on = 1;

	if (setsockopt(sock, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on,
		sizeof(on)) == -1 ||
	    bind(sock, (struct sockaddr *)&sll, sizeof(sll)) == -1)
		return -1;
	return sock;
}

/* The driver, in a namespace of its own; it starts when it is told to. */
static pid_t
start_driver(int fd, const struct bench_net *net, int *go)
{
	int fds[2];
	pid_t pid;
	char c;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == -1)
		return -1;
	pid = fork();
	*go = fds[pid == 0];
	if (pid != 0)
		return read(*go, &c, 1) == 1 ? pid : -1;
	close(fds[0]);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(CLONE_NEWNET) == -1 || write(*go, "", 1) != 1 ||
	    read(*go, &c, 1) != 1)
		_exit(1);
	_exit(driver_run(fd, net));
}

static int
set_up(struct forger *g, int fd, const struct bench_net *net)
{
	static const uint8_t mac[6] = { 0x02, 0, 0, 0, 0, 0x03 };
	struct netlink *nl;
	struct err e;
	int go, rc = -1;
	pid_t pid = start_driver(fd, net, &go);

	if (pid == -1 || netlink_open(&nl, &e) == -1)
		return -1;
	if (netlink_add_veth(nl, "relay", mac, net->stack_if, net->stack_mac,
		pid, &e) == 0 &&
	    netlink_up(nl, "relay", &e) == 0 &&
	    netlink_up(nl, net->stack_if, &e) == 0)
		rc = 0;
	netlink_close(nl);
	g->net = net;
	g->stack = open_wire("relay");
	g->peer = open_wire(net->stack_if);
	if (rc == -1 || g->stack == -1 || g->peer == -1)
		return -1;
	return write(go, "", 1) == 1 ? 0 : -1;
}

int
forger_run(int fd, const struct bench_net *net)
{
	struct forger *g = mem_calloc(1, sizeof(*g));
	struct pollfd p[2] = { { .events = POLLIN }, { .events = POLLIN } };

	if (set_up(g, fd, net) == -1)
		return 1;
	/* its end, and the tester's, are the driver's to know */
	close(fd);
	p[0].fd = g->peer;
	p[1].fd = g->stack;
	while (poll(p, 2, -1) > 0)
		from_peer(g);
	return 1;
}
