#!/bin/sh
# The program as its users meet it: reports, exit codes, and every kind of bad
# input with its one clear line.
. "${srcdir:-.}/tests/bench/lib.sh"

# ---- without a bench ----
expect 0 '' --help
expect 0 '' --version
expect 0 '' check --help
grep -q -e --pcap "$tmp/out" || fail "check --help does not name --pcap"
expect 2 'a command is missing'
expect 2 "no command 'chekc'" chekc
expect 2 "no option '--nonsense'" --nonsense
expect 2 "unknown option '--nonsense'" check --nonsense
expect 2 "unknown option '-x'" check -qx
expect 2 "needs a value: '--pcap'" check --pcap
expect 2 "not 'xml'" check -o xml
expect 2 "--profile takes rfc9293 or rfc793, not 'nonsense'" check \
	--profile nonsense
expect 2 "needs a value: '--profile'" check --profile
expect 2 "not ''" check --profile ''
expect 2 'not .\\x1b' check --profile "$(printf '\033')"
expect 2 'not .\\x1b' check -o "$(printf '\033')"
expect 2 'matches .\\x1b' rules "$(printf '\033')"
expect 2 "matches 'closed/nonsense'" check closed/nonsense
expect 2 "matches 'closed/nonsense'" check article closed/nonsense
expect 2 'matches .\\x1b' check "$(printf '\033[31m')"
expect 2 "matches 'nonsense'" list nonsense
expect 2 "matches 'nonsense'" rules nonsense
expect 3 'no rules/' check --data "$tmp"
expect 3 'no rules/' check --data "$tmp/nowhere"

run list
[ "$rc" -eq 0 ] || fail "list: exit $rc"
[ "$(wc -l <"$tmp/out")" -ge 500 ] || fail "fewer than 500 cases"
[ -z "$(cut -d' ' -f1 "$tmp/out" | sort | uniq -d)" ] || fail "an id twice"
# the rules of that name, and those that speak of the state of that name
run rules 'closed/*'
[ "$(grep -c '^rule closed/' "$tmp/out")" -eq 3 ] || fail "rules closed/*"
grep -q '^rule any/bad-checksum' "$tmp/out" || fail "rules closed/*: no any/"
grep -q '^rule listen/' "$tmp/out" && fail "rules closed/*: a rule of LISTEN"
run rules closed/ack
[ "$(grep -c '^rule ' "$tmp/out")" -eq 1 ] || fail "rules closed/ack"
# in the order in which they are asked: a reset, then an ACK, then the text
run rules 'established/*'
[ "$(grep -x -e 'rule rst/exact' -e 'rule ack/off' -e 'rule text/in-sequence' \
	"$tmp/out" | tr '\n' ' ')" = \
	'rule rst/exact rule ack/off rule text/in-sequence ' ] ||
	fail "rules established/*: $(grep '^rule ' "$tmp/out" | tr '\n' ' ')"
RETORT_DATA=$tmp expect 3 "$tmp" list
RETORT_DATA=$tmp expect 0 '' list --data "$data"

# Patterns that match, and yet nothing to run: one line, no report, no bench.
for left in '-4 article/closed-port/ip6' 'timeout/fin-wait-2' \
	'-q timeout/keep-alive/established' '-o tap timeout/fin-wait-2'; do
	# shellcheck disable=SC2086 # they are words
	expect 77 'no case is left to run: .*--slow.*-4, -6' check $left
	[ ! -s "$tmp/out" ] || fail "check $left: $(cat "$tmp/out")"
done

# Rule files with one fault each: FILE:LINE:COLUMN and what is wrong.
broken() {
	rm -rf "$tmp/data"
	cp -r "$data" "$tmp/data"
	chmod -R u+w "$tmp/data"
	sed "$1" "$data/rules/rfc9293.rules" >"$tmp/data/rules/rfc9293.rules"
	cmp -s "$data/rules/rfc9293.rules" "$tmp/data/rules/rfc9293.rules" &&
		fail "sed '$1' changes nothing"
	expect 2 "rules/rfc9293.rules:[0-9]*:[0-9]*: $2" check \
		--data "$tmp/data" article
}
broken 's/SEG.SEQ+SEG.LEN/SEG.SEK+SEG.LEN/' 'unknown term "SEG.SEK"'
broken 's/not RST, not ACK/not RST not ACK/' 'unexpected not'
broken '/rule closed.ack/,/why/s/reply.*//' 'rule closed/ack has no reply'
broken 's/level  SPEC/level/' 'unexpected cite'
broken 's/rule closed.ack/rule closed\/rst/' 'rule closed/rst is already at'
# shellcheck disable=SC2016 # $ is for sed
broken '$s/$/"/' 'this string does not end'
printf 'rule \0' >"$tmp/data/rules/rfc9293.rules"
expect 2 'not a text file' rules --data "$tmp/data"
if [ "$(id -u)" -ne 0 ]; then
	cp "$data/rules/rfc9293.rules" "$tmp/data/rules/"
	chmod 0 "$tmp/data/rules/rfc9293.rules"
	expect 3 'rfc9293.rules: Permission denied' rules --data "$tmp/data"
fi
rm -rf "$tmp/data"
mkdir -p "$tmp/data/rules/x.rules" "$tmp/data/cases"
expect 3 'x.rules: Is a directory' rules --data "$tmp/data"

# probe: what it is asked for wrongly is told before the network is touched.
h=192.0.2.2
expect 0 '' probe --help
grep -q -e --source "$tmp/out" || fail "probe --help does not name --source"
expect 2 'takes a host and ports' probe
expect 2 'takes a host and ports' probe $h
expect 2 'takes a host and ports' probe $h 80 81
expect 2 'stack takes NAME' probe --stack /1 $h 80
for ports in 0 65536 '' ',' '80,' 9-8 0-5 80--90 http 80x +80 99999999999999999999
do
	expect 2 "ports are numbers .*not '$ports'" probe $h "$ports"
done
expect 2 'not .\\x1b' probe $h "$(printf '\033[31m')"
expect 2 "unknown option '-1'" probe $h -1023
expect 2 "control bits .*not 'X'" probe -f X $h 80
expect 2 "control bits .*not ''" probe -f '' $h 80
expect 2 "control bits .*not 'SYN,'" probe --flags SYN, $h 80
expect 2 "preset takes .*not 'SYN'" probe --preset SYN $h 80
for option in window urgent id; do
	expect 2 "$option takes .* 0 to 65535, not '65536'" probe \
		--$option 65536 $h 80
done
expect 2 "sport takes .* 1 to 65535, not '0'" probe --sport 0 $h 80
expect 2 "ttl takes .* 1 to 255, not '0'" probe --ttl 0 $h 80
expect 2 "tos takes .*not '256'" probe --tos 256 $h 80
expect 2 "reserved takes .* 0 to 7, not '8'" probe --reserved 8 $h 80
expect 2 "offset takes .* 0 to 15, not '16'" probe --offset 16 $h 80
for option in seq ack; do
	expect 2 "$option takes .* to 4294967295, not '4294967296'" probe \
		--$option 4294967296 $h 80
	expect 2 "$option takes .*not '-1'" probe --$option -1 $h 80
	expect 2 "$option takes .*not 'ANY'" probe --$option ANY $h 80
done
for list in '' mss mss=65536 'nop,' sackok=1 hex=0 md5=00 ts,ts,ts,ts,nop; do
	expect 2 "options are written .*not '$list'" probe --option "$list" \
		$h 80
done
head -c 65536 /dev/zero >"$tmp/large"
expect 2 'room for 65535' probe --payload-file "$tmp/large" $h 80
expect 3 "$tmp/nowhere: No such file" probe --payload-file "$tmp/nowhere" $h 80
for option in timeout interval; do
	for time in '' x -1 1h 3601 nan; do
		expect 2 "$option takes a time .*not '$time'" probe \
			--$option "$time" $h 80
	done
done
expect 2 "count takes .*not '0'" probe --count 0 $h 80
expect 2 "retries takes .* 0 to 9, not '10'" probe --retries 10 $h 80
expect 2 "rate takes .*not '0'" probe --rate 0 $h 80
expect 2 "state takes .*not 'OPEN'" probe --state OPEN $h 80
expect 2 "source takes an IPv4 or IPv6 address, not 'here'" probe \
	--source here $h 80
expect 2 "takes text or json, not 'tap'" probe -o tap $h 80
expect 2 "unknown option '--nonsense'" probe --nonsense $h 80
expect 2 "unknown option '--nonsense'" probe $h 80 --nonsense
expect 2 "needs a value: '--seq'" probe $h 80 --seq
expect 3 'no rules/' probe --data "$tmp" $h 80
expect 2 'the name of the host is empty' probe '' 80
expect 2 'neither an address nor a name' probe 'a b' 80
expect 2 '256.1.1.1 is no address' probe 256.1.1.1 80
expect 2 'is no IPv4 address' probe -4 ::1 80
expect 2 'is no IPv6 address' probe -6 $h 80

# ---- with one ----
need_bench
expect 0 '' check article
[ "$(grep -c ^PASS "$tmp/out")" -eq 12 ] || fail "article: not 12 PASS"
tail -n 1 "$tmp/out" | grep -q '^12 cases: 12 pass, 0 fail' ||
	fail "the last line is not the summary"
expect 0 '' check -q
tail -n 1 "$tmp/out" | grep -q '^[0-9]* cases: .* 0 fail' ||
	fail "check -q: $(tail -n 1 "$tmp/out")"
tail -n 1 "$tmp/out" | grep -q -e skip -e inconclusive -e error &&
	fail "check -q: $(tail -n 1 "$tmp/out")"
grep -q "$(printf '\033')" "$tmp/out" && fail "colour without a terminal"
expect 1 '' check --strict listen/FS
expect 0 '' check listen/FS

# What is slow waits to be asked for.
expect 0 '' check -4 timeout
grep -q '^[A-Z]* *timeout/fin-wait-2 ' "$tmp/out" && fail "slow, unasked for"
expect 0 '' check -4 --slow timeout/fin-wait-2 timeout/user
grep -q '^PASS *timeout/fin-wait-2 ' "$tmp/out" || fail "--slow: no slow case"
grep -q '^PASS *timeout/user/established ' "$tmp/out" ||
	fail "--slow: only the slow cases"

# What the stack claims decides which rules bind it.
claims() {
	against=$1 rule=$2 verdict=$3
	shift 3
	expect 0 '' check -v -4 "$@" rst/in-window/established/last
	head -n 1 "$tmp/out" | grep -q ", 1 case against $against\$" ||
		fail "check $*: $(head -n 1 "$tmp/out")"
	grep -q "^    rule *$rule (" "$tmp/out" ||
		fail "check $*: $(grep '^    rule' "$tmp/out")"
	grep -q "^$verdict " "$tmp/out" || fail "check $*: not $verdict"
}
claims 'RFC 9293' rst/challenge PASS
claims 'RFC 9293' rst/challenge PASS --profile rfc9293
claims 'RFC 9293 without RFC 5961' rst/in-window ALLOWED --no-rfc5961
# in whichever order they are said
claims 'RFC 9293 without RFC 5961' rst/in-window ALLOWED --no-rfc5961 \
	--profile rfc9293
claims 'RFC 793' rst/in-window ALLOWED --profile rfc793
claims 'RFC 793' rst/in-window ALLOWED --profile rfc793 --no-rfc5961

# The rule changed: the suite fails and names field, numbers, rule, clause.
cp -r "$data" "$tmp/changed"
chmod -R u+w "$tmp/changed"
sed 's/SEG.SEQ+SEG.LEN/SEG.SEQ/' "$data/rules/rfc9293.rules" \
	>"$tmp/changed/rules/rfc9293.rules"
expect 1 '' check --data "$tmp/changed" article/closed-port
for words in 'rule  *closed/no-ack (SPEC) RFC 9293 3.10.7.1' \
	'wrong  *ack: expected [0-9]* (SEG.SEQ), observed [0-9]* (1 too high)'
do
	grep -q "$words" "$tmp/out" || fail "changed rule: no '$words'"
done
expect 1 '' check --data "$tmp/changed" -q closed

# A deviation that no longer occurs is said to.
cp "$data/rules/rfc9293.rules" "$tmp/changed/rules/"
sed 's/  when   SYN, FIN/  when SYN, not FIN/' \
	"$data/deviations/linux.deviations" \
	>"$tmp/changed/deviations/linux.deviations"
expect 0 '' check --data "$tmp/changed" listen/S
grep -q 'listen-syn-fin no longer occurs' "$tmp/out" || fail "no note"

# A case that cannot be run here is a SKIP and never a PASS.
cat >"$tmp/changed/cases/skip.cases" <<'CASE'
case skipped
  what "no way is known into this state"
  in   TIME-WAIT via nowhere
  ctl  SYN
CASE
expect 77 '' check --data "$tmp/changed" skipped
expect 0 '' check --data "$tmp/changed" skipped article/closed-port

# Captures.
expect 0 '' check --pcap "$tmp/a.pcap" article
[ -s "$tmp/a.pcap" ] || fail "--pcap kept nothing"
if command -v tcpdump >/dev/null; then
	tcpdump -nr "$tmp/a.pcap" not port 1 >"$tmp/dump" 2>/dev/null
	for form in '\[S\], seq [0-9]*, win' \
		'5001 > .*Flags \[R\.\], seq 0, ack [0-9]*, win 0, length 0' \
		'Flags \[R\], seq [0-9]*, win 0, length 0' \
		'5000 > .*Flags \[R\.\], seq 1, ack 6, win [1-9]'; do
		grep -q "$form" "$tmp/dump" || fail "capture: no $form"
	done
	# nothing but the cases' segments, however long the kernel has to chatter
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		run check -q --pcap "$tmp/c.pcap" closed
		[ -z "$(tcpdump -nr "$tmp/c.pcap" multicast 2>/dev/null)" ] ||
			fail "capture: a multicast frame"
	done
	tcpdump -vvnr "$tmp/a.pcap" tcp 2>/dev/null | grep -q incorrect &&
		fail "capture: a wrong checksum"
fi
expect 3 'nowhere/x.pcap' check --pcap "$tmp/nowhere/x.pcap" article
expect 3 'Is a directory' check --pcap "$tmp" article
expect 3 '/dev/full' check --pcap /dev/full article

# Machine readers.
if command -v jq >/dev/null; then
	expect 0 '' check -o json article
	[ "$(jq -s 'map(select(.version == 1 and .verdict == "PASS" and .id and
	    .rule and .cite and .expected and .observed)) | length' \
		"$tmp/out")" -eq 12 ] || fail "json: not 12 whole objects"
fi
if command -v prove >/dev/null; then
	expect 0 '' check -o tap
	prove -Q --exec cat "$tmp/out" >/dev/null || fail "prove: TAP"
	expect 1 '' check -o tap --strict
	prove -Q --exec cat "$tmp/out" >/dev/null 2>&1 && fail "prove: strict"
fi

# Nowhere to write.
"$retort" check -q article >&- 2>"$tmp/err"
rc=$?
[ "$rc" -eq 3 ] || fail "stdout closed: exit $rc"
[ "$(wc -l <"$tmp/err")" -eq 1 ] || fail "stdout closed: $(cat "$tmp/err")"
"$retort" check --pcap "$tmp/b.pcap" article >&- 2>/dev/null
[ ! -e "$tmp/b.pcap" ] || fail "stdout closed: the report is in the capture"
"$retort" check article >/dev/full 2>"$tmp/err"
rc=$?
[ "$rc" -eq 3 ] || fail "stdout full: exit $rc"
[ "$(wc -l <"$tmp/err")" -eq 1 ] || fail "stdout full: $(cat "$tmp/err")"

# Where namespaces are forbidden: exit 3, and the way out in one line. Tried
# without capabilities in a user namespace that may have no others in it.
if unshare -r setpriv --bounding-set=-all true 2>/dev/null; then
	# shellcheck disable=SC2016 # $0 is for the inner shell
	unshare -r sh -c 'echo 0 >/proc/sys/user/max_user_namespaces &&
	    exec setpriv --bounding-set=-all "$0" check article' "$retort" \
		>"$tmp/out" 2>"$tmp/err"
	rc=$?
	[ "$rc" -eq 3 ] || fail "no namespaces: exit $rc"
	[ "$(wc -l <"$tmp/err")" -eq 1 ] || fail "no namespaces: not one line"
	grep -q 'run as root' "$tmp/err" || fail "no way out: $(cat "$tmp/err")"
fi
finish
