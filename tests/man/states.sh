#!/bin/sh
# The tables of tcp-states(7) are what `retort list -v` says of the cases of
# states.cases, and the page speaks of every rule that a case can bring about.
#
#	states.sh [--update]	--update writes the tables into the page
# shellcheck source=tests/bench/lib.sh
. "${srcdir:-.}/tests/bench/lib.sh"
page=$srcdir/man/tcp-states.7
cp -R "$data" "$tmp/data" && chmod -R u+w "$tmp/data" || exit 99
rm "$tmp"/data/cases/* && cp "$srcdir/tests/man/states.cases" \
	"$tmp/data/cases" || exit 99

"$retort" list -v --data "$tmp/data" >"$tmp/list" || exit 99
awk -f "$srcdir/tests/man/states.awk" "$tmp/list" >"$tmp/tables" || exit 99
[ "$(grep -c '^\.Ss' "$tmp/tables")" -gt 14 ] || exit 99

# what is written by hand stands before and behind the tables
{
	sed '/^\.\\" tables$/q' "$page"
	cat "$tmp/tables"
	sed -n '/^\.\\" end of the tables$/,$p' "$page"
} >"$tmp/page"
if [ "${1-}" = --update ]; then
	cat "$tmp/page" >"$page"
elif ! cmp -s "$page" "$tmp/page"; then
	diff "$page" "$tmp/page" | head -n 20
	fail "$page is not what the rules say: sh tests/man/states.sh --update"
fi

"$retort" rules --coverage >"$tmp/coverage" || exit 99
awk '$1 ~ /\// && $2 > 0 { print $1 }' "$tmp/coverage" |
	while read -r rule; do
		grep -q -w -e "$rule" "$page" || echo "$rule"
	done >"$tmp/missing"
[ ! -s "$tmp/missing" ] ||
	fail "$page does not speak of $(paste -sd ' ' "$tmp/missing")"
finish
