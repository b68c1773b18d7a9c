#!/bin/sh
# retort run as its users meet it: what it reads, what it says, in which order
# and with which exit code.
. "${srcdir:-.}/tests/bench/lib.sh"

d=$tmp/scripts
mkdir -p "$d/b" "$tmp/empty" "$tmp/errors"
cat >"$d/pass.pkt" <<'EOF'
// A closed port answers a SYN.
0 < S 0:0(0) win 1000
+0 > R. 0:0(0) ack 1
EOF
cat >"$d/b/fail.pkt" <<'EOF'
0 < S 0:0(0) win 1000
+0 > R. 0:0(0) ack 2
EOF
cat >"$d/b/unexpected.pkt" <<'EOF'
0 < S 0:0(0) win 1000
EOF
cat >"$d/skip.pkt" <<'EOF'
0 `sysctl -w net.inet.tcp.blackhole=0`
+0 < S 0:0(0) win 1000
EOF
cat >"$tmp/errors/two.pkt" <<'EOF'
0 < S 0:1(0) win 1000
+0 frobnicate(3) = 0
EOF
printf '0 < S 0:0(0\n' >"$tmp/errors/syntax.pkt"
echo 'not a script' >"$d/README"

# ---- without a bench ----
expect 0 '' run --help
grep -q -e --tolerance "$tmp/out" || fail "run --help does not name --tolerance"
expect 2 "takes text, tap or json, not 'nmap'" run -o nmap "$d"
expect 2 "takes text, tap or json, not 'xml'" run -o xml "$d"
expect 2 "jobs takes .* 0 to 256, not '257'" run -j 257 "$d"
expect 2 "jobs takes .*not 'x'" run -j x "$d"
expect 2 "jobs takes .*not '-1'" run -j -1 "$d"
expect 2 "define takes NAME=VALUE, not 'x'" run -D x "$d"
expect 2 "define takes NAME=VALUE, not '=x'" run -D =x "$d"
expect 2 "tolerance takes a time .*not 'x'" run --tolerance x "$d"
expect 2 "profile takes .*not 'x'" run --profile x "$d"
expect 2 'keeps the frames of one script, and there are 4' run \
	--pcap "$tmp/x.pcap" "$d"
expect 2 "no \*.pkt files below" run "$tmp/empty"
expect 2 "name of a script is empty" run ''
expect 2 "unknown option '--nonsense'" run --nonsense "$d"
expect 3 'no rules/' run --data "$tmp" "$d"
mkdir "$tmp/bare"
expect 3 'no scripts/\*.pkt files here' run --data "$tmp/bare"

expect 0 '' run --list "$d"
printf '%s\n' "$d/b/fail.pkt" "$d/b/unexpected.pkt" \
	"$d/pass.pkt  A closed port answers a SYN." "$d/skip.pkt" \
	>"$tmp/wanted"
cmp -s "$tmp/out" "$tmp/wanted" || fail "run --list: $(cat "$tmp/out")"
expect 0 '' run --list "$d/pass.pkt" "$d/b/"
head -n 1 "$tmp/out" | grep -q "^$d/pass.pkt " ||
	fail "operands out of order: $(cat "$tmp/out")"
grep -q "^$d/b/fail.pkt$" "$tmp/out" || fail "a slash too many"

# Every error has a line of its own, of every script.
run run --list "$tmp/errors" "$tmp/none.pkt"
[ "$rc" -eq 3 ] || fail "a script that is not there: exit $rc"
grep -q "none.pkt: No such file" "$tmp/err" || fail "$(cat "$tmp/err")"
run run --list "$tmp/errors"
[ "$rc" -eq 2 ] || fail "errors in scripts: exit $rc"
[ "$(wc -l <"$tmp/err")" -eq 3 ] || fail "errors: $(cat "$tmp/err")"
grep -q "errors/syntax.pkt:[12]:[0-9]*: " "$tmp/err" || fail "no syntax error"
grep -q "errors/two.pkt:1:7: 0:1(0) is impossible" "$tmp/err" ||
	fail "no impossible number: $(cat "$tmp/err")"
grep -q "errors/two.pkt:2:4: unknown call frobnicate" "$tmp/err" ||
	fail "no unknown call: $(cat "$tmp/err")"

# ---- with one ----
need_bench

# without the times, ports and numbers, which are never the same
timeless() {
	sed -e 's/[0-9.]* s$/T s/' -e 's/^    [0-9.]* \([<>]\)/    \1/' \
		-e 's/\.[0-9]* >/.P >/' -e 's/\.[0-9]*: Flags/.P: Flags/' \
		-e 's/\(seq\|ack\|ACK=\) *[0-9]\{1,\}\([,>]\)/\1 N\2/g' "$1"
}

expect 0 '' run "$d/pass.pkt"
head -n 1 "$tmp/out" | grep -qx "PASS  *$d/pass.pkt  [0-9.]* s" ||
	fail "pass: $(cat "$tmp/out")"
tail -n 1 "$tmp/out" |
	grep -qx '1 script: 1 pass, 0 fail, in [0-9]*\.[0-9]* s' ||
	fail "the last line is not the summary: $(cat "$tmp/out")"
expect 0 '' run -q "$d/pass.pkt"
[ "$(wc -l <"$tmp/out")" -eq 1 ] || fail "-q: $(cat "$tmp/out")"
expect 0 '' run -v "$d/pass.pkt"
grep -q '^    [0-9.]* < .* Flags \[S\], ' "$tmp/out" || fail "-v: no stimulus"
grep -q '^    [0-9.]* > .* Flags \[R.\], ' "$tmp/out" || fail "-v: no reply"
expect 0 '' run - <"$d/pass.pkt"
grep -q '^PASS  *-  ' "$tmp/out" || fail "standard input: $(cat "$tmp/out")"
expect 77 '' run "$d/skip.pkt"
grep -q "^SKIP  *$d/skip.pkt  line 1: it needs FreeBSD" "$tmp/out" ||
	fail "skip: $(cat "$tmp/out")"
expect 0 '' run "$d/skip.pkt" "$d/pass.pkt"

# A wrong script is told from a wrong stack; an answer is never overlooked.
expect 1 '' run "$d/b/fail.pkt"
for part in "event  *$d/b/fail.pkt:2: +0 > R. 0:0(0) ack 2" \
	'expected  *.*ack 2' 'observed  *.*ack 1' 'wrong  *ack: ' \
	'rule  *closed/no-ack ' 'required  *' 'verdict  *wrong script: '; do
	grep -q "^ *$part" "$tmp/out" ||
		fail "no '$part' in: $(cat "$tmp/out")"
done
expect 1 '' run "$d/b/unexpected.pkt"
grep -q 'observed .*R. 0:0(0) ack 1' "$tmp/out" ||
	fail "unexpected: $(cat "$tmp/out")"
expect 0 '' run --no-end-silence "$d/b/unexpected.pkt"

# What cannot be read keeps nothing else from being played.
run run "$tmp/errors/two.pkt" "$d/pass.pkt"
[ "$rc" -eq 2 ] || fail "an error and a pass: exit $rc"
[ "$(wc -l <"$tmp/err")" -eq 2 ] || fail "two errors: $(cat "$tmp/err")"
grep -q "^ERROR  *$tmp/errors/two.pkt" "$tmp/out" || fail "no ERROR"
grep -q "^PASS  *$d/pass.pkt" "$tmp/out" || fail "no PASS after an error"
tail -n 1 "$tmp/out" | grep -q '^2 scripts: 1 pass, 0 fail, 1 error' ||
	fail "errors: $(tail -n 1 "$tmp/out")"

# The same lines in the same order, however many are played at once.
set --
for _ in 1 2 3 4 5 6; do
	set -- "$@" "$d"
done
expect 1 '' run "$@"
timeless "$tmp/out" >"$tmp/wanted"
[ "$(grep -c '^FAIL' "$tmp/wanted")" -eq 12 ] ||
	fail "not 12 FAIL: $(cat "$tmp/wanted")"
for j in 2 5 0 auto 256; do
	expect 1 '' run -j $j "$@"
	timeless "$tmp/out" >"$tmp/got"
	cmp -s "$tmp/got" "$tmp/wanted" ||
		fail "-j $j: $(diff "$tmp/wanted" "$tmp/got")"
done

expect 1 '' run -o tap -j 2 "$d"
sed -n 1,2p "$tmp/out" | tr '\n' ' ' | grep -qx 'TAP version 13 1..4 ' ||
	fail "tap: $(cat "$tmp/out")"
grep -q "^not ok 1 - $d/b/fail.pkt$" "$tmp/out" || fail "tap: no 1"
grep -q "^ok 3 - $d/pass.pkt$" "$tmp/out" || fail "tap: no 3"
grep -q "^ok 4 - $d/skip.pkt # SKIP it needs FreeBSD" "$tmp/out" ||
	fail "tap: no 4"
expect 1 '' run -o json "$d"
[ "$(wc -l <"$tmp/out")" -eq 4 ] || fail "json: $(cat "$tmp/out")"
sed -n 1p "$tmp/out" |
	grep -q '^{"version":1,"script":"[^"]*fail.pkt","verdict":"FAIL"' ||
	fail "json: $(cat "$tmp/out")"
sed -n 1p "$tmp/out" | grep -q '"wrong":"script"' || fail "json: no wrong"

expect 0 '' run --pcap "$tmp/x.pcap" "$d/pass.pkt"
[ -s "$tmp/x.pcap" ] || fail "--pcap keeps nothing"

# What a script asks of the congestion control and cannot have: its claim is
# held against nobody, unless it is met all the same.
mkdir "$tmp/unmet"
echo 'sysctl -q net.ipv4.tcp_congestion_control=nonesuch' \
	>"$tmp/unmet/defaults.sh"
cat >"$tmp/unmet/pass.pkt" <<'END'
`./defaults.sh`
0 < S 0:0(0) win 1000
+0 > R. 0:0(0) ack 1
END
sed 's/ack 1/ack 2/' "$tmp/unmet/pass.pkt" >"$tmp/unmet/fail.pkt"
expect 0 '' run "$tmp/unmet"
grep -q '^SKIP .*fail.pkt .*control cannot be nonesuch here' "$tmp/out" ||
	fail "an unmet precondition: $(cat "$tmp/out")"
grep -q '^PASS .*pass.pkt' "$tmp/out" || fail "unmet, but passed"

# An interruption ends it, and what is known is told.
sed '$a\
+60 < S 1:1(0) win 1000\
+0 > R. 0:0(0) ack 2' "$d/pass.pkt" >"$tmp/long.pkt"
"$retort" run "$d/pass.pkt" "$tmp/long.pkt" "$d/pass.pkt" >"$tmp/long.out" 2>&1 &
pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	grep -q '^PASS' "$tmp/long.out" 2>/dev/null && break
	sleep 0.3
done
kill -TERM $pid
wait $pid
rc=$?
[ "$rc" -eq 4 ] || fail "interrupted: exit $rc"
tail -n 1 "$tmp/long.out" |
	grep -q '^1 script: 1 pass, 0 fail, .*; interrupted, 2 not played$' ||
	fail "interrupted: $(cat "$tmp/long.out")"
finish
