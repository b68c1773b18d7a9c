#!/bin/sh
# Each command has a page that lists its options, all of them and no others,
# with their short forms, as --help does; and retort(1) lists the commands.
# shellcheck source=tests/bench/lib.sh
. "${srcdir:-.}/tests/bench/lib.sh"

# The options that --help shows on standard input, one form a line.
shown() {
	sed -n 's/^ \{2,6\}\(-[^ ].*\)/\1/p' |
		grep -o -e '^-[^ -]' -e '--[a-z0-9-]*' | sort -u
}

# The options that stand at the head of an item in the page $1.
listed() {
	awk '/^\.It Fl/ {
		for (i = 2; i <= NF; i++)
			if ($i ~ /^-?[A-Za-z0-9][a-z0-9-]*$/ &&
			    ($(i - 1) == "Fl" || ($(i - 1) == "," && $i ~ /^-/)))
				print "-" $i
	}' "$1" | sort -u
}

run --help
sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p' "$tmp/out" | sort >"$tmp/commands"
[ -s "$tmp/commands" ] || fail "retort --help shows no commands"
sed -n '/^\.Sh DESCRIPTION/,/^\.Sh HOW/s/^\.It Cm //p' "$srcdir/man/retort.1" |
	sort >"$tmp/listed"
diff "$tmp/commands" "$tmp/listed" || fail "retort(1) lists other commands"

while read -r command; do
	page=$srcdir/man/retort-$command.1
	[ -f "$page" ] || { fail "there is no retort-$command(1)"; continue; }
	"$retort" "$command" --help </dev/null | shown >"$tmp/shown"
	listed "$page" >"$tmp/listed"
	[ -s "$tmp/shown" ] || fail "$command --help shows no options"
	diff "$tmp/shown" "$tmp/listed" ||
		fail "retort-$command(1) has not the options of --help"
done <"$tmp/commands"
finish
