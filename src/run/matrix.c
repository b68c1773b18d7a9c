#include <sys/prctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "bench/driver.h"
#include "run/matrix.h"

#define PROCESSES_MAX  8
#define PROGRESS_EVERY 500
#define TRIES	       3 /* a cell for which the evidence is not enough */

/*
 * What a process tells its parent: how many cells it has done, then a
 * behaviour a message, and at last the tally. The pointers in a behaviour are
 * those of the parent's rulebook, which the child has by fork(2).
 */
struct message {
	enum { SAYS_PROGRESS, SAYS_BEHAVIOUR, SAYS_END, SAYS_ERROR } kind;
	union {
		unsigned done;
		struct report_behaviour behaviour;
		unsigned n[NVERDICTS];
		struct err err;
	} u;
};
_Static_assert(sizeof(struct message) <= PIPE_BUF, "it comes whole or not");

/* ---- gathering ---- */

static const char *
seq_term(const struct situation *s, uint32_t seq)
{
	const struct tcb *t = s->tcb;

	return seq == t->snd_nxt			  ? "SND.NXT"
	       : seq == t->snd_una			  ? "SND.UNA"
	       : seq == t->iss				  ? "ISS"
	       : seq == 0				  ? "0"
	       : s->seg != NULL && seq == s->seg->ack	  ? "SEG.ACK"
	       : s->seg != NULL && seq == s->seg->ack - 1 ? "SEG.ACK-1"
							  : "?";
}

static const char *
ack_term(const struct situation *s, uint32_t ack)
{
	if (ack == s->tcb->rcv_nxt)
		return "RCV.NXT";
	if (s->seg != NULL && ack == s->seg->seq + seg_len(s->seg))
		return "SEG.SEQ+SEG.LEN";
	if (s->seg != NULL && ack == s->seg->seq + 1)
		return "SEG.SEQ+1";
	return "?";
}

/* "none, then CLOSED; the user sees reset" */
static void
set_text(char *to, size_t size, const char *form, enum state st, bool user,
    enum sees sees)
{
	int n = snprintf(to, size, "%s, then %s", form, state_name(st));

	if (user && sees < NSEES && n >= 0 && (size_t)n < size)
		snprintf(to + n, size - n, "; the user sees %s",
		    sees_name(sees));
}

/* What was due and what the stack did, in terms instead of numbers. */
static void
set_shapes(struct report_behaviour *b, const struct suite_result *r)
{
	const struct reply *due = STAILQ_FIRST(&r->j.rule->replies);
	const struct segment *o = r->j.observed ? &r->j.observed->seg : NULL;
	const struct situation *s = &r->situation;
	struct buf text = { 0 };

	set_text(b->required, sizeof(b->required), due->form.text,
	    outcome_state(&due->outcome, s), r->after.has_user,
	    due->outcome.sees);
	if (o == NULL) {
		buf_adds(&text, "none");
	} else {
		buf_addf(&text, "<SEQ=%s>", seq_term(s, o->seq));
		if (o->ctl & CTL_ACK)
			buf_addf(&text, "<ACK=%s>", ack_term(s, o->ack));
		buf_adds(&text, "<CTL=");
		ctl_add_rfc(&text, o->ctl);
		buf_adds(&text, ">");
	}
	set_text(b->shape, sizeof(b->shape), buf_str(&text), r->after.state,
	    r->after.has_user, r->after.sees);
	buf_free(&text);
}

static bool
same(const struct report_behaviour *x, const struct report_behaviour *y)
{
	if (x->verdict != y->verdict)
		return false;
	if (x->deviation != NULL || y->deviation != NULL)
		return x->deviation == y->deviation;
	if (x->reply != NULL || y->reply != NULL)
		return x->reply == y->reply;
	return x->rule == y->rule && strcmp(x->shape, y->shape) == 0;
}

/* The less a case has of everything, the smaller it is. */
static unsigned
size_of(const struct testcase *t)
{
	unsigned size = __builtin_popcount(t->v[AXIS_CTL]->num);
	enum axis a;

	for (a = AXIS_SEQ; a < NAXES; a++)
		size += t->v[a] != NULL && t->v[a]->label != NULL;
	return size;
}

static void
gather(struct matrix *m, const struct report_behaviour *b)
{
	struct report_behaviour *at;
	unsigned n;
	size_t i;

	for (i = 0; i < m->nbehaviours; i++)
		if (same(&m->behaviours[i], b))
			break;
	if (i == m->nbehaviours) {
		m->behaviours = mem_grow(m->behaviours, i, sizeof(*b));
		m->behaviours[m->nbehaviours++] = *b;
		return;
	}
	at = &m->behaviours[i];
	n = at->n + b->n;
	if (b->size < at->size || (b->size == at->size && b->order < at->order))
		*at = *b;
	at->n = n;
}

static int
by_verdict(const void *x, const void *y)
{
	const struct report_behaviour *bx = x, *by = y;

	if (bx->verdict != by->verdict)
		return bx->verdict < by->verdict ? 1 : -1;
	if (bx->n != by->n)
		return bx->n < by->n ? 1 : -1;
	return bx->order < by->order ? -1 : 1;
}

/* ---- one process ---- */

static void
say(int fd, const struct message *m)
{
	if (write(fd, m, sizeof(*m)) != sizeof(*m))
		_exit(1); /* nobody listens any more */
}

static void
run_cell(const struct suite *suite, struct session *s, const struct testcase *t,
    struct matrix *m)
{
	struct suite_result r;
	struct report_behaviour b = { .n = 1,
		.example = t->id,
		.size = size_of(t),
		.order = t - suite->cases->v };
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		suite_run_case(suite, s, t, &r);
		if (r.j.verdict != V_INCONCLUSIVE || s->dead)
			break;
	}
	m->n[r.j.verdict]++;
	if (r.j.verdict == V_PASS)
		return;
	b.verdict = r.j.verdict;
	b.rule = r.j.rule;
	b.deviation = r.j.deviation;
	b.reply = r.j.verdict == V_ALLOWED ? r.j.reply : NULL;
	if (r.j.rule != NULL)
		set_shapes(&b, &r);
	else
		snprintf(b.shape, sizeof(b.shape), "%.120s", r.j.reason);
	gather(m, &b);
}

/* Every nth cell from the first on. */
static void
run_part(const struct suite *suite, unsigned first, unsigned nth, int fd)
{
	struct message msg = { .kind = SAYS_PROGRESS };
	struct matrix m = { 0 };
	struct session s;
	size_t i;

	bench_spread(first);
	if (session_open(&s, driver_run, NULL, &msg.u.err) == -1) {
		msg.kind = SAYS_ERROR;
		say(fd, &msg);
		return;
	}
	for (i = first; i < suite->cases->n; i += nth) {
		run_cell(suite, &s, &suite->cases->v[i], &m);
		if (++msg.u.done % PROGRESS_EVERY == 0)
			say(fd, &msg);
	}
	msg.kind = SAYS_BEHAVIOUR;
	for (i = 0; i < m.nbehaviours; i++) {
		msg.u.behaviour = m.behaviours[i];
		say(fd, &msg);
	}
	msg.kind = SAYS_END;
	memcpy(msg.u.n, m.n, sizeof(m.n));
	say(fd, &msg);
	session_close(&s, &msg.u.err);
}

static int
start_part(const struct suite *suite, unsigned first, unsigned nth, pid_t *pid,
    struct err *e)
{
	pid_t parent = getpid();
	int fds[2];

	if (pipe(fds) == -1)
		return err_set(e, ERR_ENV, "pipe: %s", strerror(errno));
	fflush(NULL);
	*pid = fork();
	if (*pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(fds[0]);
		if (getppid() == parent)
			run_part(suite, first, nth, fds[1]);
		_exit(0);
	}
	close(fds[1]);
	if (*pid != -1)
		return fds[0];
	close(fds[0]);
	return err_set(e, ERR_ENV, "fork: %s", strerror(errno));
}

/* ---- all of them ---- */

/* One message. 1: more may come; 0: that was the last; -1 with *e. */
static int
listen_to(struct matrix *m, int fd, unsigned *done, struct err *e)
{
	struct message msg;
	enum verdict v;

	if (read(fd, &msg, sizeof(msg)) != sizeof(msg))
		return err_set(e, ERR_INTERNAL,
		    "a process of the matrix ended early");
	switch (msg.kind) {
	case SAYS_PROGRESS:
		*done = msg.u.done;
		return 1;
	case SAYS_BEHAVIOUR:
		gather(m, &msg.u.behaviour);
		return 1;
	case SAYS_END:
		for (v = 0; v < NVERDICTS; v++)
			m->n[v] += msg.u.n[v];
		return 0;
	case SAYS_ERROR:
		*e = msg.u.err;
	}
	return -1;
}

static int
listen_to_all(const struct suite *suite, struct matrix *m, struct pollfd *p,
    void (*progress)(unsigned done, unsigned of), struct err *e)
{
	unsigned done[PROCESSES_MAX] = { 0 }, sum, i, left = m->processes;
	int rc;

	while (left > 0) {
		if (poll(p, m->processes, -1) == -1)
			return err_set(e, ERR_ENV, "poll: %s", strerror(errno));
		for (i = sum = 0; i < m->processes; i++) {
			if (p[i].fd != -1 && p[i].revents != 0) {
				rc = listen_to(m, p[i].fd, &done[i], e);
				if (rc == -1)
					return -1;
				if (rc == 0) {
					close(p[i].fd);
					p[i].fd = -1;
					left--;
				}
			}
			sum += done[i];
		}
		progress(sum, suite->cases->n);
	}
	return 0;
}

int
matrix_run(const struct suite *suite, struct matrix *m,
    void (*progress)(unsigned done, unsigned of), struct err *e)
{
	unsigned want = bench_processors(), i;
	struct pollfd p[PROCESSES_MAX];
	pid_t pids[PROCESSES_MAX];
	int64_t began = clock_mono();
	int rc = 0;

	memset(m, 0, sizeof(*m));
	want = want > PROCESSES_MAX ? PROCESSES_MAX : want;
	for (i = 0; i < want && rc == 0; i++) {
		p[i].events = POLLIN;
		p[i].fd = start_part(suite, i, want, &pids[i], e);
		if (p[i].fd == -1)
			rc = -1;
		else
			m->processes++;
	}
	if (rc == 0)
		rc = listen_to_all(suite, m, p, progress, e);
	for (i = 0; i < m->processes; i++) {
		if (rc == -1)
			kill(pids[i], SIGKILL);
		if (p[i].fd != -1)
			close(p[i].fd);
		waitpid(pids[i], NULL, 0);
	}
	if (m->nbehaviours > 0)
		qsort(m->behaviours, m->nbehaviours, sizeof(*m->behaviours),
		    by_verdict);
	m->seconds = (double)(clock_mono() - began) / NSEC_PER_SEC;
	return rc;
}

void
matrix_free(struct matrix *m)
{
	free(m->behaviours);
	memset(m, 0, sizeof(*m));
}
