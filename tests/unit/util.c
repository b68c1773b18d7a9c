#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "tcp/notation.h"
#include "util.h"

struct tuple
util_tuple(void)
{
	return (struct tuple){
		.src = { { 4, { 192, 0, 2, 1 } }, 1024 },
		.dst = { { 4, { 192, 0, 2, 2 } }, 80 },
	};
}

struct segment
util_ours(const char *rfc)
{
	struct segment s = { .tuple = util_tuple(), .wnd = 64240 };

	ck_assert_msg(notation_parse_rfc(&s, rfc) == 0, "bad row: %s", rfc);
	return s;
}

struct segment
util_theirs(const char *rfc)
{
	struct segment s = util_ours(rfc);

	s.tuple = tuple_reverse(&s.tuple);
	return s;
}

void
util_exchange(struct exchange *x, const char *stimulus, struct segment *probe,
    const struct util_came *came, size_t n)
{
	struct tuple ours = util_tuple();
	struct segment seg;
	size_t i;

	/* what an earlier exchange has left there is not to be looked at */
	seg = util_theirs("<SEQ=0><ACK=1001><CTL=RST,ACK>");
	for (i = 0; i < EXCHANGE_MAX; i++)
		x->passages[i] = (struct passage){ seg, REL_REPLY, false };
	x->n = EXCHANGE_MAX;
	x->lost = 1;
	exchange_start(x, &ours);
	if (stimulus != NULL) {
		*probe = util_ours(stimulus);
		exchange_sent(x, probe, REL_STIMULUS);
	} else {
		exchange_stimulate(x);
	}
	for (i = 0; i < n && came[i].rfc != NULL; i++) {
		seg = util_theirs(came[i].rfc);
		seg.text_len = came[i].text;
		seg.faults = came[i].faults;
		seg.cksum = 0xbeef;
		if (came[i].port != 0)
			seg.tuple.src.port = came[i].port;
		ck_assert_ptr_nonnull(exchange_received(x, &seg));
	}
}

void
util_book(struct rulebook *book, const char *text)
{
	struct err e;
	int rc;

	rulebook_init(book);
	rc = rulebook_add(book, UTIL_NAME, text, strlen(text), &e);
	ck_assert_msg(rc == 0, "%s in:\n%s", rc ? e.msg : "", text);
}

void
util_parse(const char *text, const char *msg)
{
	struct rulebook book;
	struct err e = { 0 };
	size_t n;
	int rc;

	rulebook_init(&book);
	rc = rulebook_add(&book, UTIL_NAME, text, strlen(text), &e);
	if (msg == NULL) {
		ck_assert_msg(rc == 0, "%s in\n%s", e.msg, text);
	} else {
		n = strlen(msg);
		ck_assert_msg(rc == -1, "no error in\n%s", text);
		ck_assert_int_eq(e.kind, ERR_USAGE);
		ck_assert_msg(strncmp(e.msg, msg, n) == 0 &&
				  (e.msg[n] == '\0' || e.msg[n] == ';'),
		    "%s, wanted\n%s", e.msg, msg);
	}
	rulebook_free(&book);
}

void
util_add_data(struct rulebook *book, const char *file)
{
	const char *srcdir = getenv("srcdir");
	struct buf path = { 0 };
	struct err e;
	size_t len;
	char *text;
	int rc;

	buf_addf(&path, "%s/data/%s", srcdir ? srcdir : ".", file);
	text = file_read(buf_str(&path), &len, &e);
	ck_assert_msg(text != NULL, "%s", text ? "" : e.msg);
	rc = rulebook_add(book, buf_str(&path), text, len, &e);
	ck_assert_msg(rc == 0, "%s", rc ? e.msg : "");
	free(text);
	buf_free(&path);
}
