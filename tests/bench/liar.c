#include <sys/socket.h>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "bench/driver.h"
#include "path/netlink.h"
#include "frame.h"
#include "liar.h"

static enum lie lie;

void
liar_choose(enum lie which)
{
	lie = which;
}

/* What a reply says; the rest follows from the segment it answers. */
struct answer {
	uint32_t seq, ack;
	uint8_t flags;
	uint8_t port_off; /* added to the source port */
	uint8_t text;	  /* octets */
	bool bad_sum;
};

static void
send_answer(int sock, const uint8_t *in, const struct answer *a)
{
	size_t tcp_len = TCP + a->text, len = ETH + IP + tcp_len;
	uint8_t f[ETH + IP + TCP + 64] = { 0 };
	uint8_t *ip = f + ETH, *tcp = ip + IP;
	uint16_t c;

	memcpy(f, in + 6, 6);
	memcpy(f + 6, in, 6);
	f[12] = 0x08;
	ip[0] = 0x45;
	ip[3] = IP + tcp_len;
	ip[8] = 64;
	ip[9] = 6;
	memcpy(ip + 12, in + ETH + 16, 4);
	memcpy(ip + 16, in + ETH + 12, 4);
	c = sum(ip, IP, 0);
	ip[10] = c >> 8, ip[11] = c;
	memcpy(tcp, in + ETH + IP + 2, 2);
	memcpy(tcp + 2, in + ETH + IP, 2);
	tcp[1] += a->port_off;
	put32(tcp + 4, a->seq);
	put32(tcp + 8, a->ack);
	tcp[12] = 5 << 4;
	tcp[13] = a->flags;
	memset(tcp + TCP, 'x', a->text);
	c = sum(tcp, tcp_len, (uint16_t)~sum(ip + 12, 8, 6 + tcp_len));
	c ^= a->bad_sum ? 0x0101 : 0;
	tcp[16] = c >> 8, tcp[17] = c;
	if (send(sock, f, len, 0) != (ssize_t)len)
		_exit(1);
}

/* The lies that spoil the one answer. */
static void
spoil(struct answer *a)
{
	switch (lie) {
	case LIE_ACK_NOT_PLUS_1:
		a->ack--;
		break;
	case LIE_ACK_RANDOM:
		a->ack = 0x5eed5eed;
		break;
	case LIE_RST_WITHOUT_ACK:
		a->flags = RST;
		a->ack = 0;
		break;
	case LIE_SEQ_NOT_ZERO:
		a->seq = 77;
		break;
	case LIE_SEQ_PLUS_1:
		a->seq++;
		break;
	case LIE_FIN_TOO:
		a->flags |= FIN;
		break;
	case LIE_ACK_BIT_OFF:
		a->flags = RST;
		break;
	case LIE_CHECKSUM:
		a->bad_sum = true;
		break;
	case LIE_WRONG_PORT:
		a->port_off = 1;
		break;
	case LIE_TEXT:
		a->text = 5;
		break;
	default:
		break;
	}
}

/* Answer a segment with these numbers; some lies need no answer, or two. */
static void
answer(int sock, const uint8_t *in, uint8_t flags, uint32_t seq, uint32_t ack,
    uint32_t len)
{
	struct answer a = { .ack = seq + len, .flags = RST | ACK }, first;

	if (flags & ACK)
		a = (struct answer){ .seq = ack, .flags = RST };
	first = a;
	if (lie == LIE_FORGED_BLIND)
		first.ack = 0x5eed5eed;
	if (lie == LIE_FORGED_SIGHTED)
		first.seq = 77;
	if (lie == LIE_FORGED_BLIND || lie == LIE_FORGED_SIGHTED ||
	    lie == LIE_TWICE)
		send_answer(sock, in, &first);
	if (lie == LIE_DIES)
		_exit(0);
	while (lie == LIE_MUTE)
		pause();
	spoil(&a);
	if (lie != LIE_NOTHING)
		send_answer(sock, in, &a);
}

static void
handle(int sock, const struct bench_net *net, const uint8_t *f, ssize_t n)
{
	const uint8_t *tcp = f + ETH + IP;
	struct answer honest = { .flags = RST | ACK };
	uint32_t len;

	if (n < ETH + IP + TCP || f[12] != 0x08 || f[13] != 0 ||
	    f[ETH] != 0x45 || f[ETH + 9] != 6)
		return;
	len = (f[ETH + 2] << 8 | f[ETH + 3]) - IP - (tcp[12] >> 4) * 4;
	len += !!(tcp[13] & SYN) + !!(tcp[13] & FIN);
	honest.ack = get32(tcp + 4) + len;
	if ((tcp[2] << 8 | tcp[3]) == net->fence_port)
		send_answer(sock, f, &honest);
	else if (!(tcp[13] & RST) || lie == LIE_ANSWERS_RST)
		answer(sock, f, tcp[13], get32(tcp + 4), get32(tcp + 8), len);
}

/* Sit at the target end of the veth pair, whose address no kernel owns. */
static int
open_wire(const struct bench_net *net)
{
	struct sockaddr_ll sll = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP) };
	struct netlink *nl;
	struct err e;
	int sock;

	if (netlink_open(&nl, &e) == -1 ||
	    netlink_up(nl, net->stack_if, &e) == -1)
		return -1;
	netlink_close(nl);
	sll.sll_ifindex = if_nametoindex(net->stack_if);
	sock = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
	if (bind(sock, (struct sockaddr *)&sll, sizeof(sll)) == -1)
		return -1;
	return sock;
}

int
liar_run(int fd, const struct bench_net *net)
{
	struct drv_reply ready = { .has_ip6 = false };
	struct drv_request request;
	int sock = open_wire(net);
	struct pollfd p[2] = { { .fd = fd, .events = POLLIN },
		{ .fd = sock, .events = POLLIN } };
	uint8_t frame[2048];
	ssize_t n;

	if (sock == -1)
		ready.error = 1;
	send(fd, &ready, sizeof(ready), 0);
	while (poll(p, 2, -1) > 0) {
		if (p[1].revents) {
			n = recv(sock, frame, sizeof(frame), 0);
			handle(sock, net, frame, n);
		}
		if (!p[0].revents)
			continue;
		if (recv(fd, &request, sizeof(request), 0) <= 0)
			break;
		/* the one question it is asked: every port is closed */
		ready = (struct drv_reply){ .fd = -1, .value = ST_CLOSED };
		send(fd, &ready, sizeof(ready), 0);
	}
	return 0;
}
