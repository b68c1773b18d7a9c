#!/bin/sh
# A probe in a state of a connection: the handshake first, and the answer held
# to that state's rules. The host serves port 5000, which waits, 5007, which
# closes when its peer does, and 5009, which speaks first.
# shellcheck source=tests/bench/world.sh
. "${srcdir:-.}/tests/bench/world.sh"
command -v jq >/dev/null || world_skip "jq is missing"
world_start_pair
world_reader
export RETORT_DATA="$data"

# asked STATE PORT ANSWER VERDICT RULE OPTION...: over IPv4 and IPv6
asked() {
	state=$1 port=$2 want="$3 $4 $5"
	shift 5
	for ends in '192.0.2.2 192.0.2.77' '2001:db8:1::2 2001:db8:1::77'; do
		run probe -o json --state "$state" --source "${ends#* }" "$@" \
			"${ends% *}" "$port"
		got=$(jq -r '"\(.answer) \(.verdict) \(.rule)"' "$tmp/out")
		[ "$got" = "$want" ] ||
			fail "$state $* to ${ends% *} port $port: $got"
	done
}

asked syn-received 5000 due PASS seq/unacceptable -f A --seq RCV.NXT-1
asked syn-received 5000 due PASS syn-received/bad-ack -f A --ack SND.NXT+1
asked syn-received 5000 silent PASS syn-received/rst-passive -f R
asked established 5000 silent PASS rst/exact -f RA
asked established 5000 due PASS rst/challenge -f R --seq RCV.NXT+1
asked ESTABLISHED 5000 due PASS syn/challenge -f S
asked established 5000 due PASS text/in-sequence -f PA --payload hello
asked established 5000 silent PASS any/bad-checksum -f PA --payload hello \
	--bad-checksum
asked close-wait 5000 due PASS seq/unacceptable -f FA --seq RCV.NXT-1
asked last-ack 5007 silent PASS last-ack/fin-acked -f A
asked last-ack 5007 due PASS seq/unacceptable -f A --seq RCV.NXT-1
asked listen 5000 open PASS listen/syn -f S
asked closed 81 closed PASS closed/no-ack -f S

# ---- what is known of Linux, and of a stack of which nothing is ----
asked established 5000 due DEVIATION seq/rst-outside -f R \
	--seq RCV.NXT+RCV.WND --stack linux/6.18
asked established 5000 wrong FAIL seq/rst-outside -f R \
	--seq RCV.NXT+RCV.WND --stack none

# ---- where the state cannot be reached ----
skipped() {
	reason=$1
	shift
	expect 77 '' probe "$@"
	grep -q "verdict *$reason" "$tmp/out" || fail "probe $*: $(cat "$tmp/out")"
}
skipped "this machine's kernel would reset the handshake" \
	--state established 192.0.2.2 5000
skipped "the target's user closes when its peer does" --state close-wait \
	--source 192.0.2.77 -f A 192.0.2.2 5007
skipped "the target's user does not close when its peer does" \
	--state last-ack --source 192.0.2.77 -f A 192.0.2.2 5000
expect 4 '' probe --state established --source 192.0.2.77 192.0.2.2 81,5000
grep -q 'verdict *port 81 of 192.0.2.2 is closed' "$tmp/out" ||
	fail "a closed port: $(cat "$tmp/out")"
grep -q '^due *5000' "$tmp/out" || fail "the port behind it was not asked"

# ---- what it is told is what it sends ----
command -v tcpdump >/dev/null || finish
run probe --state established --source 192.0.2.77 --pcap "$tmp/pcap" -f PA \
	--payload abc --window 7 --ttl 33 --tos 4 --option nop,nop,nop,nop \
	192.0.2.2 5000
tcpdump -nvr "$tmp/pcap" 2>/dev/null | paste -sd ' ' - | tr -s ' ' |
	grep -q 'tos 0x4, ttl 33[^>]*> 192.0.2.2.5000: Flags \[P.\][^>]*win 7, options \[nop,nop,nop,nop\], length 3' ||
	fail "as sent: $(tcpdump -nvr "$tmp/pcap" 2>/dev/null)"

# ---- wrong options ----
expect 2 "'RCV.NEXT'" probe --state established --seq RCV.NEXT 192.0.2.2 5000
expect 2 "'1 text 5'" probe --state established --seq '1 text 5' 192.0.2.2 5000
expect 2 "not 'time-wait'" probe --state time-wait 192.0.2.2 5000
expect 2 "sport and --rate" probe --state established --sport 7 192.0.2.2 5000
finish
