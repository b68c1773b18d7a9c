#!/bin/sh
# The command `retort explain`: what it reads and refuses, what it writes, and
# what it does with an interface.
. "${srcdir:-.}/tests/bench/lib.sh"

mkdir "$tmp/cap"
how=
[ "$(id -u)" -eq 0 ] || how='unshare -r'
$how "$builddir/tests/explain/scenes" "$tmp/cap" scan unread forged-several \
    idle-300 forged-text after-close >"$tmp/log" 2>&1
rc=$?
if [ "$rc" -eq 77 ] || grep -q '^scenes: SKIP' "$tmp/log"; then
	cat "$tmp/log"
	echo SKIP
	exit 77
fi
[ "$rc" -eq 0 ] || fail "scenes: exit $rc: $(tail -n 3 "$tmp/log")"
scan=$tmp/cap/scan.a.pcap
unread=$tmp/cap/unread.a.pcap

# last PATTERN: the last line of the report
last() {
	tail -n 1 "$tmp/out" | grep -q "$1" ||
		fail "$2: the last line is '$(tail -n 1 "$tmp/out")'"
}

# ---- what is wrong is told in one line ----
expect 2 'takes a capture file' explain
expect 2 'not both' explain -i lo "$scan"
expect 2 '-o takes text or json' explain -o tap "$scan"
expect 2 'capture filter' explain --filter 'port port' "$scan"
expect 2 'goes with -i only' explain --duration 1s "$scan"
expect 2 'write needs a file' explain -i lo --write "$tmp/o"
expect 2 'max-flows' explain --max-flows 0 "$scan"
expect 2 'no cause matches' explain --causes nothing
expect 3 'No such file' explain "$tmp/nothing"
expect 3 'directory' explain "$tmp"
expect 3 'is empty' explain /dev/null
expect 3 'not a capture' explain "$srcdir/README.md"
expect 3 'nosuch' explain -i nosuch0
head -c 300 "$scan" >"$tmp/cut"
expect 3 'truncated' explain -q "$tmp/cut"
last 'damaged' 'a cut file'
# a link type that nobody has: USER15
{ head -c 20 "$scan"; printf '\242\0\0\0'; tail -c +25 "$scan"; } >"$tmp/link"
expect 3 'link' explain "$tmp/link"
if [ "$(id -u)" -ne 0 ]; then
	cp "$scan" "$tmp/mine"
	chmod 000 "$tmp/mine"
	expect 3 'ermission denied' explain "$tmp/mine"
fi
if [ -w /dev/full ]; then
	expect 3 'No space' explain --write /dev/full "$scan"
	for format in text json; do
		"$retort" explain -o $format "$scan" >/dev/full 2>"$tmp/err"
		rc=$?
		[ "$rc $(wc -l <"$tmp/err")" = "3 1" ] ||
			fail "a full disk, $format: $rc, $(cat "$tmp/err")"
	done
fi

# ---- what is read ----
expect 0 '' explain -q "$scan"
cp "$tmp/out" "$tmp/summary"
last '^12 RSTs: ' scan
"$retort" explain -q - <"$scan" >"$tmp/out"
cmp -s "$tmp/out" "$tmp/summary" || fail "standard input reads otherwise"
gzip -c "$scan" >"$tmp/scan.gz"
expect 0 '' explain -q "$tmp/scan.gz"
cmp -s "$tmp/out" "$tmp/summary" || fail "gzip reads otherwise"
expect 0 '' explain -q "$scan" "$unread"
last '^13 RSTs: ' 'two files'
expect 0 '' explain "$scan" "$unread"
grep -q "frame [0-9]* of .*unread.a.pcap" "$tmp/out" || fail "which file is not told"
expect 0 '' explain -q --filter 'port 1' "$scan"
last '^0 RSTs: ' 'a filter'
expect 0 '' explain -q --max-flows 1 "$scan"
last 'forgotten early' '--max-flows'
expect 0 '' explain -q --count 2 "$scan"
last '^2 RSTs: ' '--count'
expect 0 '' explain -q -o json "$tmp/cap/forged-text.a.pcap"
grep -q '"text":"xxxxxxxxxxxx"' "$tmp/out" || fail "no text of a RST"

# ---- how it is told ----
expect 0 '' explain --ascii "$unread"
for part in '^by cause$' '^by sender$' '^by peer$' '^RST 1: unread-data, ' \
    '^    at  *20..-..-.. ..:..:..\.......,' '^    < .*\[R\.\], seq 1, ack 6' \
    '|<=====.*\[R\.\] seq 1, ack 6 ====' '^    evidence ' '^    or  *abort' \
    '^    rule  *close/unread-data' '^    receiver  *accepted' \
    '^    check next '; do
	grep -q -e "$part" "$tmp/out" || fail "the report has no '$part'"
done
! grep -q '^    why ' "$tmp/out" || fail "why without -v"
expect 0 '' explain -v "$unread"
grep -q '^    why ' "$tmp/out" || fail "-v says not why"
expect 0 '' explain --group "$scan"
grep -q '^10 of closed-port, 198.51.100.2 to 192.0.2.1, many ports' \
    "$tmp/out" || fail "--group folds not"
[ "$(grep -c '^RST ' "$tmp/out")" -eq 2 ] || fail "--group folds too little"
if command -v jq >/dev/null; then
	expect 0 '' explain -v -o json "$scan"
	n=$(jq -s 'map(select(.rst and .cause and .confidence and .evidence and
	    .numbers.verdict and .clues and .exchange[0].segment and
	    (.exchange[0].time | test("^[0-9]{10}[.][0-9]{9}$")) and
	    (.time | test("^[0-9]{10}[.][0-9]{9}$")))) | length' "$tmp/out")
	[ "$n" = 12 ] || fail "JSON has $n whole objects"
	n=$(tail -n 1 "$tmp/out" | jq '.by_cause | add')
	[ "$n" = 12 ] || fail "the causes of JSON are $n"
	expect 0 '' explain --group -o json "$scan"
	n=$(jq -s 'map(.alike // 0) | add' "$tmp/out")
	[ "$n" = 12 ] || fail "the groups of JSON have $n"
fi

# ---- what is written ----
for file in "$tmp"/cap/*.pcap; do
	expect 0 '' explain -q --write "$tmp/told.pcapng" "$file"
	n=$(sed -n 's/^\([0-9]*\) RSTs*: .*/\1/p' "$tmp/out")
	if command -v tshark >/dev/null; then
		tshark -r "$tmp/told.pcapng" -T fields -e frame.comment \
		    >"$tmp/comments" 2>"$tmp/warnings"
		grep -v 'Running as user' "$tmp/warnings" | grep . >"$tmp/warned"
		[ ! -s "$tmp/warned" ] || fail "tshark: $(cat "$tmp/warned")"
		[ "$(grep -c 'retort: RST [0-9]*: ' "$tmp/comments")" = "$n" ] ||
			fail "$file: not $n comments"
		m=$(tshark -r "$file" -Y 'tcp.flags.reset == 1' 2>/dev/null |
		    wc -l)
		[ "$m" -eq "$n" ] || fail "$file: tshark has $m RSTs, we $n"
	fi
	if command -v tcpdump >/dev/null; then
		m=$(tcpdump -nr - tcp 2>"$tmp/warnings" <"$tmp/told.pcapng" |
		    grep -c 'Flags \[R')
		[ "$m" -eq "$n" ] || fail "$file: tcpdump reads $m RSTs of $n"
	fi
	expect 0 '' explain -q "$tmp/told.pcapng"
	[ "$(sed -n 's/^\([0-9]*\) RSTs*: .*/\1/p' "$tmp/out")" = "$n" ] ||
		fail "$file: other RSTs when it was written again"
done
"$retort" explain -q --write - - <"$scan" 2>/dev/null >"$tmp/told.pcapng"
expect 0 '' explain -q "$tmp/told.pcapng"
last '^12 RSTs: ' '--write - -'

# ---- an interface ----
cat >"$tmp/live.sh" <<'END'
ip link set lo up
timeout 20 "$1" explain -i lo --count 1 -o json >"$2/live" 2>"$2/err" &
for _ in 1 2 3 4 5 6 7 8 9 10; do
	sleep 0.3
	# nobody listens there
	timeout 1 sh -c 'exec 3<>/dev/tcp/127.0.0.1/9' 2>/dev/null ||
		timeout 1 bash -c 'exec 3<>/dev/tcp/127.0.0.1/9' 2>/dev/null
	kill -0 $! 2>/dev/null || break
done
wait $!
END
how='unshare -n'
[ "$(id -u)" -eq 0 ] || how='unshare -rn'
$how sh "$tmp/live.sh" "$retort" "$tmp"
rc=$?
[ "$rc" -eq 0 ] || fail "-i lo: exit $rc, $(cat "$tmp/err")"
grep -q '"cause":"closed-port"' "$tmp/live" ||
	fail "-i lo: $(cat "$tmp/live")"
# the kernel tells its reasons to the root of the first user namespace
if [ "$(id -u)" -eq 0 ] && "$builddir/tests/bench/reason_names" >/dev/null; then
	grep -q '"kernel_reason":"NO_SOCKET","kernel_agrees":true' \
	    "$tmp/live" || fail "no reason of the kernel: $(cat "$tmp/live")"
fi
# and Ctrl-C ends it
cat >"$tmp/stop.sh" <<'END'
ip link set lo up
"$1" explain -i lo >"$2/stopped" 2>"$2/err" &
sleep 1
kill -INT $!
wait $!
END
$how timeout 20 bash "$tmp/stop.sh" "$retort" "$tmp"
rc=$?
[ "$rc" -eq 0 ] || fail "interrupted: exit $rc, $(cat "$tmp/err")"
grep -q '; stopped$' "$tmp/stopped" || fail "interrupted: $(cat "$tmp/stopped")"
expect 0 '' explain --causes 'closed-*'
[ "$(grep -c '^cause ' "$tmp/out")" -eq 2 ] || fail "--causes with a pattern"
finish
