/* The phrases of scripts: see retort-script(5). */
%define api.pure full
%define api.prefix {script_yy}
%define api.location.type {struct script_location}
%define parse.error custom
%define parse.lac full
%locations
%param { void *scanner }
%parse-param { struct script_parser *p }

%code requires {
#include "script/script_parser.h"
}

%code {
#include "base/buf.h"
#include "script/script_grammar.h"

int script_yylex(SCRIPT_YYSTYPE *, SCRIPT_YYLTYPE *, void *);
static void script_yyerror(const SCRIPT_YYLTYPE *, void *,
    struct script_parser *, const char *);
}

%union {
	struct script_word word;
	struct script_time time;
	int64_t ns;
	bool flag;
	struct script_range range;
	struct script_udp udp;
	struct script_expr *expr;
	struct script_call *call;
}

%token ELLIPSIS "..."
%token <word> OPTION "--option" CONDITION "#ifdef" CODE "%{ code }%"
%token <word> SHELL "`command`" STRING "string" ADDRESS "address"
%token <word> DECIMAL "decimal number" INTEGER "number" HEX "0x number"
%token <word> TERM "term" RULE_ID "id of a rule" WORD "word" BLOB "octets"
%token <word> ACK "ack" WIN "win" URG "urg" ICMP "icmp" UDP "udp" MTU "mtu"
%token <word> ID_WORD "id" NONE "none" RULE "rule" CONNECTION "connection"
%token <word> ENCAP "encap" TUNNEL "tunnel"

%type <word> word number opt_id opt_word opt_note port opt_value integer
%type <word> flag_words seconds
%type <time> event_time
%type <ns> time opt_end
%type <flag> direction opt_absolute
%type <range> range
%type <udp> opt_udp
%type <expr> expr plain result apply any_int strings args opt_args
%type <call> call

%right '='
%left '|'

%%

script: options items ;

options:
	%empty
	| options OPTION	{ script_add_option(p, &@2, $2); }
	;

items:
	%empty
	| items item
	;

item:
	begin action		{ script_end(p, &@$); }
	| SHELL			{ script_begin(p, &@1,
				      (struct script_time){ WHEN_NONE, 0, 0 });
				  script_shell(p, &@1, $1);
				  script_end(p, &@1); }
	| CONNECTION word	{ script_connect(p, &@2, $2); }
	| CONDITION		{ script_condition(p, &@1, $1); }
	;

begin: event_time { script_begin(p, &@1, $1); } ;

event_time:
	time			{ $$ = (struct script_time){ WHEN_AT, $1, $1 };
				}
	| '+' time		{ $$ = (struct script_time){ WHEN_AFTER, $2,
				      $2 }; }
	| time '~' time		{ $$ = (struct script_time){ WHEN_AT_RANGE, $1,
				      $3 }; }
	| '+' time '~' '+' time	{ $$ = (struct script_time){ WHEN_AFTER_RANGE,
				      $2, $5 }; }
	| '*'			{ $$ = (struct script_time){ WHEN_ANY, 0, 0 }; }
	;

time: seconds { $$ = script_seconds(p, &@1, $1); } ;
seconds: DECIMAL | INTEGER ;

action:
	packet
	| call			{ p->event->call = $1; }
	| SHELL			{ script_shell(p, &@1, $1); }
	| CODE			{ p->event->kind = SCRIPT_CODE;
				  p->event->what_pos = @1.pos;
				  p->event->text = script_copy(p, $1); }
	;

direction: '<' { $$ = false; } | '>' { $$ = true; } ;

packet:
	direction NONE		{ script_expect(p, &@2, $1, SCRIPT_SILENCE,
				      (struct script_word){ 0 }); }
	| direction RULE opt_id	{ script_expect(p, &@2, $1, SCRIPT_RULE, $3); }
	| head opt_encap opt_ports tcp
				{ script_end_packet(p, &@$); }
	| head UDP opt_ports '(' number ')'
				{ p->packet->proto = PROTO_UDP;
				  p->packet->seq.len = LEN(@5, $5);
				  script_end_packet(p, &@$); }
	| head ICMP icmp	{ p->packet->proto = PROTO_ICMP;
				  script_end_packet(p, &@$); }
	;

opt_id: %empty { $$ = (struct script_word){ 0 }; } | RULE_ID ;
head: packet_begin tunnels opt_ip ;
packet_begin: direction { script_begin_packet(p, &@1, $1); } ;

tunnels:
	%empty
	| tunnels TUNNEL tunnel_words ':'
				{ script_foreign(p, $2); }
	;

tunnel_words: %empty | tunnel_words tunnel_word ;

tunnel_word:
	word | INTEGER | HEX | DECIMAL | ADDRESS
	| '>' | '(' | ')' | '[' | ']' | ',' | '='
	;

opt_ip:
	%empty
	| '(' ip_begin ip ')'
	| '[' ip_begin ip ']'
	;

ip_begin: %empty { script_begin_words(p); } ;

ip:
	ip_field		{ script_end_ip(p, &@1); }
	| ip ',' ip_begin ip_field	{ script_end_ip(p, &@4); }
	;

ip_field:
	word			{ script_add_word(p, &@1, $1); }
	| word integer		{ script_add_word(p, &@1, $1);
				  script_add_word(p, &@2, $2); }
	;

integer: INTEGER | HEX ;

opt_encap: %empty
	| ENCAP WORD WORD integer	{ script_foreign(p, $2); }
	;

opt_ports: %empty
	| port '>' port		{ script_ports(p, &@1, &@3, $1, $3); }
	;

port: INTEGER ;

tcp:
	flags range opt_ack opt_win opt_urg opt_options opt_udp
				{ p->packet->seq = $2;
				  p->packet->udp = $7; }
	;

flags: flag_words { script_flags(p, &@1, $1); } ;
flag_sign: '.' | '-' ;

flag_words:
	WORD | DECIMAL
	| flag_sign		{ $$ = TEXT(@1); }
	| WORD '.'		{ $$ = TEXT(@$); }
	| WORD DECIMAL		{ $$ = TEXT(@$); }
	;

range:
	number ':' number '(' number ')' opt_absolute
				{ $$ = script_range(p, &@1, &@3, &@5, $1, $3,
				      $5);
				  $$.how = $7 ? SEQ_ABSOLUTE : SEQ_RELATIVE; }
	| ELLIPSIS '(' number ')'
				{ $$ = (struct script_range){ .how = SEQ_ANY,
				      .len = LEN(@3, $3) }; }
	;

opt_absolute: %empty { $$ = false; } | '!' { $$ = true; } ;
number: INTEGER | HEX | TERM | WORD ;

opt_ack:
	%empty
	| ACK number		{ p->packet->has_ack = true;
				  p->packet->ack = NUM(@2, $2, "ack"); }
	;

opt_win:
	%empty
	| WIN number		{ p->packet->has_wnd = true;
				  p->packet->wnd = script_number(p, &@2, $2,
				      UINT16_MAX, "win"); }
	;

opt_urg:
	%empty
	| URG number		{ p->packet->has_up = true;
				  p->packet->up = script_number(p, &@2, $2,
				      UINT16_MAX, "urg"); }
	;

opt_options:
	%empty
	| '<' ELLIPSIS '>'	{ p->packet->any_options = true; }
	| '<' opts '>'		{ script_end_opts(p, &@2); }
	;

opts:
	opt			{ script_end_opt(p, &@1); }
	| opts ',' opt		{ script_end_opt(p, &@3); }
	;

opt:
	word			{ script_begin_words(p);
				  script_add_word(p, &@1, $1); }
	| opt opt_value		{ script_add_word(p, &@2, $2); }
	;

opt_value:
	word | INTEGER | HEX | BLOB | TERM
	| opt_sign		{ $$ = TEXT(@1); }
	;

opt_sign: ELLIPSIS | ':' ;

opt_udp:
	%empty			{ $$ = (struct script_udp){ 0 }; }
	| '/' UDP '(' port '>' port ')'
				{ $$ = script_udp(p, &@4, &@6, $4, $6); }
	;

icmp: icmp_type opt_mtu opt_echo opt_quoted ;

icmp_type:
	WORD opt_word		{ p->packet->icmp.type = script_copy(p, $1);
				  p->packet->icmp.type_pos = @1.pos;
				  if ($2.p != NULL)
					p->packet->icmp.code = script_copy(p,
					    $2);
				  p->packet->icmp.code_pos = @2.pos; }
	;

opt_word: %empty { $$ = (struct script_word){ 0 }; } | WORD ;

opt_mtu: %empty
	| MTU INTEGER		{ p->packet->icmp.mtu = script_uint(p, &@2, $2,
				      INT32_MAX, "mtu"); }
	;

opt_echo: %empty
	| ID_WORD INTEGER		{ p->packet->icmp.id = script_uint(p, &@2, $2,
				      UINT16_MAX, "id"); }
	;

opt_quoted:
	%empty
	| '[' range opt_udp ']'	{ script_quote(p, PROTO_TCP, $2, $3); }
	| '[' UDP '(' number ')' ']'
				{ script_quote(p, PROTO_UDP,
				      (struct script_range){ .len = LEN(@4, $4)
				      }, (struct script_udp){ 0 }); }
	| '[' WORD '(' number ')' ']'
				{ if (!script_word_is($2, "raw"))
					script_error_at(p, &@2,
					    "only udp and raw are quoted so");
				  script_quote(p, PROTO_RAW,
				      (struct script_range){ .len = LEN(@4, $4)
				      }, (struct script_udp){ 0 }); }
	;

call:
	opt_end WORD '(' opt_args ')' '=' result opt_word opt_note
				{ $$ = script_call(p, &@2, $2, $4);
				  $$->end = $1;
				  $$->result = $7;
				  if ($8.p != NULL)
					script_errno(p, &@8, $$, $8);
				  if ($9.p != NULL)
					$$->note = script_folded(p, $9); }
	;

opt_end: %empty { $$ = -1; } | ELLIPSIS time { $$ = $2; } ;

opt_args:
	%empty			{ $$ = script_expr(p, EXPR_STRUCT, &@$,
				      (struct script_word){ 0 }); }
	| args
	;

args:
	expr			{ $$ = script_expr(p, EXPR_STRUCT, &@1,
				      (struct script_word){ 0 });
				  script_add_part($$, $1); }
	| args ',' expr		{ $$ = $1; script_add_part($$, $3); }
	;

any_int: integer { $$ = script_integer(p, &@1, $1); } ;

strings:
	STRING			{ $$ = script_string(p, &@1, $1); }
	| strings STRING	{ $$ = $1;
				  script_join(p, $$, script_string(p, &@2,
				      $2)); }
	;

plain:
	ELLIPSIS		{ $$ = EXPR(EXPR_ELLIPSIS, @1); }
	| any_int
	| word			{ $$ = script_expr(p, EXPR_WORD, &@1, $1); }
	| strings
	| strings ELLIPSIS	{ $$ = $1; $$->more = true; }
	| '[' opt_args ']'	{ $$ = $2; $$->kind = EXPR_ARRAY;
				  $$->pos = @1.pos; }
	| '{' opt_args '}'	{ $$ = $2; $$->pos = @1.pos; }
	;

result: plain ;

expr:
	plain
	| apply
	| expr '|' expr		{ $$ = script_or(p, $1, $3); }
	| word '=' expr		{ $$ = script_assign(p, script_expr(p,
				      EXPR_WORD, &@1, $1), $3); }
	| apply '=' expr	{ $$ = script_assign(p, $1, $3); }
	;

apply:
	word '(' opt_args ')'	{ $$ = $3; $$->kind = EXPR_APPLY;
				  $$->pos = @1.pos;
				  $$->text = script_copy(p, $1); }
	;

opt_note: %empty { $$ = (struct script_word){ 0 }; }
	| '(' note ')'		{ $$ = TEXT(@2); }
	;

note: note_word | note note_word ;

note_word:
	word | any_int | DECIMAL | RULE_ID | TERM
	| ',' | '.' | '-' | ':' | '|' | '/' | ';' | '='
	;

word:
	WORD | ACK | WIN | URG | ICMP | UDP | MTU | ID_WORD | NONE | RULE
	| CONNECTION | ENCAP | TUNNEL
	;

%%

/* What bison itself complains of: its stack is at its limit. */
static void
script_yyerror(const SCRIPT_YYLTYPE *at, void *scanner,
    struct script_parser *p, const char *msg)
{
	(void)scanner;
	(void)msg;
	script_error_at(p, at, "this is nested too deeply");
}

static int
yyreport_syntax_error(const yypcontext_t *ctx, void *scanner,
    struct script_parser *p)
{
	const char *want[6];
	yysymbol_kind_t symbols[6];
	yysymbol_kind_t token = yypcontext_token(ctx);
	int i, n;

	(void)scanner;
	n = yypcontext_expected_tokens(ctx, symbols, 6);
	for (i = 0; i < n; i++)
		want[i] = yysymbol_name(symbols[i]);
	/* of an undefined token the scanner has told */
	if (token != YYSYMBOL_YYUNDEF)
		script_unexpected(p, yypcontext_location(ctx),
		    token == YYSYMBOL_YYEOF, want, n);
	return 0;
}
