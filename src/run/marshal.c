/* Calls of scripts as requests to the caller. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "base/mem.h"
#include "base/table.h"
#include "run/marshal_parts.h"
#include "run/words.h"

int
descriptors_live(const struct descriptors *fds, int64_t script)
{
	size_t i;

	for (i = 0; i < fds->n; i++)
		if (fds->d[i].script == script)
			return fds->d[i].live;
	return -1;
}

void
descriptors_remove(struct descriptors *fds, int64_t script)
{
	size_t i;

	for (i = 0; i < fds->n; i++)
		if (fds->d[i].script == script)
			fds->d[i].script = fds->d[i].live = -1;
}

void
descriptors_add(struct descriptors *fds, int64_t script, int live)
{
	descriptors_remove(fds, script);
	fds->d = mem_grow(fds->d, fds->n, sizeof(*fds->d));
	fds->d[fds->n++] = (struct descriptor){ script, live };
}

void
descriptors_free(struct descriptors *fds)
{
	free(fds->d);
	*fds = (struct descriptors){ 0 };
}

static int
number(struct marshal *m, const struct script_expr *x)
{
	int64_t n;

	if (marshal_number(x, m->ends, &n, m->e) == -1)
		return -1;
	marshal_arg_number(m, n);
	return 0;
}

static int
descriptor(struct marshal *m, const struct script_expr *x)
{
	int64_t n;

	if (marshal_number(x, m->ends, &n, m->e) == -1)
		return -1;
	marshal_arg_number(m, descriptors_live(m->fds, n));
	return 0;
}

/* socket(..., SOCK_STREAM, IPPROTO_TCP) */
static int
family(struct marshal *m, const struct script_expr *x)
{
	if (x->kind != EXPR_ELLIPSIS)
		return number(m, x);
	marshal_arg_number(m,
	    m->ends->stack.ip == 6 || m->ends->mapped ? AF_INET6 : AF_INET);
	return 0;
}

static int
path(struct marshal *m, const struct script_expr *x)
{
	uint32_t at;

	if (x->kind != EXPR_STRING)
		return err_set(m->e, ERR_USAGE, "a path is a string");
	if (marshal_room(m, x->len + 1, &at) == -1)
		return -1;
	memcpy(m->req->data + at, x->text, x->len);
	marshal_arg_at(m, at);
	return 0;
}

/* pipe([3, 4]): marshal_learn() finds the two at the beginning. */
static int
ends_of_pipe(struct marshal *m, const struct script_expr *x)
{
	const struct script_expr *part;
	uint32_t at;

	STAILQ_FOREACH (part, &x->parts, next)
		if (part->kind != EXPR_NUMBER)
			break;
	if (x->kind != EXPR_ARRAY || x->nparts != 2 || part != NULL)
		return err_set(m->e, ERR_USAGE,
		    "the ends of a pipe are two numbers: [5, 6]");
	if (marshal_room(m, 2 * sizeof(int), &at) == -1)
		return -1;
	marshal_arg_at(m, at);
	return 0;
}

/* epoll_create1() has flags where epoll_create() has a size above 0. */
static int
epoll_size(struct marshal *m, const struct script_expr *x)
{
	int64_t n;

	if (marshal_number(x, m->ends, &n, m->e) == -1)
		return -1;
	marshal_arg_number(m, n > 0 ? 0 : -1);
	return 0;
}

/*
 * The arguments, a letter for each. Calls that not all machines have are made
 * by the more general ones; what these take beyond is 0.
 */
static const struct {
	long nr;
	const char *args;
} calls[NCALLS] = {
	[CALL_SOCKET] = { SYS_socket, "Fnn" },
	[CALL_BIND] = { SYS_bind, "dbl" },
	[CALL_LISTEN] = { SYS_listen, "dn" },
	[CALL_ACCEPT] = { SYS_accept4, "dfL" },
	[CALL_CONNECT] = { SYS_connect, "dcl" },
	[CALL_READ] = { SYS_read, "drn" },
	[CALL_READV] = { SYS_readv, "dvn" },
	[CALL_RECV] = { SYS_recvfrom, "drnn" },
	[CALL_RECVFROM] = { SYS_recvfrom, "drnnfL" },
	[CALL_RECVMSG] = { SYS_recvmsg, "dmn" },
	[CALL_WRITE] = { SYS_write, "dwn" },
	[CALL_WRITEV] = { SYS_writev, "dVn" },
	[CALL_SEND] = { SYS_sendto, "dwnn" },
	[CALL_SENDTO] = { SYS_sendto, "dwnncl" },
	[CALL_SENDMSG] = { SYS_sendmsg, "dMn" },
	[CALL_SHUTDOWN] = { SYS_shutdown, "dn" },
	[CALL_CLOSE] = { SYS_close, "d" },
	[CALL_GETSOCKOPT] = { SYS_getsockopt, "dnnoO" },
	[CALL_SETSOCKOPT] = { SYS_setsockopt, "dnnsn" },
	[CALL_FCNTL] = { SYS_fcntl, "dnn" },
	[CALL_IOCTL] = { SYS_ioctl, "dni" },
	[CALL_POLL] = { SYS_ppoll, "pnt" },
	[CALL_EPOLL_CREATE] = { SYS_epoll_create1, "z" },
	[CALL_EPOLL_CTL] = { SYS_epoll_ctl, "dnde" },
	[CALL_EPOLL_WAIT] = { SYS_epoll_pwait, "dEnn" },
	[CALL_OPEN] = { SYS_openat, "@Snn" },
	[CALL_PIPE] = { SYS_pipe2, "P" },
	[CALL_SENDFILE] = { SYS_sendfile, "ddxn" },
	[CALL_SPLICE] = { SYS_splice, "dxdxnn" },
};

static const struct {
	char letter;
	int (*marshal)(struct marshal *, const struct script_expr *);
} kinds[] = {
	{ 'n', number },
	{ 'd', descriptor },
	{ 'F', family },
	{ 'S', path },
	{ 'P', ends_of_pipe },
	{ 'z', epoll_size },
	{ 'b', marshal_bind },
	{ 'c', marshal_connect },
	{ 'l', marshal_addrlen },
	{ 'f', marshal_from },
	{ 'L', marshal_fromlen },
	{ 'r', marshal_read },
	{ 'w', marshal_write },
	{ 'v', marshal_readv },
	{ 'V', marshal_writev },
	{ 'm', marshal_recvmsg },
	{ 'M', marshal_sendmsg },
	{ 's', marshal_setopt },
	{ 'o', marshal_getopt },
	{ 'O', marshal_optlen },
	{ 'i', marshal_ioctl },
	{ 'x', marshal_offset },
	{ 'p', marshal_poll },
	{ 't', marshal_timeout },
	{ 'e', marshal_epoll },
	{ 'E', marshal_epolled },
};

static int
argument(struct marshal *m, char letter, const struct script_expr *x)
{
	size_t i;

	for (i = 0; i + 1 < ARRAY_SIZE(kinds); i++)
		if (kinds[i].letter == letter)
			break;
	return kinds[i].marshal(m, x);
}

/* What the script says of the result: it makes sense here. */
static int
result(const struct script_call *call, const struct call_ends *ends,
    struct err *e)
{
	int64_t n;

	if (call->error != NULL && words_value(call->error, &n, e) == -1)
		return err_prefix(e, "%s", script_call_name(call->id));
	if (call->result != NULL && call->result->kind != EXPR_ELLIPSIS &&
	    marshal_number(call->result, ends, &n, e) == -1)
		return err_prefix(e, "%s, result", script_call_name(call->id));
	return 0;
}

int
marshal_call(struct caller_request *req, struct call_outs *outs,
    const struct script_call *call, const struct descriptors *fds,
    const struct call_ends *ends, struct err *e)
{
	struct marshal m = {
		.req = req, .outs = outs, .fds = fds, .ends = ends, .e = e
	};
	const struct script_expr *x = STAILQ_FIRST(&call->args);
	const char *letter = calls[call->id].args;
	unsigned n = 1;

	memset(req, 0, offsetof(struct caller_request, data));
	outs->n = 0;
	req->op = CALLER_CALL;
	req->nr = calls[call->id].nr;
	if (letter == NULL)
		return err_set(e, ERR_ENV, "%s() cannot be called here",
		    script_call_name(call->id));
	if (*letter == '@') {
		req->arg[m.arg++] = AT_FDCWD;
		letter++;
	}
	for (; x != NULL; x = STAILQ_NEXT(x, next), m.arg++, n++)
		if (argument(&m, *letter++, x) == -1)
			return err_prefix(e, "%s, argument %u",
			    script_call_name(call->id), n);
	return result(call, ends, e);
}
