#!/bin/sh
# The scripts of data/scripts pass, one at a time and two at a time. None
# passes any longer when what it claims is altered: each segment that it
# expects, each silence, and each result of a call, one after the other.
# shellcheck source=tests/bench/lib.sh
. "${srcdir:-.}/tests/bench/lib.sh"
export RETORT_DATA="$data"
need_bench

# verdicts ARG...: what the run says, without the time that it took
verdicts() {
	"$retort" run -o tap "$@" |
		sed -nE 's/^(ok|not ok) [0-9]+ - /\1 /p'
}

scripts=$(find "$data/scripts" -name '*.pkt' | wc -l)
[ "$scripts" -ge 40 ] || fail "only $scripts scripts"
run run -q
[ "$rc" -eq 0 ] || fail "exit $rc: $(cat "$tmp/out" "$tmp/err")"
pass=$(sed -n "s/^$scripts scripts: \([0-9]*\) pass,.* 0 fail, .*/\1/p" \
	"$tmp/out")
[ "${pass:-0}" -ge 40 ] || fail "not all pass: $(tail -n 1 "$tmp/out")"
verdicts -j 1 >"$tmp/one"
verdicts -j 2 >"$tmp/two"
[ "$(wc -l <"$tmp/one")" -eq "$scripts" ] || fail "verdicts are missing"
cmp -s "$tmp/one" "$tmp/two" || fail "other verdicts with -j 2:
$(diff "$tmp/one" "$tmp/two")"

# alter FILE: a copy for each thing that can be altered, as
# $tmp/altered/NAME.LINE.HOW.pkt
alter() {
	awk -v to="$tmp/altered/$(basename "$1" .pkt)" '
	function plus(s, field, by,    n) {
		# 2^32 - 1 and its like are beyond the integers of some awks
		n = field == 4294967295 ? 0 : field + by
		return sprintf("%.0f", n)
	}
	function write(how, text,    file, i) {
		file = to "." at "." how ".pkt"
		for (i = 1; i <= n; i++)
			print i == at ? text : line[i] > file
		close(file)
	}
	function toggle(flags) {
		if (flags ~ /R/)
			sub(/R/, "", flags)
		else
			flags = "R" flags
		return flags == "" ? "-" : flags
	}
	# of a range of times, its end
	function latest(time) {
		sub(/^.*~/, "", time)
		return time == "*" ? "+1" : time
	}
	function segment(s,    w, m, seq) {
		m = split(s, w, " ")
		write("none", latest(w[1]) " > none")
		write("flags", w[1] " > " toggle(w[3]) \
		    substr(s, index(s, " > ") + 3 + length(w[3])))
		split(w[4], seq, /[:()]/)
		# the first SYN says what the numbers are
		if (w[3] !~ /S/)
			write("seq", replaced(s, w[4], plus(s, seq[1], 1) ":" \
			    plus(s, seq[2], 1) "(" seq[3] ")"))
		if (w[5] == "ack" && w[6] ~ /^[0-9]+$/)
			write("ack", replaced(s, "ack " w[6],
			    "ack " plus(s, w[6], 1)))
		if (w[5] == "ack" && w[6] ~ /SEG/)
			write("ack", replaced(s, w[6], w[6] "+1"))
	}
	function replaced(s, old, new,    i) {
		i = index(s, old)
		return substr(s, 1, i - 1) new substr(s, i + length(old))
	}
	function result(s,    i, r) {
		if (s ~ / = -1 E[A-Z]+/) {
			sub(/ = -1 E[A-Z]+/, " = -1 ENOENT", s)
			write("error", s)
			return
		}
		match(s, / = [0-9]+$/)
		r = substr(s, RSTART + 3)
		write("result", substr(s, 1, RSTART + 2) r + 1)
		if (s ~ /getsockopt/) {
			sub(/\[[0-9A-Z]+\]/, "[77]", s)
			write("value", s)
		}
		if (sub(/revents=[A-Z|]+/, "revents=POLLNVAL", s))
			write("value", s)
	}
	{ line[++n] = $0 }
	END {
		for (at = 1; at <= n; at++) {
			s = line[at]
			if (s ~ /^[^ ]+ > none$/) {
				sub(/none/, "R 99:99(0)", s)
				write("segment", s)
			} else if (s ~ /^[^ ]+ > rule/) {
				sub(/rule.*/, "rule closed/rst", s)
				write("rule", s)
			} else if (s ~ /^[^ ]+ > /) {
				segment(s)
			} else if (s ~ / = / && s ~ /^[^\/]* (read|recv|write|send|getsockopt|poll|connect)\(/) {
				result(s)
			}
		}
	}' "$1"
}

mkdir "$tmp/altered"
for script in "$data"/scripts/*.pkt; do
	before=$(find "$tmp/altered" -name '*.pkt' | wc -l)
	alter "$script"
	[ "$(find "$tmp/altered" -name '*.pkt' | wc -l)" -gt "$before" ] ||
		fail "$script claims nothing that could be altered"
done
# most of them wait for what does not come
verdicts -j 8 "$tmp/altered" >"$tmp/out"
altered=$(find "$tmp/altered" -name '*.pkt' | wc -l)
[ "$(wc -l <"$tmp/out")" -eq "$altered" ] ||
	fail "$(wc -l <"$tmp/out") verdicts on $altered altered scripts"
sed -n 's/^ok //p' "$tmp/out" | grep -v ' # SKIP' |
	sed "s|$tmp/altered/||" >"$tmp/passed"
[ ! -s "$tmp/passed" ] || fail "these pass though they are altered:
$(cat "$tmp/passed")"
[ "$failed" -gt 0 ] || echo "$pass of $scripts scripts pass, $altered altered ones fail"
finish
