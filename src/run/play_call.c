/* The system calls of a script, its shell lines, and looks at the kernel. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "run/player.h"
#include "run/shell.h"

#define CONGESTION "net/ipv4/tcp_congestion_control"

/* ---- what the caller is asked ---- */

/*
 * The next reply, as messages are large on the heap. 1, 0 at the deadline, or
 * -1 with the verdict.
 */
static int
next_reply(struct player *p, struct caller_reply *reply, int64_t deadline)
{
	struct err e;
	int rc = caller_next(p->bench, reply, deadline, &e);

	return rc == -1 ? player_broken(p, &e) : rc;
}

static int take_reply(struct player *, const struct caller_reply *);

/* Send a request and wait for its reply; those of other calls are taken. */
static int
ask(struct player *p, struct caller_request *request,
    struct caller_reply *reply)
{
	int64_t deadline = clock_mono() + PLAY_PATIENCE;
	struct err e;
	int rc;

	request->id = ++p->id;
	if (caller_send(p->bench, request, &e) == -1)
		return player_broken(p, &e);
	while ((rc = next_reply(p, reply, deadline)) == 1) {
		if (reply->id == request->id)
			return 0;
		if (take_reply(p, reply) == -1)
			return -1;
	}
	return rc == -1 ? -1
			: player_stop(p, V_INCONCLUSIVE,
			      "the process that makes the calls does not "
			      "answer");
}

static int
ask_state(struct player *p, const struct player_conn *c, enum state *state,
    bool *held)
{
	struct caller_request *request = mem_calloc(1, sizeof(*request));
	struct caller_reply *reply = mem_calloc(1, sizeof(*reply));
	int rc;

	request->op = CALLER_LOOK;
	request->local = c->ours.dst;
	request->to = c->ours.src;
	rc = ask(p, request, reply);
	*state = reply->state;
	*held = reply->held;
	free(request);
	free(reply);
	return rc;
}

int
player_look(struct player *p, const struct player_conn *c, enum state *state,
    bool *held)
{
	*held = true;
	if (p->remote != NULL) {
		p->state_unknown = !player_guess(p, c, state);
		return 0;
	}
	return ask_state(p, c, state, held);
}

/* ---- calls ---- */

static bool
is_stream(const struct script_call *call)
{
	const struct script_expr *arg = STAILQ_FIRST(&call->args), *part;

	arg = arg != NULL ? STAILQ_NEXT(arg, next) : NULL;
	if (arg == NULL)
		return false;
	if (arg->kind == EXPR_WORD)
		return strcmp(arg->text, "SOCK_STREAM") == 0;
	STAILQ_FOREACH (part, &arg->parts, next)
		if (part->kind == EXPR_WORD &&
		    strcmp(part->text, "SOCK_STREAM") == 0)
			return true;
	return false;
}

/* A socket that is made, or connects, is that of the packets that follow. */
static void
note_call(struct player_group *g, const struct script_call *call)
{
	if (call->id == CALL_SOCKET && is_stream(call))
		g->fresh = FRESH_SOCKET;
	else if (call->id == CALL_CONNECT && g->fresh == FRESH_SOCKET)
		g->fresh = FRESH_CONNECT;
}

/* The call did not do what the script says. */
static int
fail_call(struct player *p, const struct player_call *call)
{
	const struct play_result *r = p->result;
	const struct field *f = r->fields;
	size_t i;

	p->event = call->event;
	for (i = 0; i < r->nfields; i++)
		if (!r->fields[i].ok)
			f = &r->fields[i];
	snprintf(p->result->expected, sizeof(r->expected), "%s", f->expected);
	snprintf(p->result->observed, sizeof(r->observed), "%s", f->observed);
	return player_stop(p, V_FAIL, "%s() does otherwise: %s",
	    script_call_name(call->event->call->id),
	    r->nfields > 0 ? f->name : "result");
}

/* A call has returned. */
static int
finish_call(struct player *p, struct player_call *call,
    const struct caller_reply *reply)
{
	struct play_result *r = p->result;

	r->nfields = 0;
	if (!marshal_check(call->event->call, &call->outs, &p->ends, reply,
		r->fields, &r->nfields))
		return fail_call(p, call);
	r->nfields = 0;
	marshal_learn(&p->fds, call->event->call, reply);
	return 0;
}

static int
take_reply(struct player *p, const struct caller_reply *reply)
{
	struct player_call *call;
	size_t i;
	int rc;

	for (i = 0; i < p->ncalls; i++)
		if (p->calls[i]->id == reply->id)
			break;
	if (i == p->ncalls)
		return 0;
	call = p->calls[i];
	p->calls[i] = p->calls[--p->ncalls];
	rc = finish_call(p, call, reply);
	free(call);
	return rc;
}

/* The first that is to have returned by then, or NULL. */
static struct player_call *
find_due(struct player *p, int64_t by)
{
	size_t i;

	for (i = 0; i < p->ncalls; i++)
		if (p->calls[i]->end <= by)
			return p->calls[i];
	return NULL;
}

/* Calls that have returned before their time. */
static int
take_early(struct player *p, struct caller_reply *reply)
{
	int rc = 1;

	while (rc == 1 && p->ncalls > 0) {
		rc = next_reply(p, reply, clock_mono());
		if (rc == 1 && take_reply(p, reply) == -1)
			return -1;
	}
	return rc == -1 ? -1 : 0;
}

int
player_await(struct player *p, int64_t by)
{
	struct caller_reply *reply = mem_calloc(1, sizeof(*reply));
	int rc = take_early(p, reply);
	struct player_call *due;
	int64_t deadline, now;

	while (rc == 0 && (due = find_due(p, by)) != NULL) {
		now = clock_mono();
		deadline = (due->end > now ? due->end : now) + PLAY_PATIENCE;
		if (deadline > p->deadline)
			deadline = p->deadline;
		rc = next_reply(p, reply, deadline);
		if (rc == 0) {
			p->event = due->event;
			snprintf(p->result->observed,
			    sizeof(p->result->observed), "it blocks");
			rc = player_stop(p, V_FAIL, "%s() does not return",
			    script_call_name(due->event->call->id));
		} else if (rc == 1) {
			rc = take_reply(p, reply);
		}
	}
	free(reply);
	return rc;
}

/* When the call is to return: at once unless the script says it blocks. */
static int64_t
call_end(const struct player *p, const struct script_event *ev)
{
	int64_t end = ev->call->end;

	if (end == -1)
		return clock_mono();
	return p->began + end + (ev->time.when == WHEN_AFTER ? p->base : 0);
}

int
player_call(struct player *p, const struct script_event *ev)
{
	struct caller_request *request;
	struct player_call *call;
	int64_t end;
	struct err e;
	int rc = 0;

	/* those that are to have returned may have made its descriptor */
	if (player_await(p, clock_mono()) == -1)
		return -1;
	p->event = ev;
	p->asked = NULL;
	request = mem_calloc(1, sizeof(*request));
	call = mem_calloc(1, sizeof(*call));
	call->event = ev;
	call->group = player_group(p, ev->connection);
	call->id = ++p->id;
	call->end = end = call_end(p, ev);
	if (marshal_call(request, &call->outs, ev->call, &p->fds, &p->ends,
		&e) == -1) {
		rc = player_stop(p, V_SKIP, "%s", e.msg);
		free(call);
	} else {
		p->calls = mem_grow(p->calls, p->ncalls, sizeof(*p->calls));
		p->calls[p->ncalls++] = call;
		note_call(call->group, ev->call);
		request->id = call->id;
		if (caller_send(p->bench, request, &e) == -1)
			rc = player_broken(p, &e);
	}
	free(request);
	/* one that does not block has returned before the next event */
	if (rc == 0 && ev->call->end == -1)
		rc = player_await(p, end);
	return rc;
}

/* ---- shell lines ---- */

static int
set_sysctl(struct player *p, const struct shell_setting *set)
{
	struct caller_request *request = mem_calloc(1, sizeof(*request));
	struct caller_reply *reply = mem_calloc(1, sizeof(*reply));
	int rc;

	request->op = CALLER_SYSCTL;
	request->len = strlen(set->value);
	snprintf(request->name, sizeof(request->name), "%s", set->name);
	memcpy(request->data, set->value, request->len);
	rc = ask(p, request, reply);
	/* a namespace may not choose every congestion control */
	if (rc == 0 && reply->result == -1 && set->optional &&
	    strcmp(set->name, CONGESTION) == 0)
		snprintf(p->unmet, sizeof(p->unmet),
		    "the congestion control cannot be %.40s here: %.40s",
		    set->value, strerror(reply->error));
	else if (rc == 0 && reply->result == -1 && !set->optional)
		rc = player_stop(p, V_SKIP, "the sysctl %s cannot be %s: %s",
		    set->name, set->value, strerror(reply->error));
	free(request);
	free(reply);
	return rc;
}

int
player_shell(struct player *p, const struct script_event *ev)
{
	const struct shell_setting *set;
	struct shell shell;
	struct err e;
	int rc = 0;

	if (shell_read(&shell, ev->text, p->options->dir, &e) == -1)
		rc = player_stop(p, V_SKIP, "%s", e.msg);
	else
		STAILQ_FOREACH (set, &shell.settings, next)
			if (rc == 0)
				rc = set_sysctl(p, set);
	shell_free(&shell);
	return rc;
}

/* ---- before anything is sent ---- */

int
player_check_call(struct player *p, const struct script_event *ev)
{
	struct caller_request *request = mem_calloc(1, sizeof(*request));
	struct call_outs *outs = mem_calloc(1, sizeof(*outs));
	struct err e;
	int rc = marshal_call(request, outs, ev->call, &p->fds, &p->ends, &e);

	free(request);
	free(outs);
	if (rc == -1)
		return player_stop(p, e.kind == ERR_ENV ? V_SKIP : V_ERROR,
		    "%s", e.msg);
	return 0;
}

/* Has the stack met a peer before? */
static bool
has_met(const struct script *s, const struct script_event *ev)
{
	const struct script_event *before;

	STAILQ_FOREACH (before, &s->events, next) {
		if (before == ev)
			break;
		if (before->kind == SCRIPT_PACKET)
			return true;
	}
	return false;
}

int
player_check_shell(struct player *p, const struct script_event *ev)
{
	struct shell shell;
	struct err e;
	int rc = shell_read(&shell, ev->text, p->options->dir, &e);
	bool forgets = rc == 0 && shell.forgets && has_met(p->script, ev);

	shell_free(&shell);
	if (rc == -1)
		return player_stop(p, V_SKIP, "%s", e.msg);
	if (forgets)
		return player_stop(p, V_SKIP,
		    "only root of the whole machine can flush what the kernel "
		    "remembers of a peer, and the stack has met one before");
	return 0;
}
