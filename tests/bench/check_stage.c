/*
 * The network of a script and its end: addresses, neighbours, sysctls, states,
 * and that nothing of it outlives its maker.
 */
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <check.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/table.h"
#include "bench/stage.h"
#include "calls.h"
#include "frame.h"

#define WAIT 2000 /* ms */

static long
sysctl(struct calls *u, const char *name, const char *value)
{
	calls_set(u, 0, 0, 0, 0, 0, 0);
	u->q.op = CALLER_SYSCTL;
	snprintf(u->q.name, sizeof(u->q.name), "%s", name);
	calls_at(u, 0, value, strlen(value));
	return calls_result(u);
}

static void
holds(struct calls *u, const char *name, const char *value)
{
	ck_assert_int_eq(sysctl(u, name, ""), 0);
	ck_assert_uint_eq(u->r.len, strlen(value));
	ck_assert_mem_eq(u->r.data, value, u->r.len);
}

START_TEST(test_sysctl)
{
	static const char sack[] = "net/ipv4/tcp_sack";
	static const char mem[] = "net/ipv4/tcp_rmem";
	struct calls u;

	calls_open(&u);
	holds(&u, sack, "1");
	ck_assert_int_eq(sysctl(&u, sack, "0"), 0);
	ck_assert_mem_eq(u.r.data, "1", u.r.len);
	holds(&u, sack, "0");
	ck_assert_int_eq(sysctl(&u, mem, "4096 5000 70000"), 0);
	holds(&u, mem, "4096\t5000\t70000");
	ck_assert_int_eq(sysctl(&u, sack, "many"), -1);
	ck_assert_int_eq(u.r.error, EINVAL);
	ck_assert_int_eq(sysctl(&u, "net/ipv4/tcp_no_such", "1"), -1);
	ck_assert_int_eq(u.r.error, ENOENT);
	bench_close(u.bench);
}
END_TEST

START_TEST(test_sysctl_refused)
{
	static const char *const names[] = { "/proc/sys/net/ipv4/tcp_sack",
		"kernel/hostname", "net/../kernel/hostname", "network", "" };
	struct calls u;
	size_t i;

	calls_open(&u);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		ck_assert_int_eq(sysctl(&u, names[i], ""), -1);
		ck_assert_int_eq(u.r.error, EACCES);
		ck_assert_uint_eq(u.r.len, 0);
	}
	/* a name without an end */
	calls_set(&u, 0, 0, 0, 0, 0, 0);
	u.q.op = CALLER_SYSCTL;
	memset(u.q.name, 'n', sizeof(u.q.name));
	ck_assert_int_eq(calls_result(&u), -1);
	ck_assert_int_eq(u.r.error, EINVAL);
	bench_close(u.bench);
}
END_TEST

static enum state
state(struct calls *u, uint16_t port, uint16_t to_port)
{
	calls_set(u, 0, 0, 0, 0, 0, 0);
	u->q.op = CALLER_LOOK;
	u->q.local.addr = *bench_stack_addr(u->bench, 4);
	u->q.local.port = port;
	u->q.to.addr = *bench_peer(u->bench, 4);
	u->q.to.port = to_port;
	ck_assert_int_eq(calls_result(u), 0);
	return u->r.state;
}

START_TEST(test_look)
{
	struct calls u;
	long fd;

	calls_open(&u);
	ck_assert_int_eq(state(&u, CALLS_PORT, 1), ST_CLOSED);
	fd = calls_listen(&u);
	ck_assert_int_eq(state(&u, CALLS_PORT, 1), ST_LISTEN);
	/* it looks while a call blocks */
	calls_block(&u, fd);
	ck_assert_int_eq(state(&u, CALLS_PORT, 1), ST_LISTEN);
	ck_assert_int_eq(state(&u, CALLS_PORT + 1, 1), ST_CLOSED);
	bench_close(u.bench);
}
END_TEST

static const struct network {
	unsigned mtu, largest;
} networks[] = { { 0, 0 }, { 1400, 0 }, { 9000, 100 }, { 0, 10040 } };

/*
 * Nothing answers for the peer, so that a connect() to it stays in SYN-SENT:
 * the MTU by the MSS that the SYN has, 0 where that is not so.
 */
static unsigned
mtu_to_peer(struct calls *u, const struct addr *to)
{
	unsigned headers = to->ip == 6 ? 60 : 40;
	struct sockaddr_in6 sa = { 0 };
	struct tcp_info info;
	socklen_t len = sizeof(info);
	long fd;

	/* the port is at the same place in both */
	sa.sin6_family = to->ip == 6 ? AF_INET6 : AF_INET;
	sa.sin6_port = htons(CALLS_PORT);
	memcpy(to->ip == 6 ? (void *)&sa.sin6_addr : &sa.sin6_flowinfo,
	    to->octets, to->ip == 6 ? 16 : 4);
	calls_set(u, SYS_socket, sa.sin6_family, SOCK_STREAM | SOCK_NONBLOCK, 0,
	    0, 0);
	fd = calls_result(u);
	calls_set(u, SYS_connect, fd, 0, sizeof(sa), 0, 0);
	calls_at(u, 1, &sa, sizeof(sa));
	ck_assert_int_eq(calls_result(u), -1);
	ck_assert_int_eq(u->r.error, EINPROGRESS);
	calls_set(u, SYS_getsockopt, fd, IPPROTO_TCP, TCP_INFO, 0, 0);
	calls_at(u, 3, NULL, sizeof(info));
	calls_at(u, 4, &len, sizeof(len));
	ck_assert_int_eq(calls_result(u), 0);
	memcpy(&info, u->r.data, sizeof(info));
	return info.tcpi_state == TCP_SYN_SENT ? info.tcpi_advmss + headers : 0;
}

/* A packet socket at our end of the wire. */
static int
open_wire(const struct calls *u)
{
	struct sockaddr_ll ll = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL) };
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));

	ll.sll_ifindex = if_nametoindex(bench_net(u->bench)->peer_if);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&ll, sizeof(ll)), 0);
	return fd;
}

/* A SYN of this family has arrived there, for our address on the wire. */
static bool
syn_came(const struct calls *u, int wire, uint8_t ip)
{
	struct pollfd ready = { .fd = wire, .events = POLLIN };
	const struct addr *to = bench_peer(u->bench, ip);
	size_t at = ETH + (ip == 6 ? 24 : 16);
	uint8_t f[2048];

	/* a busy machine brings it a moment later */
	while (poll(&ready, 1, WAIT) > 0 && recv(wire, f, sizeof(f), 0) > 0)
		if (f[ETH] >> 4 == ip && f[ETH + (ip == 6 ? 6 : 9)] == 6 &&
		    f[ETH + (ip == 6 ? IP6 : IP) + 13] == SYN)
			return memcmp(f, bench_net(u->bench)->peer_mac, 6) ==
				   0 &&
			       memcmp(f + at, to->octets, addr_len(to)) == 0;
	return false;
}

static void
put16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

/*
 * Does the stack take an IPv4 datagram (UDP without checksum) of that size?
 * What it is to take is waited for, as a busy machine brings it a moment later.
 */
static bool
takes(struct calls *u, int wire, uint16_t size, bool want)
{
	const struct bench_net *net = bench_net(u->bench);
	uint8_t f[ETH + 16384] = { 0 }, *p = f + ETH;
	struct timeval wait = { .tv_sec = WAIT / 1000 };
	long fd, n;

	calls_set(u, SYS_socket, AF_INET, SOCK_DGRAM, 0, 0, 0);
	fd = calls_result(u);
	calls_set_address(u, SYS_bind, fd, "192.168.0.1");
	ck_assert_int_eq(calls_result(u), 0);
	memcpy(f, net->stack_mac, 6);
	memcpy(f + 6, net->peer_mac, 6);
	put16(f + 12, ETH_P_IP);
	p[0] = 0x45;
	put16(p + 2, size);
	p[8] = 64;
	p[9] = IPPROTO_UDP;
	memcpy(p + 12, net->peer4.octets, 4);
	memcpy(p + 16, net->stack4.octets, 4);
	put16(p + 10, sum(p, IP, 0));
	put16(p + IP + 2, CALLS_PORT);
	put16(p + IP + 4, size - IP);
	/* what is too large for tun0 is refused at once */
	if (send(wire, f, ETH + size, 0) == -1)
		ck_assert_int_eq(errno, ENOBUFS);
	calls_set(u, SYS_setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, 0,
	    sizeof(wait));
	calls_at(u, 3, &wait, sizeof(wait));
	ck_assert_int_eq(calls_result(u), 0);
	calls_set(u, SYS_recvfrom, fd, size, size, want ? 0 : MSG_DONTWAIT, 0);
	u->q.kind[1] = CALLER_ZEROS;
	n = calls_result(u);
	calls_set(u, SYS_close, fd, 0, 0, 0, 0);
	ck_assert_int_eq(calls_result(u), 0);
	return n == size - IP - 8;
}

START_TEST(test_network)
{
	const struct network *n = &networks[_i];
	unsigned mtu = n->mtu ? n->mtu : 1500;
	struct calls u = { 0 };
	struct stage stage;
	struct addr stack;
	struct err e;
	int wire;

	stage_init(&stage);
	stage.mtu = n->mtu;
	stage.largest = n->largest;
	ck_assert_int_eq(bench_open_stage(&u.bench, &stage, &e), 0);
	wire = open_wire(&u);
	ck_assert_str_eq(bench_net(u.bench)->stack_if, "tun0");
	ck_assert_int_eq(addr_parse(&stack, "192.168.0.1"), 0);
	ck_assert(addr_eq(bench_stack_addr(u.bench, 4), &stack));
	ck_assert_uint_eq(mtu_to_peer(&u, bench_peer(u.bench, 4)), mtu);
	ck_assert(syn_came(&u, wire, 4));
	if (bench_has_ip6(u.bench)) {
		ck_assert_uint_eq(mtu_to_peer(&u, bench_peer(u.bench, 6)), mtu);
		ck_assert(syn_came(&u, wire, 6));
	}
	ck_assert(takes(&u, wire, mtu, true));
	ck_assert_int_eq(takes(&u, wire, 10040, n->largest == 10040),
	    n->largest == 10040);
	bench_close(u.bench);
}
END_TEST

/* The process of the caller, while an accept() blocks in it. */
static pid_t
blocked(struct calls *u)
{
	pid_t pid;

	calls_open(u);
	calls_set(u, SYS_getpid, 0, 0, 0, 0, 0);
	pid = calls_result(u);
	ck_assert_int_gt(pid, 1);
	calls_block(u, calls_listen(u));
	return pid;
}

/* Has that child ended within so many milliseconds? */
static bool
ends(pid_t pid, int ms)
{
	int64_t deadline = clock_mono() + ms * NSEC_PER_MSEC;
	siginfo_t info = { 0 };

	do {
		if (waitid(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT) ==
			0 &&
		    info.si_pid == pid)
			return true;
		usleep(1000);
	} while (clock_mono() < deadline);
	return false;
}

START_TEST(test_end)
{
	struct calls u;
	struct err e;
	pid_t pid = blocked(&u);

	u.q.op = CALLER_END;
	calls_ask(&u);
	ck_assert(ends(pid, 100));
	/* who asks on is told */
	ck_assert_int_eq(caller_next(u.bench, &u.r, clock_mono(), &e), -1);
	ck_assert_ptr_nonnull(strstr(e.msg, "has ended"));
	ck_assert_int_eq(caller_send(u.bench, &u.q, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.msg, "has ended"));
	bench_close(u.bench);
}
END_TEST

START_TEST(test_parent_killed)
{
	pid_t parent, pid = 0;
	struct calls u;
	int fds[2];

	/* so that we hear of the end of the grandchild */
	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	ck_assert_int_eq(pipe(fds), 0);
	parent = fork();
	if (parent == 0) {
		pid = blocked(&u);
		ck_assert_int_eq(write(fds[1], &pid, sizeof(pid)), sizeof(pid));
		pause();
	}
	ck_assert_int_eq(read(fds[0], &pid, sizeof(pid)), sizeof(pid));
	ck_assert(!ends(parent, 1));
	ck_assert_int_eq(kill(pid, 0), 0);
	kill(parent, SIGKILL);
	ck_assert_int_eq(waitpid(parent, NULL, 0), parent);
	ck_assert(ends(pid, 1000));
}
END_TEST

int
main(void)
{
	const struct calls_test tests[] = { { test_sysctl, 1 },
		{ test_sysctl_refused, 1 }, { test_look, 1 },
		{ test_network, ARRAY_SIZE(networks) }, { test_end, 1 },
		{ test_parent_killed, 1 } };

	return calls_main("stage", tests, ARRAY_SIZE(tests));
}
