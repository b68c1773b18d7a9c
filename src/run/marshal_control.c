/* Ancillary data of messages: cmsg_level, cmsg_type, cmsg_data. */
#include <time.h>

#include <linux/errqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/table.h"
#include "run/marshal_parts.h"

#define CONTROL_ROOM 1024

#define EE(member)                                                      \
	{                                                               \
#member, offsetof(struct sock_extended_err, member),    \
		    sizeof(((struct sock_extended_err *)NULL)->member), \
		    MARSHAL_OUT, NULL                                   \
	}

static const struct marshal_member error_members[] = {
	EE(ee_errno),
	EE(ee_origin),
	EE(ee_type),
	EE(ee_code),
	EE(ee_info),
	EE(ee_data),
};

/* The value of a member of {name=value, ...}, or NULL. */
static const struct script_expr *
member(const struct script_expr *x, const char *name)
{
	const struct script_expr *part, *left;

	STAILQ_FOREACH (part, &x->parts, next) {
		left = STAILQ_FIRST(&part->parts);
		if (part->kind == EXPR_ASSIGN && left->text != NULL &&
		    strcmp(left->text, name) == 0)
			return STAILQ_NEXT(left, next);
	}
	return NULL;
}

static bool
is_time(const struct script_expr *data)
{
	return member(data, "scm_sec") != NULL;
}

/* Does it make sense? What it must be is only compared when it is there. */
static int
valid_number(struct marshal *m, const struct script_expr *x, const char *what)
{
	int64_t n;

	if (x == NULL)
		return err_set(m->e, ERR_USAGE,
		    "ancillary data are written [{cmsg_level=..., "
		    "cmsg_type=..., cmsg_data=...}]: %s is missing",
		    what);
	return x->kind == EXPR_ELLIPSIS ? 0
					: marshal_number(x, m->ends, &n, m->e);
}

static int
valid(struct marshal *m, const struct script_expr *x)
{
	const struct script_expr *data = member(x, "cmsg_data"), *part, *name,
				 *value;
	size_t i;

	if (valid_number(m, member(x, "cmsg_level"), "cmsg_level") == -1 ||
	    valid_number(m, member(x, "cmsg_type"), "cmsg_type") == -1)
		return -1;
	if (data == NULL || data->kind != EXPR_STRUCT)
		return valid_number(m, data, "cmsg_data");
	if (is_time(data))
		return 0;
	STAILQ_FOREACH (part, &data->parts, next) {
		if (marshal_assign(m, part, &name, &value) == -1 ||
		    valid_number(m, value, name->text) == -1)
			return -1;
		for (i = 0; i < ARRAY_SIZE(error_members); i++)
			if (strcmp(error_members[i].name, name->text) == 0)
				break;
		if (i == ARRAY_SIZE(error_members))
			return err_about(m->e, ERR_ENV, "ancillary data with ",
			    name->text, " cannot be compared");
	}
	return 0;
}

static int
control_room(struct marshal *m, uint32_t msg, size_t len, uint32_t *at)
{
	if (marshal_room(m, len, at) == -1)
		return -1;
	marshal_put(m, msg + offsetof(struct msghdr, msg_controllen), len,
	    sizeof(size_t));
	return marshal_reloc(m, msg + offsetof(struct msghdr, msg_control), *at,
	    0);
}

int
marshal_control_out(struct marshal *m, const struct script_expr *x, uint32_t at)
{
	struct call_out out = { .name = "msg_control",
		.want = x,
		.kind = OUT_CONTROL,
		.width = at };
	const struct script_expr *part;

	if (x->kind != EXPR_ARRAY && x->kind != EXPR_ELLIPSIS)
		return err_set(m->e, ERR_USAGE,
		    "msg_control is ... or a list in [ ]");
	STAILQ_FOREACH (part, &x->parts, next)
		if (valid(m, part) == -1)
			return -1;
	if (control_room(m, at, CONTROL_ROOM, &out.at) == -1)
		return -1;
	return marshal_out(m, out);
}

/* What is sent: each of them holds an int. */
int
marshal_control_in(struct marshal *m, const struct script_expr *x, uint32_t at)
{
	const struct script_expr *part;
	int64_t level, type, data;
	uint32_t to;

	if (x->nparts == 0)
		return 0;
	if (control_room(m, at, x->nparts * CMSG_SPACE(sizeof(int)), &to) == -1)
		return -1;
	STAILQ_FOREACH (part, &x->parts, next) {
		if (valid(m, part) == -1 ||
		    marshal_number(member(part, "cmsg_level"), m->ends, &level,
			m->e) == -1 ||
		    marshal_number(member(part, "cmsg_type"), m->ends, &type,
			m->e) == -1 ||
		    marshal_number(member(part, "cmsg_data"), m->ends, &data,
			m->e) == -1)
			return -1;
		marshal_put(m, to, CMSG_LEN(sizeof(int)), sizeof(size_t));
		marshal_put(m, to + offsetof(struct cmsghdr, cmsg_level), level,
		    sizeof(int));
		marshal_put(m, to + offsetof(struct cmsghdr, cmsg_type), type,
		    sizeof(int));
		marshal_put(m, to + CMSG_LEN(0), data, sizeof(int));
		to += CMSG_SPACE(sizeof(int));
	}
	return 0;
}

static void
check_data(struct marshal_checks *c, const struct script_expr *want,
    const uint8_t *data, size_t len)
{
	const struct marshal_member *t;
	const struct script_expr *x;

	if (want->kind != EXPR_STRUCT) {
		marshal_check_number(c, "cmsg_data", want, data,
		    len == 1 || len == 2 || len == 8 ? len : 4, NULL);
		return;
	}
	if (is_time(want))
		return;
	for (t = error_members; t < error_members + ARRAY_SIZE(error_members);
	     t++) {
		x = member(want, t->name);
		if (x != NULL)
			marshal_check_number(c, t->name, x, data + t->at,
			    t->width, NULL);
	}
}

void
marshal_check_control(struct marshal_checks *c, const struct call_out *out,
    const uint8_t *data)
{
	const struct script_expr *part = STAILQ_FIRST(&out->want->parts);
	_Alignas(struct cmsghdr) uint8_t room[CONTROL_ROOM + 64] = { 0 };
	struct msghdr msg;
	struct cmsghdr *h;
	size_t n = 0;
	char wanted[32], came[32];

	memcpy(&msg, data + out->width, sizeof(msg));
	if (msg.msg_controllen > CONTROL_ROOM)
		msg.msg_controllen = CONTROL_ROOM;
	memcpy(room, data + out->at, CONTROL_ROOM);
	msg.msg_control = room;
	for (h = CMSG_FIRSTHDR(&msg); h != NULL; h = CMSG_NXTHDR(&msg, h)) {
		n++;
		if (part == NULL)
			continue;
		marshal_check_number(c, "cmsg_level",
		    member(part, "cmsg_level"), (uint8_t *)&h->cmsg_level, 4,
		    NULL);
		marshal_check_number(c, "cmsg_type", member(part, "cmsg_type"),
		    (uint8_t *)&h->cmsg_type, 4, NULL);
		check_data(c, member(part, "cmsg_data"), CMSG_DATA(h),
		    h->cmsg_len - CMSG_LEN(0));
		part = STAILQ_NEXT(part, next);
	}
	snprintf(wanted, sizeof(wanted), "%zu", out->want->nparts);
	snprintf(came, sizeof(came), "%zu", n);
	if (n != out->want->nparts)
		marshal_differs(c, "control messages", wanted, came);
}
