#!/bin/sh
# A stack that is no kernel of ours is held to the same rules: this machine's
# own, behind a TAP as if it were another one, gets the verdicts of the private
# bench. One that is missing, never starts, dies or hangs is a clear line, and
# nothing of it is left.
# shellcheck source=tests/bench/lib.sh
. "${srcdir:-.}/tests/bench/lib.sh"

need_bench
# in its own place, so that its processes are known by their names
ln -s "$builddir/tests/bench/retort_stacks" "$tmp/retort_stacks"
kernel=linux/$(uname -r)
export RETORT_DATA="$data"

verdicts() {
	awk '/^[A-Z]+ / && $1 != "SKIP" { print $2, $1 }' "$tmp/out" | sort
}

# nothing_left NAME
nothing_left() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		pgrep -f "^$tmp/retort_stacks" >"$tmp/left" || return 0
		sleep 0.1
	done
	fail "$1: $(wc -l <"$tmp/left") processes are left"
}

expect 0 '' check -4
verdicts >"$tmp/local"
retort=$tmp/retort_stacks
run check --target kernel closed/S
[ "$rc" -ne 3 ] || ! grep -q /dev/net/tun "$tmp/err" ||
	{ cat "$tmp/err"; echo SKIP; exit 77; }

# ---- the same verdicts ----
expect 0 '' check -4 --target kernel --stack "$kernel"
verdicts >"$tmp/other"
diff "$tmp/local" "$tmp/other" >"$tmp/diff" ||
	fail "on the bench, behind a TAP: $(head -n 6 "$tmp/diff")"
tail -n 1 "$tmp/out"
head -n 1 "$tmp/out" | grep -q "^linux .* cases against RFC 9293$" ||
	fail "head: $(head -n 1 "$tmp/out")"
# what nobody saw is not held against it
expect 0 '' check -4 --target blind --stack "$kernel"
verdicts >"$tmp/other"
[ "$(wc -l <"$tmp/other")" -gt 1800 ] ||
	fail "$(wc -l <"$tmp/other") cases ran, not 1800"
join "$tmp/local" "$tmp/other" | awk '$2 != $3 && $3 != "PASS"' >"$tmp/diff"
[ ! -s "$tmp/diff" ] || fail "seen, unseen: $(head -n 5 "$tmp/diff")"
tail -n 1 "$tmp/out"
# its name is its own where none is given, and nothing is known of that one
expect 1 '' check --target kernel listen/FS
head -n 1 "$tmp/out" | grep -q "^kernel, 16 cases against RFC 9293$" ||
	fail "head: $(head -n 1 "$tmp/out")"
expect 0 '' check --target kernel --pcap "$tmp/pcap" article
[ -s "$tmp/pcap" ] || fail "--pcap kept nothing"
nothing_left kernel

# ---- one that fails ----
expect 77 '^retort: missing takes the package libmissing-dev$' check \
	--target missing
expect 3 '^retort: refuses has ended before it was ready$' check \
	--target refuses
expect 3 '^retort: never is not ready within 10 seconds$' check --target never
expect 3 '^retort: mute: 192.0.2.2 does not tell its link address' check \
	--target mute
nothing_left never
expect 4 '^retort: dies is gone: ' check -q --target dies
grep -q '^INCONCLUSIVE' "$tmp/out" || fail "it died, and nothing"
nothing_left dies
expect 4 '^retort: hangs is gone: ' check -q --target hangs
nothing_left hangs
"$retort" check -q --target never >/dev/null 2>&1 &
sleep 1
kill -9 $!
wait $! 2>/dev/null
nothing_left 'after kill -9'

# ---- what cannot be ----
expect 2 "takes HOST:PORT.*, not 'nothing'" check --target nothing
expect 2 'do not go with --target kernel' check --target kernel \
	--source 192.0.2.1
expect 2 'do not go with --target kernel' check --target kernel \
	--closed-port 1
expect 2 'matrix does not go with --target' check --matrix --target kernel
finish
