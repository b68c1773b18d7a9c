# Programs with one source file of their own name need no _SOURCES line.
AM_DEFAULT_SOURCE_EXT = .c
LDADD = tests/unit/libutil.a $(LIBS_ALL) $(CHECK_LIBS)

# what several unit tests share
check_LIBRARIES = tests/unit/libutil.a
tests_unit_libutil_a_SOURCES = tests/unit/util.c tests/unit/util.h \
	tests/unit/samples.c tests/unit/samples.h \
	tests/unit/scripts.c tests/unit/scripts.h \
	tests/unit/calls.h tests/unit/capfiles.h \
	tests/unit/capmany.h tests/unit/caps.h tests/unit/crafted.h \
	tests/unit/flowing.h tests/unit/frames.h \
	tests/unit/ladders.h \
	tests/unit/linkrows.h tests/unit/links.h \
	tests/unit/messages.h tests/unit/noise.h tests/unit/scans.h \
	tests/unit/resets.h tests/unit/routes.h tests/unit/tunnels.h \
	tests/unit/zoo.h

unit_programs = \
	tests/unit/check_base \
	tests/unit/check_buf \
	tests/unit/check_answer \
	tests/unit/check_lab \
	tests/unit/check_columns \
	tests/unit/check_mem \
	tests/unit/check_tr \
	tests/unit/check_tcp \
	tests/unit/check_segment \
	tests/unit/check_tcb \
	tests/unit/check_option \
	tests/unit/check_spell \
	tests/unit/check_value \
	tests/unit/check_notation \
	tests/unit/check_icmp \
	tests/unit/check_craft \
	tests/unit/check_craft_faults \
	tests/unit/check_craft_icmp \
	tests/unit/check_craft_libnet \
	tests/unit/check_craft_send \
	tests/unit/check_neighbour \
	tests/unit/check_decode \
	tests/unit/check_decode_hostile \
	tests/unit/check_stream \
	tests/unit/check_link \
	tests/unit/check_quick \
	tests/unit/check_sight \
	tests/unit/check_sight_hostile \
	tests/unit/check_capture \
	tests/unit/check_capture_broken \
	tests/unit/check_capture_live \
	tests/unit/check_pcapng \
	tests/unit/check_pcapng_broken \
	tests/unit/check_dump \
	tests/unit/check_sniff \
	tests/unit/check_sniff_live \
	tests/unit/check_raw_live \
	tests/unit/check_reason \
	tests/unit/check_reason_live \
	tests/unit/check_reason_ring \
	tests/unit/check_rules \
	tests/unit/check_rules_cases \
	tests/unit/check_rules_eval \
	tests/unit/check_rules_facts \
	tests/unit/check_rules_files \
	tests/unit/check_rules_match \
	tests/unit/check_rules_reasons \
	tests/unit/check_rules_outcome \
	tests/unit/check_rules_places \
	tests/unit/check_rulebook \
	tests/unit/check_rulebook_article \
	tests/unit/check_rulebook_whole \
	tests/unit/check_script \
	tests/unit/check_script_call \
	tests/unit/check_script_errors \
	tests/unit/check_script_hostile \
	tests/unit/check_script_options \
	tests/unit/check_script_packet \
	tests/unit/check_match \
	tests/unit/check_rtt \
	tests/unit/check_cause \
	tests/unit/check_flow \
	tests/unit/check_flow_path \
	tests/unit/check_flow_table \
	tests/unit/check_finding \
	tests/unit/check_finding_hint \
	tests/unit/check_numbers \
	tests/unit/check_judge \
	tests/unit/check_judge_again \
	tests/unit/check_judge_fields \
	tests/unit/check_judge_outcome \
	tests/unit/check_judge_skip \
	tests/unit/check_data \
	tests/unit/check_data_matrix \
	tests/unit/check_testcase \
	tests/unit/check_testcase_places \
	tests/unit/check_testcase_segment \
	tests/unit/check_surprise \
	tests/unit/check_ways \
	tests/unit/check_words \
	tests/unit/check_marshal \
	tests/unit/check_marshal_reply \
	tests/unit/check_marshal_live \
	tests/unit/check_name \
	tests/unit/check_route \
	tests/unit/check_route_refused \
	tests/unit/check_conn \
	tests/unit/check_mapping \
	tests/unit/check_expect \
	tests/unit/check_ladder \
	tests/unit/check_lines \
	tests/unit/check_report \
	tests/unit/check_report_formats \
	tests/unit/check_report_nmap \
	tests/unit/check_report_matrix \
	tests/unit/check_report_script \
	tests/unit/check_report_tail \
	tests/unit/check_shell \
	tests/unit/check_jobs \
	tests/unit/check_serve
tests_unit_check_serve_SOURCES = tests/unit/check_serve.c $(serve_sources)
bench_programs = tests/bench/check_liar tests/bench/check_forger \
	tests/bench/check_probe tests/bench/check_caller \
	tests/bench/check_stage tests/bench/check_play \
	tests/bench/check_pair
tests_bench_check_pair_SOURCES = tests/bench/check_pair.c \
	tests/bench/calls.c tests/bench/calls.h \
	tests/bench/paired.c tests/bench/paired.h
tests_bench_check_caller_SOURCES = tests/bench/check_caller.c \
	tests/bench/calls.c tests/bench/calls.h
tests_bench_check_stage_SOURCES = tests/bench/check_stage.c \
	tests/bench/calls.c tests/bench/calls.h tests/bench/frame.h
tests_bench_check_liar_SOURCES = tests/bench/check_liar.c \
	tests/bench/liar.c tests/bench/liar.h tests/bench/frame.h
tests_bench_check_probe_SOURCES = tests/bench/check_probe.c \
	tests/bench/liar.c tests/bench/liar.h tests/bench/frame.h
tests_bench_check_forger_SOURCES = tests/bench/check_forger.c \
	tests/bench/forger.c tests/bench/forger.h \
	tests/bench/raw.c tests/bench/raw.h tests/bench/frame.h

if HAVE_CHECK
check_PROGRAMS += $(unit_programs) $(bench_programs)
endif
# the hosts of tests/bench/world.sh; nothing of the program is in them
world_programs = tests/bench/serve tests/bench/censor \
	tests/bench/nooffload tests/bench/user \
	tests/bench/caller_loop
tests_bench_caller_loop_LDADD =
check_PROGRAMS += $(world_programs)
tests_bench_serve_LDADD =
tests_bench_nooffload_LDADD =
tests_bench_user_LDADD =
tests_bench_censor_LDADD =
tests_bench_censor_SOURCES = tests/bench/censor.c \
	tests/bench/raw.c tests/bench/raw.h tests/bench/frame.h
check_PROGRAMS += tests/bench/client
tests_bench_client_LDADD =
check_PROGRAMS += tests/bench/cable
tests_bench_cable_LDADD =
tests_bench_cable_SOURCES = tests/bench/cable.c \
	tests/bench/join.c tests/bench/join.h
# retort with other adapters than its own
check_PROGRAMS += tests/bench/retort_stacks
tests_bench_retort_stacks_LDADD = $(LIBS_ALL)
tests_bench_retort_stacks_SOURCES = src/cmd/main.c \
	tests/bench/join.c tests/bench/join.h \
	tests/bench/retort_stacks.c \
	tests/bench/stacks.c tests/bench/stacks.h
check_PROGRAMS += tests/bench/capcopy tests/bench/make-links \
	tests/bench/reason_names
tests_bench_make_links_LDADD = $(LIBS_ALL)
tests_bench_capcopy_LDADD = $(LIBS_ALL)
tests_bench_reason_names_LDADD = $(LIBS_ALL)
check_PROGRAMS += tests/golden/segdump tests/golden/make-captures \
	tests/golden/draw

# libFuzzer's main(), or ours where configure was not asked for it
fuzz_programs = tests/fuzz/fuzz_capture tests/fuzz/fuzz_decode \
	tests/fuzz/fuzz_explain tests/fuzz/fuzz_message
check_PROGRAMS += $(fuzz_programs) tests/fuzz/make-corpus
tests_fuzz_make_corpus_LDADD = $(LIBS_ALL)
.PHONY: fuzzers
fuzzers: $(fuzz_programs) tests/fuzz/make-corpus
fuzz_sources = tests/fuzz/fuzz.h
if !FUZZERS
fuzz_sources += tests/fuzz/driver.c
endif
tests_fuzz_fuzz_capture_SOURCES = tests/fuzz/fuzz_capture.c $(fuzz_sources)
tests_fuzz_fuzz_decode_SOURCES = tests/fuzz/fuzz_decode.c $(fuzz_sources)
tests_fuzz_fuzz_explain_SOURCES = tests/fuzz/fuzz_explain.c $(fuzz_sources)
tests_fuzz_fuzz_message_SOURCES = tests/fuzz/fuzz_message.c $(fuzz_sources)
tests_fuzz_fuzz_capture_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_decode_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_explain_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_message_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_capture_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_decode_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_explain_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_message_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

# built with the tests, run by hand: see `bench` below
speed_programs = tests/speed/rate tests/speed/first tests/speed/cost \
	tests/speed/crowd tests/speed/bare
check_PROGRAMS += $(speed_programs)

# Those that take longest come first, and most of them wait: one that works
# stands after some that wait, so that it fills the time beside them. The unit
# tests and the lints, which only work, come last.
test_scripts = \
	tests/bench/stack_beside.sh \
	tests/bench/stack_uml.sh \
	tests/man/examples.sh \
	tests/bench/lab_cli.sh \
	tests/bench/client.sh \
	tests/bench/stacks.sh \
	tests/bench/respond.sh \
	tests/bench/direct.sh \
	tests/bench/target.sh \
	tests/bench/stack_lwip.sh \
	tests/explain/scenes.sh \
	tests/bench/probe.sh \
	tests/bench/mutants.sh \
	tests/bench/stack_gvisor.sh \
	tests/bench/table.sh \
	tests/bench/reasons.sh \
	tests/explain/cli.sh \
	tests/explain/lessons.sh \
	tests/explain/like.sh \
	tests/bench/scripts.sh \
	tests/bench/cli.sh \
	tests/bench/captures.sh \
	tests/bench/labs.sh \
	tests/bench/ladder.sh \
	tests/bench/matrix.sh \
	tests/bench/kill.sh \
	tests/bench/probe_state.sh \
	tests/man/stacks.sh \
	tests/bench/world_check.sh \
	tests/bench/tshark.sh \
	tests/bench/run_cli.sh \
	tests/bench/run_target.sh \
	tests/bench/held.sh \
	tests/bench/lang.sh \
	tests/bench/nmap.sh \
	tests/man/causes.sh \
	tests/man/xref.sh \
	tests/man/states.sh \
	tests/man/options.sh \
	tests/man/languages.sh \
	tests/fuzz/run.sh \
	tests/golden/run.sh \
	tests/golden/svg.sh
lints = \
	tests/lint/dependencies.sh \
	tests/lint/format.sh \
	tests/lint/headers.sh \
	tests/lint/labs.sh \
	tests/lint/man.sh \
	tests/lint/selftest.sh \
	tests/lint/shell.sh \
	tests/lint/sizes.sh \
	tests/lint/texts.sh \
	tests/lint/words.sh
TESTS += $(test_scripts)
if HAVE_CHECK
TESTS += $(bench_programs) $(unit_programs)
endif
TESTS += $(lints)
dist_check_SCRIPTS += $(test_scripts) $(lints) tests/speed/speed.sh \
	tests/speed/scan.sh tests/speed/run.sh tests/speed/explain.sh

EXTRA_DIST += \
	tests/bench/lib.sh \
	tests/bench/world.sh \
	tests/lint/lib.sh \
	tests/man/causes.awk \
	tests/man/states.awk \
	tests/man/states.cases \
	tests/golden/captures.h \
	tests/golden/TESTLIST \
	$(golden_files)
golden_files = \
	tests/golden/bits.out tests/golden/bits.pcap \
	tests/golden/connection.out tests/golden/connection.pcap \
	tests/golden/extensions.out tests/golden/extensions.pcap \
	tests/golden/faults.out tests/golden/faults.pcap \
	tests/golden/ip6.out tests/golden/ip6.pcap \
	tests/golden/mixed.out tests/golden/mixed.pcap \
	tests/golden/null.out tests/golden/null.pcap \
	tests/golden/options.out tests/golden/options.pcap \
	tests/golden/sll.out tests/golden/sll.pcap \
	tests/golden/sll2.out tests/golden/sll2.pcap \
	tests/golden/vlan.out tests/golden/vlan.pcap

# Check's time limits are for a machine that has nothing else to do.
AM_TESTS_ENVIRONMENT = srcdir='$(srcdir)' builddir='$(builddir)' \
	CC='$(CC)' CK_TIMEOUT_MULTIPLIER=5 LC_ALL=C.UTF-8; \
	export srcdir builddir CC CK_TIMEOUT_MULTIPLIER LC_ALL; \
	unset LANGUAGE;

# Figures, not tests: see tests/speed/speed.sh.
.PHONY: bench
bench: retort $(speed_programs) $(world_programs)
	@srcdir='$(srcdir)' builddir='$(builddir)' \
		sh $(srcdir)/tests/speed/speed.sh

# the scenes of `retort explain`; of the program only the kernel's reasons
check_PROGRAMS += tests/explain/scenes
tests_explain_scenes_LDADD = $(LIBS_ALL)
tests_explain_scenes_SOURCES = tests/explain/scenes.c tests/explain/scenes.h \
	tests/explain/scenes_close.c tests/explain/scenes_forged.c \
	tests/explain/scenes_lost.c tests/explain/scenes_open.c \
	tests/explain/scenes_path.c tests/explain/scenes_timer.c \
	tests/explain/sockets.c \
	tests/explain/world.c tests/explain/world.h \
	tests/bench/raw.c tests/bench/raw.h tests/bench/frame.h
# The table of retort-stacks(7), made anew of runs of all stacks.
.PHONY: stacks
stacks: retort
	@srcdir='$(srcdir)' builddir='$(builddir)' \
		sh $(srcdir)/tests/man/stacks.sh --update
