/* What calls read and write: buffers, vectors of them, messages. */
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "run/marshal_parts.h"

#define ZEROS_MAX (64 << 20)

/* A buffer: where it is in data, or so many zero octets outside of it. */
struct buffer {
	bool null;
	uint32_t at, zeros;
};

/*
 * A buffer of count octets: "..." are octets that do not matter, of a string
 * that is read each must come.
 */
static int
buffer(struct marshal *m, const struct script_expr *x, int64_t count, bool out,
    struct buffer *b)
{
	*b = (struct buffer){ .null = marshal_is(x, "NULL") };
	if (b->null)
		return 0;
	if (x->kind != EXPR_ELLIPSIS && x->kind != EXPR_STRING)
		return err_set(m->e, ERR_USAGE,
		    "a buffer is ..., NULL or a string");
	if (count < 0)
		count = 0;
	if (count > ZEROS_MAX)
		return err_set(m->e, ERR_USAGE,
		    "a buffer of more than %d octets", ZEROS_MAX);
	if (x->kind == EXPR_ELLIPSIS && count > 0) {
		b->zeros = count;
		return 0;
	}
	if ((size_t)count < x->len)
		count = x->len;
	if (marshal_room(m, count, &b->at) == -1 || x->kind == EXPR_ELLIPSIS)
		return x->kind == EXPR_ELLIPSIS ? 0 : -1;
	if (!out) {
		memcpy(m->req->data + b->at, x->text, x->len);
		return 0;
	}
	return marshal_out(m, (struct call_out){ .name = "data",
				  .want = x,
				  .kind = OUT_OCTETS,
				  .at = b->at,
				  .width = count });
}

/* A buffer whose size is the next argument. */
static int
buffer_arg(struct marshal *m, const struct script_expr *x, bool out)
{
	struct buffer b;
	int64_t count;

	if (marshal_number(STAILQ_NEXT(x, next), m->ends, &count, m->e) == -1 ||
	    buffer(m, x, count, out, &b) == -1)
		return -1;
	if (b.null) {
		marshal_arg_number(m, 0);
	} else if (b.zeros > 0) {
		m->req->kind[m->arg] = CALLER_ZEROS;
		m->req->arg[m->arg] = b.zeros;
	} else {
		marshal_arg_at(m, b.at);
	}
	return 0;
}

int
marshal_read(struct marshal *m, const struct script_expr *x)
{
	return buffer_arg(m, x, true);
}

int
marshal_write(struct marshal *m, const struct script_expr *x)
{
	return buffer_arg(m, x, false);
}

/* One {buffer, count} of a vector. */
static int
element(struct marshal *m, const struct script_expr *x, uint32_t at, bool out)
{
	const struct script_expr *base, *len;
	struct buffer b;
	int64_t count;

	if (x->kind != EXPR_STRUCT || x->nparts != 2)
		return err_set(m->e, ERR_USAGE,
		    "an element of a vector is written {..., count}");
	base = STAILQ_FIRST(&x->parts);
	len = STAILQ_NEXT(base, next);
	if (marshal_number(len, m->ends, &count, m->e) == -1 ||
	    buffer(m, base, count, out, &b) == -1)
		return -1;
	marshal_put(m, at + offsetof(struct iovec, iov_len), count,
	    sizeof(size_t));
	if (b.null)
		return 0;
	return marshal_reloc(m, at + offsetof(struct iovec, iov_base), b.at,
	    b.zeros);
}

static int
vector(struct marshal *m, const struct script_expr *x, bool out, uint32_t *at)
{
	const struct script_expr *part;
	uint32_t to;

	if (x->kind != EXPR_ARRAY)
		return err_set(m->e, ERR_USAGE,
		    "a vector is written [{..., count}, ...]");
	if (marshal_room(m, x->nparts * sizeof(struct iovec), at) == -1)
		return -1;
	to = *at;
	STAILQ_FOREACH (part, &x->parts, next) {
		if (element(m, part, to, out) == -1)
			return -1;
		to += sizeof(struct iovec);
	}
	return 0;
}

static int
vector_arg(struct marshal *m, const struct script_expr *x, bool out)
{
	uint32_t at;

	if (marshal_is(x, "NULL")) {
		marshal_arg_number(m, 0);
		return 0;
	}
	if (vector(m, x, out, &at) == -1)
		return -1;
	marshal_arg_at(m, at);
	return 0;
}

int
marshal_readv(struct marshal *m, const struct script_expr *x)
{
	return vector_arg(m, x, true);
}

int
marshal_writev(struct marshal *m, const struct script_expr *x)
{
	return vector_arg(m, x, false);
}

/* The number in brackets of msg_name(...) and msg_iov(2), or what it is. */
static int
counted(struct marshal *m, const struct script_expr *name, int64_t *n)
{
	const struct script_expr *x = STAILQ_FIRST(&name->parts);

	if (x == NULL || x->kind == EXPR_ELLIPSIS)
		return 0;
	return marshal_number(x, m->ends, n, m->e);
}

/* msg_name: "..." is the peer for what is sent, room for what is received. */
static int
msg_name(struct marshal *m, const struct script_expr *name,
    const struct script_expr *value, uint32_t msg, bool out)
{
	int64_t n;
	uint32_t at, len;

	if (marshal_is(value, "NULL"))
		return 0;
	if (!out || value->kind != EXPR_ELLIPSIS) {
		if (marshal_address(m, value, false, &at, &len) == -1)
			return -1;
	} else {
		len = sizeof(struct sockaddr_storage);
		if (marshal_room(m, len, &at) == -1)
			return -1;
	}
	n = len;
	if (counted(m, name, &n) == -1)
		return -1;
	marshal_put(m, msg + offsetof(struct msghdr, msg_namelen), n,
	    sizeof(socklen_t));
	return marshal_reloc(m, msg + offsetof(struct msghdr, msg_name), at, 0);
}

static int
msg_iov(struct marshal *m, const struct script_expr *name,
    const struct script_expr *value, uint32_t msg, bool out)
{
	int64_t n = value->nparts;
	uint32_t at;

	if (vector(m, value, out, &at) == -1 || counted(m, name, &n) == -1)
		return -1;
	marshal_put(m, msg + offsetof(struct msghdr, msg_iovlen), n,
	    sizeof(size_t));
	return marshal_reloc(m, msg + offsetof(struct msghdr, msg_iov), at, 0);
}

static int
msg_member(struct marshal *m, const struct script_expr *name,
    const struct script_expr *value, uint32_t msg, bool out)
{
	const uint32_t flags = msg + offsetof(struct msghdr, msg_flags);
	int64_t n;

	if (strcmp(name->text, "msg_name") == 0)
		return msg_name(m, name, value, msg, out);
	if (strcmp(name->text, "msg_iov") == 0)
		return msg_iov(m, name, value, msg, out);
	if (strcmp(name->text, "msg_control") == 0)
		return out ? marshal_control_out(m, value, msg)
			   : marshal_control_in(m, value, msg);
	if (strcmp(name->text, "msg_flags") != 0)
		return err_about(m->e, ERR_USAGE,
		    "no member of a message is called ", name->text, "");
	if (out)
		return marshal_out(m, (struct call_out){ .name = "msg_flags",
					  .want = value,
					  .kind = OUT_FLAGS,
					  .prefix = "MSG_",
					  .at = flags,
					  .width = sizeof(int) });
	if (marshal_number(value, m->ends, &n, m->e) == -1)
		return -1;
	marshal_put(m, flags, n, sizeof(int));
	return 0;
}

static int
message(struct marshal *m, const struct script_expr *x, bool out)
{
	const struct script_expr *part, *name, *value;
	uint32_t msg;

	if (marshal_is(x, "NULL")) {
		marshal_arg_number(m, 0);
		return 0;
	}
	if (x->kind != EXPR_STRUCT)
		return err_set(m->e, ERR_USAGE,
		    "a message is written {msg_name(...)=..., "
		    "msg_iov(1)=[{..., count}], msg_flags=0}");
	if (marshal_room(m, sizeof(struct msghdr), &msg) == -1)
		return -1;
	marshal_arg_at(m, msg);
	STAILQ_FOREACH (part, &x->parts, next)
		if (marshal_assign(m, part, &name, &value) == -1 ||
		    msg_member(m, name, value, msg, out) == -1)
			return -1;
	return 0;
}

int
marshal_recvmsg(struct marshal *m, const struct script_expr *x)
{
	return message(m, x, true);
}

int
marshal_sendmsg(struct marshal *m, const struct script_expr *x)
{
	return message(m, x, false);
}
