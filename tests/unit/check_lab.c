/* Lessons: what is read, what varies, and what is told of mistakes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "script/lab.h"

/* The least that a lesson has, on three lines. */
#define HEAD   "lesson l\norder 7 title \"T\"\n"
#define HEADS  "lesson l\norder 7\ntitle \"T\"\n"
#define STEP   "step \"S\"\n"
#define OPTION "option n 5 from 0 to 9 \"how many\"\n"

/* A lesson with all that there is. */
static const char whole[] =
    "# a comment\n"
    "lesson whole\n"
    "order 3\n"
    "title \"The   whole\n	of it\" # and one here\n"
    "code client\n\tif (x) # no comment\n\t\tend();\n\n\tend\n"
    "option unread 5 from 0 to 1000\n  \"octets\"\n"
    "about \"One.\"\n  \"Two, with \\\"quotes\\\" and {unread}.\"\n"
    "option how close of close shutdown linger \"how\"\n"
    "foresee \"It\n happens.\"\n"
    "sysctl server tcp_rmem 4096 8192 unread\n"
    "step \"First: {how}.\"\n"
    "  server socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
    "  client ...0.5 connect(3, ..., ...) = 0 # it waits\n"
    "  client > P. 1:1+unread(unread) ack 1 <...>\n"
    "  server > . 1:1(0) ack 1+unread+10-5\n"
    "  server write(3, \"unread # \\\" 1+1\", 6) = unread\n"
    "  wire hold server\n"
    "  wire wait 0.25\n"
    "  returns client\n"
    "  if how=close,linger\n"
    "    state server CLOSED\n"
    "  else\n"
    "    if unread=0\n"
    "    else\n"
    "      rule close/unread-data\n"
    "    end\n"
    "  end\n"
    "  client < R SEG.ACK:SEG.ACK(0)\n"
    "  client > none\n"
    "  ask \"What?\"\n"
    "  note \"N\"\n"
    "after \"A\"\n"
    "vary \"V\" unread=0 how=linger\n"
    "command \"retort x\" \"shows\"\n";

static void
read_whole(struct lab *lab)
{
	struct err e;

	if (lab_parse(lab, "f", whole, strlen(whole), &e) == -1)
		ck_abort_msg("%s", e.msg);
}

/* The i-th of its kind, which must be there. */
static const struct lab_item *
item(const struct lab *lab, enum lab_kind kind, int i)
{
	const struct lab_item *it;

	STAILQ_FOREACH (it, &lab->items, next)
		if (it->kind == kind && i-- == 0)
			break;
	ck_assert_ptr_nonnull(it);
	return it;
}

static const char *
text(const struct lab_item *it, int i)
{
	const struct lab_text *t = STAILQ_FIRST(&it->texts);

	while (i-- > 0)
		t = STAILQ_NEXT(t, next);
	return t->text;
}

START_TEST(test_texts)
{
	struct lab lab;

	read_whole(&lab);
	ck_assert_str_eq(lab.name, "whole");
	ck_assert_uint_eq(lab.order, 3);
	ck_assert_str_eq(lab.title, "The whole of it");
	ck_assert_str_eq(text(item(&lab, LAB_ABOUT, 0), 1),
	    "Two, with \"quotes\" and {unread}.");
	ck_assert_str_eq(text(item(&lab, LAB_FORESEE, 0), 0), "It happens.");
	ck_assert_str_eq(text(item(&lab, LAB_CODE, 0), 0),
	    "if (x) # no comment");
	ck_assert_str_eq(text(item(&lab, LAB_CODE, 0), 1), "\tend();");
	ck_assert_str_eq(text(item(&lab, LAB_CODE, 0), 2), "");
	ck_assert_str_eq(text(item(&lab, LAB_COMMAND, 0), 1), "shows");
	ck_assert_str_eq(item(&lab, LAB_VARY, 0)->words[1], "how=linger");
	lab_free(&lab);
}
END_TEST

START_TEST(test_lines)
{
	const struct script_event *ev;
	const struct lab_item *it;
	struct lab lab;

	read_whole(&lab);
	it = item(&lab, LAB_EVENT, 1);
	ck_assert_int_eq(it->side, LAB_CLIENT);
	ck_assert_int_eq(it->event->kind, SCRIPT_CALL);
	ck_assert_int_eq(it->event->call->end, 500000000);
	ev = item(&lab, LAB_EVENT, 2)->event;
	ck_assert_uint_eq(ev->packet->seq.end.num, 6);
	ck_assert_uint_eq(ev->packet->seq.len.num, 5);
	ck_assert_uint_eq(item(&lab, LAB_EVENT, 3)->event->packet->ack.num, 11);
	/* a string stays as it is */
	ck_assert_ptr_nonnull(strstr(item(&lab, LAB_EVENT, 4)->event->source,
	    "\"unread # \\\" 1+1\", 6) = 5"));
	ck_assert_str_eq(item(&lab, LAB_EVENT, 5)->event->packet->seq.seq.term,
	    "SEG.ACK");
	ck_assert_int_eq(item(&lab, LAB_EVENT, 6)->event->kind, SCRIPT_SILENCE);
	ck_assert_int_eq(item(&lab, LAB_WAIT, 0)->ns, 250000000);
	ck_assert_int_eq(item(&lab, LAB_HOLD, 0)->side, LAB_SERVER);
	ck_assert_int_eq(item(&lab, LAB_STATE, 0)->state, ST_CLOSED);
	ck_assert_str_eq(item(&lab, LAB_SYSCTL, 0)->words[4], "5");
	/* a rule's id has words in it that are options */
	ck_assert_str_eq(item(&lab, LAB_RULE, 0)->words[0],
	    "close/unread-data");
	lab_free(&lab);
}
END_TEST

START_TEST(test_conditions)
{
	const struct lab_item *state, *rule;
	struct lab lab;
	struct err e;

	read_whole(&lab);
	state = item(&lab, LAB_STATE, 0);
	rule = item(&lab, LAB_RULE, 0);
	ck_assert(lab_applies(state) && !lab_applies(rule));
	ck_assert_int_eq(lab_define(&lab, "how=shutdown", &e), 0);
	ck_assert(!lab_applies(state) && lab_applies(rule));
	ck_assert_int_eq(lab_define(&lab, "unread=0", &e), 0);
	ck_assert(!lab_applies(state) && !lab_applies(rule));
	ck_assert_int_eq(lab_define(&lab, "how=linger", &e), 0);
	ck_assert(lab_applies(state));
	ck_assert_int_eq(lab_prepare(&lab, &e), 0);
	ck_assert_uint_eq(item(&lab, LAB_EVENT, 2)->event->packet->seq.end.num,
	    1);
	lab_free(&lab);
}
END_TEST

static const struct {
	const char *define, *msg;
} defines[] = {
	{ "unread", "--define takes NAME=VALUE, not 'unread'" },
	{ "unread=1001",
	    "the option cannot be 'unread=1001': lesson whole takes 0 to "
	    "1000" },
	{ "unread=-1",
	    "the option cannot be 'unread=-1': lesson whole takes 0 to 1000" },
	{ "unread=007",
	    "the option cannot be 'unread=007': lesson whole takes 0 to 1000" },
	{ "unread=",
	    "the option cannot be 'unread=': lesson whole takes 0 to 1000" },
	{ "how=Close\x1b",
	    "the option cannot be 'how=Close\\x1b': lesson whole takes close, "
	    "shutdown, linger" },
	{ "x=1", "there is no option 'x=1': lesson whole has unread=0 to 1000; "
		 "how=close, shutdown, linger" },
};

START_TEST(test_define)
{
	struct lab lab;
	struct err e;

	read_whole(&lab);
	ck_assert_int_eq(lab_define(&lab, defines[_i].define, &e), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_str_eq(e.msg, defines[_i].msg);
	lab_free(&lab);
}
END_TEST

static const struct {
	const char *text, *msg;
} mistakes[] = {
	{ "", "f:1:1: a lesson has at least lesson, order, title and a step" },
	{ HEADS, "f:4:1: a lesson has at least" },
	{ "lesson\n", "f:1:7: the name of the lesson is missing here" },
	{ "lesson A\n",
	    "f:1:1: a name has small letters, digits and -, not A" },
	{ "order x\n", "f:1:1: the order is a number, not x" },
	{ "order 5000000000\n", "f:1:1: the order is a number" },
	{ HEAD, "f:2:9: unexpected title \"T\"" },
	{ "title T\n", "f:1:7: a text in \"quotation marks\" is missing here" },
	{ "\n title \"T\n", "f:2:8: this text does not end: write \"" },
	{ "about \"{x}\"\n",
	    "f:1:1: {x} is no option that was declared before" },
	{ "xyz\n", "f:1:1: no statement begins with xyz" },
	{ "\"x\"\n", "f:1:1: a keyword is missing here" },
	{ "code x\n", "f:1:1: a side is client or server, not x" },
	{ "code client\nx\n",
	    "f:1:1: this code does not end: write a line end" },
	{ "option ack 1 of 1 \"\"\n", "f:1:1: ack is a word of packets" },
	{ "option A 1 of 1 \"\"\n", "f:1:1: an option's name has small" },
	{ "option a 1 at 1 \"\"\n",
	    "f:1:1: behind the value stands of or from, not at" },
	{ "option a 2 of 1 \"\"\n",
	    "f:1:1: 2 is not among the values of this option" },
	{ "option a 2 from 1 to x \"\"\n",
	    "f:1:1: a number is declared from MIN to MAX, not from 1 to x" },
	{ "option a 2 from 3 to 1 \"\"\n", "f:1:1: a number is declared" },
	{ OPTION OPTION, "f:2:1: the option n is declared twice" },
	{ OPTION "if n=10\n", "f:2:1: 10 is not among the values of n" },
	{ OPTION "if m=1\n", "f:2:1: if takes OPTION=VALUE" },
	{ "if n\n", "f:1:1: if takes OPTION=VALUE" },
	{ "else\n", "f:1:1: there is no if before this else" },
	{ OPTION "if n=1\nelse\nelse\n",
	    "f:4:1: there is no if before this else" },
	{ "end\n", "f:1:1: there is no if before this end" },
	{ HEADS STEP OPTION "if n=1\n", "f:6:1: this if has no end" },
	{ "vary \"x\" y=1\n", "f:1:1: y=1 is no variation of this lesson" },
	{ OPTION "vary \"x\"\n", "f:3:1: NAME=VALUE is missing here" },
	{ "command \"x\"\n", "f:1:1: a command has a second text" },
	{ "client > none\n",
	    "f:1:1: this stands in a step, and there is none" },
	{ STEP "client\n", "f:2:7: something is missing here" },
	{ STEP "  client > S 0:0(1)\n", "f:2:14: 0:0(1) is impossible" },
	{ STEP "client > Q 0:0(0)\n", "f:2:10: Q are no flags" },
	{ STEP "client foo() = 0\n", "f:2:8: unknown call foo" },
	{ STEP "client close(3 = 0\n", "f:2:16: " },
	{ STEP "client\tclose(3) = 0 close(4) = 0\n", "f:2:21: " },
	{ STEP "client > rule\n", "f:2:8: here is a call, > PACKET" },
	{ STEP "client `ls`\n", "f:2:8: here is a call, > PACKET" },
	/* behind a value, columns are the file's */
	{ OPTION STEP "client > P. 1:1+n(n+1) ack 1\n",
	    "f:3:13: 1:6(6) is impossible" },
	{ OPTION STEP "client > . n+1000:n+1000(0) Q\n", "f:3:29: " },
	{ STEP "wire hang client\n",
	    "f:2:6: the wire can hold, lose, pass, release and wait, not "
	    "hang" },
	{ STEP "wire hold me\n", "f:2:6: a side is client or server, not me" },
	{ STEP "wire wait x\n",
	    "f:2:6: the wire waits for up to 600 seconds, not x" },
	{ STEP "wire wait nan\n", "f:2:6: the wire waits for up to" },
	{ STEP "wire wait 601\n", "f:2:6: the wire waits for up to" },
	{ STEP "wire hold client x\n", "f:2:18: here is hold, lose, pass" },
	{ STEP "state client OPEN\n", "f:2:7: OPEN is no state of RFC 9293" },
	{ STEP "sysctl client ../x 1\n",
	    "f:2:8: ../x is no name of a setting in net.ipv4" },
	{ STEP "sysctl client x\n", "f:2:16: here is a side, the name of" },
	{ STEP "rule a/b c\n", "f:2:10: here is the id of a rule" },
	{ STEP "note \"\x1b\" \x1b\n", "f:2:10: unexpected \\x1b" },
};

START_TEST(test_mistake)
{
	const char *msg = mistakes[_i].msg;
	struct lab lab;
	struct err e = { 0 };

	ck_assert_int_eq(lab_parse(&lab, "f", mistakes[_i].text,
			     strlen(mistakes[_i].text), &e),
	    -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	if (strncmp(e.msg, msg, strlen(msg)) != 0)
		ck_abort_msg("%s\nis told of\n%s, not %s", e.msg,
		    mistakes[_i].text, msg);
	ck_assert_ptr_null(strchr(e.msg, '\n'));
	lab_free(&lab);
}
END_TEST

/* Cut anywhere it is read or refused with a place, and no more. */
START_TEST(test_truncated)
{
	struct lab lab;
	struct err e;
	char *cut;
	size_t n;
	int read = 0;

	for (n = 0; n < sizeof(whole); n++) {
		/* in memory of its own, so that no octet behind it is read */
		cut = mem_strndup(whole, n);
		e = (struct err){ 0 };
		if (lab_parse(&lab, "f", cut, n, &e) == 0)
			read++;
		else
			ck_assert_int_eq(strncmp(e.msg, "f:", 2), 0);
		lab_free(&lab);
		free(cut);
	}
	ck_assert_int_gt(read, 10);
}
END_TEST

/* With any one octet another it is read or refused, too. */
START_TEST(test_changed)
{
	static const char octets[] = { '"', '\n', '{', '\0', '\xff', '#', '(' };
	char own[sizeof(whole)];
	struct lab lab;
	struct err e;
	size_t n, i;

	for (n = 0; n < sizeof(whole) - 1; n++)
		for (i = 0; i < sizeof(octets); i++) {
			memcpy(own, whole, sizeof(own));
			own[n] = octets[i];
			e = (struct err){ 0 };
			if (lab_parse(&lab, "f", own, sizeof(own) - 1, &e) ==
			    -1)
				ck_assert_int_eq(strncmp(e.msg, "f:", 2), 0);
			else
				ck_assert_int_ne(octets[i], '\0');
			lab_free(&lab);
		}
}
END_TEST

/* Much of a thing is refused long before memory ends. */
START_TEST(test_many)
{
	static const char *const parts[] = { "note \"x\"\n", "if n=1\n",
		"vary \"x\" n=1 n=1 n=1 n=1 n=1 n=1 n=1 n=1 n=1\n" };
	static const char *const msgs[] = { "a lesson has at most",
		"more than 32 if", "n=1 is no variation" };
	struct buf b = { 0 };
	struct lab lab;
	struct err e;
	int i;

	buf_adds(&b, OPTION);
	for (i = 0; i < 2100; i++)
		buf_adds(&b, parts[_i]);
	ck_assert_int_eq(lab_parse(&lab, "f", b.p, b.len, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.msg, msgs[_i]));
	lab_free(&lab);
	buf_free(&b);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("lab");
	Suite *s = suite_create("lab");
	SRunner *r;
	int failed;

	tcase_add_test(t, test_texts);
	tcase_add_test(t, test_lines);
	tcase_add_test(t, test_conditions);
	tcase_add_loop_test(t, test_define, 0,
	    sizeof(defines) / sizeof(defines[0]));
	tcase_add_loop_test(t, test_mistake, 0,
	    sizeof(mistakes) / sizeof(mistakes[0]));
	tcase_add_test(t, test_truncated);
	tcase_add_test(t, test_changed);
	tcase_add_loop_test(t, test_many, 0, 3);
	tcase_set_timeout(t, 60);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed > 0;
}
