#!/bin/sh
# Every lesson of `retort lab`, with every value of its options: as foreseen,
# readable in 60 columns and in ASCII; and what its options write.
# shellcheck source=tests/bench/lib.sh
. "${srcdir:-.}/tests/bench/lib.sh"
unset COLUMNS NO_COLOR LANGUAGE RETORT_DATA
LC_ALL=C.UTF-8
export LC_ALL

# ---- without a bench ----
expect 2 "there is no lesson 'x'; retort lab lists them" lab x
expect 2 "there is no lesson 'x.x1b'; retort lab lists them" \
	lab "$(printf 'x\033')"
expect 2 "there is no option 'x=1': lesson closed-port has segment=" \
	lab -D x=1 closed-port
expect 2 "the option cannot be 'unread=1001': .* takes 0 to 1000" \
	lab -D unread=1001 early-close
expect 2 "define takes NAME=VALUE, not 'x'" lab -D x closed-port
expect 2 'svg and --pcap keep one lesson, and there are 2' \
	lab --svg "$tmp/a.svg" closed-port early-close
expect 2 'which lesson[?]' lab -D segment=syn
expect 3 'x/y.lab' lab x/y.lab
mkdir "$tmp/data"
cp -R "$data/rules" "$tmp/data"
expect 3 'no labs/\*.lab files here' lab --data "$tmp/data" --list
printf 'lesson x\norder y\n' >"$tmp/broken.lab"
expect 2 "broken.lab:2:1: the order is a number, not y" lab "$tmp/broken.lab"

expect 0 '' lab
cp "$tmp/out" "$tmp/list"
expect 0 '' lab --list
cmp -s "$tmp/list" "$tmp/out" || fail 'lab and lab --list differ'
[ "$(wc -l <"$tmp/list")" -ge 16 ] || fail "$(wc -l <"$tmp/list") lessons"
head -n 4 "$tmp/list" | cut -d' ' -f1 | tr '\n' ' ' >"$tmp/first"
[ "$(cat "$tmp/first")" = \
	'closed-port syn-timed-out early-close data-after-close ' ] ||
	fail "the first are $(cat "$tmp/first")"
for file in "$data"/labs/*.lab; do
	name=$(basename "$file" .lab)
	grep -q "^$name  *[^ ]" "$tmp/list" || fail "$name is not listed"
done
need_bench

# variations NAME: a line for each value of each option: all of a list, the
# least and the most of a number
variations() {
	awk '$1 == "option" && $4 == "of" {
		sub(/"[^#]*$/, "")
		for (i = 5; i <= NF; i++)
			print $2 "=" $i
	}
	$1 == "option" && $4 == "from" {
		print $2 "=" $5
		print $2 "=" $7
	}' "$data/labs/$1.lab"
}

# readable WHAT: $tmp/out fits 60 columns, and is ASCII
readable() {
	awk 'length($0) > 60' "$tmp/out" >"$tmp/long"
	[ ! -s "$tmp/long" ] ||
		fail "$1: wider than 60 columns: $(head -n 1 "$tmp/long")"
	! LC_ALL=C grep -q '[^ -~]' "$tmp/out" ||
		fail "$1: not ASCII: $(LC_ALL=C grep -m 1 '[^ -~]' "$tmp/out")"
}

# same_segments NAME: tcpdump finds in the capture what is printed. What the
# wire holds is captured when it goes on; numbers count from each side's SYN.
same_segments() {
	tcpdump -nn -S -r "$tmp/pcap" 2>/dev/null |
		sed 's/, options \[[^]]*\]//; s/^[^ ]* IP6* //; s/: HTTP.*//' \
			>"$tmp/theirs"
	awk '/^  \* the wire holds it/ { skip = 1; next }
	/^[> ] [0-9]+\.[0-9]+ IP6? / {
		if (!skip)
			print
		skip = 0
	}' "$tmp/out" | sed 's/^[> ] [0-9.]* IP6* //' >"$tmp/ours"
	awk '
	function number(line, name) {
		if (!match(line, " " name " [0-9]+"))
			return ""
		return substr(line, RSTART + length(name) + 2,
		    RLENGTH - length(name) - 2)
	}
	# the same but for the numbers
	function rest(line) {
		sub(/ seq [0-9:]+,?/, "", line)
		sub(/ ack [0-9]+,?/, "", line)
		return line
	}
	function right(live, shown, side,	i) {
		# tcpdump does not show that of a bare ACK
		if (live == shown || live == "")
			return 1
		for (i = 1; i <= n[side]; i++)
			if ((live - iss[side, i] - shown) % 4294967296 == 0)
				return 1
		return 0
	}
	{
		theirs = $0
		if ((getline ours < "'"$tmp/ours"'") <= 0) {
			print "not printed: " theirs
			exit
		}
		split(theirs, w, " ")
		from = w[1] w[3]
		sub(/:$/, "", from)
		to = w[3] w[1]
		sub(/:/, "", to)
		if (theirs ~ /\[S/ && !right(number(theirs, "seq"),
		    number(ours, "seq"), from))
			iss[from, ++n[from]] = number(theirs, "seq") - \
			    number(ours, "seq")
		if (rest(theirs) != rest(ours) ||
		    !right(number(theirs, "seq"), number(ours, "seq"), from) ||
		    !right(number(theirs, "ack"), number(ours, "ack"), to))
			print theirs " but " ours
	}
	END {
		if ((getline ours < "'"$tmp/ours"'") > 0)
			print "not captured: " ours
	}' "$tmp/theirs" >"$tmp/diff"
	[ -s "$tmp/theirs" ] || fail "$1: tcpdump finds nothing"
	[ ! -s "$tmp/diff" ] || fail "$1: $(head -n 3 "$tmp/diff")"
}

# try NAME ARG...: one run in ASCII, all of whose output is looked at
try() {
	LC_ALL=C expect 0 '' lab --columns 60 --svg "$tmp/svg" "$@"
	[ "$rc" -eq 0 ] || sed -n '/^!/,/observed/p' "$tmp/out"
	tail -n 1 "$tmp/out" | grep -q ': as foreseen$' ||
		fail "$*: $(tail -n 1 "$tmp/out")"
	readable "$*"
	if command -v rsvg-convert >/dev/null; then
		rsvg-convert -o "$tmp/png" "$tmp/svg" ||
			fail "$*: the SVG is no picture"
	fi
}

# ---- every lesson ----
# whole NAME: as it stands, and with every value of every option
whole() {
	try "$1"
	expect 0 '' lab --pcap "$tmp/pcap" --columns 1000 "$1"
	if command -v tcpdump >/dev/null; then
		same_segments "$1"
	fi
	for heading in 'What will happen' 'What one learns' \
		'Change this and see' 'In your own network'; do
		grep -q "^$heading\$" "$tmp/out" ||
			fail "$1 does not tell: $heading"
	done
	# tests/bench/labs.sh plays what is taught of them
	! once || return 0
	variations "$1" >"$tmp/variations"
	while read -r define; do
		try "$1" -D "$define" </dev/null
	done <"$tmp/variations"
}

# Several at once: they mostly wait for timers. Each has its own files.
jobs=4

# some JOB: those of the list that are this job's, in a process of its own
some() {
	trap - EXIT
	awk -v n="$jobs" -v job="$1" 'NR % n == job { print $1 }' \
		"$tmp/list" >"$tmp/list.$1"
	exec 3<"$tmp/list.$1"
	tmp=$tmp/$1
	mkdir "$tmp"
	while read -r name <&3; do
		whole "$name"
	done
	echo tried >"$tmp/tried"
	exit "$((failed > 0))"
}

pids=
job=0
while [ "$job" -lt "$jobs" ]; do
	some "$job" &
	pids="$pids $!"
	job=$((job + 1))
done
for pid in $pids; do
	wait "$pid" || failed=$((failed + 1))
done
[ "$(cat "$tmp"/[0-9]/tried | grep -c tried)" -eq "$jobs" ] ||
	fail 'not all lessons were tried'

# by IPv6, where there is any
if [ -e /proc/net/if_inet6 ]; then
	for name in closed-port syn-timed-out early-close data-after-close; do
		expect 0 '' lab -6 -q $name
	done
fi

# ---- the article's four: what its readers saw ----
# saw NAME LINE...: these segments, by bits and numbers, and windows of 0
saw() {
	name=$1
	shift
	printf '%s\n' "$@" >"$tmp/wanted"
	expect 0 '' lab --columns 1000 "$name"
	sed -nE 's/^[> ] [0-9.]+ IP ([0-9]+).*: Flags (.*), length.*/\1 \2/p' \
		"$tmp/out" |
		sed -E 's/^192 /> /; s/^198 /< /; s/, win [1-9][0-9]*//' |
		diff "$tmp/wanted" - || fail "$name: other segments"
}
saw closed-port '> [S], seq 0' '< [R.], seq 0, ack 1, win 0'
saw syn-timed-out '> [S], seq 0' '< [S.], seq 0, ack 1' \
	'< [S.], seq 0, ack 1' '> [R], seq 1, win 0'
saw early-close '> [S], seq 0' '< [S.], seq 0, ack 1' '> [.], ack 1' \
	'> [P.], seq 1:6, ack 1' '< [.], ack 6' '< [R.], seq 1, ack 6'
saw data-after-close '> [S], seq 0' '< [S.], seq 0, ack 1' '> [.], ack 1' \
	'< [F.], seq 1, ack 1' '> [.], ack 2' '> [P.], seq 1:6, ack 2' \
	'< [R], seq 2, win 0'

# ---- -o json ----
expect 2 "o takes text or json, not 'x'" lab -o x closed-port
expect 2 'json is for programs' lab -o json --quiz closed-port
if command -v jq >/dev/null; then
	expect 0 '' lab -o json -D unread=7 early-close
	jq -es 'all(.version == 1 and .lesson == "early-close") and
	    (.[-1] | .event == "end" and .verdict == "PASS") and
	    any(.event == "step" and (.text | test("sends 7 octets"))) and
	    ([.[] | select(.under_test)] | length == 1 and .[0].seq == 1 and
		.[0].ack == 8 and .[0].ctl == "RST,ACK" and
		.[0].states == {"client": "CLOSED", "server": "CLOSED"}) and
	    any(.event == "rule" and .rule == "close/unread-data")' \
		"$tmp/out" >/dev/null || fail "-o json: $(cat "$tmp/out")"
fi

expect 3 "cannot write '$tmp/x/y.svg': No such file" \
	lab --svg "$tmp/x/y.svg" closed-port
[ ! -e /dev/full ] || expect 3 "cannot write '/dev/full': No space" \
	lab --svg /dev/full closed-port

# a command that is folded can be copied
expect 0 '' lab --columns 60 simultaneous-open
sed -e ':more' -e '/ \\$/{' -e 'N' -e 's/ \\\n */ /' -e 'b more' -e '}' \
	"$tmp/out" | grep -q "^    sudo tcpdump -n 'tcp\[tcpflags\] & (tcp-syn|\
tcp-ack) == tcp-syn'\$" ||
	fail "no command to copy: $(sed -n '/^In your own/,$p' "$tmp/out")"

# ---- --quiz, --step ----
# asked ANSWER PATTERN: what is said of the answer
asked() {
	printf '%s\n' "$1" | "$retort" lab --quiz early-close \
		>"$tmp/out" 2>"$tmp/err" || fail "--quiz, $1: exit $?"
	grep -q -e "$2" "$tmp/out" ||
		fail "--quiz, $1: $(sed -n '/^answer/,/^$/p' "$tmp/out")"
}
asked 'Flags [R.], seq 1, ack 6, win 64, length 0' '^  Right\.$'
asked 'R. 1:1(0) ack 6' '^  Right\.$'
asked '[RST, ACK] Seq=1 Ack=6 Len=0' '^  Right\.$'
asked '<SEQ=1><ACK=6><CTL=RST,ACK>' '^  Right\.$'
asked '<SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>' '^  Right\.$'
asked 'F. 1:1(0) ack 6' 'ctl: you said FIN,ACK; it is RST,ACK'
asked '[R.] seq 1 ack 1' 'ack: you said 1; it is 6 (RCV.NXT)'
asked '[R]' 'seq: not said; it is 1 (SND.NXT)'
asked 'none' 'reply: you said none; it is a segment'
asked 'perhaps' "'perhaps' is no segment: write such as"
asked '?' '^  This is what comes:$'
asked '[F.] seq 1' 'close/unread-data: <SEQ=SND.NXT><ACK=RCV.NXT>'
# what will happen is not told before the answer
awk '/^answer>/ { exit } /^What will happen/ { print }' "$tmp/out" |
	grep -q . && fail '--quiz tells what will happen before it asks'
printf 'none\n' | "$retort" lab --quiz closed-port -D segment=rst \
	>"$tmp/out" 2>&1
grep -q '^  Right\.$' "$tmp/out" || fail '--quiz: silence is not right'
expect 0 '' lab --quiz --step closed-port </dev/null
expect 0 '' lab --step closed-port </dev/null
[ "$(grep -c '^\[Enter\]' "$tmp/out")" -eq 1 ] || fail '--step does not wait'

# ---- a lesson that is wrong ----
# wrong SED PATTERN: early-close, changed so, ends otherwise
wrong() {
	sed "$1" "$data/labs/early-close.lab" >"$tmp/wrong.lab"
	expect 1 '' lab --columns 1000 "$tmp/wrong.lab"
	tail -n 1 "$tmp/out" | grep -q 'FAIL' || fail "$1: no FAIL"
	! grep -q '^What one learns' "$tmp/out" || fail "$1: it teaches that"
	tr '\n' ' ' <"$tmp/out" | grep -q -e "$2" || fail "$1: $(grep -A 2 \
		'^!' "$tmp/out")"
}
wrong 's/server > R\. 1:1(0) ack 1+unread/server > F. 1:1(0) ack 1+unread/' \
	'the segment that came is another: ctl *expected  \[F\.\] seq 1, ack 6'
wrong 's/> S\. 0:0(0) ack 1/> S. 0:0(0) ack 2/' \
	'is another: ack *expected  \[S\.\] seq 0, ack 2 *observed .* ack 1'
wrong 's/rule close\/unread-data/rule close\/fin/' \
	'another rule applies *expected  close/fin *observed  close/unread-data'
wrong 's/state client CLOSED/state client CLOSE-WAIT/' \
	'the client is in another state *expected  CLOSE-WAIT *observed  CLOSED'
wrong 's/= -1 ECONNRESET/= 0/' "the client's read() does otherwise"
wrong '/server > \. 1:1(0) ack 1+unread/d' \
	'the server sends what the lesson does not foresee\|segment that came'
wrong 's/client > \. 1:1(0) ack 1 <...>/client > none/' 'does not foresee'
finish
