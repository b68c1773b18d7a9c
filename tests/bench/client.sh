#!/bin/sh
# shellcheck disable=SC2086 # $options are words
# The side that connects is held to the rules as the one that listens is: on
# the private bench, on an adapter's, and where a real client in a namespace of
# its own connects to us again and again.
# shellcheck source=tests/bench/world.sh
. "${srcdir:-.}/tests/bench/world.sh"

need_bench
world_start_pair
ip addr flush dev near || exit 99

# client HOW ADDRESS: it calls port 7000 there; sets $client
client() {
	mkfifo "$tmp/calling"
	setpriv --pdeathsig KILL nsenter --net="/proc/$world_B/ns/net" \
		"$builddir/tests/bench/caller_loop" "$@" 7000 >"$tmp/calling" &
	client=$!
	read -r line <"$tmp/calling" && [ "$line" = calling ] || exit 99
	rm "$tmp/calling"
}

verdicts() {
	awk '/^[A-Z]+ / && $1 != "SKIP" { print $2, $1 }' "$tmp/out" | sort
}

# same LEAST: as in target.sh
same() {
	verdicts >"$tmp/there"
	[ "$(wc -l <"$tmp/there")" -ge "$1" ] ||
		fail "$(wc -l <"$tmp/there") cases ran, not $1"
	# what the kernel thinks of an echo depends on its clock
	join "$tmp/here" "$tmp/there" | grep -v ^syn-sent/timestamp-echo |
		awk '$2 != $3' >"$tmp/others"
	[ ! -s "$tmp/others" ] ||
		fail "here, there: $(head -n 5 "$tmp/others")"
	tail -n 1 "$tmp/out"
}

# skipped ID REASON
skipped() {
	grep -q "^SKIP *$1 .*$2" "$tmp/out" ||
		fail "no '$2': $(grep " $1 " "$tmp/out")"
}

# ---- the private bench ----
expect 0 '' check --client
verdicts >"$tmp/here"
[ "$(wc -l <"$tmp/here")" -ge 1500 ] ||
	fail "$(wc -l <"$tmp/here") cases ran, not 1500"
tail -n 1 "$tmp/out"
grep -q ' listen/\| closed/' "$tmp/out" && fail "a listener was asked"
# the stack's own SYN leads there
expect 0 '' check -v --client rst/exact/established/R
grep -q '< IP 192.0.2.2.* > 192.0.2.1.*Flags \[S\],' "$tmp/out" ||
	fail "nobody connected: $(cat "$tmp/out")"

# ---- a client that waits ----
options='--client --source 192.0.2.77 --closed-port 6009'
client hold 192.0.2.77
expect 0 '' check $options --target veth:near,192.0.2.2:7000
same 250
skipped rst/exact/time-wait/R "takes the target's user"
skipped rst/exact/last-ack/R 'does not close when its peer does'
kill $client
wait $client 2>/dev/null

# ---- one of the shell, as the manual has it ----
if command -v nc >/dev/null; then
	loop=$(grep '^sleep .* nc 192\.0\.2\.77 7000' \
		"$srcdir/man/retort-check.1") || fail 'no loop in the manual'
	setpriv --pdeathsig KILL nsenter --net="/proc/$world_B/ns/net" \
		unshare --pid --fork --kill-child sh -c "$loop" 2>/dev/null &
	client=$!
	expect 0 '' check $options --target veth:near,192.0.2.2:7000 \
		rst/exact/established rst/in-window/established
	same 4
	# unshare would ignore another signal
	kill -KILL $client
	wait $client 2>/dev/null
fi
in_A ip addr add 192.0.2.1/24 dev near

# ---- one that closes, and a kernel with routes at our side ----
client close 192.0.2.77
expect 0 '' check $options --target 192.0.2.2:7000 'rst/*' 'syn-sent/*'
same 80
verdicts | grep -q '^rst/exact/last-ack/R PASS' || fail "LAST-ACK did not run"
skipped rst/exact/close-wait/R 'closes when its peer does: that is LAST-ACK'
kill $client
wait $client 2>/dev/null

# ---- IPv6, and no closed port ----
client hold 2001:db8:1::77
expect 0 '' check --client --target 'veth:near,[2001:db8:1::2]:7000' \
	--source 2001:db8:1::77 rst syn-sent
same 60
kill $client
wait $client 2>/dev/null

# ---- what cannot be ----
expect 4 'did not connect to port 7000 within 1 s' check -q $options \
	--wait 1 --target 192.0.2.2:7000 'syn-sent/*'
expect 77 'take a listener' check --client listen/S
expect 2 'matrix does not go with --client' check --matrix --client
expect 2 'goes with --target' check --client --wait 1
expect 2 'number from 1 to 3600' check $options --wait 0 --target 192.0.2.2:1
finish
