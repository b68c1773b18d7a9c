/* The phrases of the rule language: see retort-rules(5). */
%define api.pure full
%define api.prefix {lang_}
%define api.location.type {struct location}
%define parse.error custom
%define parse.lac full
%locations
%param { void *scanner }
%parse-param { struct parser *p }

%code requires {
#include "rules/parser.h"
}

%code {
#include "base/buf.h"
#include "rules/grammar.h"

int lang_lex(LANG_STYPE *, LANG_LTYPE *, void *);
static void lang_error(const LANG_LTYPE *, void *, struct parser *,
    const char *);
}

%union {
	struct word word;
	uint32_t num;
	const struct expr *expr;
	struct form form;
	struct { uint16_t must, may; } ctl;
	struct said { const struct expr *num; const char *text; } said;
}

%token RULE "rule" CASE "case" DEVIATION "deviation" REASON "reason"
%token IN "in" ON "on" WHEN "when" REPLY "reply" ALLOW "allow" BY "by"
%token NEXT "next" FROM "from" IF "if" USER "user" DATA "data" LEVEL "level"
%token CITE "cite" WHY "why" ANY "any" NONE "none" SAME "same" NOT "not"
%token OR "or" WHAT "what" VIA "via" UNREAD "unread" IN_FLIGHT "in-flight"
%token WINDOW "window" TIMESTAMPS "timestamps" SLOW "slow" SYSCTL "sysctl"
%token CALL "call" ALL "all" AS "as" STACK "stack" SINCE "since"
%token UNTIL "until" BREAKS "breaks" INSTEAD "instead" DOES "does"
%token SKIP "skip" NAME "name" OF "of" UNPROVOKED "unprovoked"
%token SEQ_IS "<SEQ=" ACK_IS "<ACK=" CTL_IS "<CTL="
%token LEQ "=<" GEQ ">=" NEQ "!="
%token <word> ID "id" WORD "word" STRING "string" LEVEL_NAME "level name"
%token <num> NUMBER "number" STATE "state" CTL "control bit" TERM "term"
%token <num> FACT "fact" EVENT "user call" AXIS "axis"

%type <num> states next_state relop events sees from
%type <expr> num cond any_of not_cond if
%type <form> form shape
%type <ctl> ctl_form ctl_bits
%type <said> said seq

%left '+' '-'

%%

file:
	%empty
	| file entry
	;
entry:
	rule_head rule_props		{ TRY(parser_end(p, @$.end)); }
	| case_head case_props		{ TRY(parser_end(p, @$.end)); }
	| deviation_head deviation_props { TRY(parser_end(p, @$.end)); }
	| reason_head reason_props	{ TRY(parser_end(p, @$.end)); }
	;

rule_head:
	RULE ID			{ p->id_at = @2; p->id_at.begin = @1.begin;
				  parser_begin_rule(p, $2); }
	;
case_head:
	CASE ID			{ p->id_at = @2; parser_begin_case(p, $2); }
	;
deviation_head:
	DEVIATION ID		{ p->id_at = @2;
				  parser_begin_deviation(p, $2); }
	;
reason_head:
	REASON ID		{ p->id_at = @2; parser_begin_reason(p, $2); }
	;

rule_props:
	%empty
	| rule_props rule_prop
	;

rule_prop:
	IN states		{ ONCE(p->rule->states, "in", @1);
				  p->rule->states = $2; }
	| ON events		{ ONCE(p->rule->events, "on", @1);
				  p->rule->events = $2; }
	| WHEN cond		{ ONCE(p->rule->when, "when", @1);
				  p->rule->when = $2; }
	| REPLY form		{ ONCE(!STAILQ_EMPTY(&p->rule->replies),
				      "reply", @1);
				  parser_begin_outcome(p, &p->allowed);
				  TRY(parser_add_reply(p, &$2, &@2, NULL)); }
	| ALLOW form allowed BY STRING
				{ TRY(parser_add_reply(p, &$2, &@2,
				      parser_string(p, $5))); }
	| outcome
	| LEVEL LEVEL_NAME	{ SAY(p->rule->level, "level", @1, $2); }
	| CITE cites
	| WHY STRING		{ SAY(p->rule->why, "why", @1, $2); }
	;

cites:
	STRING			{ parser_add_cite(p, p->cites, $1); }
	| cites STRING		{ parser_add_cite(p, p->cites, $2); }
	;

events:
	EVENT			{ $$ = 1u << $1; }
	| events EVENT		{ $$ = $1 | 1u << $2; }
	;

sees:
	WORD			{ enum sees sees;

				  TRY(parser_sees(p, $1, &sees, &@1));
				  $$ = sees; }
	;

outcome:
	NEXT next_state from if	{ parser_add_move(p, $2, $3, $4); }
	| USER sees		{ ONCE(p->outcome->sees != NSEES, "user", @1);
				  p->outcome->sees = $2; }
	| DATA num		{ ONCE(p->outcome->data, "data", @1);
				  p->outcome->data = $2; }
	;

from:
	%empty			{ $$ = (1u << NSTATES) - 1; }
	| FROM states		{ $$ = $2; }
	;

if:
	%empty			{ $$ = NULL; }
	| IF cond		{ $$ = $2; }
	;

allowed:
	%empty			{ parser_begin_outcome(p, &p->allowed); }
	| allowed outcome
	;

next_state:
	STATE
	| SAME			{ $$ = NSTATES; }
	;

states:
	STATE			{ $$ = 1u << $1; }
	| ANY			{ $$ = (1u << NSTATES) - 1; }
	| states STATE		{ $$ = $1 | 1u << $2; }
	;

cond:
	any_of
	| cond ',' any_of	{ $$ = E(OP_AND, 0, $1, $3); }
	;

any_of:
	not_cond
	| any_of OR not_cond	{ $$ = E(OP_OR, 0, $1, $3); }
	;

not_cond:
	NOT not_cond		{ $$ = E(OP_NOT, 0, $2, NULL); }
	| '(' cond ')'		{ $$ = $2; }
	| CTL			{ $$ = E(OP_CTL, $1, NULL, NULL); }
	| FACT			{ $$ = E(OP_FACT, $1, NULL, NULL); }
	| UNREAD		{ $$ = E(OP_FACT, FACT_UNREAD, NULL, NULL); }
	| TIMESTAMPS		{ $$ = E(OP_FACT, FACT_TIMESTAMPS, 0, 0); }
	| num relop num		{ $$ = E($2, 0, $1, $3); }
	| num relop num relop num
				{ $$ = E(OP_AND, 0, E($2, 0, $1, $3),
				      E($4, 0, $3, $5)); }
	;

relop:
	'<'			{ $$ = OP_LT; }
	| LEQ			{ $$ = OP_LEQ; }
	| '>'			{ $$ = OP_GT; }
	| GEQ			{ $$ = OP_GEQ; }
	| '='			{ $$ = OP_EQ; }
	| NEQ			{ $$ = OP_NEQ; }
	;

num:
	NUMBER			{ $$ = E(OP_NUM, $1, NULL, NULL); }
	| TERM			{ $$ = E(OP_TERM, $1, NULL, NULL); }
	| num '+' num		{ $$ = E(OP_ADD, 0, $1, $3); }
	| num '-' num		{ $$ = E(OP_SUB, 0, $1, $3); }
	;

form:
	shape			{ $$ = $1;
				  $$.text = parser_folded(p, @1.begin,
				      @1.end); }
	;

shape:
	NONE			{ $$ = (struct form){ .none = true }; }
	| SEQ_IS seq '>' ctl_form
				{ $$ = FORM($2, ((struct said){ 0 }), $4); }
	| SEQ_IS seq '>' ACK_IS said '>' ctl_form
				{ $$ = FORM($2, $5, $7); }
	;

seq: said | ANY			{ $$ = (struct said){ 0 }; };

said:
	num			{ $$.num = $1;
				  $$.text = parser_folded(p, @1.begin,
				      @1.end); }
	;

ctl_form:
	CTL_IS ctl_bits '>'	{ $$ = $2; }
	;

ctl_bits:
	CTL			{ $$.must = $1; $$.may = 0; }
	| ctl_bits ',' CTL	{ $$ = $1; $$.must |= $3; }
	| ctl_bits ',' CTL '?'	{ $$ = $1; $$.may |= $3; }
	;

case_props:
	%empty
	| case_props case_prop
	;

case_prop:
	in_head places
	| WHAT STRING		{ SAY(p->template->what, "what", @1, $2); }
	| UNREAD NUMBER		{ TRY(parser_set_octets(p, "unread",
				      &p->template->unread, $2, &@1, &@2)); }
	| IN_FLIGHT NUMBER	{ TRY(parser_set_octets(p, "in-flight",
				      &p->template->in_flight, $2, &@1, &@2)); }
	| WINDOW WORD		{ ONCE(p->template->window, "window", @1);
				  TRY(parser_set_window(p, $2, &@2)); }
	| TIMESTAMPS		{ SET(p->template->timestamps, @1, "timestamps"); }
	| SLOW			{ SET(p->template->slow, @1, "slow"); }
	| SYSCTL STRING NUMBER	{ ONCE(p->template->sysctl, "sysctl", @1);
				  TRY(parser_set_sysctl(p, $2, $3, &@2)); }
	| CALL EVENT		{ ONCE(p->template->event, "call", @1);
				  p->template->event = $2; }
	| axis_head values
	;

in_head:
	IN			{ ONCE(!STAILQ_EMPTY(&p->template->axes[
				      AXIS_PLACE]), "in", @1); }
	;

places:
	place
	| places place
	;

place:
	STATE			{ parser_add_place(p, $1); }
	| STATE VIA way		{ parser_add_place(p, $1);
				  p->value->via = parser_string(p,
				      (struct word){ p->text + @3.begin,
					  @3.end - @3.begin }); }
	;

way:
	WORD
	| FACT			/* a fact may have the same name */
	;

axis_head:
	AXIS			{ p->axis = $1;
				  ONCE(!STAILQ_EMPTY(&p->template->axes[$1]),
				      "this property", @1); }
	;

values:
	value
	| values value
	| values AS STRING	{ TRY(parser_set_label(p, &@3, $3)); }
	;

value:
	num			{ TRY(parser_add_value(p, $1, &@1)); }
	| ANY			{ TRY(parser_add_value(p, NULL, &@1)); }
	| ALL			{ TRY(parser_add_all_ctl(p, &@1)); }
	| ctl_bits		{ if ($1.may != 0) {
					parser_error(p, &@1, "a case's bits "
					    "are set or not, without \"?\"");
					YYABORT;
				  }
				  TRY(parser_add_ctl(p, &@1, $1.must)); }
	| NONE			{ if (p->axis == AXIS_CTL)
					TRY(parser_add_ctl(p, &@1, 0));
				  else
					TRY(parser_add_fault(p, &@1,
					    (struct word){ "none", 4 })); }
	| WORD			{ TRY(parser_add_fault(p, &@1, $1)); }
	| FACT			{ TRY(parser_add_fault(p, &@1, (struct word){
				      p->text + @1.begin, @1.end - @1.begin }));
				}
	| STRING		{ TRY(parser_add_string(p, &@1, $1)); }
	;

deviation_props:
	%empty
	| deviation_props deviation_prop
	;

bound:
	STACK WORD		{ SAY(*p->stack, "stack", @1, $2); }
	| SINCE STRING		{ TRY(parser_check_version(p, &@2, $2));
				  SAY(*p->since, "since", @1, $2); }
	| UNTIL STRING		{ TRY(parser_check_version(p, &@2, $2));
				  SAY(*p->until, "until", @1, $2); }
	;

deviation_prop:
	bound
	| IN states		{ ONCE(p->deviation->states, "in", @1);
				  p->deviation->states = $2; }
	| BREAKS ID		{ parser_add_cite(p, &p->deviation->breaks,
				      $2); }
	| outcome
	| WHEN cond		{ ONCE(p->deviation->when, "when", @1);
				  p->deviation->when = $2; }
	| INSTEAD form		{ ONCE(p->deviation->instead, "instead", @1);
				  p->deviation->instead = $2.text; }
	| does_head does
	| WHY STRING		{ SAY(p->deviation->why, "why", @1, $2); }
	| CITE cites
	;

does_head:
	DOES			{ ONCE(p->deviation->does.text, "does", @1); }
	;

does:
	SAME			{ p->deviation->same = true;
				  p->deviation->does.text = "same"; }
	| SKIP			{ p->deviation->skips = true;
				  p->deviation->does.text = "skip"; }
	| form			{ TRY(parser_check_form(p, &$1, &@1));
				  p->deviation->does = $1; }
	;

reason_props:
	%empty
	| reason_props reason_prop
	;

reason_prop:
	bound
	| NAME STRING		{ SAY(p->reason->name, "name", @1, $2); }
	| OF ID			{ parser_add_cite(p, &p->reason->of, $2); }
	| UNPROVOKED STRING	{ SAY(p->reason->unprovoked, "unprovoked", @1,
				      $2); }
	| WHY STRING		{ SAY(p->reason->why, "why", @1, $2); }
	;

%%

/* What bison itself complains of: no memory. */
static void
lang_error(const LANG_LTYPE *at, void *scanner, struct parser *p,
    const char *msg)
{
	(void)scanner;
	parser_error(p, at, "%s", msg);
}

static int
yyreport_syntax_error(const yypcontext_t *ctx, void *scanner,
    struct parser *p)
{
	const LANG_LTYPE *at = yypcontext_location(ctx);
	yysymbol_kind_t want[6];
	struct buf b = { 0 };
	int i, n;

	(void)scanner;
	if (yypcontext_token(ctx) == YYSYMBOL_YYEOF)
		buf_adds(&b, "the file ends too early");
	else
		buf_addf(&b, "unexpected %.*s", (int)(at->end - at->begin),
		    p->text + at->begin);
	n = yypcontext_expected_tokens(ctx, want, 6);
	for (i = 0; i < n; i++)
		buf_addf(&b, "%s%s", i == 0 ? "; expected " : " or ",
		    yysymbol_name(want[i]));
	parser_error(p, at, "%s", buf_str(&b));
	buf_free(&b);
	return 0;
}
