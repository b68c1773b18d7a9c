# Everything but main.c is in one library, so that tests link the real objects.
libretort_a_SOURCES += \
	src/base/arena.c src/base/arena.h \
	src/base/buf.c src/base/buf.h \
	src/base/clock.c src/base/clock.h \
	src/base/columns.c src/base/columns.h \
	src/base/err.c src/base/err.h \
	src/base/file.c src/base/file.h \
	src/base/hash.h \
	src/base/mem.c src/base/mem.h \
	src/base/octets.h \
	src/base/privilege.c src/base/privilege.h \
	src/base/random.c src/base/random.h \
	src/base/table.h \
	src/base/tr.c src/base/tr.h \
	src/tcp/addr.c src/tcp/addr.h \
	src/tcp/aftermath.c src/tcp/aftermath.h \
	src/tcp/ctl.c src/tcp/ctl.h \
	src/tcp/icmp.c src/tcp/icmp.h \
	src/tcp/notation.c src/tcp/notation.h \
	src/tcp/option.c src/tcp/option.h \
	src/tcp/quick.h \
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
	src/sniff/capture.c src/sniff/capture.h \
	src/sniff/decode.c src/sniff/decode.h \
	src/sniff/filter.c src/sniff/filter.h \
	src/sniff/input.c src/sniff/input.h \
	src/sniff/ip.c \
	src/sniff/link.c \
	src/sniff/live.c src/sniff/live.h \
	src/sniff/merge.c src/sniff/merge.h \
	src/sniff/packet.h \
	src/sniff/pcap_read.c \
	src/sniff/pcapng_block.h \
	src/sniff/pcapng_read.c \
	src/sniff/pcapng_write.c \
	src/sniff/pcapng.h \
	src/sniff/quick.c \
	src/sniff/source.c src/sniff/source.h \
	src/sniff/sight.c \
	src/sniff/dump.c src/sniff/dump.h \
	src/sniff/sniff.c src/sniff/sniff.h \
	src/sniff/tunnel.c src/sniff/tunnel.h \
	src/match/exchange.c src/match/exchange.h \
	src/match/flow.c src/match/flow.h \
	src/match/flow_host.c \
	src/match/flow_reset.c \
	src/match/flow_side.c \
	src/match/flow_tell.c \
	src/match/flow_table.c src/match/flow_table.h \
	src/match/rtt.c src/match/rtt.h \
	src/rules/cause.c src/rules/cause.h \
	src/rules/cause_cond.c \
	src/rules/cause_expr.h \
	src/rules/cause_parse.c \
	src/rules/cause_reader.h \
	src/rules/clue.c src/rules/clue.h \
	src/rules/expr.c src/rules/expr.h \
	src/rules/grammar.y \
	src/rules/parser.c src/rules/parser.h \
	src/rules/reasons.c \
	src/rules/rulebook.c src/rules/rulebook.h \
	src/rules/scanner.l \
	src/rules/term.c src/rules/term.h \
	src/rules/values.c \
	src/script/lab.c src/script/lab.h \
	src/script/lab_line.c \
	src/script/lab_option.c \
	src/script/lab_parse.c \
	src/script/lab_reader.c src/script/lab_reader.h \
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
	src/judge/answer.c src/judge/answer.h \
	src/judge/compare.c src/judge/compare.h \
	src/judge/judge.c src/judge/judge.h \
	src/judge/clues.c \
	src/judge/diagnostic.c \
	src/judge/numbers.c src/judge/numbers.h \
	src/judge/views.c src/judge/views.h \
	src/judge/plain.c \
	src/report/json.c src/report/json.h \
	src/report/json_lesson.c \
	src/report/json_script.c \
	src/report/exchange_ladder.c src/report/exchange_ladder.h \
	src/report/fold.c src/report/fold.h \
	src/report/ladder.c src/report/ladder.h \
	src/report/ladder_line.c src/report/ladder_line.h \
	src/report/ladder_svg.c \
	src/report/json_table.c \
	src/report/report_table.c src/report/report_table.h \
	src/report/lesson_event.c src/report/lesson_ladder.c \
	src/report/lesson_text.h \
	src/report/report_lesson.c src/report/report_lesson.h \
	src/report/lines.c src/report/lines.h \
	src/report/nmap.c \
	src/report/probe.c src/report/probe.h \
	src/report/report.c src/report/report.h \
	src/report/report_reset.h \
	src/report/json_respond.c \
	src/report/report_respond.c src/report/report_respond.h \
	src/report/report_script.c src/report/report_script.h \
	src/report/reset_json.c \
	src/report/reset_ladder.c \
	src/report/reset_lines.c \
	src/report/reset_text.c \
	src/report/svg.c src/report/svg.h \
	src/report/tally.c src/report/tally.h \
	src/report/tap.c \
	src/report/text.c \
	src/path/link.c src/path/link.h src/path/name.c src/path/name.h \
	src/path/port.c src/path/port.h \
	src/path/netlink.c src/path/netlink.h \
	src/path/route.c src/path/route.h \
	src/bench/adapter.c src/bench/adapter.h \
	src/bench/adapters.c \
	src/bench/adapter_passt.c src/bench/adapter_slirp.c \
	src/bench/adapter_lwip.c \
	src/bench/adapter_lwipv6.c \
	src/bench/adapter_gvisor.c \
	src/bench/adapter_uml.c \
	src/bench/ask.c \
	src/bench/bench.c src/bench/bench.h \
	src/bench/caller.c src/bench/caller.h \
	src/bench/diag.c src/bench/diag.h \
	src/bench/driver.c src/bench/driver.h \
	src/bench/outside.c src/bench/outside.h \
	src/bench/command.c src/bench/command.h \
	src/bench/sockets.c src/bench/sockets.h \
	src/bench/private.c src/bench/private.h \
	src/bench/program.c src/bench/program.h \
	src/bench/stage.c src/bench/stage.h \
	src/bench/start.h \
	src/bench/stream.c src/bench/stream.h \
	src/bench/target.c src/bench/target.h \
	src/run/call.c src/run/call.h \
	src/run/lesson.c src/run/lesson.h \
	src/run/lesson_call.c \
	src/run/lesson_conn.c \
	src/run/lesson_expect.c \
	src/run/lesson_icmp.c \
	src/run/lesson_play.h \
	src/run/lesson_rule.c \
	src/run/lesson_wire.c \
	src/run/pair.c src/run/pair.h \
	src/run/pair_wire.c src/run/pair_wire.h \
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
	src/run/kernel_view.c src/run/kernel_view.h \
	src/run/matrix.c src/run/matrix.h \
	src/run/model.c src/run/model.h \
	src/run/opening.c src/run/opening.h \
	src/run/reach.c src/run/reach.h \
	src/run/remote.c src/run/remote.h \
	src/run/mapping.c src/run/mapping.h \
	src/run/explain.c src/run/explain.h \
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
	src/cmd/explain.c \
	src/cmd/explain_causes.c \
	src/cmd/explain_like.c \
	src/cmd/explain_notes.c \
	src/cmd/explain_open.c \
	src/cmd/explain_sink.c src/cmd/explain_sink.h \
	src/cmd/fields.c src/cmd/fields.h \
	src/cmd/interrupt.c src/cmd/interrupt.h \
	src/cmd/lab.c \
	src/cmd/lab_quiz.c src/cmd/lab_quiz.h \
	src/cmd/lab_show.c src/cmd/lab_show.h \
	src/cmd/list.c \
	src/cmd/option.c \
	src/cmd/picture.c src/cmd/picture.h \
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
	src/cmd/terminal.c src/cmd/terminal.h \
	src/cmd/value.c src/cmd/value.h

# bison's header is needed before flex's output is compiled
BUILT_SOURCES += src/rules/grammar.h src/script/script_grammar.h
MAINTAINERCLEANFILES += src/rules/grammar.c src/rules/grammar.h \
	src/rules/scanner.c \
	src/script/script_grammar.c src/script/script_grammar.h \
	src/script/script_scanner.c

# they hold directories, which another --prefix changes
src/run/data.$(OBJEXT) src/bench/program.$(OBJEXT): Makefile

# Programs that are linked with another stack.
if HAVE_LWIP
pkglibexec_PROGRAMS += retort-lwip
endif
retort_lwip_SOURCES = $(serve_sources) \
	src/stacks/lwip.c \
	src/stacks/lwip_socket.c src/stacks/lwip_socket.h \
	src/stacks/lwip_tap.c src/stacks/lwip_tap.h \
	src/stacks/lwip_user.c src/stacks/lwip_user.h
retort_lwip_CPPFLAGS = $(AM_CPPFLAGS) $(LWIP_CFLAGS)
retort_lwip_LDADD = $(LIBS_ALL) $(LWIP_LIBS)

if HAVE_LWIPV6
pkglibexec_PROGRAMS += retort-lwipv6
endif
retort_lwipv6_SOURCES = $(serve_sources) \
	src/stacks/lwipv6.c \
	src/stacks/lwipv6_api.h \
	src/stacks/lwipv6_socket.c src/stacks/lwipv6_socket.h \
	src/stacks/lwipv6_user.c src/stacks/lwipv6_user.h
retort_lwipv6_LDADD = $(LIBS_ALL) -llwipv6

serve_sources = src/stacks/serve.c src/stacks/serve.h

# What runs inside of User Mode Linux is built once more for it: the sanitizers
# have no room there.
pkglibexec_PROGRAMS += retort-uml-init
retort_uml_init_SOURCES = src/stacks/uml_init.c \
	src/base/arena.c src/base/buf.c src/base/err.c src/base/mem.c \
	src/base/privilege.c \
	src/tcp/addr.c src/tcp/state.c \
	src/path/netlink.c \
	src/bench/diag.c src/bench/driver.c src/bench/sockets.c src/bench/stream.c \
	src/bench/target.c
retort_uml_init_CFLAGS = $(WARN_CFLAGS) $(MNL_CFLAGS) $(CAPNG_CFLAGS)
retort_uml_init_LDFLAGS =
retort_uml_init_LDADD = $(MNL_LIBS) $(CAPNG_LIBS)

# gVisor is in Go, whose compiler has its own rules; cgo gives it our structs.
# Debian has Go's libraries in a GOPATH.
EXTRA_DIST += $(gvisor_sources)
gvisor_sources = src/stacks/gvisor/main.go src/stacks/gvisor/serve.go \
	src/stacks/gvisor/socket.go src/stacks/gvisor/stack.go
if HAVE_GVISOR
pkglibexec_SCRIPTS = retort-gvisor
endif
CLEANFILES += retort-gvisor
retort-gvisor: $(gvisor_sources) src/bench/driver.h
	$(AM_V_GEN)cd $(srcdir)/src/stacks/gvisor && \
	    env GO111MODULE=off GOFLAGS= GOPATH=$(GVISOR_GOPATH) \
	    GOCACHE="$${GOCACHE:-$(abs_builddir)/.gocache}" CGO_ENABLED=1 CC="$(CC)" \
	    CGO_CFLAGS=-I$(abs_srcdir)/src \
	    $(GO) build -ldflags "-s -w -X 'main.version=$(GVISOR_VERSION)'" \
	    -o $(abs_builddir)/$@ .

clean-local:
	rm -rf .gocache
