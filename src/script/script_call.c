/* The calls of scripts, and how many arguments each has. */
#include <ctype.h>
#include <string.h>

#include "base/table.h"
#include "script/script_parser.h"

static const struct {
	const char *name;
	unsigned least, most;
} calls[] = {
	[CALL_SOCKET] = { "socket", 3, 3 },
	[CALL_BIND] = { "bind", 3, 3 },
	[CALL_LISTEN] = { "listen", 2, 2 },
	[CALL_ACCEPT] = { "accept", 3, 3 },
	[CALL_CONNECT] = { "connect", 3, 3 },
	[CALL_READ] = { "read", 3, 3 },
	[CALL_READV] = { "readv", 3, 3 },
	[CALL_RECV] = { "recv", 4, 4 },
	[CALL_RECVFROM] = { "recvfrom", 6, 6 },
	[CALL_RECVMSG] = { "recvmsg", 3, 3 },
	[CALL_WRITE] = { "write", 3, 3 },
	[CALL_WRITEV] = { "writev", 3, 3 },
	[CALL_SEND] = { "send", 4, 4 },
	[CALL_SENDTO] = { "sendto", 6, 6 },
	[CALL_SENDMSG] = { "sendmsg", 3, 3 },
	[CALL_SHUTDOWN] = { "shutdown", 2, 2 },
	[CALL_CLOSE] = { "close", 1, 1 },
	[CALL_GETSOCKOPT] = { "getsockopt", 5, 5 },
	[CALL_SETSOCKOPT] = { "setsockopt", 5, 5 },
	[CALL_FCNTL] = { "fcntl", 2, 3 },
	[CALL_IOCTL] = { "ioctl", 2, 3 },
	[CALL_POLL] = { "poll", 3, 3 },
	[CALL_EPOLL_CREATE] = { "epoll_create", 1, 1 },
	[CALL_EPOLL_CTL] = { "epoll_ctl", 4, 4 },
	[CALL_EPOLL_WAIT] = { "epoll_wait", 4, 4 },
	[CALL_OPEN] = { "open", 2, 3 },
	[CALL_PIPE] = { "pipe", 1, 1 },
	[CALL_SENDFILE] = { "sendfile", 4, 4 },
	[CALL_SPLICE] = { "splice", 6, 6 },
	[CALL_CAP_SET] = { "cap_set", 2, 2 },
	[CALL_PSP_RX_ASSOC] = { "psp_rx_assoc", 2, 2 },
	[CALL_PSP_TX_ASSOC] = { "psp_tx_assoc", 2, 2 },
};
_Static_assert(ARRAY_SIZE(calls) == NCALLS, "a row for each call");

const char *
script_call_name(enum script_call_id id)
{
	return calls[id].name;
}

enum script_call_id
script_call_by_name(const char *name)
{
	enum script_call_id id;

	for (id = 0; id < NCALLS; id++)
		if (strcmp(calls[id].name, name) == 0)
			break;
	return id;
}

struct script_call *
script_call(struct script_parser *p, const struct script_location *at,
    struct script_word name, const struct script_expr *args)
{
	struct script_call *call;

	call = arena_alloc(&p->script->arena, sizeof(*call));
	p->event->what_pos = at->pos;
	call->id = script_call_by_name(script_copy(p, name));
	call->end = -1;
	call->args = args->parts;
	if (args->nparts == 0)
		STAILQ_INIT(&call->args);
	call->nargs = args->nparts;
	if (call->id == NCALLS)
		script_error_at(p, at,
		    "unknown call %.*s: retort-script(5) has the list",
		    name.len < 40 ? (int)name.len : 40, name.p);
	else if (call->nargs < calls[call->id].least ||
		 call->nargs > calls[call->id].most)
		script_error_at(p, at,
		    "the number of arguments of %s is %s%u, not %zu",
		    calls[call->id].name,
		    calls[call->id].least < calls[call->id].most ? "2 or " : "",
		    calls[call->id].most, call->nargs);
	return call;
}

void
script_errno(struct script_parser *p, const struct script_location *at,
    struct script_call *call, struct script_word w)
{
	call->error = script_copy(p, w);
	if (w.len < 2 || w.p[0] != 'E' || !isupper((unsigned char)w.p[1]))
		script_error_at(p, at,
		    "%.40s is no name of an error such as EAGAIN", call->error);
}
