#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"

/* The first rule has all its texts from SAMPLES_RAW. */
static const char rules[] =
    "rule closed/rst in CLOSED when RST reply none\n"
    "  level SPEC cite \"RFC 9293 3.10.7.1\" why \"y\"\n"
    "rule closed/no-ack in CLOSED\n"
    "  reply <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>\n"
    "  level MUST-7 cite \"RFC 9293 3.10.7.1\" \"" SAMPLES_RAW "\"\n"
    "  why \"" SAMPLES_RAW "\"\n"
    "rule listen/syn in LISTEN reply <SEQ=any><ACK=SEG.SEQ+1><CTL=SYN,ACK>\n"
    "  allow <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>\n"
    "  by \"" SAMPLES_RAW "\"\n"
    "  level SPEC cite \"RFC 9293 3.10.7.2 third\" why \"y\"\n"
    "rule close/unread in ESTABLISHED on CLOSE\n"
    "  reply <SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>\n"
    "  level SHLD-3 cite \"RFC 9293 3.6.1\" why \"y\"\n"
    "deviation linux/fin stack linux breaks closed/no-ack when FIN\n"
    "  does none why \"" SAMPLES_RAW "\"\n";

#define SYN   "<SEQ=1000><CTL=SYN>"
#define RIGHT "<SEQ=0><ACK=1001><CTL=RST,ACK>"
#define BLIND "<SEQ=0><ACK=77777777><CTL=RST,ACK>"

static const struct {
	const char *id;
	enum state state;
	const char *stimulus; /* NULL: the call */
	struct util_came came[2];
	enum verdict verdict;
	const char *broken;
	bool not_run;
} rows[NSAMPLES] = {
	[S_PASS] = { "s/pass", ST_CLOSED, SYN, { { .rfc = RIGHT } }, V_PASS,
	    NULL, false },
	[S_PASS_NOISE] = { "s/noise", ST_CLOSED, SYN,
	    { { .rfc = BLIND }, { .rfc = RIGHT } }, V_PASS, NULL, false },
	[S_PASS_CALL] = { "s/close", ST_ESTABLISHED, NULL,
	    { { .rfc = "<SEQ=5000><ACK=1001><CTL=RST,ACK>" },
		{ .rfc = "<SEQ=4999><ACK=1001><CTL=SYN,ACK>" } },
	    V_PASS, NULL, false },
	[S_ALLOWED] = { "s/allowed", ST_LISTEN, SYN, { { .rfc = RIGHT } },
	    V_ALLOWED, NULL, false },
	[S_DEVIATION] = { "s/deviation", ST_CLOSED, "<SEQ=1000><CTL=FIN>",
	    { { 0 } }, V_DEVIATION, NULL, false },
	[S_SKIP] = { "s/skip", ST_CLOSED, SYN, { { 0 } }, V_SKIP,
	    "no IPv6 " SAMPLES_RAW, true },
	[S_INCONCLUSIVE] = { "s/inconclusive", ST_CLOSED, SYN,
	    { { .rfc = RIGHT } }, V_INCONCLUSIVE, "the link is down", false },
	[S_NOT_SENT] = { "s/not-sent", ST_CLOSED, SYN, { { 0 } },
	    V_INCONCLUSIVE, "no way into the state", true },
	[S_NOT_CALLED] = { "s/not-called", ST_ESTABLISHED, NULL, { { 0 } },
	    V_INCONCLUSIVE, "no way into the state", true },
	[S_FAIL] = { "s/fail", ST_CLOSED, SYN,
	    { { .rfc = "<SEQ=0><ACK=1000><CTL=RST,ACK>" } }, V_FAIL, NULL,
	    false },
	[S_FAIL_PORT] = { "s/port", ST_CLOSED, SYN,
	    { { .rfc = RIGHT, .port = 81 } }, V_FAIL, NULL, false },
	[S_FAIL_TWICE] = { "s/twice", ST_CLOSED, SYN,
	    { { .rfc = RIGHT }, { .rfc = RIGHT } }, V_FAIL, NULL, false },
	[S_FAIL_CALL] = { "s/call", ST_ESTABLISHED, NULL, { { 0 } }, V_FAIL,
	    NULL, false },
	[S_ERROR] = { "s/error", ST_SYN_SENT, SYN, { { 0 } }, V_ERROR, NULL,
	    false },
};

static const struct report_head head = { .stack = "Linux",
	.version = "6.18.44",
	.against = "RFC 9293",
	.ncases = NSAMPLES };

/* A handshake, the call, a reset, and what was sent before once more. */
static void
play_connection(struct exchange *x, const struct util_came came[2])
{
	struct segment syn = util_ours("<SEQ=1000><CTL=SYN>"), seg;
	struct tuple ours = util_tuple();

	exchange_start(x, &ours);
	exchange_sent(x, &syn, REL_SETUP);
	seg = util_theirs(came[1].rfc);
	exchange_received(x, &seg);
	exchange_stimulate(x);
	seg = util_theirs(came[0].rfc);
	exchange_received(x, &seg);
	seg = util_theirs(came[1].rfc);
	exchange_received(x, &seg);
}

static void
make(struct samples *s, enum sample i)
{
	const struct tcb tcb = {
		.state = rows[i].state, .snd_nxt = 5000, .rcv_nxt = 1001
	};
	const struct known_stack stack = { &s->book, "linux", "6.18" };
	struct situation now = { .tcb = &tcb };
	struct tuple ours = util_tuple();
	enum event event = rows[i].stimulus ? EV_SEGMENT : EV_CLOSE;

	if (rows[i].not_run) {
		exchange_start(&s->x[i], &ours);
		s->j[i].verdict = rows[i].verdict;
		snprintf(s->j[i].reason, sizeof(s->j[i].reason), "%s",
		    rows[i].broken);
	} else {
		util_exchange(&s->x[i], rows[i].stimulus, &s->probe[i],
		    rows[i].came, 2);
		if (i == S_PASS_CALL)
			play_connection(&s->x[i], rows[i].came);
		s->x[i].broken = rows[i].broken;
		if (rows[i].stimulus != NULL)
			now.seg = &s->probe[i];
		judge(&s->j[i], &s->book, event, &now, &s->x[i], NULL);
		judge_deviation(&s->j[i], &stack, event, &now, &s->x[i], NULL);
	}
	ck_assert_msg(s->j[i].verdict == rows[i].verdict, "%s: %s", rows[i].id,
	    verdict_name(s->j[i].verdict));
	s->c[i] = (struct report_case){
		.head = &head,
		.id = rows[i].id,
		.what = SAMPLES_RAW,
		.state = rows[i].state,
		.event = event,
		.j = &s->j[i],
		.x = &s->x[i],
	};
}

void
samples_make(struct samples *s)
{
	enum sample i;

	memset(s, 0, sizeof(*s));
	util_book(&s->book, rules);
	for (i = 0; i < NSAMPLES; i++)
		make(s, i);
}

void
samples_free(struct samples *s)
{
	rulebook_free(&s->book);
}

char *
samples_one(const struct report_format *f, int verbosity, bool colour,
    size_t number, const struct report_case *c)
{
	struct report_options o = { .verbosity = verbosity, .colour = colour };
	char *text;
	size_t n;

	o.out = open_memstream(&text, &n);
	ck_assert_ptr_nonnull(o.out);
	f->one(&o, number, c);
	fclose(o.out);
	ck_assert_uint_eq(strlen(text), n);
	return text;
}

char *
samples_head(const struct report_format *f, const struct report_head *h)
{
	struct report_options o = { 0 };
	char *text;
	size_t n;

	o.out = open_memstream(&text, &n);
	ck_assert_ptr_nonnull(o.out);
	f->head(&o, h);
	fclose(o.out);
	ck_assert_uint_eq(strlen(text), n);
	return text;
}

char *
samples_tail(const struct report_format *f, int verbosity,
    const struct report_tail *tail)
{
	struct report_options o = { .verbosity = verbosity };
	char *text;
	size_t n;

	o.out = open_memstream(&text, &n);
	ck_assert_ptr_nonnull(o.out);
	f->tail(&o, tail);
	fclose(o.out);
	ck_assert_uint_eq(strlen(text), n);
	return text;
}

bool
samples_printable(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	for (; *p != '\0'; p++) {
		if (p[0] == 0xc3 && p[1] == 0xa9)
			p++;
		else if (*p != '\n' && (*p < 0x20 || *p > 0x7e))
			return false;
	}
	return true;
}
