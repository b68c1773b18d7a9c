#!/bin/sh
# The table of retort-stacks(7) is what the program prints.
#
#	stacks.sh		hold the page's table to the program: its form
#				all of it, and the rows of the stacks that are
#				here in the same version
#	stacks.sh --update	run every stack and put the table into the page
#				in the source tree ("make stacks")
#
# STACKS names those whose rows are held to a run: lwip, the quickest, unless
# it says "lwip slirp4netns passt" or more.
# shellcheck source=tests/bench/lib.sh
. "${srcdir:-.}/tests/bench/lib.sh"
export RETORT_DATA="$data"
page=$srcdir/man/retort-stacks.7
first='^\.\\" table$' last='^\.\\" end of the table$'

# The rows of a table, without its head and its summary.
rows() {
	sed -e '/^stack  *rules /d' -e '/^[0-9]* stacks*, /d' "$1" |
		awk '{ $1 = $1; print }'
}

if [ "${1-}" = --update ]; then
	"$retort" check --table --target all >"$tmp/table"
	rc=$?
	if [ $rc -gt 1 ] || grep -q 'not run: \|ended early: ' "$tmp/table"; then
		cat "$tmp/table"
		echo "not all stacks ran; the page is left as it is" >&2
		exit 1
	fi
	rows "$tmp/table" | cut -d ' ' -f 1 | sort -u >"$tmp/ran"
	sed -n "/$first/,/$last/p" "$page" | grep -v '^\.' >"$tmp/before"
	rows "$tmp/before" | cut -d ' ' -f 1 | sort -u | comm -13 "$tmp/ran" - \
		>"$tmp/lost"
	if [ -s "$tmp/lost" ]; then
		echo "not here, but on the page: $(paste -sd ' ' "$tmp/lost")" >&2
		exit 1
	fi
	# of this machine's kernel the version will do, without whose build
	awk '
	/^[0-9]+ stacks?, / { next }
	$1 == "Linux" {
		sub(/-.*/, "", $2)
		printf "%-20s %-12s %5s %7s %9s %5s %5s\n", $1 " " $2, $3,
		    $4, $5, $6, $7, $8
		next
	}
	{ print }' "$tmp/table" >"$tmp/rows"
	awk -v table="$tmp/rows" '
	/^\.\\" end of the table$/ { skipping = 0 }
	!skipping { print }
	/^\.\\" table$/ {
		skipping = 1
		print ".Bd -literal"
		while ((getline line < table) > 0)
			print line
		print ".Ed"
	}' "$page" >"$tmp/page" && cat "$tmp/page" >"$page"
	exit
fi

need_bench
sed -n "/$first/,/$last/p" "$page" | grep -v '^\.' >"$tmp/page"
[ -s "$tmp/page" ] || fail "$page has no table"
rows "$tmp/page" >"$tmp/rows"

# ---- the form: the head, and what a row has ----
expect 0 '' check --table article/closed-port
[ "$(head -n 1 "$tmp/page" | tr -s ' ')" = \
	"$(head -n 1 "$tmp/out" | tr -s ' ')" ] ||
	fail "another head: $(head -n 1 "$tmp/page")"
awk 'NF < 7 || $(NF - 5) !~ /^[a-z-]+$/ { print; next }
	{ for (i = NF - 4; i <= NF; i++) if ($i !~ /^[0-9]+$/) print }' \
	"$tmp/rows" >"$tmp/wrong"
[ ! -s "$tmp/wrong" ] || fail "no row: $(cat "$tmp/wrong")"

# every stack that can be started has rows, and all have the same cases
"$retort" check --table --target all article/closed-port >"$tmp/all" 2>&1
sed -e 1d -e '$d' "$tmp/all" | cut -d ' ' -f 1 | sort -u >"$tmp/stacks"
cut -d ' ' -f 1 "$tmp/rows" | sort -u >"$tmp/listed"
comm -23 "$tmp/stacks" "$tmp/listed" >"$tmp/wrong"
[ ! -s "$tmp/wrong" ] || fail "not on the page: $(cat "$tmp/wrong")"
awk '{ for (i = NF - 4; i <= NF; i++) n[$1, $(NF - 5)] += $i }
	$(NF - 5) != "all" { for (i = NF - 4; i <= NF; i++) sum[$1] += $i }
	END { for (k in sum) print k, sum[k], n[k, "all"] }' \
	"$tmp/rows" >"$tmp/sums"
awk '$2 != $3 || (NR > 1 && $2 != before) { print } { before = $2 }' \
	"$tmp/sums" >"$tmp/wrong"
[ ! -s "$tmp/wrong" ] || fail "the rows do not add up: $(cat "$tmp/sums")"
run check --table
cases=$(awk '/ all / { print $(NF-4) + $(NF-3) + $(NF-2) + $(NF-1) + $NF }' \
	"$tmp/out")
[ "$(awk '{ print $2 }' "$tmp/sums" | sort -u)" = "$cases" ] ||
	fail "the page has other cases than the $cases of the suite"

# ---- the numbers ----
for stack in ${STACKS-lwip}; do
	run check --table --target "$stack"
	[ "$rc" != 2 ] || { echo "$stack is not known"; continue; }
	rows "$tmp/out" | grep "^$stack " >"$tmp/now"
	grep "^$stack " "$tmp/rows" >"$tmp/then"
	version=$(awk 'NR == 1 { print $2 }' "$tmp/now")
	if [ "$rc" = 77 ] || [ ! -s "$tmp/now" ]; then
		echo "$stack is not here: $(sed -n 2p "$tmp/out")"
	elif [ "$version" != "$(awk 'NR == 1 { print $2 }' "$tmp/then")" ]; then
		echo "$stack is $version here, and another on the page"
	else
		cmp "$tmp/now" "$tmp/then" || fail "$stack: run \"make stacks\":
$(diff "$tmp/then" "$tmp/now")"
	fi
done
finish
