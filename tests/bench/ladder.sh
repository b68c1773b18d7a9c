#!/bin/sh
# Ladders of check, run and explain: how they look, and who has which.
# shellcheck source=tests/bench/lib.sh
. "${srcdir:-.}/tests/bench/lib.sh"
unset COLUMNS NO_COLOR LC_ALL LC_CTYPE LANG

# ---- without a bench ----
for command in check run explain; do
	expect 0 '' $command --help
	for option in --ladder --ascii '--columns N'; do
		grep -q -e " $option " "$tmp/out" ||
			fail "$command --help does not name $option"
	done
	for n in x '' 39 1001 -1; do
		expect 2 "columns takes a number from 40 to 1000, not '$n'" \
			$command --columns "$n" x
	done
done
need_bench

# looks NAME: the lines of a ladder in $tmp/out are those of standard input
looks() {
	sed -nE 's/^( *)0\.[0-9]{6} /\10.NNNNNN /;/^ *(peer|(0\.N+  )?(\||│))/p' \
		"$tmp/out" >"$tmp/ladder"
	cat >"$tmp/wanted"
	diff -u "$tmp/wanted" "$tmp/ladder" || fail "$1 looks otherwise"
}

# ---- check ----
run check --ladder --columns 60 article/early-close/ip6
looks 'a case that passes' <<'EOF'
    peer 2001:db8::1                   stack 2001:db8::2
    |--------------- [S] seq 0 --------------->|
    |<---------- [S.] seq 0, ack 1 ------------|
    |--------------- [.] ack 1 --------------->|
    |------------ [P.] 1:6, ack 1 ------------>|
    |<-------------- [.] ack 6 ----------------| ESTABLISHED
    |                                   CLOSE -+
    |               (under test)               |
    |<---------- [R.] seq 1, ack 6 ------------| CLOSED
EOF
LC_ALL=en_US.UTF-8 run check --ladder --columns 60 --strict listen/FS/ip6
looks 'a case that fails' <<'EOF'
    peer 2001:db8::1                   stack 2001:db8::2
    │                                          │ LISTEN
    │═══════════════ [FS] seq 0 ══════════════►│  under test
    │················ nothing ·················│
    │  expected <SEQ=any><ACK=1><CTL=SYN,ACK>  │
EOF
LANG=en_US.utf8 COLUMNS=100 run check -4 --ladder article/closed-port
looks 'a wide ladder' <<'EOF'
       peer 192.0.2.1                             stack 192.0.2.2
              │                                          │ CLOSED
    0.NNNNNN  │═══════════════ [S] seq 0 ═══════════════►│  under test
    0.NNNNNN  │◄────────── [R.] seq 0, ack 1 ────────────│
EOF
# which locale is asked first, and that an option is stronger
LC_ALL=C LC_CTYPE=en_US.UTF-8 run check -4 --ladder article/closed-port
! grep -q '│' "$tmp/out" || fail "UTF-8 in LC_ALL=C"
LC_ALL=en_US.UTF-8 LC_CTYPE=C run check -4 --ladder article/closed-port
grep -q '│' "$tmp/out" || fail "no UTF-8 in LC_ALL=en_US.UTF-8"
LC_CTYPE=C LANG=en_US.UTF-8 run check -4 --ladder article/closed-port
! grep -q '│' "$tmp/out" || fail "UTF-8 in LC_CTYPE=C"
LANG=en_US.UTF-8 run check -4 --ladder --ascii article/closed-port
! grep -q '│' "$tmp/out" || fail "UTF-8 with --ascii"
grep -q '  |=* \[S\] seq 0 =*>|' "$tmp/out" || fail "no ladder with --ascii"
! grep -q "$(printf '\033')" "$tmp/out" || fail "colour in a file"
# of several cases only what is shown whole has one
run check -4 --ladder article
! grep -q '>|' "$tmp/out" || fail "a ladder of each of several cases"
run check -4 --ladder -v article
[ "$(grep -c ' peer 192' "$tmp/out")" -eq "$(grep -c '^PASS' "$tmp/out")" ] ||
	fail "-v: not every case has a ladder"
run check -4 -v article
! grep -q ' peer 192' "$tmp/out" || fail "a ladder without --ladder"

# ---- run ----
cat >"$tmp/wrong.pkt" <<'EOF'
0 < S 0:0(0) win 1000
+0 > R. 0:0(0) ack 2
EOF
run run --ladder --columns 60 "$tmp/wrong.pkt"
looks 'a script whose answer is another' <<'EOF'
       peer 192.0.2.1                      stack 192.168.0.1
    0.NNNNNN  |--------------- [S] seq 0 --------------->|
    0.NNNNNN  |<========== [R.] seq 0, ack 1 ============|
              |         expected R. 0:0(0) ack 2         |
              |               (under test)               |
EOF
cat >"$tmp/silent.pkt" <<'EOF'
0 < R 0:0(0) win 1000
+0 > R. 0:0(0) ack 2
EOF
run run --ladder --columns 60 "$tmp/silent.pkt"
looks 'a script whose answer does not come' <<'EOF'
       peer 192.0.2.1                      stack 192.168.0.1
    0.NNNNNN  |--------------- [R] seq 0 --------------->|
              |................ nothing .................|
              |         expected R. 0:0(0) ack 2         |
              |               (under test)               |
EOF
cat >"$tmp/right.pkt" <<'EOF'
0 < S 0:0(0) win 1000
+0 > R. 0:0(0) ack 1
EOF
run run --ladder --columns 60 "$tmp/right.pkt"
looks 'a script that passes' <<'EOF'
       peer 192.0.2.1                      stack 192.168.0.1
    0.NNNNNN  |--------------- [S] seq 0 --------------->|
    0.NNNNNN  |<---------- [R.] seq 0, ack 1 ------------|
EOF
run run "$tmp/right.pkt"
! grep -q '>|' "$tmp/out" || fail "a ladder without --ladder"

# ---- pictures: tests/golden/svg.sh looks at them ----
run check -q --svg "$tmp/case.svg" article/early-close/ip6
for text in '<title>article/early-close/ip6</title>' \
    '>\[R\.\] seq 1, ack 6<'; do
	grep -q "$text" "$tmp/case.svg" || fail "check --svg: no $text"
done
run run --svg "$tmp/script.svg" "$tmp/wrong.pkt"
grep -q '>expected R. 0:0(0) ack 2<' "$tmp/script.svg" ||
	fail "run --svg: $(head -c 300 "$tmp/script.svg")"
expect 2 'svg draws one case, and there are' check --svg "$tmp/x" article
expect 2 'svg draws one case' check --svg "$tmp/x" --matrix 'matrix/closed/*'
expect 2 'svg draws one script, and there are 2' \
	run --svg "$tmp/x" "$tmp/right.pkt" "$tmp/wrong.pkt"
[ ! -e "$tmp/x" ] || fail "a picture that was refused"
expect 3 "cannot write '$tmp/no/x': No such file" \
	check --svg "$tmp/no/x" article/closed-port/ip6
expect 3 "cannot write '$tmp/no/x': No such file" \
	run --svg "$tmp/no/x" "$tmp/right.pkt"
if [ -w /dev/full ]; then
	expect 3 "cannot write '/dev/full': No space" \
		check --svg /dev/full article/closed-port/ip6
fi

# ---- explain ----
run check -4 -q --pcap "$tmp/reset.pcap" article/closed-port
run explain --filter 'ip and not port 1' "$tmp/reset.pcap"
cp "$tmp/out" "$tmp/whole"
run explain --ladder --filter 'ip and not port 1' "$tmp/reset.pcap"
cmp -s "$tmp/out" "$tmp/whole" || fail "explain --ladder shows another thing"
sed 's/\.[0-9]\{1,6\} s/.NNNNNN s/; s/\(192[0-9.]*\.\)[0-9]\{4,5\}/\1PPPP/
s/seq [0-9]\{5,\}/seq N/; s/--*/-/g; s/   */  /' "$tmp/whole" >"$tmp/out"
grep -q '^ *+0.NNNNNN s  |<=* \[R\.\] seq 0, ack 1 =*|  the RST$' "$tmp/out" ||
	fail "explain's ladder: $(cat "$tmp/out")"
run explain -q --svg "$tmp/reset.svg" --filter 'ip and not port 1' "$tmp/reset.pcap"
grep -q '>the RST<' "$tmp/reset.svg" ||
	fail "explain --svg: $(head -c 300 "$tmp/reset.svg")"
expect 3 "cannot write '$tmp/no/x': No such file" \
	explain --svg "$tmp/no/x" "$tmp/reset.pcap"
run explain --columns 60 --filter 'ip and not port 1' "$tmp/reset.pcap"
grep -q '^ *|  *(the RST)  *|$' "$tmp/out" || fail "explain in 60 columns"
# a disk that is full, of which only the script's own process knows
printf '0 < S 0:0(0) win 1000\n+0 > R. 0:0(0) ack 1\n' >"$tmp/full.pkt"
if [ -c /dev/full ]; then
	expect 3 'cannot write the file of --svg' \
	    run --svg /dev/full "$tmp/full.pkt"
fi

finish
