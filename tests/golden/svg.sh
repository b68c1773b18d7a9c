#!/bin/sh
# Pictures of ladders are rendered, and nothing of them is cut off: outside of
# the picture, and at its edges, there is nothing but the ground.
# shellcheck source=tests/bench/lib.sh
. "${srcdir:-.}/tests/bench/lib.sh"
draw=$builddir/tests/golden/draw

if ! command -v rsvg-convert >/dev/null; then
	echo "rsvg-convert is not installed: SKIP"
	exit 77
fi

# strip FILE X Y WIDTH HEIGHT: only this part of the picture, as PNG
strip() {
	sed "1s/width=.*/width=\"$4\" height=\"$5\" viewBox=\"$2 $3 $4 $5\">/" \
	    "$1" | rsvg-convert -f png
}

# empty FILE X Y WIDTH HEIGHT: there is nothing but the ground
empty() {
	strip "$@" >"$tmp/part.png" || fail "$1: rsvg-convert: exit $?"
	strip "$tmp/ground.svg" "$2" "$3" "$4" "$5" >"$tmp/ground.png"
	cmp -s "$tmp/part.png" "$tmp/ground.png" ||
		fail "$1: something at $2,$3 $4x$5"
}

# whole FILE: all of it is inside, eight pixels from the edge at least
whole() {
	# shellcheck disable=SC2046
	set -- "$1" $(sed -n '1s/.*viewBox="0 0 \([0-9]*\) \([0-9]*\)".*/\1 \2/p' \
	    "$1")
	[ $# -eq 3 ] || { fail "$1: no size"; return; }
	sed '/class="ground"/q' "$1" >"$tmp/ground.svg"
	echo '</svg>' >>"$tmp/ground.svg"
	empty "$1" -500 0 508 "$3"
	empty "$1" $(($2 - 8)) 0 508 "$3"
	empty "$1" 0 -500 "$2" 508
	empty "$1" 0 $(($3 - 8)) "$2" 508
	# and not because nothing is there at all
	strip "$1" 8 8 $(($2 - 16)) $(($3 - 16)) >"$tmp/part.png"
	strip "$tmp/ground.svg" 8 8 $(($2 - 16)) $(($3 - 16)) >"$tmp/ground.png"
	! cmp -s "$tmp/part.png" "$tmp/ground.png" || fail "$1: nothing"
}

for name in ladder far; do
	"$draw" $name >"$tmp/$name.svg"
	whole "$tmp/$name.svg"
done
# the test itself: a text that is too long is seen
sed 's/text-anchor="start" class="title">/&too long, too long, too long, /' \
    "$tmp/ladder.svg" | sed 's/Early close/&, much too long, much too long, &&&&&&&&/' \
    >"$tmp/cut.svg"
(whole "$tmp/cut.svg" >/dev/null; [ "$failed" -gt 0 ]) ||
	fail "a text that is cut off goes unnoticed"
finish
