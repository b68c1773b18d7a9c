# Everything but main.c is in one library, so that tests link the real objects.
libretort_a_SOURCES += \
	src/base/arena.c src/base/arena.h \
	src/base/buf.c src/base/buf.h \
	src/base/clock.c src/base/clock.h \
	src/base/err.c src/base/err.h \
	src/base/file.c src/base/file.h \
	src/base/mem.c src/base/mem.h \
	src/base/octets.h \
	src/base/privilege.c src/base/privilege.h \
	src/base/random.c src/base/random.h \
	src/base/table.h \
	src/tcp/addr.c src/tcp/addr.h \
	src/tcp/aftermath.c src/tcp/aftermath.h \
	src/tcp/ctl.c src/tcp/ctl.h \
	src/tcp/icmp.c src/tcp/icmp.h \
	src/tcp/notation.c src/tcp/notation.h \
	src/tcp/option.c src/tcp/option.h \
	src/tcp/segment.c src/tcp/segment.h \
	src/tcp/seq.h \
	src/tcp/spell.c src/tcp/spell.h \
	src/tcp/state.c src/tcp/state.h \
	src/tcp/tcb.c src/tcp/tcb.h \
	src/craft/build.c \
	src/craft/context.h \
	src/craft/craft.c src/craft/craft.h \
	src/craft/icmp.c \
	src/craft/neighbour.c \
	src/sniff/decode.c src/sniff/decode.h \
	src/sniff/packet.h \
	src/sniff/sight.c \
	src/sniff/dump.c src/sniff/dump.h \
	src/sniff/sniff.c src/sniff/sniff.h \
	src/match/exchange.c src/match/exchange.h \
	src/match/rtt.c src/match/rtt.h \
	src/rules/expr.c src/rules/expr.h \
	src/rules/grammar.y \
	src/rules/parser.c src/rules/parser.h \
	src/rules/reasons.c \
	src/rules/rulebook.c src/rules/rulebook.h \
	src/rules/scanner.l \
	src/rules/values.c \
	src/script/script.h \
	src/script/script_call.c \
	src/script/script_expr.c \
	src/script/script_grammar.y \
	src/script/script_icmp.c \
	src/script/script_number.c \
	src/script/script_opts.c \
	src/script/script_packet.c \
	src/script/script_parse.c \
	src/script/script_parser.h \
	src/script/script_scanner.l \
	src/judge/compare.c src/judge/compare.h \
	src/judge/judge.c src/judge/judge.h \
	src/judge/plain.c \
	src/report/json.c src/report/json.h \
	src/report/json_script.c \
	src/report/json_table.c \
	src/report/report_table.c src/report/report_table.h \
	src/report/lines.c src/report/lines.h \
	src/report/nmap.c \
	src/report/probe.c src/report/probe.h \
	src/report/report.c src/report/report.h \
	src/report/json_respond.c \
	src/report/report_respond.c src/report/report_respond.h \
	src/report/report_script.c src/report/report_script.h \
	src/report/tap.c \
	src/report/text.c \
	src/path/link.c src/path/link.h src/path/name.c src/path/name.h \
	src/path/port.c src/path/port.h \
	src/path/netlink.c src/path/netlink.h \
	src/path/route.c src/path/route.h \
	src/bench/adapter.c src/bench/adapter.h \
	src/bench/adapters.c \
	src/bench/bench.c src/bench/bench.h \
	src/bench/caller.c src/bench/caller.h \
	src/bench/diag.c src/bench/diag.h \
	src/bench/driver.c src/bench/driver.h \
	src/bench/private.c src/bench/private.h \
	src/bench/stage.c src/bench/stage.h \
	src/bench/start.h \
	src/bench/target.c src/bench/target.h \
	src/run/call.c src/run/call.h \
	src/run/client.c src/run/client.h \
	src/run/conn.c src/run/conn.h \
	src/bench/reason.c src/bench/reason.h \
	src/bench/trace.c src/bench/trace.h \
	src/run/data.c src/run/data.h \
	src/run/drive.c src/run/drive.h \
	src/run/finding.c src/run/finding.h \
	src/run/host.c src/run/host.h \
	src/run/respond.c src/run/respond.h \
	src/run/respond_conn.c \
	src/run/respond_judge.c \
	src/run/respond_script.c \
	src/run/respond_send.c \
	src/run/responder.h \
	src/run/marshal.c src/run/marshal.h \
	src/run/marshal_addr.c \
	src/run/marshal_check.c \
	src/run/marshal_control.c \
	src/run/marshal_data.c \
	src/run/marshal_parts.c src/run/marshal_parts.h \
	src/run/marshal_value.c \
	src/run/jobs.c src/run/jobs.h \
	src/run/matrix.c src/run/matrix.h \
	src/run/model.c src/run/model.h \
	src/run/opening.c src/run/opening.h \
	src/run/reach.c src/run/reach.h \
	src/run/remote.c src/run/remote.h \
	src/run/mapping.c src/run/mapping.h \
	src/run/expect.c src/run/expect.h \
	src/run/play.c src/run/play.h \
	src/run/play_call.c \
	src/run/play_conn.c \
	src/run/play_icmp.c \
	src/run/play_packet.c \
	src/run/play_remote.c \
	src/run/play_rule.c \
	src/run/play_wire.c \
	src/run/player.h \
	src/run/script_segment.c \
	src/run/staging.c src/run/staging.h \
	src/run/term.c src/run/term.h \
	src/run/rounds.c src/run/rounds.h \
	src/run/scan.c src/run/scan.h \
	src/run/session.c src/run/session.h \
	src/run/session_adapter.c \
	src/run/shell.c src/run/shell.h \
	src/run/shell_words.c src/run/shell_words.h \
	src/run/stateful.c src/run/stateful.h \
	src/run/suite.c src/run/suite.h \
	src/run/testcase.c src/run/testcase.h \
	src/run/ways.c src/run/ways.h \
	src/run/wire.c src/run/wire.h \
	src/run/words.c src/run/words.h \
	src/cmd/check.c src/cmd/cmd.h \
	src/cmd/fields.c src/cmd/fields.h \
	src/cmd/interrupt.c src/cmd/interrupt.h \
	src/cmd/list.c \
	src/cmd/option.c \
	src/cmd/players.c src/cmd/players.h \
	src/cmd/probe.c \
	src/cmd/profile.c src/cmd/profile.h \
	src/cmd/remote_target.c src/cmd/remote_target.h \
	src/cmd/respond.c \
	src/cmd/rules.c \
	src/cmd/run.c \
	src/cmd/scripts.c src/cmd/scripts.h \
	src/cmd/stack.c src/cmd/stack.h \
	src/cmd/stack_table.c src/cmd/stack_table.h \
	src/cmd/value.c src/cmd/value.h

# bison's header is needed before flex's output is compiled
BUILT_SOURCES += src/rules/grammar.h src/script/script_grammar.h
MAINTAINERCLEANFILES += src/rules/grammar.c src/rules/grammar.h \
	src/rules/scanner.c \
	src/script/script_grammar.c src/script/script_grammar.h \
	src/script/script_scanner.c

# it holds the data directory, which another --prefix changes
src/run/data.$(OBJEXT): Makefile
