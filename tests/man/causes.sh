#!/bin/sh
# The part of retort-causes(7) that is made from data/causes/ is what would be
# made now.
#
#	causes.sh [--update]	--update writes it into the page
srcdir=${srcdir:-.}
page=$srcdir/man/retort-causes.7
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

# what is written by hand stands before the first line of it, and from EXAMPLES
{
	sed '/^\.Sh CAUSES/,$d' "$page"
	awk -f "$srcdir/tests/man/causes.awk" "$srcdir/src/rules/clue.c" \
	    "$srcdir"/data/causes/*.causes
	sed -n '/^\.Sh EXAMPLES/,$p' "$page"
} >"$tmp/page" || exit 99
[ "$(grep -c '^\.Ss' "$tmp/page")" -gt 20 ] || exit 99
if [ "${1-}" = --update ]; then
	cp "$tmp/page" "$page"
elif ! cmp -s "$page" "$tmp/page"; then
	diff "$page" "$tmp/page" | head -n 20
	echo "FAIL: $page is not what data/causes says:" \
	    "sh tests/man/causes.sh --update"
	exit 1
fi
