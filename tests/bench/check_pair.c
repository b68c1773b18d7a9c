/* Two kernels and the wire between them. */
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <unistd.h>

#include "base/table.h"
#include "paired.h"

enum { MANY = 100000 };

static const uint8_t families[] = { 4, 6 };

START_TEST(test_exchange)
{
	struct paired *w = paired_open(families[_i]);
	enum pair_side from;

	paired_shake(w);
	paired_check_silence(w);
	for (from = 0; from < NPAIR_SIDES; from++) {
		enum pair_side to =
		    from == PAIR_CLIENT ? PAIR_SERVER : PAIR_CLIENT;

		paired_ask_transfer(w, from, SYS_sendto, MANY, 0);
		paired_ask_transfer(w, to, SYS_recvfrom, MANY, MSG_WAITALL);
		paired_pump(w, to);
		ck_assert_int_eq(w->u[to].r.result, MANY);
		calls_next(&w->u[from], w->u[from].q.id);
		ck_assert_int_eq(w->u[from].r.result, MANY);
	}
	ck_assert_int_eq(paired_call(w, PAIR_CLIENT, SYS_close, 0), 0);
	paired_expect_pass(w, PAIR_CLIENT, CTL_FIN | CTL_ACK);
	ck_assert_int_eq(paired_call(w, PAIR_SERVER, SYS_close, 0), 0);
	paired_expect_pass(w, PAIR_SERVER, CTL_FIN | CTL_ACK);
	paired_expect_pass(w, PAIR_CLIENT, CTL_ACK);
	paired_check_silence(w);
	paired_check_state(w, PAIR_CLIENT, ST_TIME_WAIT);
	paired_check_state(w, PAIR_SERVER, ST_LISTEN);
	paired_check_capture(w);
	paired_close(w);
}
END_TEST

/* What the wire holds back has not come. */
START_TEST(test_held)
{
	struct paired *w = paired_open(families[_i]);
	struct pair_segment s;

	paired_begin(w);
	s = paired_expect(w, PAIR_SERVER, CTL_SYN | CTL_ACK);
	paired_check_silence(w);
	paired_check_state(w, PAIR_CLIENT, ST_SYN_SENT);
	paired_check_state(w, PAIR_SERVER, ST_SYN_RECEIVED);
	paired_pass(w, &s);
	paired_expect_pass(w, PAIR_CLIENT, CTL_ACK);
	paired_finish(w);
	paired_check_silence(w);
	paired_check_capture(w);
	paired_close(w);
}
END_TEST

/* What is lost is sent again; passed twice it comes twice. */
START_TEST(test_lost)
{
	struct paired *w = paired_open(4);
	struct pair_segment s, again;
	int64_t lost;
	struct err e;

	paired_shake(w);
	paired_ask_transfer(w, PAIR_CLIENT, SYS_sendto, 10, 0);
	s = paired_expect(w, PAIR_CLIENT, CTL_PSH | CTL_ACK);
	lost = clock_mono();
	pair_drop(w->p, s.id, true);
	paired_note(w, &s.seg);
	ck_assert_int_eq(pair_pass(w->p, s.id, &e), -1);
	paired_check_silence(w);
	again = paired_expect(w, PAIR_CLIENT, CTL_PSH | CTL_ACK);
	ck_assert_uint_eq(again.seg.seq, s.seg.seq);
	ck_assert_uint_ne(again.id, s.id);
	ck_assert_int_ge(clock_mono() - lost, 150 * NSEC_PER_MSEC);
	ck_assert_int_eq(pair_pass(w->p, again.id, &e), 0);
	paired_pass(w, &again);
	s = paired_expect_pass(w, PAIR_SERVER, CTL_ACK);
	ck_assert_uint_eq(s.seg.ack, again.seg.seq + 10);
	paired_expect_pass(w, PAIR_SERVER, CTL_ACK); /* of the duplicate */
	paired_check_capture(w);
	paired_close(w);
}
END_TEST

/* A forged RST ends the client's connection, which says nothing. */
START_TEST(test_forged)
{
	struct paired *w = paired_open(families[_i]);
	struct segment rst = { .ctl = CTL_RST };
	struct pair_segment s;
	struct err e;

	paired_begin(w);
	s = paired_expect_pass(w, PAIR_SERVER, CTL_SYN | CTL_ACK);
	paired_expect_pass(w, PAIR_CLIENT, CTL_ACK);
	paired_finish(w);
	rst.seq = s.seg.seq + 1;
	rst.tuple.src.port = PORT;
	rst.tuple.dst.port = w->end[PAIR_CLIENT].port;
	ck_assert_msg(pair_forge(w->p, PAIR_CLIENT, &rst, &e) == 0, "%s",
	    e.msg);
	ck_assert(addr_eq(&rst.tuple.src.addr, pair_addr(w->p, PAIR_SERVER)));
	ck_assert(addr_eq(&rst.tuple.dst.addr, pair_addr(w->p, PAIR_CLIENT)));
	ck_assert_int_ge(rst.when, s.seg.when);
	paired_check_silence(w);
	paired_check_state(w, PAIR_CLIENT, ST_CLOSED);
	paired_check_state(w, PAIR_SERVER, ST_ESTABLISHED);
	paired_ask_transfer(w, PAIR_CLIENT, SYS_recvfrom, 1, 0);
	calls_next(&w->u[PAIR_CLIENT], w->u[PAIR_CLIENT].q.id);
	ck_assert_int_eq(w->u[PAIR_CLIENT].r.error, ECONNRESET);
	ck_assert_int_eq(pair_finish(w->p, &e), 0);
	paired_close(w);
}
END_TEST

/* The deadline is kept, and fences are quick and never shown. */
START_TEST(test_quiet)
{
	struct paired *w = paired_open(families[_i]);
	struct pair_segment s;
	int64_t start;
	struct err e;
	int i;

	paired_shake(w);
	for (i = 0; i < 1000; i++)
		paired_fence_both(w);
	paired_check_silence(w);
	start = clock_mono();
	ck_assert_int_eq(pair_next(w->p, &s, start + 20 * NSEC_PER_MSEC, &e),
	    0);
	ck_assert_int_ge(clock_mono() - start, 20 * NSEC_PER_MSEC);
	ck_assert_int_lt(clock_mono() - start, NSEC_PER_SEC);
	paired_check_state(w, PAIR_CLIENT, ST_ESTABLISHED);
	paired_check_capture(w);
	paired_close(w);
}
END_TEST

/* A look between a call and its reply takes nothing away. */
START_TEST(test_look_between)
{
	struct paired *w = paired_open(4);
	struct calls *u = &w->u[PAIR_SERVER];
	int i;

	paired_begin(w);
	calls_set(u, SYS_getpid, 0, 0, 0, 0, 0);
	for (i = 0; i < 3; i++)
		calls_ask(u);
	usleep(20000);
	paired_check_state(w, PAIR_SERVER, ST_SYN_RECEIVED);
	paired_check_state(w, PAIR_SERVER, ST_SYN_RECEIVED);
	for (i = 0; i < 3; i++) {
		calls_any(u);
		ck_assert_int_gt(u->r.result, 1);
	}
	paired_close(w);
}
END_TEST

/* Neither caller has got a descriptor of the other's, or of ours. */
START_TEST(test_descriptors)
{
	struct paired *w = paired_open(4);
	enum pair_side side;
	int fd;

	for (side = 0; side < NPAIR_SIDES; side++)
		for (fd = 3; fd < 100; fd++) {
			w->fd[side] = fd;
			ck_assert_int_eq(paired_call(w, side, SYS_fcntl,
					     F_GETFD),
			    -1);
			ck_assert_int_eq(w->u[side].r.error, EBADF);
		}
	paired_close(w);
}
END_TEST

/* Has that process, perhaps a grandchild, ended within two seconds? */
static bool
ends(pid_t pid)
{
	int64_t deadline = clock_mono() + 2 * NSEC_PER_SEC;

	do {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (kill(pid, 0) == -1)
			return true;
		usleep(1000);
	} while (clock_mono() < deadline);
	return false;
}

static void
caller_pids(struct paired *w, pid_t pids[NPAIR_SIDES])
{
	int i;

	for (i = 0; i < NPAIR_SIDES; i++) {
		calls_set(&w->u[i], SYS_getpid, 0, 0, 0, 0, 0);
		pids[i] = calls_result(&w->u[i]);
	}
}

/* After an orderly end nothing is left: no process, no interface. */
START_TEST(test_closed)
{
	struct paired *w = paired_open(4);
	int64_t deadline = clock_mono() + LONG;
	pid_t pids[NPAIR_SIDES];

	caller_pids(w, pids);
	ck_assert_uint_ne(if_nametoindex("peer"), 0);
	paired_close(w);
	ck_assert(ends(pids[PAIR_CLIENT]));
	ck_assert(ends(pids[PAIR_SERVER]));
	/* the kernel takes its time */
	while (if_nametoindex("peer") != 0) {
		ck_assert_int_lt(clock_mono(), deadline);
		usleep(1000);
	}
}
END_TEST

/* Nor when it is killed. */
START_TEST(test_killed)
{
	pid_t parent, pids[NPAIR_SIDES] = { 0 };
	struct paired *w;
	int fds[2];

	/* so that we hear of the end of grandchildren */
	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	ck_assert_int_eq(pipe(fds), 0);
	parent = fork();
	if (parent == 0) {
		w = paired_open(4);
		unlink(w->pcap);
		caller_pids(w, pids);
		ck_assert_int_eq(write(fds[1], pids, sizeof(pids)),
		    sizeof(pids));
		pause();
	}
	ck_assert_int_eq(read(fds[0], pids, sizeof(pids)), sizeof(pids));
	ck_assert_int_eq(kill(pids[PAIR_CLIENT], 0), 0);
	kill(parent, SIGKILL);
	ck_assert(ends(parent));
	ck_assert(ends(pids[PAIR_CLIENT]));
	ck_assert(ends(pids[PAIR_SERVER]));
}
END_TEST

int
main(void)
{
	const struct calls_test tests[] = { { test_exchange, 2 },
		{ test_held, 2 }, { test_lost, 1 }, { test_forged, 2 },
		{ test_quiet, 2 }, { test_look_between, 1 },
		{ test_descriptors, 1 }, { test_closed, 1 },
		{ test_killed, 1 } };

	return calls_main("pair", tests, ARRAY_SIZE(tests));
}
