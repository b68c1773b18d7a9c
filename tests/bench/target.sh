#!/bin/sh
# shellcheck disable=SC2086 # $closed and $source are words
# A remote stack is held to the same rules with the same verdicts as this
# machine's own; what cannot be asked from outside is skipped with the reason.
# shellcheck source=tests/bench/world.sh
. "${srcdir:-.}/tests/bench/world.sh"

need_bench
world_start_pair

# user HOW ADDRESS PORT: somebody uses the stack of host B.
user() {
	mkfifo "$tmp/listening"
	# no function here: its shell would outlive this one
	setpriv --pdeathsig KILL nsenter --net="/proc/$world_B/ns/net" \
		"$builddir/tests/bench/user" "$@" >"$tmp/listening" &
	read -r line <"$tmp/listening" && [ "$line" = listening ] || exit 99
	rm "$tmp/listening"
}
user hold 192.0.2.2 6000
user hold 2001:db8:1::2 6000
user close 192.0.2.2 6001
user banner 192.0.2.2 6002
user abort 192.0.2.2 6003
closed='--closed-port 6009'
source='--source 192.0.2.77'

# The verdict of every case in $tmp/out that ran.
verdicts() {
	awk '/^[A-Z]+ / && $1 != "SKIP" { print $2, $1 }' "$tmp/out" | sort
}

# same LEAST: the last run tried so many cases, and each has the verdict that
# it has on the bench.
same() {
	verdicts >"$tmp/remote"
	[ "$(wc -l <"$tmp/remote")" -ge "$1" ] ||
		fail "$(wc -l <"$tmp/remote") cases ran, not $1"
	join "$tmp/local" "$tmp/remote" | awk '$2 != $3' >"$tmp/others"
	[ ! -s "$tmp/others" ] ||
		fail "here, there: $(head -n 5 "$tmp/others")"
	tail -n 1 "$tmp/out"
}

# skipped ID REASON
skipped() {
	grep -q "^SKIP *$1 .*$2" "$tmp/out" ||
		fail "no '$2': $(grep " $1 " "$tmp/out")"
}

expect 0 '' check
verdicts >"$tmp/local"

# ---- all that can be asked ----
expect 0 '' check --target 192.0.2.2:6000 $closed $source
same 1300
head -n 1 "$tmp/out" | grep -q \
	"^192.0.2.2:6000 taken for Linux .* cases against RFC 9293$" ||
	fail "head: $(head -n 1 "$tmp/out")"
grep -q '^[A-Z]* *[^ ]*/ip6 ' "$tmp/out" && fail "IPv6 was asked"
skipped rst/exact/last-ack/R 'does not close when its peer does'
skipped rst/exact/time-wait/R "takes the target's user"
expect 0 '' check --target '[2001:db8:1::2]:6000' $closed \
	--source 2001:db8:1::77 article rst syn seq nmap
same 40
grep -q '^\[2001:db8:1::2\]:6000 taken' "$tmp/out" ||
	fail "head: $(head -n 1 "$tmp/out")"

# ---- less is known ----
expect 0 '' check --target 192.0.2.2:6000 $source article 'syn-received/*'
same 30
skipped article/closed-port 'no closed port is named: --closed-port'
expect 0 '' check --target 192.0.2.2:6000 $closed article listen/S closed/S \
	rst/exact
same 7
skipped rst/exact/established/R \
	"this machine's kernel would reset the handshake: --source"

# ---- users of other kinds ----
expect 0 '' check --target 192.0.2.2:6001 $closed $source -4 \
	'rst/exact/*' 'ack/*' 'fin/*' 'syn-received/*'
verdicts | grep -q '^rst/exact/last-ack/R PASS' || fail "LAST-ACK did not run"
skipped rst/exact/close-wait/R 'closes when its peer does: that is LAST-ACK'
skipped fin/next/established/ack "user sends or closes here"
expect 0 '' check --target 192.0.2.2:6002 $closed $source -4 \
	'syn-received/*' rst/exact ack/new
# where the machine is slow its words come when the case is over
grep -q "^SKIP *rst/exact/established/R .*the target's user speaks first" \
	"$tmp/out" || echo "the banner came too late to be noticed"
# it may come before the ACK or after all: never is it held against the stack
expect 0 '' check --target 192.0.2.2:6003 $closed $source -4 'text/next' article

# ---- whose deviations are known ----
expect 0 '' check --target 192.0.2.2:6000 $closed $source listen/FS
grep -q '^DEVIATION' "$tmp/out" || fail "no deviation is known"
expect 1 '' check --target 192.0.2.2:6000 $closed $source --stack none listen/FS
grep -q 'taken for no known stack, 8 cases ' "$tmp/out" ||
	fail "--stack none: $(head -n 1 "$tmp/out")"
expect 0 '' check --target 192.0.2.2:6000 $closed $source --stack linux/6.1 \
	-o json --pcap "$tmp/pcap" listen/FS
grep -q '"stack":"linux 6.1","target":"192.0.2.2:6000"' "$tmp/out" ||
	fail "json: $(cat "$tmp/out")"
[ -s "$tmp/pcap" ] || fail "--pcap kept nothing"

# ---- what is wrong stays wrong ----
cp -r "$data" "$tmp/changed"
chmod -R u+w "$tmp/changed"
sed 's/SEG.SEQ+SEG.LEN/SEG.SEQ/' "$data/rules/rfc9293.rules" \
	>"$tmp/changed/rules/rfc9293.rules"
expect 1 '' check --data "$tmp/changed" --target 192.0.2.2:6000 $closed \
	article/closed-port
sed '/^rule closed.rst$/,/why/s/reply .*/reply  <SEQ=0><CTL=RST>/' \
	"$data/rules/rfc9293.rules" >"$tmp/changed/rules/rfc9293.rules"
expect 1 '' check --data "$tmp/changed" --target 192.0.2.2:6000 $closed closed/R
grep -q 'nothing came, 3 times' "$tmp/out" || fail "not asked three times"

# ---- what cannot be ----
expect 2 '--target takes HOST:PORT' check --target 192.0.2.2
expect 2 'number from 1 to 65535' check --target 192.0.2.2:0
expect 2 'number from 1 to 65535' check --target 192.0.2.2:65536
expect 2 'number from 1 to 65535' check --target 192.0.2.2:http
expect 2 'number from 1 to 65535' check --target 192.0.2.2:6000 --closed-port 0
expect 2 'stands in brackets' check --target 2001:db8:1::2:80
expect 2 'cannot be both' check --target 192.0.2.2:1 --closed-port 1
expect 2 'goes with --target' check $closed article
expect 2 'matrix does not go with --target' check --matrix \
	--target 192.0.2.2:6000
expect 2 'source takes' check --target 192.0.2.2:6000 --source nobody
expect 2 'stack takes' check --target 192.0.2.2:6000 --stack ''
expect 2 'retries' check --target 192.0.2.2:6000 --retries 11
expect 2 'of a group' check --target 192.0.2.2:6000 --source 224.0.0.1
expect 3 'no interface nowhere' check --target 192.0.2.2:6000 \
	--interface nowhere
expect 3 'no route to 203.0.113.1' check --target 203.0.113.1:80
expect 3 'does not tell its link address' check --target 192.0.2.99:80
expect 3 'port 6009 of 192.0.2.2 is closed' check --target 192.0.2.2:6009
expect 3 'port 6001 of 192.0.2.2 is not closed' check \
	--target 192.0.2.2:6000 --closed-port 6001
in_B ip route add blackhole 192.0.2.78
expect 3 'port 6009 of 192.0.2.2 does not answer a SYN' check \
	--target 192.0.2.2:6000 $closed --source 192.0.2.78 --retries 0
(sleep 1; in_B ip link set far down) &
expect 4 '^retort: the target is gone: ' check -q \
	--target 192.0.2.2:6000 $closed $source
grep -q '^INCONCLUSIVE' "$tmp/out" || fail "the host went down, and nothing"
finish
