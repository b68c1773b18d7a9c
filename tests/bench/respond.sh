#!/bin/sh
# Real clients meet each behaviour of a hand-made peer and see what it
# promises, and the peer says what they did. The peer is 192.0.2.77 and
# 2001:db8:1::77 on A's end of the link; the clients are on B. Liars are made
# of retort probe, at addresses of B's link that nobody has.
# shellcheck source=tests/bench/world.sh
. "${srcdir:-.}/tests/bench/world.sh"
command -v jq >/dev/null || world_skip "jq is missing"
world_start_pair
export RETORT_DATA="$data"
peer4=192.0.2.77 peer6=2001:db8:1::77
client=$builddir/tests/bench/client

# Be a peer in the background, with its report in $tmp/peer.
respond() {
	: >"$tmp/peer" # what the last one said is not this one's
	"$retort" respond --timeout 20 "$@" $peer4 $peer6 >"$tmp/peer" 2>&1 &
	responder=$!
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		! grep -qs . "$tmp/peer" || return
		sleep 0.1
	done
}

# ended RC PATTERN...: its exit code, and what it has to have said
ended() {
	wait "$responder"
	rc=$?
	[ "$rc" = "$1" ] || fail "$what: the responder's exit is $rc, not $1"
	shift
	for pattern; do
		grep -q -e "$pattern" "$tmp/peer" || fail "$what: no '$pattern'"
	done
	[ "$failed" = "${before-0}" ] || cat "$tmp/peer"
	before=$failed
}

# sees WORD ARG...: what a client says
sees() {
	saw=$1
	shift
	in_B "$client" "$@" >"$tmp/saw"
	[ "$(cat "$tmp/saw")" = "$saw" ] ||
		fail "$what: the client saw '$(cat "$tmp/saw")', not '$saw'"
}

# ---- each behaviour: what its client sees, and the verdicts ----
# meets WORD MS TEXT BEHAVIOUR PATTERN...
meets() {
	word=$1 ms=$2 text=$3 as=$4
	shift 4
	for host in $peer4 $peer6; do
		what="$as of $host"
		respond --as "$as" --count 1
		sees "$word" "$host" 80 "$ms" ${text:+"$text"}
		ended 0 "$@" '^1 connection,.* 0 fail,'
	done
}
meets refused 2000 '' closed \
	'^PASS .*SYN-SENT: \[R.\] -> silence  syn-sent/rst '
# Both were asked for their link address. A kernel that meets nobody between
# two peers would wait a second before it asks again: it is told for good.
mac=$(ip -j link show near | jq -r '.[0].address')
for host in $peer4 $peer6; do
	in_B ip neigh show to "$host" | grep -q "lladdr $mac" ||
		fail "$host: its link address is not known"
	in_B ip neigh replace "$host" lladdr "$mac" dev far nud permanent
done
meets echoed 2000 hello echo \
	'^PASS .*SYN-SENT: \[S.\] -> \[.\]  syn-sent/syn-ack ' \
	'^PASS .*\[P.\] -> \[.\]  text/in-sequence ' \
	'^PASS .*\[F.\] -> \[.\]  fin/in-sequence '
meets timed-out 300 '' late-synack=2s \
	'^PASS .*CLOSED: \[S.\] -> \[R\]  closed/ack .*it had given up'
meets echoed 2000 hello late-synack=300ms \
	'^PASS .*SYN-SENT: \[S.\] -> \[.\]  syn-sent/syn-ack '
meets echoed 2000 hello bad-ack \
	'^PASS .*SYN-SENT: \[S.\] -> \[R\]  syn-sent/bad-ack ' \
	'^PASS .*SYN-SENT: \[S.\] -> \[.\]  syn-sent/syn-ack '
meets reset 2000 hello reset-after=3 \
	'^PASS .*ESTABLISHED: \[R\] -> silence  rst/exact '
meets closed 2000 hello reset-after=6 '\[F.\] -> \[.\]  fin/in-sequence '
meets reset 2000 hello close-unread \
	'^PASS .*ESTABLISHED: \[R.\] -> silence  rst/exact '
meets reset 2000 hello half-open \
	'^PASS .*ESTABLISHED: \[R\] -> silence  rst/exact '

what=blackhole
respond --as blackhole --timeout 1
sees timed-out $peer4 80 400
ended 0 '^1 connection, 0 answers: .*: the time is over'

what='a reset behind the handshake'
respond --as reset-after=0 --count 1
sees reset $peer4 80 2000 hello
ended 0 '^PASS .* rst/exact '

# ---- ports, and many at once ----
what='other ports'
respond --as echo --ports 79-81,90 --count 4
sees echoed $peer4 80 2000 hello
sees echoed $peer6 90 2000 hello
sees refused $peer4 82 2000
sees refused $peer6 89 2000
ended 0 'syn-sent/rst' 'fin/in-sequence' '^4 connections, 8 answers: 8 pass'

what='many at once'
respond -q --as echo --count 60
# shellcheck disable=SC2016 # the inner shell's
in_B sh -c 'for i in $(seq 60); do "$0" "$1" 80 9000 "hello $i" & done; wait' \
	"$client" $peer4 >"$tmp/saw"
[ "$(grep -c '^echoed$' "$tmp/saw")" = 60 ] || fail "$what: $(cat "$tmp/saw")"
ended 0 '^60 connections, 180 answers: 180 pass, 0 fail'

# ---- programs that others have written ----
if command -v nc >/dev/null; then
	what=nc
	head -c 200000 /dev/urandom >"$tmp/text"
	respond -q --as echo --count 1
	in_B nc -N -w 9 $peer4 80 <"$tmp/text" >"$tmp/back"
	cmp "$tmp/text" "$tmp/back" || fail "$what: the echo is another"
	ended 0 '^1 connection, .* 0 fail'
fi
if command -v curl >/dev/null; then
	# curl_says RC BEHAVIOUR PATTERN ARG...
	curl_says() {
		what="curl at $2" want=$1 as=$2 pattern=$3
		shift 3
		respond --as "$as" --count 1
		in_B curl -sS "$@" "http://$peer4/" >"$tmp/curl" 2>&1
		rc=$?
		[ "$rc" = "$want" ] || fail "$what: exit $rc: $(cat "$tmp/curl")"
		ended 0 "$pattern"
	}
	curl_says 7 closed syn-sent/rst
	curl_says 28 late-synack=2s 'closed/ack .*given up' \
		--connect-timeout 0.3
	curl_says 56 reset-after=10 rst/exact
	curl_says 56 close-unread rst/exact
	curl_says 56 half-open rst/exact
fi
if command -v ping >/dev/null; then
	what=ping
	respond
	for host in $peer4 $peer6; do
		in_B ping -c 1 -W 1 -s 55 "$host" >"$tmp/ping" 2>&1 ||
			fail "$what $host: $(cat "$tmp/ping")"
	done
	kill -INT "$responder"
	ended 4 '^0 connections'
fi

# ---- those who do wrong ----
# from ADDRESS ARG...: one segment of B's link, whose answer nobody wants
from() {
	source=$1
	shift
	in_B "$retort" probe -q --timeout 100ms --retries 0 \
		--source "$source" --sport 4000 "$@" $peer4 80 >"$tmp/probe"
}
what='a reset with a wrong number'
respond --as late-synack=400ms --count 1
from 192.0.2.88 --seq 1000
sleep 0.6
from 192.0.2.88 -f R --seq 5
ended 1 '^FAIL .*CLOSED: \[S.\] -> \[R\]  closed/ack' \
	'expected   <SEQ=1001><CTL=RST>' 'observed   <SEQ=5><CTL=RST>' \
	'wrong    seq: expected 1001 (SEG.ACK), observed 5 (996 too low)' \
	'1 answer: 0 pass, 1 fail'

what='a reset with the right number and another form'
respond --as late-synack=400ms --count 1
from 192.0.2.88 --seq 1000
sleep 0.6
from 192.0.2.88 -f RA --seq 1001 --ack 7
# nothing else is to come of it, and it ends long before its time
ended 1 'wrong    ctl: expected RST, observed RST,ACK' \
	'^1 connection, 1 answer: 0 pass, 1 fail, in [0-9]\.'

what='an ACK of a wrong SYN,ACK'
respond --as bad-ack --count 1
from 192.0.2.88 --seq 1000
iss=$(sed -n 's/.*\[S.\], seq \([0-9]*\),.*/\1/p' "$tmp/peer" | head -n 1)
from 192.0.2.88 -f A --seq 1001 --ack $((iss + 1))
ended 1 '^FAIL .*: \[S.\] -> \[.\]  ' 'wrong    ctl: expected RST, observed ACK'

what='a side that is mute'
respond --as bad-ack --timeout 2
from 192.0.2.88 --seq 1000
ended 4 '^INCONCLUSIVE .*\[S.\] -> silence  syn-sent/bad-ack' \
	'nothing came, and it was sent 2 times'

what='a SYN again as if there had been no reset'
respond --as closed
from 192.0.2.88 --seq 1000
sleep 0.1
from 192.0.2.88 --seq 1000
sleep 0.1
kill -INT "$responder"
ended 1 '^FAIL .*SYN-SENT: \[R.\] -> silence  syn-sent/rst' \
	'wrong    next state: expected CLOSED, observed SYN-SENT'

# ---- scripts ----
cat >"$tmp/peer.pkt" <<'END'
0 > S 0:0(0) <...>
+0 < S. 0:0(0) ack 1 win 1000 <mss 1000>
+0 > . 1:1(0) ack 1
+0 > P. 1:6(5) ack 1
+0 > F. 6:6(0) ack 1
+.1 < . 1:1(0) ack 7 win 1000
+0 < P. 1:5(4) ack 7 win 1000
+0 > . 7:7(0) ack 5
+0 < F. 5:5(0) ack 7 win 1000
+0 > rule fin/in-sequence
+0 > none
END
for host in $peer4 $peer6; do
	what="a script at $host"
	respond --script "$tmp/peer.pkt" --count 1
	sees closed "$host" 80 2000 hello
	ended 0 '^PASS .* fin/in-sequence' '^PASS .* script$' '2 pass, 0 fail'
done
what='a script that expects another'
sed 's/1:6(5)/1:5(4)/' "$tmp/peer.pkt" >"$tmp/wrong.pkt"
respond --script "$tmp/wrong.pkt" --count 1
sees reset $peer4 80 2000 hello
ended 1 '^FAIL .* script$' 'line 4: ' 'observed   P. 1:6(5) ack 1'
echo '0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3' >"$tmp/calls.pkt"
expect 2 'calls.pkt:1: a responder makes no calls' respond \
	--script "$tmp/calls.pkt" $peer4
echo '0 < S 0:0(0)' >"$tmp/first.pkt"
expect 2 'begins with the SYN that comes' respond --script "$tmp/first.pkt" \
	$peer4

# ---- reports ----
what='the JSON report'
respond -o json --as late-synack=500ms --count 1 --pcap "$tmp/pcap"
sees timed-out $peer4 80 200
wait "$responder"
# says PROGRAM WANTED: what jq finds in all the lines
says() {
	got=$(jq -rs "$1" "$tmp/peer")
	[ "$got" = "$2" ] || fail "$what: $1 is '$got', not '$2'"
}
says '[.[] | .segment // empty] | length' 3
says '.[] | select(.verdict) | "\(.verdict) \(.state) \(.rule) \(.note)"' \
	'PASS CLOSED closed/ack it had given up'
says '.[-1].summary.answers.pass' 1
says 'map(.version) | unique | length' 1
[ -s "$tmp/pcap" ] || fail '--pcap keeps nothing'

what='an interrupt'
respond --as blackhole
sees timed-out $peer4 80 100
kill -INT "$responder"
ended 0 '^1 connection, 0 answers: .*: interrupted$'

what='what the other side claims'
respond --profile rfc793 --timeout 0
ended 4 ', peers against RFC 793$'

# ---- wrong options, and where it cannot be ----
expect 2 'takes one to 8 addresses' respond
expect 2 "is IPv4 or IPv6, not 'there'" respond there
expect 2 "as takes .*not 'open'" respond --as open $peer4
expect 2 "as takes .*not 'late-synack'" respond --as late-synack $peer4
expect 2 "as takes .*not 'echo=1'" respond --as echo=1 $peer4
expect 2 "late-synack takes a time .*'soon'" respond --as late-synack=soon $peer4
expect 2 'as does not go with --script' respond --as echo \
	--script "$tmp/peer.pkt" $peer4
expect 2 "count takes .*not '0'" respond --count 0 $peer4
expect 2 "takes text or json, not 'tap'" respond -o tap $peer4
expect 2 "192.0.2.1 is this machine's own" respond 192.0.2.1
expect 2 'group' respond -i near 224.0.0.5
expect 3 'no route\|unreachable' respond 203.0.113.1
expect 3 'nowhere' respond -i nowhere $peer4
expect 3 'No such file' respond --pcap "$tmp/no/where" $peer4
finish
