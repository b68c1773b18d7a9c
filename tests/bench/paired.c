#include <sys/socket.h>
#include <sys/syscall.h>

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "paired.h"
#include "sniff/sniff.h"

struct paired *
paired_open(uint8_t ip)
{
	struct paired *w = calloc(1, sizeof(*w));
	struct err e;
	int i;

	snprintf(w->pcap, sizeof(w->pcap), "/tmp/check_pair.%d.pcap", getpid());
	ck_assert_msg(pair_open(&w->p, ip, w->pcap, &e) == 0, "%s", e.msg);
	for (i = 0; i < NPAIR_SIDES; i++) {
		w->u[i].bench = pair_bench(w->p, i);
		w->end[i].addr = *pair_addr(w->p, i);
		ck_assert_uint_eq(w->end[i].addr.ip, ip);
	}
	w->end[PAIR_SERVER].port = PORT;
	return w;
}

void
paired_close(struct paired *w)
{
	pair_close(w->p);
	unlink(w->pcap);
	free(w);
}

/* ---- calls ---- */

static long
call_socket(struct paired *w, enum pair_side side)
{
	struct calls *u = &w->u[side];

	calls_set(u, SYS_socket, w->end[side].addr.ip == 6 ? AF_INET6 : AF_INET,
	    SOCK_STREAM, 0, 0, 0);
	return calls_result(u);
}

/* A request with the address and port of the server. */
static void
set_address(struct paired *w, enum pair_side side, long nr, long fd)
{
	const struct endpoint *to = &w->end[PAIR_SERVER];
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(PORT) };
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons(PORT) };
	bool six = to->addr.ip == 6;
	size_t len = six ? sizeof(in6) : sizeof(in);

	memcpy(&in6.sin6_addr, to->addr.octets, 16);
	memcpy(&in.sin_addr, to->addr.octets, 4);
	calls_set(&w->u[side], nr, fd, 0, len, 0, 0);
	calls_at(&w->u[side], 1, six ? (void *)&in6 : (void *)&in, len);
}

long
paired_call(struct paired *w, enum pair_side side, long nr, long arg)
{
	calls_set(&w->u[side], nr, w->fd[side], arg, 0, 0, 0);
	return calls_result(&w->u[side]);
}

/* Ask for a transfer of n octets of zeros by the connection; it may block. */
void
paired_ask_transfer(struct paired *w, enum pair_side side, long nr, long n,
    long flags)
{
	calls_set(&w->u[side], nr, w->fd[side], n, n, flags, 0);
	w->u[side].q.kind[1] = CALLER_ZEROS;
	calls_ask(&w->u[side]);
}

void
paired_check_state(struct paired *w, enum pair_side side, enum state expected)
{
	enum pair_side other = side == PAIR_CLIENT ? PAIR_SERVER : PAIR_CLIENT;
	enum state st;
	struct err e;
	bool held;

	ck_assert_msg(pair_look(w->p, side, &w->end[side], &w->end[other], &st,
			  &held, &e) == 0,
	    "%s", e.msg);
	ck_assert_str_eq(state_name(st), state_name(expected));
}

/* ---- the wire ---- */

void
paired_fence_both(struct paired *w)
{
	struct err e;
	int i;

	for (i = 0; i < NPAIR_SIDES; i++)
		ck_assert_msg(pair_fence(w->p, i, &e) == 0, "%s", e.msg);
}

/* Both have said all, and it has been seen. */
void
paired_check_silence(struct paired *w)
{
	struct pair_segment s;
	struct err e;
	int rc;

	paired_fence_both(w);
	rc = pair_next(w->p, &s, 0, &e);
	ck_assert_msg(rc == 0, "%d: ctl %x seq %u len %u", rc, s.seg.ctl,
	    s.seg.seq, s.seg.text_len);
}

/* Note it for the comparison with the capture. */
void
paired_note(struct paired *w, const struct segment *seg)
{
	ck_assert_uint_lt(w->nseen, SEEN_MAX);
	w->seen[w->nseen++] = *seg;
}

/* The next segment must be this one; it is not passed. */
struct pair_segment
paired_expect(struct paired *w, enum pair_side from, uint16_t ctl)
{
	struct pair_segment s;
	struct err e;
	int rc = pair_next(w->p, &s, clock_mono() + LONG, &e);

	ck_assert_msg(rc == 1, "%s", rc == 0 ? "nothing came" : e.msg);
	ck_assert_int_eq(s.from, from);
	ck_assert_uint_eq(s.seg.ctl, ctl);
	ck_assert_uint_eq(s.seg.faults, 0);
	return s;
}

void
paired_pass(struct paired *w, const struct pair_segment *s)
{
	struct err e;

	ck_assert_msg(pair_pass(w->p, s->id, &e) == 0, "%s", e.msg);
	paired_note(w, &s->seg);
	pair_drop(w->p, s->id, false);
}

struct pair_segment
paired_expect_pass(struct paired *w, enum pair_side from, uint16_t ctl)
{
	struct pair_segment s = paired_expect(w, from, ctl);

	paired_pass(w, &s);
	return s;
}

/* The server listens, the client begins to connect: its SYN. */
struct pair_segment
paired_begin(struct paired *w)
{
	struct calls *u = w->u;
	struct pair_segment syn;
	long fd;

	fd = call_socket(w, PAIR_SERVER);
	set_address(w, PAIR_SERVER, SYS_bind, fd);
	ck_assert_int_eq(calls_result(&u[PAIR_SERVER]), 0);
	calls_set(&u[PAIR_SERVER], SYS_listen, fd, 5, 0, 0, 0);
	ck_assert_int_eq(calls_result(&u[PAIR_SERVER]), 0);
	w->fd[PAIR_SERVER] = fd;
	paired_check_state(w, PAIR_SERVER, ST_LISTEN);
	w->fd[PAIR_CLIENT] = call_socket(w, PAIR_CLIENT);
	set_address(w, PAIR_CLIENT, SYS_connect, w->fd[PAIR_CLIENT]);
	calls_ask(&u[PAIR_CLIENT]);
	syn = paired_expect_pass(w, PAIR_CLIENT, CTL_SYN);
	w->end[PAIR_CLIENT].port = syn.seg.tuple.src.port;
	return syn;
}

/* connect() returns, and accept(). */
void
paired_finish(struct paired *w)
{
	struct calls *u = w->u;

	calls_next(&u[PAIR_CLIENT], u[PAIR_CLIENT].q.id);
	ck_assert_int_eq(u[PAIR_CLIENT].r.result, 0);
	w->fd[PAIR_SERVER] = paired_call(w, PAIR_SERVER, SYS_accept, 0);
	ck_assert_int_ge(w->fd[PAIR_SERVER], 0);
	paired_check_state(w, PAIR_CLIENT, ST_ESTABLISHED);
	paired_check_state(w, PAIR_SERVER, ST_ESTABLISHED);
}

void
paired_shake(struct paired *w)
{
	paired_begin(w);
	paired_expect_pass(w, PAIR_SERVER, CTL_SYN | CTL_ACK);
	paired_expect_pass(w, PAIR_CLIENT, CTL_ACK);
	paired_finish(w);
}

/* Pass all that comes until the call of this side returns. */
void
paired_pump(struct paired *w, enum pair_side until)
{
	int64_t deadline = clock_mono() + LONG, last = 0;
	struct calls *u = &w->u[until];
	struct pair_segment s;
	struct err e;

	do {
		ck_assert_int_lt(clock_mono(), deadline);
		while (pair_next(w->p, &s, clock_mono() + NSEC_PER_MSEC, &e) ==
		       1) {
			ck_assert_uint_eq(s.seg.faults, 0);
			ck_assert_uint_le(s.seg.text_len + 40, 1500);
			ck_assert_int_ge(s.seg.when, last);
			last = s.seg.when;
			paired_pass(w, &s);
		}
	} while (caller_next(u->bench, &u->r, 0, &e) == 0);
	ck_assert_uint_eq(u->r.id, u->q.id);
}

/* The capture has each segment that was noted, once and in that order. */
void
paired_check_capture(struct paired *w)
{
	struct segment seg;
	struct sniff *s;
	struct err e;
	size_t i;

	ck_assert_msg(pair_finish(w->p, &e) == 0, "%s", e.msg);
	ck_assert_msg(sniff_open_file(&s, w->pcap, &e) == 0, "%s", e.msg);
	for (i = 0; i < w->nseen; i++) {
		ck_assert_int_eq(sniff_next(s, &seg, 0, &e), 1);
		ck_assert(tuple_eq(&seg.tuple, &w->seen[i].tuple));
		ck_assert_uint_eq(seg.seq, w->seen[i].seq);
		ck_assert_uint_eq(seg.ctl, w->seen[i].ctl);
		ck_assert_uint_eq(seg.text_len, w->seen[i].text_len);
		ck_assert_uint_eq(seg.cksum, w->seen[i].cksum);
		ck_assert_uint_eq(seg.faults, 0);
	}
	ck_assert_int_eq(sniff_next(s, &seg, 0, &e), 0);
	sniff_close(s);
}
