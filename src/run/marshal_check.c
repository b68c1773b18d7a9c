/* What came of a call, against what the script says. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/octets.h"
#include "run/marshal_parts.h"
#include "run/words.h"

void
marshal_differs(struct marshal_checks *c, const char *name,
    const char *expected, const char *observed)
{
	struct field *f;

	c->ok = false;
	if (*c->n == NFIELDS)
		return;
	f = &c->fields[(*c->n)++];
	f->name = name;
	f->ok = false;
	snprintf(f->expected, sizeof(f->expected), "%s", expected);
	snprintf(f->observed, sizeof(f->observed), "%s", observed);
}

/* A number in the terms of what is wanted. */
static void
add_number(struct buf *b, const struct script_expr *want, int64_t value,
    const char *prefix)
{
	const char *error = NULL;

	if (want->kind == EXPR_WORD && want->text[0] == 'E')
		error = words_errno(value);
	if (prefix != NULL)
		words_add_flags(b, prefix, value);
	else if (error != NULL)
		buf_adds(b, error);
	else if (want->kind == EXPR_OR || want->hex)
		buf_addf(b, "0x%" PRIx64, (uint64_t)value);
	else
		buf_addf(b, "%" PRId64, value);
}

static int64_t
get_number(const uint8_t *p, unsigned width)
{
	uint16_t two;
	int32_t four;
	int64_t eight;

	switch (width) {
	case 1:
		return *p;
	case 2:
		memcpy(&two, p, sizeof(two));
		return two;
	case 4:
		memcpy(&four, p, sizeof(four));
		return four;
	default:
		memcpy(&eight, p, sizeof(eight));
		return eight;
	}
}

static void
check_values(struct marshal_checks *c, const char *name,
    const struct script_expr *want, int64_t observed, const char *prefix)
{
	struct buf wanted = { 0 }, came = { 0 };
	struct err ignored;
	int64_t value;

	if (want->kind == EXPR_ELLIPSIS ||
	    marshal_number(want, c->ends, &value, &ignored) == -1 ||
	    value == observed)
		return;
	add_number(&wanted, want, value, prefix);
	add_number(&came, want, observed, prefix);
	if (want->kind == EXPR_WORD && prefix == NULL) {
		buf_reset(&wanted);
		buf_adds(&wanted, want->text);
	}
	marshal_differs(c, name, buf_str(&wanted), buf_str(&came));
	buf_free(&wanted);
	buf_free(&came);
}

void
marshal_check_number(struct marshal_checks *c, const char *name,
    const struct script_expr *want, const uint8_t *p, unsigned width,
    const char *prefix)
{
	struct err ignored;
	int64_t observed = get_number(p, width), value;

	/* 0xffffffff is -1 to who writes it so */
	if (width == 4 &&
	    marshal_number(want, c->ends, &value, &ignored) == 0 &&
	    (uint32_t)value == (uint32_t)observed)
		return;
	check_values(c, name, want, observed, prefix);
}

static void
check_octets(struct marshal_checks *c, const struct call_out *out,
    const uint8_t *p, size_t len)
{
	const struct script_expr *want = out->want;
	struct buf wanted = { 0 }, came = { 0 };

	if (out->kind == OUT_TEXT) {
		/* what follows it is zero octets */
		while (len > want->len && p[len - 1] == 0)
			len--;
	}
	if (len >= want->len && (want->more || len == want->len) &&
	    memcmp(p, want->text, want->len) == 0)
		return;
	buf_adds(&wanted, "\"");
	buf_add_escaped(&wanted, want->text, want->len);
	buf_adds(&wanted, want->more ? "\"..." : "\"");
	buf_adds(&came, "\"");
	buf_add_escaped(&came, p, len);
	buf_adds(&came, "\"");
	marshal_differs(c, out->name, buf_str(&wanted), buf_str(&came));
	buf_free(&wanted);
	buf_free(&came);
}

static void
check_address(struct marshal_checks *c, const struct call_out *out,
    const uint8_t *p)
{
	const struct script_expr *part, *text = out->want;
	struct addr wanted, came = { .ip = out->width == 4 ? 4 : 6 };
	struct buf a = { 0 }, b = { 0 };

	STAILQ_FOREACH (part, &out->want->parts, next)
		if (part->kind == EXPR_STRING)
			text = part;
	memcpy(came.octets, p, out->width);
	if (addr_parse(&wanted, text->text) == 0 && !addr_eq(&wanted, &came)) {
		addr_add(&a, &wanted);
		addr_add(&b, &came);
		marshal_differs(c, out->name, buf_str(&a), buf_str(&b));
		buf_free(&a);
		buf_free(&b);
	}
}

/* The live port becomes the one that the script knows. */
static void
check_port(struct marshal_checks *c, const struct call_out *out,
    const uint8_t *p)
{
	const struct script_expr *want = out->want;
	uint16_t port = get16(p);
	size_t i;

	for (i = 0; i < c->ends->nports; i++)
		if (c->ends->ports[i].live == port) {
			port = c->ends->ports[i].script;
			break;
		}
	if (want->kind == EXPR_APPLY)
		want = STAILQ_FIRST(&want->parts);
	check_values(c, out->name, want, port, NULL);
}

static void
check_out(struct marshal_checks *c, const struct call_out *out,
    const struct caller_reply *reply)
{
	const uint8_t *p = reply->data + out->at;
	size_t len = out->width;

	switch (out->kind) {
	case OUT_NUMBER:
	case OUT_FLAGS:
		marshal_check_number(c, out->name, out->want, p, out->width,
		    out->prefix);
		break;
	case OUT_PORT:
		check_port(c, out, p);
		break;
	case OUT_OCTETS:
		if (reply->result < (int64_t)len)
			len = reply->result;
		check_octets(c, out, p, len);
		break;
	case OUT_TEXT:
		check_octets(c, out, p, len);
		break;
	case OUT_ADDRESS:
		check_address(c, out, p);
		break;
	case OUT_CONTROL:
		marshal_check_control(c, out, reply->data);
		break;
	}
}

/* Its result is a descriptor, whose number is the kernel's affair. */
static bool
makes_descriptor(const struct script_call *call)
{
	const struct script_expr *command;

	switch (call->id) {
	case CALL_SOCKET:
	case CALL_ACCEPT:
	case CALL_OPEN:
	case CALL_EPOLL_CREATE:
		return true;
	case CALL_FCNTL:
		command = STAILQ_NEXT(STAILQ_FIRST(&call->args), next);
		return marshal_is(command, "F_DUPFD") ||
		       marshal_is(command, "F_DUPFD_CLOEXEC");
	default:
		return false;
	}
}

static void
add_error(struct buf *b, int error)
{
	const char *name = words_errno(error);

	if (name != NULL)
		buf_addf(b, "-1 %s (%s)", name, strerrordesc_np(error));
	else
		buf_addf(b, "-1 errno %d", error);
}

/* "-1 EAGAIN (...)" or a number. */
static void
check_result(struct marshal_checks *c, const struct script_call *call,
    const struct caller_reply *reply)
{
	struct buf wanted = { 0 }, came = { 0 };
	struct err ignored;
	int64_t value = 0, error = reply->error;

	if (call->result == NULL || call->result->kind == EXPR_ELLIPSIS ||
	    marshal_number(call->result, c->ends, &value, &ignored) == -1)
		return;
	if (call->error != NULL)
		(void)words_value(call->error, &error, &ignored);
	if (value == reply->result && (value != -1 || error == reply->error))
		return;
	if (value >= 0 && reply->result >= 0 && makes_descriptor(call))
		return;
	if (value == -1 && call->error != NULL)
		add_error(&wanted, error);
	else
		add_number(&wanted, call->result, value, NULL);
	if (reply->result == -1)
		add_error(&came, reply->error);
	else
		add_number(&came, call->result, reply->result, NULL);
	marshal_differs(c, "result", buf_str(&wanted), buf_str(&came));
	buf_free(&wanted);
	buf_free(&came);
}

bool
marshal_check(const struct script_call *call, const struct call_outs *outs,
    const struct call_ends *ends, const struct caller_reply *reply,
    struct field fields[NFIELDS], size_t *n)
{
	struct marshal_checks c = { ends, fields, n, true };
	size_t i;

	check_result(&c, call, reply);
	for (i = 0; i < outs->n && reply->result != -1; i++)
		if (reply->result >= outs->out[i].least)
			check_out(&c, &outs->out[i], reply);
	return c.ok;
}

void
marshal_learn(struct descriptors *fds, const struct script_call *call,
    const struct caller_reply *reply)
{
	const struct script_expr *x = STAILQ_FIRST(&call->args), *part;
	size_t i = 0;

	if (reply->result < 0)
		return;
	if (makes_descriptor(call)) {
		if (call->result != NULL && call->result->kind == EXPR_NUMBER &&
		    call->result->num >= 0)
			descriptors_add(fds, call->result->num, reply->result);
	} else if (call->id == CALL_CLOSE && x->kind == EXPR_NUMBER) {
		descriptors_remove(fds, x->num);
	} else if (call->id == CALL_PIPE && x->kind == EXPR_ARRAY) {
		/* the two are the only data of the call */
		STAILQ_FOREACH (part, &x->parts, next)
			descriptors_add(fds, part->num,
			    get_number(reply->data + 4 * i++, sizeof(int)));
	}
}
