/*
 * crowd PACKETS FLOWS [RESET [6]]: write a capture to standard output, in which
 * so many connections take turns: most exchange requests and answers, each
 * RESET-th (16th) ends with a RST, some are refused; with 6 over IPv6. The same
 * arguments make the same capture. Frames are
 * cut at 96 octets, as who keeps many of them would.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/octets.h"
#include "tcp/ctl.h"

#define KEPT   96
#define FIRST  1700000000 /* s since 1970 */
#define CLOSED 50	  /* each 50th is refused */

struct conn {
	uint32_t snd[2]; /* what client and server send next */
	uint32_t step;
};

/* A small generator is enough: nobody has to be surprised. */
static uint32_t
any(uint64_t *state)
{
	*state = *state * 6364136223846793005 + 1442695040888963407;
	return *state >> 33;
}

struct crowd {
	uint32_t steps; /* of a connection */
	uint32_t reset; /* each so many-th is reset */
	bool ip6;
};

struct seg {
	bool server; /* sends it */
	uint16_t ctl;
	uint32_t seq, ack, len;
};

/* What connection number n sends next; false when it has ended. */
static bool
next_segment(struct conn *c, uint32_t n, const struct crowd *crowd,
    struct seg *s, uint64_t *random)
{
	uint32_t steps = crowd->steps;
	bool reset = n % crowd->reset == 0;
	uint32_t step = c->step++;

	*s = (struct seg){ .ctl = CTL_ACK };
	if (step == 0) {
		c->snd[0] = any(random) * 2;
		c->snd[1] = any(random) * 2;
		s->ctl = CTL_SYN;
	} else if (step == 1) {
		s->server = true;
		s->ctl = CTL_SYN | CTL_ACK;
		if (n % CLOSED == 0) {
			s->ctl = CTL_RST | CTL_ACK;
			c->snd[1] = 0;
			c->step = UINT32_MAX / 2;
		}
	} else if (step >= steps) {
		if (step > steps + (reset ? 0 : 2))
			return false;
		s->server = step == steps + 1 || reset;
		s->ctl |= step == steps + 2 ? 0 : CTL_FIN;
		if (reset)
			s->ctl = CTL_RST | CTL_ACK;
	} else if (step > 2) {
		s->server = step / 2 & 1;
		s->len = step & 1 ? any(random) % 1400 + 1 : 0;
		s->ctl |= s->len > 0 ? CTL_PSH : 0;
	}
	s->seq = c->snd[s->server];
	s->ack = s->ctl & CTL_ACK ? c->snd[!s->server] : 0;
	c->snd[s->server] += s->len + !!(s->ctl & (CTL_SYN | CTL_FIN));
	return true;
}

/* Clients of 10.0.0.0/8, a few servers. */
static uint8_t *
make_ip4(uint8_t *ip, uint32_t n, const struct seg *s, uint32_t when)
{
	ip[0] = 0x45;
	put16(ip + 2, 52 + s->len);
	put16(ip + 4, when);
	ip[6] = 0x40;
	ip[8] = s->server ? 57 : 64;
	ip[9] = 6;
	put32(ip + (s->server ? 16 : 12), 10u << 24 | n / 50);
	put32(ip + (s->server ? 12 : 16), 0xc6336400 | n % 200);
	return ip + 20;
}

/* Each client has its own address, as with privacy extensions. */
static uint8_t *
make_ip6(uint8_t *ip, uint32_t n, const struct seg *s)
{
	uint8_t *client = ip + (s->server ? 24 : 8);
	uint8_t *server = ip + (s->server ? 8 : 24);

	ip[0] = 0x60;
	put16(ip + 4, 32 + s->len);
	ip[6] = 6;
	ip[7] = s->server ? 57 : 64;
	put32(client, 0x20010db8);
	put32(client + 12, n);
	put32(server, 0x20010db9);
	put32(server + 12, n % 200);
	return ip + 40;
}

/* Ethernet, IP, TCP with timestamps; addresses from the number. */
static size_t
make_frame(uint8_t *p, uint32_t n, const struct seg *s, uint32_t when, bool ip6)
{
	uint8_t *tcp;

	memset(p, 0, KEPT);
	memcpy(p, "\2\0\0\0\0\1\2\0\0\0\0\2\x08", 13);
	p[s->server ? 11 : 5] = 3;
	if (ip6)
		put16(p + 12, 0x86dd);
	tcp = ip6 ? make_ip6(p + 14, n, s) : make_ip4(p + 14, n, s, when);
	put16(tcp + (s->server ? 2 : 0), 10000 + n % 50);
	put16(tcp + (s->server ? 0 : 2), n % CLOSED == 0 ? 81 : 443);
	put32(tcp + 4, s->seq);
	put32(tcp + 8, s->ack);
	tcp[12] = 8 << 4;
	tcp[13] = s->ctl;
	put16(tcp + 14, 64240);
	put32(tcp + 20, 0x0101080a);
	put32(tcp + 24, when);
	put32(tcp + 28, when - 1);
	return tcp + 32 - p + s->len;
}

int
main(int argc, char **argv)
{
	uint32_t packets, flows, when, len, header[4];
	struct crowd crowd = { .reset = 16 };
	uint64_t random = 1, i, done = 0;
	uint8_t frame[KEPT];
	struct conn *conns;
	struct seg s;

	if (argc < 3 || (packets = strtoul(argv[1], NULL, 10)) == 0 ||
	    (flows = strtoul(argv[2], NULL, 10)) == 0 ||
	    (argc > 3 && (crowd.reset = strtoul(argv[3], NULL, 10)) == 0))
		errx(2, "usage: crowd PACKETS FLOWS [RESET [6]]");
	crowd.ip6 = argc > 4;
	conns = calloc(flows, sizeof(*conns));
	if (conns == NULL)
		err(3, "memory");
	crowd.steps = packets / flows > 6 ? packets / flows - 3 : 3;
	fwrite("\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0", 24,
	    1, stdout);
	for (i = 0; done < packets && i < 4 * (uint64_t)packets; i++) {
		/* so many are open at a time, and take turns */
		uint32_t open = flows / 10 + 1;
		uint32_t n =
		    i * flows / (2 * (uint64_t)packets) + any(&random) % open;

		if (n >= flows)
			continue;
		if (!next_segment(&conns[n], n, &crowd, &s, &random))
			continue;
		when = done++ * 20; /* us */
		len = make_frame(frame, n, &s, when / 1000, crowd.ip6);
		header[0] = FIRST + when / 1000000;
		header[1] = when % 1000000;
		header[2] = len < KEPT ? len : KEPT;
		header[3] = len;
		fwrite(header, sizeof(header), 1, stdout);
		fwrite(frame, header[2], 1, stdout);
	}
	free(conns);
	if (fflush(stdout) != 0 || ferror(stdout))
		err(3, "standard output");
	return 0;
}
