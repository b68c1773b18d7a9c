#!/bin/sh
# How much `retort explain` tells of RSTs that are like others: a few in full,
# some in one line each, the rest as a number, and none is lost on the way.
. "${srcdir:-.}/tests/bench/lib.sh"

crowd=$builddir/tests/speed/crowd
[ -x "$crowd" ] || { echo "$crowd is not built" >&2; exit 99; }
"$crowd" 20000 2000 2 >"$tmp/many.pcap"
"$crowd" 400 40 2 >"$tmp/few.pcap"

# tell ARG...: the report; how many RSTs it tells in full, in one line, counts
tell() {
	expect 0 '' explain "$@"
	whole=$(grep -c '^    at  ' "$tmp/out")
	lines=$(grep -c '^RST [0-9]*: .*, as RST [0-9]*: ' "$tmp/out")
	counted=$(awk '/^[0-9]+ more as RST / { n += $1 } END { print n + 0 }' \
	    "$tmp/out")
	all=$(sed -n 's/^\([0-9]*\) RSTs: .*/\1/p' "$tmp/out")
}

tell "$tmp/few.pcap"
[ "$whole $lines $counted $((all > 15))" = "$all 0 0 1" ] ||
	fail "few: $whole in full, $lines in a line, $counted counted of $all"
! tail -n 1 "$tmp/out" | grep -q -e '-v' || fail "few: a hint at -v"

tell "$tmp/many.pcap"
[ "$((whole + lines + counted)) $((all > 900))" = "$all 1" ] ||
	fail "many: $whole in full, $lines in a line, $counted counted of $all"
[ $((whole >= 30 && whole < 60)) -eq 1 ] || fail "$whole in full"
[ $((lines > 200 && counted > 300)) -eq 1 ] ||
	fail "$lines in a line, $counted counted"
tail -n 1 "$tmp/out" | grep -q "; $lines told in one line, $counted only counted" ||
	fail "the last line is '$(tail -n 1 "$tmp/out")'"
grep -q '^RST [0-9]*: closed-port, as RST [0-9]*: [0-9:.]* IP 198.51.100.[0-9]*.81 > 10.[0-9.]*: Flags \[R\.\], seq 0, ack 1, win 64240, length 0, frame [0-9]*$' "$tmp/out" ||
	fail "no line of a closed port"
# each line and number leads to one that is told in full
sed -n 's/.* as RST \([0-9]*\)[: ].*/\1/p' "$tmp/out" | sort -u >"$tmp/named"
sed -n 's/^RST \([0-9]*\): [^,]*, \(likely\|certain\): .*/\1/p' "$tmp/out" |
    sort -u >"$tmp/full"
comm -23 "$tmp/named" "$tmp/full" >"$tmp/missing"
[ -s "$tmp/named" ] || fail "no line names another RST"
[ ! -s "$tmp/missing" ] || fail "not in full: $(tr '\n' ' ' <"$tmp/missing")"
[ "$(grep -c '^RST' "$tmp/out")" -eq $((whole + lines)) ] ||
	fail "what is told of a RST does not begin with it"

tell -v "$tmp/many.pcap"
[ "$whole $lines $counted" = "$all 0 0" ] ||
	fail "-v: $whole in full, $lines in a line, $counted counted of $all"
expect 0 '' explain -o json "$tmp/many.pcap"
[ "$(grep -c '"exchange":' "$tmp/out")" -eq "$all" ] || fail "JSON has not all"
expect 0 '' explain --group "$tmp/many.pcap"
n=$(awk '/^[0-9]+ of .*(; the first:|port [0-9]+|many ports)$/ { n += $1 }
    END { print n }' "$tmp/out")
[ "$n" -eq "$all" ] || fail "the groups have $n of $all"
[ "$(grep -c '^    at  ' "$tmp/out")" -lt 60 ] ||
	fail "--group tells $(grep -c '^    at  ' "$tmp/out") in full"

# ---- one that is odd is not hidden among them ----
# rst ACK: one more of the kind that is only counted by then, from the server of
# a connection to its client, with that acknowledgment number
rst() {
	head -c 24 "$tmp/many.pcap"
	printf '\000\361\123\145\360\067\005\000\066\0\0\0\066\0\0\0'
	printf '\2\0\0\0\0\1\2\0\0\0\0\2\010\0'
	printf '\105\0\0\050\0\0\100\0\071\006\0\0\306\063\144\232\012\0\0\047'
	printf '\001\273\047\024\335\042\010\172'
	# shellcheck disable=SC2059
	printf "$1"
	printf '\120\024\372\360\0\0\0\0'
}
rst '\063\007\167\322' >"$tmp/same.pcap"
tell "$tmp/many.pcap" "$tmp/same.pcap"
! grep -q 'same.pcap' "$tmp/out" || fail "that is no RST like others"
rst '\063\007\173\272' >"$tmp/odd.pcap"
tell "$tmp/many.pcap" "$tmp/odd.pcap"
grep -A 40 'odd.pcap$' "$tmp/out" | grep -q 'ack: .* (1000 too high)' ||
	fail "a wrong number is hidden"
tell --group "$tmp/many.pcap" "$tmp/odd.pcap"
[ "$(grep -c '^1 of [a-z-]*, 198.51.100.154 to 10.0.0.39,' "$tmp/out")" -eq 2 ] ||
	fail "--group puts a wrong number to right ones"

# frame TIME FROM TO PORTS SEQ_ACK CTL: one frame, all in octal
frame() {
	# shellcheck disable=SC2059
	printf "\377\361\123\145$1\066\0\0\0\066\0\0\0\2\0\0\0\0\1\2\0\0\0\0\2\010\0"
	# shellcheck disable=SC2059
	printf "\105\0\0\050\0\0\100\0\071\006\0\0$2$3$4$5\120$6\0\0\0\0\0\0"
}
client='\012\0\0\047' server='\313\0\161\011'
# refused SERVER PORT: a SYN to that port, in octal, and its RST
refused() {
	frame '\0\0\0\0' "$client" "$1" "\\234\\100$2" \
	    '\0\0\003\350\0\0\0\0' '\002'
	frame '\1\0\0\0' "$1" "$client" "$2\\234\\100" \
	    '\0\0\0\0\0\0\003\351' '\024'
}
{
	head -c 24 "$tmp/many.pcap"
	refused "$server" '\0\121'
} >"$tmp/other.pcap"
tell "$tmp/many.pcap" "$tmp/other.pcap"
grep -q '^RST [0-9]*: closed-port, as RST [0-9]*: .* IP 203.0.113.9.81 > ' \
    "$tmp/out" || fail "another host is hidden"
# nor behind a scan, whose ports are alike
{
	head -c 24 "$tmp/many.pcap"
	for a in 1 2 3; do
		for b in 0 1 2 3; do
			for c in 0 1 2 3 4 5 6 7; do
				for d in 0 1 2 3 4 5 6 7; do
					refused '\313\0\161\1' "\\$a\\$b$c$d"
				done
			done
		done
	done
	refused "$server" '\0\121'
} >"$tmp/scan.pcap"
tell "$tmp/scan.pcap"
[ "$all $((counted > 400))" = '769 1' ] || fail "scan: $counted of $all counted"
grep -q '^RST 769: closed-port, as RST 1: .* IP 203.0.113.9.81 > ' "$tmp/out" ||
	fail "another host is hidden by a scan"

finish
