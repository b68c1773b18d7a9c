/* The language of cases and deviations: mistakes, and what entries hold. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "util.h"

#define CASE(p)	   "case a\n  in CLOSED\n  what \"w\"\n" p
#define GOOD_CASE  CASE("  ctl SYN\n")		/* four lines */
#define PROP(p)	   CASE("  ctl SYN\n  " p "\n") /* p is at 5:3 */
#define OCTETS(p)  PROP("options \"" p "\"")
#define EIGHT	   "01 01 01 01 01 01 01 01 "
#define NOT_OCTETS "options are at most 40 octets in hexadecimal"
#define NO_SEGMENT "case a has a \"call\", and so no segment to describe"
#define NO_SEG	   "a case's own segment has no SEG.* yet"

#define STACK	    "  stack linux\n"
#define BREAKS	    "  breaks a/b\n"
#define DOES	    "  does none\n"
#define WHY	    "  why \"y\"\n"
#define DEV(p)	    "deviation d/e\n" p
#define DEV_PROP(p) DEV(STACK BREAKS DOES WHY "  " p "\n") /* p is at 6:3 */
#define IN_VAIN \
	"asks for a segment, but on a user call or a timeout none arrives"
#define LABEL "a label is letters, digits, '-' and '.'"

/* The rules that deviations break. */
#define RULES                                                             \
	"rule a/b in CLOSED reply none level SPEC cite \"c\" why \"y\"\n" \
	"rule call in ESTABLISHED on CLOSE reply none level SPEC\n"       \
	"  cite \"c\" why \"y\"\n"

/* The message, or its beginning before ';'. NULL: there is none. */
struct mistake {
	const char *name;
	const char *text;
	const char *msg;
};

static const struct mistake case_rows[] = {
	{ "right", GOOD_CASE, NULL },
	{ "in missing", "case a\n  what \"w\"\n  ctl SYN\n",
	    "f:1:6: case a has no \"in\"" },
	{ "what missing", "case a\n  in CLOSED\n  ctl SYN\n",
	    "f:1:6: case a has no \"what\"" },
	{ "ctl missing", CASE("  seq 5\n"),
	    "f:1:6: case a has neither \"ctl\" nor \"call\"" },
	{ "call is enough", CASE("  call CLOSE\n"), NULL },
	{ "ctl and call", PROP("call CLOSE"), "f:1:6: " NO_SEGMENT },
	{ "seq and call", CASE("  call CLOSE\n  seq 5\n"),
	    "f:1:6: " NO_SEGMENT },
	{ "ip and call", CASE("  call CLOSE\n  ip 4\n"), NULL },
	{ "id missing", "case\n  in CLOSED\n", "f:2:6: unexpected CLOSED" },
	{ "id twice", GOOD_CASE "\n" GOOD_CASE,
	    "f:6:6: case a is already at f:1" },
	{ "in: several states", CASE("  in LISTEN\n"),
	    "f:4:3: in is said a second time" },
	{ "in: any", "case a\n  in any\n", "f:2:6: unexpected any" },
	{ "in: two at once", "case a\n  in CLOSED LISTEN\n  what \"w\" ctl SYN",
	    NULL },
	{ "what twice", PROP("what \"x\""),
	    "f:5:3: what is said a second time" },
	{ "ctl twice", PROP("ctl ACK"),
	    "f:5:3: this property is said a second time" },
	{ "ip twice", PROP("ip 4\n  ip 6"),
	    "f:6:3: this property is said a second time" },
	{ "via twice", "case a\n  in CLOSED via x via y\n",
	    "f:2:19: unexpected via" },
	{ "via without a state", PROP("via x"), "f:5:3: unexpected via" },
	{ "call twice", CASE("  call CLOSE\n  call CLOSE\n"),
	    "f:5:3: call is said a second time" },
	{ "unread twice", PROP("unread 5 unread 6"),
	    "f:5:12: unread is said a second time" },
	{ "call unknown", CASE("  call SEND\n"),
	    "f:4:8: unknown term \"SEND\"" },
	{ "the end", CASE("  ctl"), "f:4:6: the file ends too early" },
	{ "a property of a rule", PROP("reply none"),
	    "f:5:3: unexpected reply" },
	{ "a property of a deviation", PROP("stack linux"),
	    "f:5:3: unexpected stack" },
};

/* What a property of a case takes, and up to where. */
static const struct mistake value_rows[] = {
	{ "ip 4", PROP("ip 4"), NULL },
	{ "ip 6", PROP("ip 6"), NULL },
	{ "ip 5", PROP("ip 5"), "f:5:6: ip is 4 or 6" },
	{ "ip 0", PROP("ip 4 0"), "f:5:8: ip is 4 or 6" },
	{ "ip 46", PROP("ip 46"), "f:5:6: ip is " },
	{ "ip a term", PROP("ip SND.NXT"), "f:5:6: ip is a number up to 6" },
	{ "ip any", PROP("ip any"), "f:5:6: ip cannot be any" },
	{ "reserved 7", PROP("reserved 7"), NULL },
	{ "reserved 8", PROP("reserved 8"),
	    "f:5:12: reserved is a number up to 7" },
	{ "reserved any", PROP("reserved any"),
	    "f:5:12: reserved cannot be any" },
	{ "offset 15", PROP("offset 15"), NULL },
	{ "offset 16", PROP("offset 5 16"),
	    "f:5:12: offset is a number up to 15" },
	{ "offset any", PROP("offset any"), "f:5:10: offset cannot be any" },
	{ "sport 65535", PROP("sport 65535"), NULL },
	{ "sport 65536", PROP("sport 65536"),
	    "f:5:9: sport is a number up to 65535" },
	{ "sport any", PROP("sport any"), NULL },
	{ "dport 70000", PROP("dport 70000"),
	    "f:5:9: dport is a number up to 65535" },
	{ "dport any", PROP("dport any"), NULL },
	{ "dport a term", PROP("dport ISS"),
	    "f:5:9: dport is a number up to 65535" },
	{ "text 1400", PROP("text 1400"), NULL },
	{ "text 1401", PROP("text 1401"),
	    "f:5:8: text is a number up to 1400" },
	{ "text 99999", PROP("text 0 99999"),
	    "f:5:10: text is a number up to 1400" },
	{ "text any", PROP("text any"), "f:5:8: text cannot be any" },
	{ "text a sum", PROP("text 1+1"), NULL },
	{ "unread 1400", PROP("unread 1400"), NULL },
	{ "unread 1401", PROP("unread 1401"),
	    "f:5:10: unread is a number up to 1400" },
	{ "unread any", PROP("unread any"), "f:5:10: unexpected any" },
	{ "seq any", PROP("seq any"), NULL },
	{ "seq a sum", PROP("seq RCV.NXT+RCV.WND-1"), NULL },
	{ "seq 32 bits", PROP("seq 4294967295"), NULL },
	{ "seq 33 bits", PROP("seq 4294967296"),
	    "f:5:7: 4294967296 is more than 32 bits hold" },
	{ "seq SEG.SEQ", PROP("seq SEG.SEQ"), "f:5:7: " NO_SEG },
	{ "seq of SEG.LEN", PROP("seq 5 RCV.NXT-SEG.LEN"), "f:5:9: " NO_SEG },
	{ "seq a bit", PROP("seq SYN"),
	    "f:5:7: control bits belong to \"ctl\"" },
	{ "seq all", PROP("seq all"), "f:5:7: control bits belong to \"ctl\"" },
	{ "seq octets", PROP("seq \"00\""),
	    "f:5:7: a string has no meaning here" },
	{ "seq a word", PROP("seq later"), "f:5:7: unknown word \"later\"" },
	{ "ack any", PROP("ack any"), NULL },
	{ "ack a term", PROP("ack SND.NXT+1 0 any"), NULL },
	{ "ack SEG.ACK", PROP("ack SEG.ACK"), "f:5:7: " NO_SEG },
	{ "ctl a number", CASE("  ctl 5\n"),
	    "f:4:7: this property takes no numbers" },
	{ "ctl any", CASE("  ctl any\n"),
	    "f:4:7: this property takes no numbers" },
	{ "ctl a fault", CASE("  ctl SYN bad-checksum\n"),
	    "f:4:11: unknown word \"bad-checksum\"" },
	{ "ctl unknown", CASE("  ctl SYN,SIN\n"),
	    "f:4:11: unknown term \"SIN\"" },
	{ "ctl with a comma left", CASE("  ctl SYN,\n  seq 5\n"),
	    "f:5:3: unexpected seq" },
	{ "ctl with a bit left open", CASE("  ctl SYN,ECE?\n"),
	    "f:4:7: a case's bits are set or not, without \"?\"" },
	{ "ctl none", CASE("  ctl none SYN,ECE,CWR,AE all\n"), NULL },
	{ "fault unknown", PROP("fault bad-luck"),
	    "f:5:9: unknown word \"bad-luck\"" },
	{ "fault as long as a known one", PROP("fault nine"),
	    "f:5:9: unknown word \"nine\"" },
	{ "fault that is no fault", PROP("fault none acceptable"),
	    "f:5:14: unknown word \"acceptable\"" },
	{ "fault of the IP header", PROP("fault bad-ip-checksum"),
	    "f:5:9: unknown word \"bad-ip-checksum\"" },
	{ "fault a number", PROP("fault 1"),
	    "f:5:9: this property takes no numbers" },
	{ "fault a bit", PROP("fault RST"),
	    "f:5:9: control bits belong to \"ctl\"" },
	{ "fault, all of them", PROP("fault none bad-checksum zero-checksum"),
	    NULL },
	{ "options: none", OCTETS(""), NULL },
	{ "options: spaces", OCTETS(" 0204\n05b4 "), NULL },
	{ "options: 40 octets", OCTETS(EIGHT EIGHT EIGHT EIGHT EIGHT), NULL },
	{ "options: 41 octets", OCTETS(EIGHT EIGHT EIGHT EIGHT EIGHT "01"),
	    "f:5:11: " NOT_OCTETS },
	{ "options: half an octet", OCTETS("02 04 05 b"),
	    "f:5:11: " NOT_OCTETS },
	{ "options: an octet cut in two", OCTETS("0 2"),
	    "f:5:11: " NOT_OCTETS },
	{ "options: not hexadecimal", OCTETS("02 0g"), "f:5:11: " NOT_OCTETS },
	{ "options: a sign", OCTETS("+2"), "f:5:11: " NOT_OCTETS },
	{ "options: 0x", OCTETS("0x02"), "f:5:11: " NOT_OCTETS },
	{ "options: the second", PROP("options \"01\" \"02 0\""),
	    "f:5:16: " NOT_OCTETS },
	{ "options: a number", PROP("options 02"),
	    "f:5:11: this property takes no numbers" },
	{ "as without a value", PROP("seq as \"x\""), "f:5:7: unexpected as" },
	{ "as without quotes", PROP("seq 5 as x"), "f:5:12: unexpected x" },
	{ "as with a control character", PROP("seq 5 as \"\x1b[1m\""),
	    "f:5:12: " LABEL },
	{ "as with half a character", PROP("seq 5 as \"\xc3\""),
	    "f:5:12: " LABEL },
	{ "as with a glob", PROP("seq 5 as \"a*\""), "f:5:12: " LABEL },
	{ "as with a space", PROP("seq 5 as \"a b\""), "f:5:12: " LABEL },
	{ "as with nothing", PROP("seq 5 as \"\""), "f:5:12: " LABEL },
};

static const struct mistake deviation_rows[] = {
	{ "right", DEV(STACK BREAKS DOES WHY), NULL },
	{ "stack missing", DEV(BREAKS DOES WHY),
	    "f:1:11: deviation d/e has no \"stack\"" },
	{ "breaks missing", DEV(STACK DOES WHY),
	    "f:1:11: deviation d/e has no \"breaks\"" },
	{ "does missing", DEV(STACK BREAKS WHY),
	    "f:1:11: deviation d/e has no \"does\"" },
	{ "why missing", DEV(STACK BREAKS DOES),
	    "f:1:11: deviation d/e has no \"why\"" },
	{ "id missing", "deviation\n" STACK, "f:2:9: unexpected linux" },
	{ "id twice", DEV(STACK BREAKS DOES WHY) DEV(STACK BREAKS DOES WHY),
	    "f:6:11: deviation d/e is there already" },
	{ "breaks: no rule", DEV(STACK "  breaks a/bc\n" DOES WHY),
	    "f:1:11: deviation d/e breaks a/bc, which is no rule" },
	{ "when: a segment on a call",
	    DEV(STACK "  breaks call\n  when unread or SYN\n" DOES WHY),
	    "f:1:11: deviation d/e " IN_VAIN },
	{ "does: a segment on a call, SEQ",
	    DEV(STACK "  breaks call\n  does <SEQ=SEG.ACK><CTL=RST>\n" WHY),
	    "f:1:11: deviation d/e " IN_VAIN },
	{ "does: a segment on a call, ACK",
	    DEV(STACK "  breaks call\n" WHY
		      "  does <SEQ=any><ACK=SEG.SEQ><CTL=RST,ACK>\n"),
	    "f:1:11: deviation d/e " IN_VAIN },
	{ "the TCB on a call",
	    DEV(STACK "  breaks call\n  when unread\n" WHY
		      "  does <SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>\n"),
	    NULL },
	{ "breaks: no id", DEV(STACK "  breaks\n" DOES),
	    "f:4:8: unexpected none" },
	{ "breaks: quoted", DEV(STACK "  breaks \"a/b\"\n"),
	    "f:3:10: an id was expected here, such as closed/no-ack" },
	{ "stack: quoted", DEV("  stack \"linux\"\n"),
	    "f:2:9: unexpected \"linux\"" },
	{ "stack: a keyword", DEV("  stack text\n"), "f:2:9: unexpected text" },
	{ "since: not quoted", DEV_PROP("since 6"), "f:6:9: unexpected 6" },
	{ "since and until", DEV_PROP("since \"6.1\" until \"6.18.44\""),
	    NULL },
	{ "stack twice", DEV_PROP("stack linux"),
	    "f:6:3: stack is said a second time" },
	{ "since no version", DEV_PROP("since \"v6\""),
	    "f:6:9: a version begins with a digit, such as 6.18" },
	{ "since twice", DEV_PROP("since \"1\" since \"2\""),
	    "f:6:13: since is said a second time" },
	{ "until twice", DEV_PROP("until \"1\" until \"2\""),
	    "f:6:13: until is said a second time" },
	{ "breaks twice", DEV_PROP("breaks call"), NULL },
	{ "when twice", DEV_PROP("when ACK when ACK"),
	    "f:6:12: when is said a second time" },
	{ "does twice", DEV_PROP("does none"),
	    "f:6:3: does is said a second time" },
	{ "why twice", DEV_PROP("why \"z\""),
	    "f:6:3: why is said a second time" },
	{ "cite, twice and more", DEV_PROP("cite \"x\" \"y\" cite \"z\""),
	    NULL },
	{ "does: ACK without its number",
	    DEV("  does <SEQ=0><CTL=RST,ACK>\n" STACK BREAKS WHY),
	    "f:2:8: <ACK=..> and ACK in <CTL=..> go together" },
	{ "does: a number without ACK",
	    DEV("  does <SEQ=any><ACK=1><CTL=RST>\n" STACK BREAKS WHY),
	    "f:2:8: <ACK=..> and ACK in <CTL=..> go together" },
	{ "in", DEV_PROP("in CLOSED"), NULL },
	{ "in twice", DEV_PROP("in CLOSED in LISTEN"),
	    "f:6:13: in is said a second time" },
	{ "the end", DEV("  does <SEQ="), "f:2:13: the file ends too early" },
};

static void
check_mistake(const struct mistake *m)
{
	struct rulebook book;
	struct err e = { 0 };
	size_t n;
	int rc;

	util_book(&book, RULES);
	rc = rulebook_add(&book, UTIL_NAME, m->text, strlen(m->text), &e);
	if (m->msg == NULL) {
		ck_assert_msg(rc == 0, "%s: %s", m->name, e.msg);
	} else {
		n = strlen(m->msg);
		ck_assert_msg(rc == -1, "%s: no error", m->name);
		ck_assert_int_eq(e.kind, ERR_USAGE);
		ck_assert_msg(strncmp(e.msg, m->msg, n) == 0,
		    "%s:\n%s, wanted\n%s", m->name, e.msg, m->msg);
		ck_assert_ptr_null(strchr(e.msg, '\n'));
	}
	rulebook_free(&book);
}

START_TEST(test_case)
{
	check_mistake(&case_rows[_i]);
}
END_TEST

START_TEST(test_value)
{
	check_mistake(&value_rows[_i]);
}
END_TEST

START_TEST(test_deviation)
{
	check_mistake(&deviation_rows[_i]);
}
END_TEST

START_TEST(test_case_holds)
{
	const struct template *t;
	const struct value *v;
	struct rulebook book;

	util_book(&book,
	    "\ncase x/y\n  in FIN-WAIT-2\n  via half-close\n  unread 7\n"
	    "  what \"two\n\t lines\"\n  ctl FIN,ACK none\n"
	    "  fault none zero-checksum\n"
	    "  options \"0204 05B4\" as \"mss\"\n");
	t = STAILQ_FIRST(&book.templates);
	ck_assert_str_eq(t->id, "x/y");
	ck_assert_str_eq(t->file, UTIL_NAME);
	ck_assert_int_eq(t->line, 2);
	v = STAILQ_FIRST(&t->axes[AXIS_PLACE]);
	ck_assert_uint_eq(v->num, ST_FIN_WAIT_2);
	ck_assert_str_eq(v->via, "half-close");
	ck_assert_ptr_null(STAILQ_NEXT(v, next));
	ck_assert_uint_eq(t->unread, 7);
	ck_assert_str_eq(t->what, "two lines");
	ck_assert_int_eq(t->event, EV_SEGMENT);
	v = STAILQ_FIRST(&t->axes[AXIS_CTL]);
	ck_assert_uint_eq(v->num, CTL_FIN | CTL_ACK);
	ck_assert_str_eq(v->label, "F.");
	v = STAILQ_NEXT(v, next);
	ck_assert_uint_eq(v->num, 0);
	ck_assert_str_eq(v->label, "none");
	ck_assert_ptr_null(STAILQ_NEXT(v, next));
	v = STAILQ_FIRST(&t->axes[AXIS_FAULT]);
	ck_assert_uint_eq(v->num, 0);
	ck_assert_ptr_null(v->label);
	v = STAILQ_NEXT(v, next);
	ck_assert_uint_eq(v->num, FAULT_CHECKSUM_ZERO);
	ck_assert_str_eq(v->label, "zero-checksum");
	v = STAILQ_FIRST(&t->axes[AXIS_OPTIONS]);
	ck_assert_uint_eq(v->octets_len, 4);
	ck_assert_mem_eq(v->octets, "\x02\x04\x05\xb4", 4);
	ck_assert_str_eq(v->label, "mss");
	ck_assert(STAILQ_EMPTY(&t->axes[AXIS_SEQ]));
	rulebook_free(&book);
}
END_TEST

START_TEST(test_deviation_holds)
{
	const struct deviation *d;
	struct rulebook book;

	util_book(&book,
	    RULES DEV("  stack open-bsd\n  since \"6.1\" until \"7\"\n" BREAKS
		      "  when RST\n  does <SEQ=1><CTL=RST>\n  why \" a  b \"\n"
		      "  cite \"x\" cite \"y\"\n"));
	d = STAILQ_FIRST(&book.deviations);
	ck_assert_str_eq(d->id, "d/e");
	ck_assert_str_eq(d->stack, "open-bsd");
	ck_assert_str_eq(d->since, "6.1");
	ck_assert_str_eq(d->until, "7");
	ck_assert_str_eq(STAILQ_FIRST(&d->breaks)->text, "a/b");
	ck_assert_ptr_null(STAILQ_NEXT(STAILQ_FIRST(&d->breaks), next));
	ck_assert_int_eq(d->when->op, OP_CTL);
	ck_assert(!d->does.none);
	ck_assert_str_eq(d->does.text, "<SEQ=1><CTL=RST>");
	ck_assert_str_eq(STAILQ_FIRST(&d->cites)->text, "x");
	ck_assert_ptr_nonnull(STAILQ_NEXT(STAILQ_FIRST(&d->cites), next));
	rulebook_free(&book);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("rules_cases");
	TCase *tc = tcase_create("entries");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_case, 0, ARRAY_SIZE(case_rows));
	tcase_add_loop_test(tc, test_value, 0, ARRAY_SIZE(value_rows));
	tcase_add_loop_test(tc, test_deviation, 0, ARRAY_SIZE(deviation_rows));
	tcase_add_test(tc, test_case_holds);
	tcase_add_test(tc, test_deviation_holds);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
