#!/bin/sh
# The table of stacks and groups of rules says what the suite says.
# shellcheck source=tests/bench/lib.sh
. "${srcdir:-.}/tests/bench/lib.sh"
export RETORT_DATA="$data"
need_bench
command -v jq >/dev/null || { echo "SKIP: jq is missing"; exit 77; }

# ---- this machine's kernel: the counts are those of its cases ----
expect 0 '' check -o json
jq -rs '[.[] | {group: (.rule // "-" | split("/")[0]), verdict}] |
	group_by([.group, .verdict])[] |
	"\(.[0].group) \(.[0].verdict | ascii_downcase) \(length)"' \
	"$tmp/out" | sort >"$tmp/cases"
expect 0 '' check --table -o json
jq -r 'select(.rules != "all") | . as $row |
	("pass", "allowed", "deviation", "skip", "inconclusive", "fail",
	 "error") | select($row[.] > 0) | "\($row.rules) \(.) \($row[.])"' \
	"$tmp/out" | sort >"$tmp/table"
cmp "$tmp/cases" "$tmp/table" || fail "the table is not that of the cases:
$(diff "$tmp/cases" "$tmp/table")"
[ "$(jq -rs 'map(select(.rules != "all") | .pass) | add' "$tmp/out")" = \
	"$(jq -r 'select(.rules == "all") | .pass' "$tmp/out")" ] ||
	fail "all is not the sum"

# the same rows in the text, in the RFC's order, and the sum at the end
jq -r '[.rules, .pass, .allowed, .deviation, .fail, .skip] | @tsv' \
	"$tmp/out" | tr '\t' ' ' >"$tmp/rows"
expect 0 '' check --table
sed -e 1d -e '$d' "$tmp/out" | awk '{ print $(NF-5), $(NF-4), $(NF-3),
	$(NF-2), $(NF-1), $NF }' >"$tmp/text"
cmp "$tmp/rows" "$tmp/text" || fail "text and JSON differ"
grep -q '^stack  *rules  *PASS ALLOWED DEVIATION  FAIL  SKIP$' "$tmp/out" ||
	fail "the head: $(head -n 1 "$tmp/out")"
tail -n 1 "$tmp/out" | grep -q '^1 stack, 1 of them run, [0-9]* cases: ' ||
	fail "the summary: $(tail -n 1 "$tmp/out")"

# ---- patterns, strictness ----
expect 0 '' check --table article/closed-port
[ "$(wc -l <"$tmp/out")" = 4 ] || fail "one case: $(cat "$tmp/out")"
expect 1 '' check --table --strict listen/FS/ip6
grep -q ' listen  *0  *0  *0  *1  *0$' "$tmp/out" ||
	fail "--strict: $(cat "$tmp/out")"

# ---- what does not go together ----
expect 2 'table goes with neither --matrix' check --table --matrix
expect 2 'table goes with neither --matrix nor --pcap' check --table \
	--pcap "$tmp/x"
expect 2 'reports as text or json' check --table -o tap
expect 2 'target all goes with --table' check --target all

# ---- where no TAP can be made the other stacks are out of reach ----
"$builddir/tests/bench/retort_stacks" check --target kernel closed/S \
	>"$tmp/out" 2>"$tmp/err"
if [ $? -eq 3 ] && grep -q /dev/net/tun "$tmp/err"; then
	cat "$tmp/err"
	finish
fi

# ---- other stacks: what was skipped is counted with its rules ----
sums='[.rules, ([.pass, .allowed, .deviation, .skip, .inconclusive, .fail,
	.error] | add)] | @tsv'
expect 0 '' check --table -o json 'article*' 'abort*' 'syn-sent*'
jq -r "$sums" "$tmp/out" >"$tmp/rows"
known=Linux
for stack in lwip lwipv6; do
	run check --table -o json --target $stack 'article*' 'abort*' \
		'syn-sent*'
	case $rc in
	0 | 1 | 4) ;;
	2) echo "$stack is not known"; continue ;;
	77) echo "$stack is not here"; known="$known $stack"; continue ;;
	*) fail "--target $stack: exit $rc: $(cat "$tmp/err")" ;;
	esac
	known="$known $stack"
	jq -r "$sums" "$tmp/out" >"$tmp/other"
	cmp "$tmp/rows" "$tmp/other" || fail "$stack: other cases
$(diff "$tmp/rows" "$tmp/other")"
	[ "$(jq -r .stack "$tmp/out" | sort -u)" = $stack ] ||
		fail "$stack: $(jq -r .stack "$tmp/out" | sort -u)"
done
run check --table --target all article/closed-port
for stack in $known; do
	grep -q "^$stack " "$tmp/out" || fail "all: no $stack"
done

# ---- stacks that fail: each is told in a line ----
# table_of RC STACK PATTERN...: of a retort that knows some bad ones
table_of() {
	want=$1 stack=$2
	shift 2
	"$builddir/tests/bench/retort_stacks" check --table --target "$stack" \
		article syn-sent >"$tmp/out" 2>"$tmp/err"
	rc=$?
	[ "$rc" = "$want" ] || fail "$stack: exit $rc, not $want"
	for pattern; do
		grep -q -e "$pattern" "$tmp/out" ||
			fail "$stack: no '$pattern' in $(cat "$tmp/out")"
	done
}
table_of 77 missing '^missing  *not run: missing takes the package ' \
	'^1 stack, 0 of them run, 0 cases: '
table_of 3 refuses '^refuses  *not run: refuses has ended before it was ready'
table_of 1 dies '^dies  *all .* inconclusive$' \
	"^dies  *ended early: the stack's driver has ended"
table_of 1 kernel '^kernel  *closed  *4  *0  *0  *0  *0$'
finish
