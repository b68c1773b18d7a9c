#include <check.h>
#include <string.h>

#include "scripts.h"

void
scripts_read(struct script *s, const char *text)
{
	struct err e = { 0 };
	int rc = script_parse(s, "f", text, strlen(text), NULL, &e);

	ck_assert_msg(rc == 0, "%s in\n%s", e.msg, text);
}

const struct script_event *
scripts_event(const struct script *s, size_t i)
{
	const struct script_event *ev;

	STAILQ_FOREACH (ev, &s->events, next)
		if (i-- == 0)
			break;
	ck_assert_ptr_nonnull(ev);
	return ev;
}

const struct script_packet *
scripts_packet(const struct script *s)
{
	const struct script_event *ev = scripts_event(s, 0);

	ck_assert_int_eq(ev->kind, SCRIPT_PACKET);
	ck_assert_ptr_nonnull(ev->packet);
	ck_assert_ptr_null(STAILQ_NEXT(ev, next));
	return ev->packet;
}

const struct script_call *
scripts_call(const struct script *s)
{
	const struct script_event *ev = scripts_event(s, 0);

	ck_assert_int_eq(ev->kind, SCRIPT_CALL);
	ck_assert_ptr_nonnull(ev->call);
	ck_assert_ptr_null(STAILQ_NEXT(ev, next));
	return ev->call;
}

void
scripts_check(const char *text, const char *msg)
{
	struct err e = { 0 };
	struct script s;
	size_t n;
	int rc;

	rc = script_parse(&s, "f", text, strlen(text), NULL, &e);
	if (msg == NULL) {
		ck_assert_msg(rc == 0, "%s in\n%s", e.msg, text);
	} else {
		n = strlen(msg);
		ck_assert_msg(rc == -1, "no error in\n%s", text);
		ck_assert_int_eq(e.kind, ERR_USAGE);
		ck_assert_msg(strncmp(e.msg, msg, n) == 0 &&
				  (e.msg[n] == '\0' || e.msg[n] == ';'),
		    "%s, wanted\n%s", e.msg, msg);
		ck_assert_str_eq(STAILQ_FIRST(&s.errors)->msg, e.msg);
	}
	script_free(&s);
}
