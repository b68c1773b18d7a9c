/*
 * censor: the middlebox of the test world, in the router's namespace. To a
 * SYN that comes in for one of its ports it answers with a reset as the host
 * would send it, but for the TTL and the IP ID. It says "ready" when it looks.
 *
 *	84	one reset
 *	85	one reset, and then the SYN goes on to the host
 *	86	two resets, the second with another TTL
 *
 * The router's firewall has to drop these SYNs: of port 85 it is the censor
 * that hands them on, so that its reset is always the first to come.
 */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <err.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "frame.h"
#include "raw.h"

#define CENSOR_TTL 47
#define CENSOR_ID  12345

enum { ONE = 84, ONE_AND_HOST = 85, TWO = 86 };

struct censor {
	int wire;      /* all interfaces, frames that come in */
	int router[2]; /* IPv4, IPv6: the router's own routes */
};

/* Just a header of TCP, nothing of what the SYN had beside it. */
static void
make_reset(struct raw *f, const struct raw *syn)
{
	uint8_t *ip;
	size_t hdr;

	raw_answer(f, syn);
	ip = f->octets + ETH;
	hdr = f->tcp - ip;
	put32(f->tcp + 4, 0);
	f->tcp[12] = TCP / 4 << 4;
	memset(f->tcp + 14, 0, 6);
	f->tcp_len = TCP;
	f->len = ETH + hdr + TCP;
	if (f->six) {
		ip[4] = 0, ip[5] = TCP;
		return;
	}
	ip[2] = 0, ip[3] = hdr + TCP;
	ip[4] = CENSOR_ID >> 8, ip[5] = CENSOR_ID & 0xff;
}

static void
give_reset(const struct censor *c, const struct sockaddr_ll *to,
    const struct raw *syn, uint8_t ttl)
{
	struct raw f;

	make_reset(&f, syn);
	raw_seal(&f, ttl, 0);
	if (sendto(c->wire, f.octets, f.len, 0, (const struct sockaddr *)to,
		sizeof(*to)) == -1)
		warn("reset");
}

static void
hand_on(const struct censor *c, struct raw *f)
{
	struct sockaddr_in to4 = { .sin_family = AF_INET };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6 };
	uint8_t *ip = f->octets + ETH;
	size_t len = f->tcp + f->tcp_len - ip;

	memcpy(&to4.sin_addr, ip + 16, 4);
	memcpy(&to6.sin6_addr, ip + 24, 16);
	raw_seal(f, ip[f->six ? 7 : 8] - 1, 0);
	if (sendto(c->router[f->six], ip, len, 0,
		f->six ? (struct sockaddr *)&to6 : (struct sockaddr *)&to4,
		f->six ? sizeof(to6) : sizeof(to4)) == -1)
		warn("SYN");
}

static void
censor(const struct censor *c, const struct sockaddr_ll *from, struct raw *f)
{
	unsigned port = f->tcp[2] << 8 | f->tcp[3];

	if ((f->tcp[13] & (SYN | ACK | RST)) != SYN || port < ONE || port > TWO)
		return;
	give_reset(c, from, f, CENSOR_TTL);
	if (port == TWO)
		give_reset(c, from, f, CENSOR_TTL + 1);
	if (port == ONE_AND_HOST)
		hand_on(c, f);
}

int
main(void)
{
	struct censor c = { socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)),
		{ socket(AF_INET, SOCK_RAW, IPPROTO_RAW),
		    socket(AF_INET6, SOCK_RAW, IPPROTO_RAW) } };
	struct sockaddr_ll from;
	socklen_t len;
	struct raw f;
	ssize_t n;
	int on = 1;

	if (c.router[0] == -1 || c.router[1] == -1 ||
	    setsockopt(c.wire, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on,
		sizeof(on)) == -1)
		err(1, "socket");
	if (write(STDOUT_FILENO, "ready\n", 6) != 6)
		return 1;
	for (;;) {
		len = sizeof(from);
		n = recvfrom(c.wire, f.octets, sizeof(f.octets), 0,
		    (struct sockaddr *)&from, &len);
		f.len = n < 0 ? 0 : n;
		if (raw_parse(&f))
			censor(&c, &from, &f);
	}
}
