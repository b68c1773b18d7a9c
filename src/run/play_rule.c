/* What the rulebook says of what a script does, and proved silence. */
#include <stdio.h>
#include <string.h>

#include "run/player.h"

/* The first segment that the script does not have, or NULL. */
static const struct segment *
find_unexpected(struct player *p, const struct script_event *ev)
{
	const struct player_conn *c;
	size_t i;

	for (i = 0; i < p->ncame; i++) {
		if (p->came[i].taken)
			continue;
		c = player_conn_of(p, &p->came[i].seg);
		if (c != NULL && c->given_up)
			continue;
		/* in the block of a connection it is of that one */
		if (ev->connection == NULL ||
		    c == player_group(p, ev->connection)->current)
			return &p->came[i].seg;
	}
	return NULL;
}

int
player_silence(struct player *p, const struct script_event *ev)
{
	struct play_result *r = p->result;
	const struct player_conn *c;
	const struct segment *seg;
	struct buf b = { 0 };
	struct segment s;

	if (player_fence(p) == -1)
		return -1;
	seg = find_unexpected(p, ev);
	if (seg == NULL) {
		p->asked = NULL;
		return 0;
	}
	c = player_conn_of(p, seg);
	s = player_script_segment(c, seg);
	script_notation_add(&b, &s);
	snprintf(r->expected, sizeof(r->expected), "none");
	snprintf(r->observed, sizeof(r->observed), "%s", buf_str(&b));
	r->nfields = 1;
	r->fields[0] = (struct field){ .name = "reply", .expected = "none" };
	snprintf(r->fields[0].observed, sizeof(r->fields[0].observed), "%.127s",
	    buf_str(&b));
	buf_free(&b);
	player_blame(p, c, NULL);
	return player_stop(p, V_FAIL,
	    "a packet came that the script does not have");
}

/* What came after the injected segment is accounted for. */
static void
take_all(struct player *p, const struct player_conn *c)
{
	size_t i;

	for (i = 0; i < p->ncame; i++)
		if (player_conn_of(p, &p->came[i].seg) == c)
			p->came[i].taken = true;
}

/* Told in a script's notation where the judge saw a segment. */
static void
tell(struct player *p, const struct player_conn *c, const struct judgement *j)
{
	struct play_result *r = p->result;
	struct buf b = { 0 };
	struct segment s;

	buf_adds(&b, "none");
	if (j->observed != NULL) {
		s = player_script_segment(c, &j->observed->seg);
		buf_reset(&b);
		script_notation_add(&b, &s);
	}
	snprintf(r->expected, sizeof(r->expected), "%s", j->expected);
	snprintf(r->observed, sizeof(r->observed), "%s", buf_str(&b));
	buf_free(&b);
	memcpy(r->fields, j->fields, sizeof(r->fields));
	r->nfields = j->nfields;
	r->rule = j->rule;
	snprintf(r->required, sizeof(r->required), "%s", j->expected);
}

int
player_rule(struct player *p, const struct script_event *ev)
{
	struct player_conn *c = p->asked;
	struct situation s;
	struct judgement j;

	if (p->state_unknown)
		return player_stop(p, V_SKIP,
		    "nobody can tell the state of the remote connection, so no "
		    "rule can be asked");
	if (c == NULL)
		return player_stop(p, V_ERROR,
		    "a rule speaks of the segment that is injected just "
		    "before, and there is none");
	if (player_fence(p) == -1)
		return -1;
	s = player_situation(p, c);
	judge(&j, p->options->book, EV_SEGMENT, &s, &c->x, NULL);
	take_all(p, c);
	p->asked = NULL;
	if (ev->text != NULL &&
	    (j.rule == NULL || strcmp(j.rule->id, ev->text) != 0)) {
		tell(p, c, &j);
		return player_stop(p, V_FAIL,
		    "the rule that applies in %s is %s, not %s",
		    state_name(s.tcb->state), j.rule ? j.rule->id : "none",
		    ev->text);
	}
	if (j.verdict == V_PASS || j.verdict == V_ALLOWED ||
	    j.verdict == V_DEVIATION)
		return 0;
	tell(p, c, &j);
	return player_stop(p, j.verdict, "%s",
	    j.reason[0] != '\0' ? j.reason
				: "the reply is not what the rule requires");
}

/* Would this packet of the script meet the form? On the wire's numbers. */
static bool
meets(const struct expected *want, const struct script_packet *packet,
    const struct segment *live)
{
	if (packet == NULL || want->form->none)
		return packet == NULL && want->form->none;
	return ((live->ctl ^ want->form->ctl) & ~want->form->ctl_may) == 0 &&
	       (want->form->seq == NULL || packet->seq.how == SEQ_ANY ||
		   packet->seq.seq.any || live->seq == want->seq) &&
	       (want->form->ack == NULL || packet->ack.any ||
		   live->ack == want->ack);
}

/*
 * Rules speak of replies. Text and FIN are the user's: they go when the
 * windows let them, and an ACK may be what they waited for.
 */
static bool
is_reply(const struct script_packet *packet, const struct segment *live)
{
	return packet == NULL ||
	       (live->text_len == 0 && !(live->ctl & CTL_FIN));
}

/* The numbers of the packet as the stack would have them on the wire. */
static int
expected_live(struct player *p, const struct player_conn *c,
    const struct script_packet *packet, struct segment *live)
{
	struct situation s = player_situation(p, c);
	struct expect_context context = { &s, &c->map };
	bool syn = packet->ctl & CTL_SYN;
	struct err e;

	if (expect_segment(live, packet, &context, &e) == -1)
		return -1;
	live->seq = mapping_live(&c->map.theirs, syn, live->seq);
	live->ack = mapping_live(&c->map.ours, syn, live->ack);
	return 0;
}

void
player_blame(struct player *p, const struct player_conn *c,
    const struct script_packet *packet)
{
	struct play_result *r = p->result;
	struct situation s = player_situation(p, c);
	struct segment live = { 0 };
	const struct reply *reply;
	struct expected want;
	struct judgement j;

	if (c == NULL || c != p->asked || p->options->book == NULL ||
	    (packet != NULL && expected_live(p, c, packet, &live) == -1) ||
	    !is_reply(packet, &live) || player_fence(p) == -1)
		return;
	judge(&j, p->options->book, EV_SEGMENT, &s, &c->x, NULL);
	if (j.rule == NULL)
		return;
	r->rule = j.rule;
	snprintf(r->required, sizeof(r->required), "%s", j.expected);
	r->rfc = PLAY_RFC_CONTRADICTS;
	STAILQ_FOREACH (reply, &j.rule->replies, next) {
		want = form_expect(&reply->form, &s);
		if (meets(&want, packet, &live))
			r->rfc = PLAY_RFC_AGREES;
	}
	/* where both are right they differ in what the rule leaves open */
	if (r->rfc == PLAY_RFC_AGREES &&
	    (j.verdict == V_PASS || j.verdict == V_ALLOWED))
		r->rfc = PLAY_RFC_UNKNOWN;
}
