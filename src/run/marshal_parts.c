/* What all arguments of calls are made of: numbers, room, structures. */
#include <string.h>

#include "run/marshal_parts.h"
#include "run/words.h"

/* The two words whose value depends on the family that is used. */
static bool
family_word(const char *word, const struct call_ends *ends, int64_t *value,
    struct err *e)
{
	bool six = ends->stack.ip == 6 || ends->mapped;

	if (strcmp(word, "CMSG_LEVEL_IP") == 0)
		return words_value(six ? "SOL_IPV6" : "SOL_IP", value, e) == 0;
	if (strcmp(word, "CMSG_TYPE_RECVERR") == 0)
		return words_value(six ? "IPV6_RECVERR" : "IP_RECVERR", value,
			   e) == 0;
	return false;
}

int
marshal_number(const struct script_expr *x, const struct call_ends *ends,
    int64_t *value, struct err *e)
{
	const struct script_expr *part;
	int64_t bits;

	switch (x->kind) {
	case EXPR_NUMBER:
		*value = x->num;
		return 0;
	case EXPR_WORD:
		if (family_word(x->text, ends, value, e))
			return 0;
		return words_value(x->text, value, e);
	case EXPR_OR:
		*value = 0;
		STAILQ_FOREACH (part, &x->parts, next) {
			if (marshal_number(part, ends, &bits, e) == -1)
				return -1;
			*value |= bits;
		}
		return 0;
	default:
		return err_set(e, ERR_USAGE,
		    "a number is wanted, or a constant such as O_RDWR");
	}
}

bool
marshal_is(const struct script_expr *x, const char *word)
{
	return x->kind == EXPR_WORD && strcmp(x->text, word) == 0;
}

const struct script_expr *
marshal_only(const struct script_expr *x)
{
	return x->kind == EXPR_ARRAY && x->nparts == 1 ? STAILQ_FIRST(&x->parts)
						       : NULL;
}

int
marshal_assign(struct marshal *m, const struct script_expr *x,
    const struct script_expr **name, const struct script_expr **value)
{
	*name = *value = NULL;
	if (x->kind == EXPR_ASSIGN) {
		*name = STAILQ_FIRST(&x->parts);
		*value = STAILQ_NEXT(*name, next);
		if ((*name)->kind == EXPR_WORD || (*name)->kind == EXPR_APPLY)
			return 0;
	}
	return err_set(m->e, ERR_USAGE,
	    "members of a structure are written name=value");
}

int
marshal_room(struct marshal *m, uint64_t len, uint32_t *at)
{
	uint32_t from = (m->req->len + 15) / 16 * 16;

	if (from > CALLER_DATA || len > CALLER_DATA - from)
		return err_set(m->e, ERR_USAGE,
		    "more than %d octets of data: write ... for octets that "
		    "do not matter",
		    CALLER_DATA);
	memset(m->req->data + m->req->len, 0, from + len - m->req->len);
	m->req->len = from + len;
	*at = from;
	return 0;
}

void
marshal_put(struct marshal *m, uint32_t at, int64_t value, unsigned width)
{
	uint8_t one = value;
	uint16_t two = value;
	uint32_t four = value;

	memcpy(m->req->data + at,
	    width == 1	 ? (void *)&one
	    : width == 2 ? (void *)&two
	    : width == 4 ? (void *)&four
			 : (void *)&value,
	    width);
}

int
marshal_reloc(struct marshal *m, uint32_t at, uint32_t to, uint32_t zeros)
{
	if (m->req->nrelocs == CALLER_RELOCS)
		return err_set(m->e, ERR_USAGE,
		    "more than %d pointers in a message", CALLER_RELOCS);
	m->req->relocs[m->req->nrelocs++] =
	    (struct caller_reloc){ at, to, zeros };
	return 0;
}

void
marshal_arg_number(struct marshal *m, int64_t value)
{
	m->req->kind[m->arg] = CALLER_NUM;
	m->req->arg[m->arg] = value;
}

void
marshal_arg_at(struct marshal *m, uint32_t at)
{
	m->req->kind[m->arg] = CALLER_AT;
	m->req->arg[m->arg] = at;
}

int
marshal_out(struct marshal *m, struct call_out out)
{
	int64_t value;

	if (out.want->kind == EXPR_ELLIPSIS)
		return 0;
	/* what makes no sense is told before the call is made */
	if ((out.kind == OUT_NUMBER || out.kind == OUT_FLAGS) &&
	    marshal_number(out.want, m->ends, &value, m->e) == -1)
		return -1;
	if (m->outs->n == CALL_OUTS)
		return err_set(m->e, ERR_USAGE,
		    "more than %d values are compared", CALL_OUTS);
	m->outs->out[m->outs->n++] = out;
	return 0;
}

static int
member(struct marshal *m, const struct marshal_member *t,
    const struct script_expr *value, uint32_t at, unsigned dir, int64_t least)
{
	int64_t number;

	if ((t->dir & dir & MARSHAL_OUT) != 0 &&
	    marshal_out(m, (struct call_out){ .name = t->name,
			       .want = value,
			       .kind = t->prefix ? OUT_FLAGS : OUT_NUMBER,
			       .prefix = t->prefix,
			       .at = at + t->at,
			       .width = t->width,
			       .least = least }) == -1)
		return -1;
	if ((t->dir & dir & MARSHAL_IN) == 0)
		return 0;
	if (marshal_number(value, m->ends, &number, m->e) == -1)
		return -1;
	if ((t->dir & MARSHAL_FD) != 0)
		number = descriptors_live(m->fds, number);
	marshal_put(m, at + t->at, number, t->width);
	return 0;
}

int
marshal_struct(struct marshal *m, const struct script_expr *x,
    const struct marshal_member *members, size_t n, uint32_t at, unsigned dir,
    int64_t least)
{
	const struct script_expr *part, *name, *value;
	size_t i;

	if (x->kind != EXPR_STRUCT)
		return err_set(m->e, ERR_USAGE,
		    "a structure is wanted: {name=value, ...}");
	STAILQ_FOREACH (part, &x->parts, next) {
		if (marshal_assign(m, part, &name, &value) == -1)
			return -1;
		for (i = 0; i < n; i++)
			if (strcmp(members[i].name, name->text) == 0)
				break;
		if (i == n)
			return err_about(m->e, ERR_USAGE,
			    "no member of this structure is called ",
			    name->text, "");
		if (member(m, &members[i], value, at, dir, least) == -1)
			return -1;
	}
	return 0;
}
