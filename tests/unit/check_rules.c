/* The rule language: every mistake in a rule is told with its place. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "util.h"

#define IN	 "  in CLOSED\n"
#define REPLY	 "  reply none\n"
#define LEVEL	 "  level SPEC\n"
#define CITE	 "  cite \"c\"\n"
#define WHY	 "  why \"y\"\n"
#define REST	 LEVEL CITE WHY
#define RULE(p)	 "rule a/b\n" p
#define GOOD	 RULE(IN REPLY REST) /* six lines */
#define ON	 RULE(IN "  on CLOSE\n")
#define TOGETHER "<ACK=..> and ACK in <CTL=..> go together"
#define NO_SEGMENT                                                           \
	"rule a/b asks for a segment, but on a user call or a timeout none " \
	"arrives"
#define ORDER "\"reply\" comes before \"allow\""
#define NO_ID "an id was expected here, such as closed/no-ack"

/*
 * The message, or its beginning before "; expected": which words could have
 * stood there is the grammar's to say.
 */
struct mistake {
	const char *name;
	const char *text;
	const char *msg;
};

/* A rule that says too little. */
static const struct mistake missing_rows[] = {
	{ "reply", RULE(IN REST),
	    "f:1:6: rule a/b has no reply (\"reply none\" is silence)" },
	{ "reply, though one is allowed",
	    RULE(IN "  allow none by \"x\"\n" REST), "f:3:9: " ORDER },
	{ "reply, before what is allowed",
	    RULE(IN "  allow none by \"x\"\n" REPLY REST), "f:3:9: " ORDER },
	{ "in", RULE(REPLY REST), "f:1:6: rule a/b has no \"in\"" },
	{ "level", RULE(IN REPLY CITE WHY),
	    "f:1:6: rule a/b has no \"level\"" },
	{ "cite", RULE(IN REPLY LEVEL WHY), "f:1:6: rule a/b has no \"cite\"" },
	{ "why", RULE(IN REPLY LEVEL CITE), "f:1:6: rule a/b has no \"why\"" },
	{ "everything", "rule a/b",
	    "f:1:6: rule a/b has no reply "
	    "(\"reply none\" is silence)" },
	{ "why, in the second of three",
	    GOOD "\n# a comment\n\trule  c/d" IN REPLY LEVEL CITE "rule e/f",
	    "f:9:8: rule c/d has no \"why\"" },
	/* lines have no meaning, so the next word is the id */
	{ "id", "rule\n" IN REPLY, "f:2:6: unexpected CLOSED" },
	{ "id, before a string", "rule\n" WHY, "f:2:7: unexpected \"y\"" },
	{ "id on the next line", "rule\r\n\ta/b\n" IN REPLY REST, NULL },
	{ "id of digits", "rule 9/1.1-0\n" IN REPLY REST, NULL },
	{ "id, a comment instead", "rule # a/b\n", "f:1:6: " NO_ID },
	{ "id, a string instead", "rule \"a/b\"\n", "f:1:6: " NO_ID },
	{ "id, in capitals", "rule CLOSED\n", "f:1:6: " NO_ID },
	{ "id, not in ASCII", "rule \xc3\xa9\n", "f:1:6: " NO_ID },
	{ "id, a slash first", "rule /a\n", "f:1:6: " NO_ID },
};

/* A property that is there twice. */
static const struct mistake twice_rows[] = {
	{ "in", RULE(IN REPLY IN REST), "f:4:3: in is said a second time" },
	{ "on", ON "  on CLOSE\n" REPLY REST,
	    "f:4:3: on is said a second time" },
	{ "when", RULE(IN "  when ACK\n  when SYN\n" REPLY REST),
	    "f:4:3: when is said a second time" },
	{ "reply", RULE(IN REPLY "\treply none\n" REST),
	    "f:4:2: reply is said a second time" },
	{ "level", RULE(IN REPLY LEVEL LEVEL CITE WHY),
	    "f:5:3: level is said a second time" },
	{ "why", RULE(IN REPLY LEVEL CITE WHY WHY),
	    "f:7:3: why is said a second time" },
	{ "next may be there twice",
	    RULE(IN REPLY "  next CLOSED\n  next LISTEN\n" REST), NULL },
	{ "cite may be there twice", RULE(IN REPLY CITE CITE LEVEL WHY), NULL },
	{ "allow may be there twice",
	    RULE(IN REPLY "  allow <SEQ=0><CTL=RST> by \"x\"\n"
			  "  allow <SEQ=1><CTL=RST> by \"x\"\n" REST),
	    NULL },
	{ "the rule", GOOD GOOD, "f:7:6: rule a/b is already at f:1" },
	{ "the rule, two lines on", GOOD "\n\n" GOOD,
	    "f:9:6: rule a/b is already at f:1" },
};

/* What cannot be together. */
static const struct mistake clash_rows[] = {
	{ "ACK bit, no ACK part",
	    RULE(IN "  reply <SEQ=0><CTL=RST,ACK>\n" REST),
	    "f:3:9: " TOGETHER },
	{ "ACK part, no ACK bit",
	    RULE(IN "  reply <SEQ=0><ACK=1><CTL=RST>\n" REST),
	    "f:3:9: " TOGETHER },
	{ "ACK part, SEQ any",
	    RULE(IN "  reply <SEQ=any><ACK=1><CTL=SYN>\n" REST),
	    "f:3:9: " TOGETHER },
	{ "ACK part, ACK bit open",
	    RULE(IN "  reply <SEQ=0><ACK=1><CTL=RST,ACK?>\n" REST),
	    "f:3:9: " TOGETHER },
	{ "ACK bit in an allowed form",
	    RULE(IN REPLY "  allow <SEQ=0><CTL=ACK> by \"x\"\n" REST),
	    "f:4:9: " TOGETHER },
	{ "CLOSE and SEQ", ON "  reply <SEQ=SEG.ACK><CTL=RST>\n" REST,
	    "f:1:6: " NO_SEGMENT },
	{ "CLOSE and ACK",
	    ON "  reply <SEQ=SND.NXT><ACK=1+SEG.SEQ><CTL=RST,ACK>\n" REST,
	    "f:1:6: " NO_SEGMENT },
	{ "CLOSE and an allowed form",
	    ON REPLY "  allow <SEQ=1-SEG.UP><CTL=RST> by \"x\"\n" REST,
	    "f:1:6: " NO_SEGMENT },
	{ "CLOSE and SEG.LEN", ON "  when SEG.LEN = 0\n" REPLY REST,
	    "f:1:6: " NO_SEGMENT },
	{ "CLOSE and SEG.WND, far right",
	    ON "  when 1 < 2 < SEG.WND\n" REPLY REST, "f:1:6: " NO_SEGMENT },
	{ "CLOSE and a control bit", ON "  when not SYN\n" REPLY REST,
	    "f:1:6: " NO_SEGMENT },
	{ "CLOSE and acceptable", ON "  when unread, acceptable\n" REPLY REST,
	    "f:1:6: " NO_SEGMENT },
	{ "CLOSE and bad-option", ON "  when unread or bad-option\n" REPLY REST,
	    "f:1:6: " NO_SEGMENT },
	{ "CLOSE before on",
	    RULE(IN "  when bad-offset\n  on CLOSE\n" REPLY REST),
	    "f:1:6: " NO_SEGMENT },
	{ "CLOSE and the TCB",
	    ON "  when passive, orphan, unread, SND.UNA < MAX.SND.WND < IRS\n"
	       "  reply <SEQ=ISS+1><ACK=RCV.NXT-RCV.WND><CTL=RST,ACK>\n" REST,
	    NULL },
};

/* Words and numbers that the language does not have. */
static const struct mistake word_rows[] = {
	{ "a term", RULE("  when SEG.SEK = 1\n"),
	    "f:2:8: unknown term \"SEG.SEK\"" },
	{ "a term in a form", RULE("  reply <SEQ=0><ACK=SEGLEN><CTL=RST>\n"),
	    "f:2:21: unknown term \"SEGLEN\"" },
	{ "a control bit", RULE("  reply <SEQ=0><CTL=RTS>\n"),
	    "f:2:21: unknown term \"RTS\"" },
	{ "a state", RULE("  in CLOSED LISTENING\n"),
	    "f:2:13: unknown term \"LISTENING\"" },
	{ "an event", RULE("  on SEND\n"), "f:2:6: unknown term \"SEND\"" },
	{ "no event, a bit", RULE("  on ACK\n"), "f:2:6: unexpected ACK" },
	{ "no event, a word", RULE("  on segment\n"),
	    "f:2:6: unexpected segment" },
	{ "a level", RULE("  level SHOULD-3\n"),
	    "f:2:9: unknown term \"SHOULD\"" },
	{ "a level, small", RULE("  level must-3\n"),
	    "f:2:9: unexpected must-3" },
	{ "a property", RULE("  because \"x\"\n"),
	    "f:2:3: unexpected because" },
	{ "a property of a case", RULE("  ctl ACK\n"),
	    "f:2:3: unexpected ctl" },
	{ "a fact", RULE("  when acceptible\n"),
	    "f:2:8: unexpected acceptible" },
	{ "an entry", "ruler a/b\n", "f:1:1: unexpected ruler" },
	{ "33 bits", RULE("  when SEG.SEQ = 4294967296\n"),
	    "f:2:18: 4294967296 is more than 32 bits hold" },
	{ "33 bits, hexadecimal", RULE("  reply <SEQ=0x100000000><CTL=RST>\n"),
	    "f:2:14: 0x100000000 is more than 32 bits hold" },
	{ "more than 64 bits", RULE("  when 18446744073709551617 = 1\n"),
	    "f:2:8: 18446744073709551617 is more than 32 bits hold" },
	{ "32 bits", RULE(IN REPLY REST "  when 4294967295 = 0xFFFFFFFF\n"),
	    NULL },
	{ "a character", RULE("  when ACK; SYN\n"),
	    "f:2:11: a character that has no meaning here (octet 0x3b)" },
	{ "a control character", RULE("  why \x1b[31m\n"),
	    "f:2:7: a character that has no meaning here (octet 0x1b)" },
	{ "a string without end", RULE("  why \"to the end\n of the file\n"),
	    "f:2:7: this string does not end" },
	{ "a string's last quote", GOOD "\"",
	    "f:7:1: this string does not end" },
	{ "columns after a string of two lines",
	    RULE("  why \"one\n two\" bogus\n"), "f:3:7: unexpected bogus" },
	{ "lines that end in CR LF", "rule a/b\r\n  in CLOSED\r\n  bogus\r\n",
	    "f:3:3: unexpected bogus" },
	{ "a string over two lines, quoted", RULE("  in \"a\nb\x07\"\n"),
	    "f:2:6: unexpected \"a\\x0ab\\x07\"" },
	{ "a word in Greek, quoted", RULE("  in \"\xce\xb1\"\n"),
	    "f:2:6: unexpected \"\xce\xb1\"" },
};

/* Phrases that do not end, or end elsewhere. */
static const struct mistake phrase_rows[] = {
	{ "in: none", RULE("  in\n" REPLY), "f:3:3: unexpected reply" },
	{ "in: a number", RULE("  in 5\n"), "f:2:6: unexpected 5" },
	{ "cite: not quoted", RULE("  cite RFC\n"),
	    "f:2:8: unknown term \"RFC\"" },
	{ "cite: none", RULE("  cite\n" WHY), "f:3:3: unexpected why" },
	{ "reply: any", RULE("  reply any\n"), "f:2:9: unexpected any" },
	{ "allow: not by", RULE("  allow none \"x\"\n"),
	    "f:2:14: unexpected \"x\"" },
	{ "SEQ missing", RULE("  reply <CTL=RST>\n"),
	    "f:2:9: unexpected <CTL=" },
	{ "SEQ empty", RULE("  reply <SEQ=><CTL=RST>\n"),
	    "f:2:14: unexpected >" },
	{ "SEQ without >", RULE("  reply <SEQ=1<CTL=RST>\n"),
	    "f:2:15: unexpected <CTL=" },
	{ "SEQ a condition", RULE("  reply <SEQ=SYN><CTL=RST>\n"),
	    "f:2:14: unexpected SYN" },
	{ "ACK any", RULE("  reply <SEQ=0><ACK=any><CTL=ACK>\n"),
	    "f:2:21: unexpected any" },
	{ "CTL missing", RULE("  reply <SEQ=0><ACK=1>\n" LEVEL),
	    "f:3:3: unexpected level" },
	{ "CTL empty", RULE("  reply <SEQ=0><CTL=>\n"),
	    "f:2:21: unexpected >" },
	{ "CTL: first bit open", RULE("  reply <SEQ=0><CTL=RST?>\n"),
	    "f:2:24: unexpected ?" },
	{ "no comma", RULE("  when ACK SYN\n"), "f:2:12: unexpected SYN" },
	{ "two commas", RULE("  when ACK,, SYN\n"), "f:2:12: unexpected ," },
	{ "a bit is no number", RULE("  when ACK = 1\n"),
	    "f:2:12: unexpected =" },
	{ "a number is no condition", RULE("  when SEG.LEN, ACK\n"),
	    "f:2:15: unexpected ," },
	{ "a chain of four", RULE("  when 1 < 2 < 3 < 4\n"),
	    "f:2:18: unexpected <" },
	{ "the other language's >", RULE("  when 1 <= 2\n"),
	    "f:2:11: unexpected =" },
	{ "a bracket too many", RULE("  when (ACK))\n"),
	    "f:2:13: unexpected )" },
	{ "no bracket", RULE("  when (ACK\n" REPLY),
	    "f:3:3: unexpected reply" },
	{ "a minus before a number", RULE("  when SEG.SEQ = -1\n"),
	    "f:2:18: unexpected -" },
	{ "the end, after rule", "rule", "f:1:5: the file ends too early" },
	{ "the end, in a line", RULE("  in"),
	    "f:2:5: the file ends too early" },
	{ "the end, in a form", RULE(IN "  reply <SEQ=0><CTL=RST"),
	    "f:3:24: the file ends too early" },
	{ "the end, after a line", RULE("  level\n"),
	    "f:3:1: the file ends too early" },
	{ "the end, after a comment", RULE("  when ACK,\n\n# end\n"),
	    "f:5:1: the file ends too early" },
};

static void
check_mistake(const struct mistake *m, const char *text, size_t len)
{
	struct rulebook book;
	struct err e = { 0 };
	size_t n;
	int rc;

	util_book(&book, "rule before/it\n" IN REPLY REST);
	rc = rulebook_add(&book, UTIL_NAME, text, len, &e);
	if (m->msg == NULL) {
		ck_assert_msg(rc == 0, "%s: %s", m->name, e.msg);
		rulebook_free(&book);
		return;
	}
	ck_assert_msg(rc == -1, "%s: no error", m->name);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	n = strlen(m->msg);
	ck_assert_msg(strncmp(e.msg, m->msg, n) == 0 &&
			  (e.msg[n] == '\0' || e.msg[n] == ';'),
	    "%s:\n%s, wanted\n%s", m->name, e.msg, m->msg);
	ck_assert_msg(strchr(e.msg, '\n') == NULL, "%s: %s", m->name, e.msg);
	/* what was there before is still there; under ASan: nothing leaks */
	ck_assert_ptr_nonnull(rulebook_find(&book, "before/it"));
	rulebook_free(&book);
	ck_assert(STAILQ_EMPTY(&book.rules) && book.arena.blocks == NULL);
}

#define TEST_ROWS(name, rows)                           \
	START_TEST(name)                                \
	{                                               \
		check_mistake(&rows[_i], rows[_i].text, \
		    strlen(rows[_i].text));             \
	}                                               \
	END_TEST

TEST_ROWS(test_missing, missing_rows)
TEST_ROWS(test_twice, twice_rows)
TEST_ROWS(test_clash, clash_rows)
TEST_ROWS(test_word, word_rows)
TEST_ROWS(test_phrase, phrase_rows)

int
main(void)
{
	Suite *s = suite_create("rules");
	TCase *tc = tcase_create("mistakes");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_missing, 0, ARRAY_SIZE(missing_rows));
	tcase_add_loop_test(tc, test_twice, 0, ARRAY_SIZE(twice_rows));
	tcase_add_loop_test(tc, test_clash, 0, ARRAY_SIZE(clash_rows));
	tcase_add_loop_test(tc, test_word, 0, ARRAY_SIZE(word_rows));
	tcase_add_loop_test(tc, test_phrase, 0, ARRAY_SIZE(phrase_rows));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
