#!/bin/sh
# Scripts against a remote port: same verdicts as on the bench, and what takes
# calls is skipped.
# shellcheck source=tests/bench/world.sh
. "${srcdir:-.}/tests/bench/world.sh"

need_bench
world_start_pair
source=--source=192.0.2.77

cat >"$tmp/closed.pkt" <<'EOF'
0 < S 0:0(0) win 1000
+0 > R. 0:0(0) ack 1
+0 < . 1:1(0) ack 77 win 1000
+0 > rule closed/ack
+0 < R 1:1(0) win 1000
+0 > none
EOF
cat >"$tmp/listen.pkt" <<'EOF'
0 < S 0:0(0) win 1000 <mss 1000>
+0 > S. 0:0(0) ack 1 <...>
+0 < . 1:1(0) ack 1 win 1000
+0 > none
+0 < R 1:1(0) win 0
EOF
sed 's/ack 1$/ack 2/' "$tmp/closed.pkt" >"$tmp/wrong.pkt"
cat >"$tmp/calls.pkt" <<'EOF'
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
EOF
head -n 1 "$tmp/closed.pkt" >"$tmp/mute.pkt"

# shellcheck disable=SC2086 # $closed is words
for closed in '' '--closed-port 6009'; do
	expect 0 '' run "$source" $closed --target 192.0.2.2:6008 \
		"$tmp/closed.pkt"
	expect 0 '' run "$source" $closed --target 192.0.2.2:5000 \
		"$tmp/listen.pkt"
	expect 0 '' run "$source" $closed --target '[2001:db8:1::2]:6008' \
		--source 2001:db8:1::77 "$tmp/closed.pkt"
	expect 1 '' run "$source" $closed --target 192.0.2.2:6008 "$tmp/wrong.pkt"
	grep -q 'wrong script: ' "$tmp/out" || fail "wrong: $(cat "$tmp/out")"
	expect 1 '' run "$source" $closed --target 192.0.2.2:6008 "$tmp/mute.pkt"
	grep -q 'observed .*R. 0:0(0) ack 1' "$tmp/out" ||
		fail "mute: $(cat "$tmp/out")"
	expect 1 '' run "$source" $closed --target 192.0.2.2:5000 \
		"$tmp/closed.pkt"
done
expect 77 '' run "$source" --target 192.0.2.2:6008 "$tmp/calls.pkt"
grep -q 'a remote stack takes no calls' "$tmp/out" ||
	fail "calls: $(cat "$tmp/out")"
expect 0 '' run "$source" --target 192.0.2.2:6008 --pcap "$tmp/x.pcap" \
	"$tmp/closed.pkt"
[ -s "$tmp/x.pcap" ] || fail "--pcap keeps nothing"
expect 3 'is not closed' run "$source" --target 192.0.2.2:6008 \
	--closed-port 5000 "$tmp/closed.pkt"
expect 3 'does not answer\|tell its link address' run "$source" \
	--target 192.0.2.9:6008 "$tmp/closed.pkt"
expect 2 'takes HOST:PORT' run --target 192.0.2.2 "$tmp/closed.pkt"
expect 2 'goes with --target' run "$source" "$tmp/closed.pkt"
finish
