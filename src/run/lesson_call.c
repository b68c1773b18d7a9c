/* The system calls of a lesson, and its settings. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "run/lesson_play.h"

static struct bench *
bench_of(const struct lesson *l, enum lesson_side side)
{
	return pair_bench(l->pair, (enum pair_side)side);
}

/* ---- what a call means to TCP ---- */

static const struct script_expr *
arg(const struct script_call *call, size_t n)
{
	const struct script_expr *x = STAILQ_FIRST(&call->args);

	while (x != NULL && n-- > 0)
		x = STAILQ_NEXT(x, next);
	return x;
}

/* Is it this word, or has it this word in it? */
static bool
has_word(const struct script_expr *x, const char *word)
{
	const struct script_expr *part;

	if (x == NULL || x->kind == EXPR_STRING)
		return false;
	if (x->text != NULL && strcmp(x->text, word) == 0)
		return true;
	STAILQ_FOREACH (part, &x->parts, next)
		if (has_word(part, word))
			return true;
	return false;
}

/* The number that {..., name=N, ...} gives, or dflt. */
static int64_t
member(const struct script_expr *x, const char *name, int64_t dflt)
{
	const struct script_expr *part;

	if (x == NULL || x->kind != EXPR_STRUCT)
		return dflt;
	STAILQ_FOREACH (part, &x->parts, next)
		if (part->kind == EXPR_ASSIGN &&
		    has_word(STAILQ_FIRST(&part->parts), name))
			return STAILQ_NEXT(STAILQ_FIRST(&part->parts), next)
			    ->num;
	return dflt;
}

static struct lesson_fd *
socket_of(struct lesson *l, enum lesson_side side, int64_t fd)
{
	struct lesson_fd *s = l->sockets[side];
	size_t i;

	for (i = 0; i < l->nsockets[side]; i++)
		if (s[i].fd == fd)
			return &s[i];
	l->sockets[side] = s = mem_grow(s, l->nsockets[side], sizeof(*s));
	s = &s[l->nsockets[side]++];
	s->fd = fd;
	return s;
}

/* Which event of RFC 9293 3.10 the call is; NEVENTS: none. */
static enum event
event_of(const struct script_call *call, const struct lesson_fd *fd)
{
	switch (call->id) {
	case CALL_CLOSE:
		return fd->listens   ? EV_CLOSE_LISTEN
		       : fd->linger0 ? EV_ABORT
				     : EV_CLOSE;
	case CALL_SHUTDOWN:
		return has_word(arg(call, 1), "SHUT_RD") ? NEVENTS
							 : EV_SHUTDOWN;
	case CALL_CONNECT:
		return has_word(arg(call, 1), "AF_UNSPEC") ? EV_DISCONNECT
							   : NEVENTS;
	default:
		return NEVENTS;
	}
}

/* What a call that has returned leaves behind. */
static void
learn(struct lesson *l, const struct lesson_call *c, int64_t result)
{
	const struct script_expr *first = arg(c->call, 0);
	struct lesson_conn *conn;
	struct lesson_fd *fd;
	struct tcb *tcb;

	if (first == NULL || result < 0)
		return;
	fd = socket_of(l, c->side, first->num);
	conn = fd->conn != NULL ? fd->conn : l->conn;
	tcb = &conn->ends[c->side].tcb;
	switch (c->call->id) {
	case CALL_LISTEN:
		fd->listens = true;
		break;
	case CALL_ACCEPT:
		fd = socket_of(l, c->side, c->call->result->num);
		*fd = (struct lesson_fd){ .fd = fd->fd, .conn = l->conn };
		break;
	case CALL_CONNECT:
		fd->conn = l->conn;
		break;
	case CALL_READ:
	case CALL_RECV:
	case CALL_RECVFROM:
	case CALL_RECVMSG:
	case CALL_READV:
		if (!has_word(arg(c->call, 3), "MSG_PEEK"))
			tcb->unread -= (uint64_t)result < tcb->unread
					   ? result
					   : tcb->unread;
		break;
	case CALL_SETSOCKOPT:
		if (has_word(arg(c->call, 2), "SO_LINGER"))
			fd->linger0 =
			    member(arg(c->call, 3), "onoff", 0) != 0 &&
			    member(arg(c->call, 3), "linger", 1) == 0;
		if (has_word(arg(c->call, 2), "TCP_LINGER2"))
			tcb->linger2 = true;
		break;
	case CALL_SHUTDOWN:
		tcb->shut = has_word(arg(c->call, 1), "SHUT_RDWR");
		break;
	case CALL_SOCKET:
	case CALL_CLOSE:
		*fd = (struct lesson_fd){ .fd = fd->fd };
		break;
	default:
		break;
	}
}

/* ---- calls ---- */

/* "-1 ECONNREFUSED" */
static const char *
result_text(struct lesson *l, const struct caller_reply *reply)
{
	if (reply->result != -1)
		return lesson_text(l, "%lld", (long long)reply->result);
	return lesson_text(l, "-1 %s",
	    strerrorname_np(reply->error) ? strerrorname_np(reply->error)
					  : "?");
}

static int
wrong_call(struct lesson *l, const struct lesson_call *c,
    const struct field *fields, size_t n, const struct caller_reply *reply)
{
	const char *text, *expected = "", *observed = "";
	size_t i;

	text = lesson_text(l, "the %s's %s() does otherwise",
	    c->side == SIDE_CLIENT ? "client" : "server",
	    script_call_name(c->call->id));
	for (i = n; i-- > 0;)
		if (!fields[i].ok) {
			expected = lesson_text(l, "%s", fields[i].expected);
			observed = lesson_text(l, "%s", fields[i].observed);
		}
	if (n == 0)
		observed = result_text(l, reply);
	return lesson_wrong(l, text, expected, observed);
}

static int
finish_call(struct lesson *l, const struct lesson_call *c,
    const struct caller_reply *reply)
{
	struct lesson_event ev = { .kind =
				       c->blocks ? LESSON_RETURNS : LESSON_CALL,
		.side = c->side,
		.text = c->text };
	struct field fields[NFIELDS];
	size_t n = 0;

	if (!marshal_check(c->call, &c->outs, &l->call_ends[c->side], reply,
		fields, &n))
		return wrong_call(l, c, fields, n, reply);
	marshal_learn(&l->fds[c->side], c->call, reply);
	learn(l, c, reply->result);
	/* what it has the kernel send, or a state that follows at once */
	if (lesson_fence(l, c->side) == -1 ||
	    lesson_states(l, l->conn, &ev) == -1)
		return -1;
	lesson_note(l, &ev);
	return 0;
}

/* A reply that has come, whichever call's it is. */
static int
take_reply(struct lesson *l, enum lesson_side side,
    const struct caller_reply *reply)
{
	struct lesson_call *c;
	size_t i;
	int rc;

	for (i = 0; i < l->ncalls; i++)
		if (l->calls[i]->id == reply->id && l->calls[i]->side == side)
			break;
	if (i == l->ncalls)
		return 0;
	c = l->calls[i];
	l->ncalls--;
	memmove(&l->calls[i], &l->calls[i + 1],
	    (l->ncalls - i) * sizeof(l->calls[0]));
	rc = finish_call(l, c, reply);
	free(c);
	return rc;
}

/* The first that has not returned, of that side or of both; or NULL. */
static const struct lesson_call *
first_call(const struct lesson *l, enum lesson_side side)
{
	size_t i;

	for (i = 0; i < l->ncalls; i++)
		if (side == NSIDES || l->calls[i]->side == side)
			return l->calls[i];
	return NULL;
}

int
lesson_await(struct lesson *l, enum lesson_side side)
{
	struct caller_reply *reply = mem_calloc(1, sizeof(*reply));
	const struct lesson_call *c;
	int64_t deadline;
	int rc = 0;

	while (rc == 0 && (c = first_call(l, side)) != NULL) {
		deadline = clock_mono();
		deadline =
		    (c->end > deadline ? c->end : deadline) + LESSON_PATIENCE;
		rc = caller_next(bench_of(l, c->side), reply, deadline, l->e);
		if (rc == 0)
			rc = lesson_wrong(l,
			    lesson_text(l, "the %s's %s() does not return",
				c->side == SIDE_CLIENT ? "client" : "server",
				script_call_name(c->call->id)),
			    c->text, "it blocks");
		else if (rc == 1)
			rc = take_reply(l, c->side, reply);
	}
	free(reply);
	return rc;
}

/* The call as it is told: without its times. */
static const char *
call_text(struct lesson *l, const struct script_event *ev, bool result)
{
	const char *p = ev->source + strcspn(ev->source, " ");
	size_t n;

	p += strspn(p, " ");
	if (ev->call->end != -1)
		p += strspn(p, ". 0123456789");
	n = strlen(p);
	if (!result) {
		for (; n > 0 && p[n] != '='; n--)
			;
		for (; n > 0 && p[n - 1] == ' '; n--)
			;
	}
	return lesson_text(l, "%.*s", (int)n, p);
}

/* A call that is an event of TCP's is what the next segment answers. */
static int
stimulate(struct lesson *l, enum lesson_side side,
    const struct script_call *call)
{
	const struct script_expr *first = arg(call, 0);
	struct lesson_fd *fd;
	enum event event;

	if (first == NULL)
		return 0;
	fd = socket_of(l, side, first->num);
	event = event_of(call, fd);
	if (event == NEVENTS)
		return 0;
	if (fd->conn != NULL)
		l->conn = fd->conn;
	return lesson_stimulate(l, l->conn, side, event, NULL);
}

int
lesson_call(struct lesson *l, const struct lab_item *item)
{
	const struct script_call *call = item->event->call;
	enum lesson_side side = lesson_side(item);
	struct lesson_event ev = { .kind = LESSON_BLOCKS, .side = side };
	struct caller_request *request;
	struct lesson_call *c;
	int rc = 0;

	if (lesson_listen(l, 0) == -1 || stimulate(l, side, call) == -1)
		return -1;
	request = mem_calloc(1, sizeof(*request));
	c = mem_calloc(1, sizeof(*c));
	c->call = call;
	c->side = side;
	c->id = ++l->id;
	c->blocks = call->end != -1;
	c->end = clock_mono() + (c->blocks ? call->end : 0);
	c->text = call_text(l, item->event, true);
	l->calls = mem_grow(l->calls, l->ncalls, sizeof(*l->calls));
	l->calls[l->ncalls++] = c;
	if (marshal_call(request, &c->outs, call, &l->fds[side],
		&l->call_ends[side], l->e) == -1) {
		rc = err_prefix(l->e, "%s:%d", l->lab->file, item->pos.line);
	} else {
		request->id = c->id;
		rc = caller_send(bench_of(l, side), request, l->e);
	}
	free(request);
	if (rc == -1 || !c->blocks)
		return rc == -1 ? -1 : lesson_await(l, side);
	ev.text = call_text(l, item->event, false);
	lesson_note(l, &ev);
	return 0;
}

/* ---- settings ---- */

int
lesson_sysctl(struct lesson *l, const struct lab_item *item)
{
	enum lesson_side side = lesson_side(item);
	struct caller_request *q = mem_calloc(1, sizeof(*q));
	struct caller_reply *r = mem_calloc(1, sizeof(*r));
	struct lesson_event ev = { .kind = LESSON_SYSCTL, .side = side };
	struct buf b = { 0 };
	size_t i;
	int rc;

	for (i = 2; i < item->nwords; i++)
		buf_addf(&b, "%s%s", i > 2 ? " " : "", item->words[i]);
	q->id = ++l->id;
	q->op = CALLER_SYSCTL;
	snprintf(q->name, sizeof(q->name), "net/ipv4/%s", item->words[1]);
	q->len = b.len < CALLER_DATA ? b.len : CALLER_DATA;
	memcpy(q->data, buf_str(&b), q->len);
	rc = caller_ask(bench_of(l, side), q, r, clock_mono() + LESSON_PATIENCE,
	    l->e);
	if (rc == 1 && r->result != -1) {
		ev.text = lesson_text(l, "net.ipv4.%s = %s", item->words[1],
		    buf_str(&b));
		lesson_note(l, &ev);
		rc = 0;
	} else if (rc != -1) {
		rc = err_set(l->e, ERR_ENV, "%s:%d: %.40s cannot be set: %s",
		    l->lab->file, item->pos.line, item->words[1],
		    rc == 0 ? "no reply" : strerror(r->error));
	}
	buf_free(&b);
	free(q);
	free(r);
	return rc;
}
