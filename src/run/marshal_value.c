/* Values that calls read or write through a pointer. */
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "base/table.h"
#include "run/marshal_parts.h"

#define MEMBER(type, text, member, dir, prefix)                               \
	{                                                                     \
		text, offsetof(type, member), sizeof(((type *)NULL)->member), \
		    (dir), (prefix)                                           \
	}
#define BOTH (MARSHAL_IN | MARSHAL_OUT)

/* Structures as values of options; they share no name. */
static const struct marshal_member option_members[] = {
	MEMBER(struct linger, "onoff", l_onoff, BOTH, NULL),
	MEMBER(struct linger, "linger", l_linger, BOTH, NULL),
	MEMBER(struct linger, "l_onoff", l_onoff, BOTH, NULL),
	MEMBER(struct linger, "l_linger", l_linger, BOTH, NULL),
	MEMBER(struct timeval, "tv_sec", tv_sec, BOTH, NULL),
	MEMBER(struct timeval, "tv_usec", tv_usec, BOTH, NULL),
};

static const struct marshal_member poll_members[] = {
	MEMBER(struct pollfd, "fd", fd, MARSHAL_IN | MARSHAL_FD, NULL),
	MEMBER(struct pollfd, "events", events, MARSHAL_IN, NULL),
	MEMBER(struct pollfd, "revents", revents, MARSHAL_OUT, "POLL"),
};

/* What is in epoll's data is the script's number, there and back. */
static const struct marshal_member epoll_members[] = {
	MEMBER(struct epoll_event, "events", events, BOTH, "EPOLL"),
	MEMBER(struct epoll_event, "fd", data.fd, BOTH, NULL),
	MEMBER(struct epoll_event, "ptr", data.u64, BOTH, NULL),
	MEMBER(struct epoll_event, "u32", data.u32, BOTH, NULL),
	MEMBER(struct epoll_event, "u64", data.u64, BOTH, NULL),
};

/* The width of a number in a value of len octets. */
static unsigned
width(int64_t len)
{
	return len == 1 || len == 2 || len == 8 ? len : 4;
}

/* Room for a value of len octets, and for no less than a structure needs. */
static int
value_room(struct marshal *m, int64_t len, uint32_t *at)
{
	const int64_t least = 64;

	if (marshal_room(m, len < least ? least : len, at) == -1)
		return -1;
	marshal_arg_at(m, *at);
	return 0;
}

int
marshal_setopt(struct marshal *m, const struct script_expr *x)
{
	const struct script_expr *only = marshal_only(x);
	int64_t len, n;
	uint32_t at;

	if (marshal_number(STAILQ_NEXT(x, next), m->ends, &len, m->e) == -1)
		return -1;
	if (marshal_is(x, "NULL")) {
		marshal_arg_number(m, 0);
		return 0;
	}
	if (value_room(m, (int64_t)x->len > len ? (int64_t)x->len : len, &at) ==
	    -1)
		return -1;
	if (x->kind == EXPR_STRING) {
		memcpy(m->req->data + at, x->text, x->len);
		return 0;
	}
	if (x->kind == EXPR_STRUCT)
		return marshal_struct(m, x, option_members,
		    ARRAY_SIZE(option_members), at, MARSHAL_IN, 0);
	if (only == NULL)
		return err_set(m->e, ERR_USAGE,
		    "a value is [1], a string or a structure");
	if (marshal_number(only, m->ends, &n, m->e) == -1)
		return -1;
	marshal_put(m, at, n, width(len));
	return 0;
}

/* What *len says at the start: "..." is much. */
static int
option_len(struct marshal *m, const struct script_expr *x, int64_t *len)
{
	const struct script_expr *only = marshal_only(x);

	*len = 1024;
	if (x->kind == EXPR_ELLIPSIS || marshal_is(x, "NULL"))
		return 0;
	return marshal_number(only ? only : x, m->ends, len, m->e);
}

int
marshal_getopt(struct marshal *m, const struct script_expr *x)
{
	const struct script_expr *only = marshal_only(x);
	struct call_out out = { .name = "option value", .want = x };
	int64_t len;

	if (option_len(m, STAILQ_NEXT(x, next), &len) == -1)
		return -1;
	if (marshal_is(x, "NULL")) {
		marshal_arg_number(m, 0);
		return 0;
	}
	if (value_room(m, (int64_t)x->len > len ? (int64_t)x->len : len,
		&out.at) == -1)
		return -1;
	if (x->kind == EXPR_ELLIPSIS)
		return 0;
	if (x->kind == EXPR_STRUCT)
		return marshal_struct(m, x, option_members,
		    ARRAY_SIZE(option_members), out.at, MARSHAL_OUT, 0);
	if (x->kind == EXPR_STRING) {
		out.kind = OUT_TEXT;
		out.width = m->req->len - out.at;
		return marshal_out(m, out);
	}
	if (only == NULL)
		return err_set(m->e, ERR_USAGE,
		    "a value is ..., [1], a string or a structure");
	out.want = only;
	out.width = width(len);
	return marshal_out(m, out);
}

int
marshal_optlen(struct marshal *m, const struct script_expr *x)
{
	const struct script_expr *only = marshal_only(x);
	int64_t len;
	uint32_t at;

	if (marshal_is(x, "NULL")) {
		marshal_arg_number(m, 0);
		return 0;
	}
	if (option_len(m, x, &len) == -1 ||
	    marshal_room(m, sizeof(socklen_t), &at) == -1)
		return -1;
	marshal_put(m, at, len, sizeof(socklen_t));
	marshal_arg_at(m, at);
	if (only == NULL)
		return 0;
	return marshal_out(m, (struct call_out){ .name = "option length",
				  .want = only,
				  .at = at,
				  .width = sizeof(socklen_t) });
}

int
marshal_ioctl(struct marshal *m, const struct script_expr *x)
{
	const struct script_expr *only = marshal_only(x);
	uint32_t at;
	int64_t n = 0;

	if (x->kind == EXPR_NUMBER || marshal_is(x, "NULL")) {
		marshal_arg_number(m, x->num);
		return 0;
	}
	if (only == NULL)
		return err_set(m->e, ERR_USAGE,
		    "a value is [1], a number or NULL");
	if (only->kind != EXPR_ELLIPSIS &&
	    marshal_number(only, m->ends, &n, m->e) == -1)
		return -1;
	if (value_room(m, sizeof(int), &at) == -1)
		return -1;
	marshal_put(m, at, n, sizeof(int));
	return marshal_out(m, (struct call_out){ .name = "ioctl value",
				  .want = only,
				  .at = at,
				  .width = sizeof(int) });
}

int
marshal_offset(struct marshal *m, const struct script_expr *x)
{
	const struct script_expr *only = marshal_only(x);
	int64_t n;
	uint32_t at;

	if (marshal_is(x, "NULL")) {
		marshal_arg_number(m, 0);
		return 0;
	}
	if (only == NULL)
		return err_set(m->e, ERR_USAGE, "an offset is [0] or NULL");
	if (marshal_number(only, m->ends, &n, m->e) == -1 ||
	    marshal_room(m, sizeof(n), &at) == -1)
		return -1;
	marshal_put(m, at, n, sizeof(n));
	marshal_arg_at(m, at);
	return 0;
}

/*
 * An array of structures of size octets, or only one, with room for as many as
 * the next argument says.
 */
static int
structures(struct marshal *m, const struct script_expr *x,
    const struct marshal_member *members, size_t n, size_t size, unsigned dir)
{
	const struct script_expr *part;
	int64_t count, least = 0;
	uint32_t at;

	if (marshal_number(STAILQ_NEXT(x, next), m->ends, &count, m->e) == -1)
		return -1;
	if (marshal_is(x, "NULL")) {
		marshal_arg_number(m, 0);
		return 0;
	}
	/* the kernel refuses more, or less than none */
	if (count < 0 || count > 1024)
		count = 1;
	if (count < (int64_t)x->nparts)
		count = x->nparts;
	if (marshal_room(m, count * size, &at) == -1)
		return -1;
	marshal_arg_at(m, at);
	if (x->kind == EXPR_ELLIPSIS)
		return 0;
	if (x->kind == EXPR_STRUCT)
		return marshal_struct(m, x, members, n, at, dir, 1);
	STAILQ_FOREACH (part, &x->parts, next) {
		/* only so many events as epoll_wait() returns are there */
		least = dir == MARSHAL_OUT ? least + 1 : 0;
		if (marshal_struct(m, part, members, n, at, dir, least) == -1)
			return -1;
		at += size;
	}
	return 0;
}

int
marshal_poll(struct marshal *m, const struct script_expr *x)
{
	return structures(m, x, poll_members, ARRAY_SIZE(poll_members),
	    sizeof(struct pollfd), BOTH);
}

int
marshal_epolled(struct marshal *m, const struct script_expr *x)
{
	return structures(m, x, epoll_members, ARRAY_SIZE(epoll_members),
	    sizeof(struct epoll_event), MARSHAL_OUT);
}

int
marshal_epoll(struct marshal *m, const struct script_expr *x)
{
	uint32_t at;

	if (marshal_is(x, "NULL")) {
		marshal_arg_number(m, 0);
		return 0;
	}
	if (marshal_room(m, sizeof(struct epoll_event), &at) == -1)
		return -1;
	marshal_arg_at(m, at);
	return marshal_struct(m, x, epoll_members, ARRAY_SIZE(epoll_members),
	    at, MARSHAL_IN, 0);
}

/* poll()'s milliseconds as ppoll() takes them. */
int
marshal_timeout(struct marshal *m, const struct script_expr *x)
{
	int64_t ms;
	uint32_t at;

	if (marshal_number(x, m->ends, &ms, m->e) == -1)
		return -1;
	marshal_arg_number(m, 0);
	if (ms < 0)
		return 0;
	if (marshal_room(m, sizeof(struct timespec), &at) == -1)
		return -1;
	marshal_arg_at(m, at);
	marshal_put(m, at + offsetof(struct timespec, tv_sec), ms / 1000,
	    sizeof(time_t));
	marshal_put(m, at + offsetof(struct timespec, tv_nsec),
	    ms % 1000 * 1000000, sizeof(long));
	return 0;
}
