/*
 * DOC: jobs
 *
 * A process writes the length of its text and the text to its socket and ends.
 * It counts as done when all of it was read, not when the process has ended:
 * the kernel takes tens of milliseconds to close its sockets, and nobody needs
 * to wait for that. Those that are begun ahead wait for an octet from there.
 */
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "run/jobs.h"

#define AT_ONCE_MAX 256
#define LOOK_EVERY  50 /* ms: for an interruption and for deadlines */

enum stage_of_job { WAITING, RUNNING, READY };

struct job {
	enum stage_of_job stage;
	struct buf text;
	const char *failure;
};

/* One of the processes that are there at once. */
struct slot {
	size_t job;
	pid_t pid;   /* 0: none */
	bool reaped; /* and that number may be another's by now */
	bool turn;   /* it has it: its time runs */
	int64_t deadline;
	struct buf heard;
};

struct crew {
	const struct jobs *jobs;
	struct job *job; /* jobs->n */
	size_t started, told;
	unsigned at_once, turns;
	unsigned nslots;
	struct slot *slots;
	struct pollfd *fds; /* of the slots */
};

/* ---- in the process ---- */

static void
write_all(int fd, const void *data, size_t len)
{
	const char *p = data;
	ssize_t n;

	for (; len > 0; p += n, len -= n) {
		n = write(fd, p, len);
		if (n == -1 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			_exit(1); /* nobody listens any more */
	}
}

void
jobs_say(int fd, const struct buf *text)
{
	write_all(fd, &text->len, sizeof(text->len));
	write_all(fd, buf_str(text), text->len);
}

void
jobs_turn(int fd)
{
	char turn;

	while (read(fd, &turn, 1) == -1 && errno == EINTR)
		;
}

static void
work(const struct crew *c, unsigned slot, size_t i, int fd)
{
	if (c->nslots > 1)
		bench_spread(slot % bench_processors());
	c->jobs->work(c->jobs->arg, i, fd);
}

/* ---- in this one ---- */

static int
start(struct crew *c, unsigned slot, size_t i, struct err *e)
{
	struct slot *s = &c->slots[slot];
	pid_t parent = getpid();
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == -1)
		return err_set(e, ERR_ENV, "socketpair: %s", strerror(errno));
	fflush(NULL);
	s->pid = fork();
	if (s->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(fds[0]);
		if (getppid() == parent)
			work(c, slot, i, fds[1]);
		_exit(0);
	}
	close(fds[1]);
	if (s->pid == -1) {
		s->pid = 0;
		close(fds[0]);
		return err_set(e, ERR_ENV, "fork: %s", strerror(errno));
	}
	s->reaped = s->turn = false;
	s->job = i;
	s->deadline = INT64_MAX;
	buf_reset(&s->heard);
	c->job[i].stage = RUNNING;
	c->fds[slot] = (struct pollfd){ .fd = fds[0], .events = POLLIN };
	return 0;
}

/* To those that were begun first. */
static void
give_turns(struct crew *c)
{
	struct slot *s, *next;

	while (c->turns < c->at_once) {
		next = NULL;
		for (s = c->slots; s < c->slots + c->nslots; s++)
			if (s->pid != 0 && !s->turn &&
			    (next == NULL || s->job < next->job))
				next = s;
		if (next == NULL)
			return;
		next->turn = true;
		next->deadline =
		    clock_mono() + c->jobs->limit(c->jobs->arg, next->job);
		c->turns++;
		/* one that has ended already needs none */
		send(c->fds[next - c->slots].fd, "", 1, MSG_NOSIGNAL);
	}
}

/* The slot is free again. kill: its process has not said all. */
static void
leave(struct crew *c, unsigned slot, bool end)
{
	struct slot *s = &c->slots[slot];

	if (end && !s->reaped) {
		kill(s->pid, SIGKILL);
		waitpid(s->pid, NULL, 0);
	}
	s->pid = 0;
	c->turns -= s->turn;
	close(c->fds[slot].fd);
	c->fds[slot].fd = -1;
}

static void
settle(struct crew *c, unsigned slot, const char *failure)
{
	struct slot *s = &c->slots[slot];
	struct job *j = &c->job[s->job];
	size_t len;

	j->stage = READY;
	j->failure = failure;
	if (failure == NULL) {
		memcpy(&len, s->heard.p, sizeof(len));
		buf_add(&j->text, s->heard.p + sizeof(len), len);
	}
	leave(c, slot, failure != NULL);
}

static void
hear(struct crew *c, unsigned slot)
{
	struct slot *s = &c->slots[slot];
	char data[16384];
	ssize_t n = read(c->fds[slot].fd, data, sizeof(data));
	size_t len;

	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		settle(c, slot, "its process ended early");
		return;
	}
	buf_add(&s->heard, data, n);
	if (s->heard.len < sizeof(len))
		return;
	memcpy(&len, s->heard.p, sizeof(len));
	if (s->heard.len - sizeof(len) >= len)
		settle(c, slot, NULL);
}

/* Processes that have ended; most of them have said all. */
static void
reap(struct crew *c)
{
	unsigned i;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (i = 0; i < c->nslots; i++)
			if (c->slots[i].pid == pid)
				c->slots[i].reaped = true;
}

/* Wait a little for what the processes say. */
static int
attend(struct crew *c, struct err *e)
{
	unsigned i;

	if (poll(c->fds, c->nslots, LOOK_EVERY) == -1 && errno != EINTR)
		return err_set(e, ERR_ENV, "poll: %s", strerror(errno));
	for (i = 0; i < c->nslots; i++) {
		if (c->slots[i].pid == 0)
			continue;
		if (c->fds[i].revents != 0)
			hear(c, i);
		else if (clock_mono() > c->slots[i].deadline)
			settle(c, i, "it took too long and was stopped");
	}
	reap(c);
	return 0;
}

/* Hand over what is ready, in order. */
static int
tell(struct crew *c, struct err *e)
{
	struct job *j;
	int rc = 0;

	while (rc == 0 && c->told < c->jobs->n &&
	       c->job[c->told].stage == READY) {
		j = &c->job[c->told];
		rc = c->jobs->done(c->jobs->arg, c->told, &j->text, j->failure,
		    e);
		buf_free(&j->text);
		c->told++;
	}
	return rc;
}

static int
run(struct crew *c, struct err *e)
{
	unsigned i;

	while (c->told < c->jobs->n) {
		for (i = 0; i < c->nslots && c->started < c->jobs->n; i++)
			if (c->slots[i].pid == 0 &&
			    start(c, i, c->started++, e) == -1)
				return -1;
		give_turns(c);
		if (attend(c, e) == -1 || tell(c, e) == -1)
			return -1;
		if (c->jobs->interrupted != NULL && c->jobs->interrupted())
			break;
	}
	return 0;
}

int
jobs_run(const struct jobs *jobs, struct err *e)
{
	unsigned n = jobs->at_once > 0 ? jobs->at_once : bench_processors(), i;
	struct crew c = { .jobs = jobs };
	size_t k;
	int rc;

	c.at_once = n > AT_ONCE_MAX ? AT_ONCE_MAX : n;
	c.nslots = jobs->ahead ? 2 * c.at_once : c.at_once;
	c.nslots = c.nslots > jobs->n ? jobs->n : c.nslots;
	c.job = mem_calloc(jobs->n + 1, sizeof(*c.job));
	c.slots = mem_calloc(c.nslots + 1, sizeof(*c.slots));
	c.fds = mem_calloc(c.nslots + 1, sizeof(*c.fds));
	for (i = 0; i < c.nslots; i++)
		c.fds[i].fd = -1;
	rc = run(&c, e);
	for (i = 0; i < c.nslots; i++) {
		if (c.slots[i].pid != 0)
			leave(&c, i, true);
		buf_free(&c.slots[i].heard);
	}
	for (k = c.told; k < jobs->n; k++)
		buf_free(&c.job[k].text);
	free(c.job);
	free(c.slots);
	free(c.fds);
	return rc;
}
