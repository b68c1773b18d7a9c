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

# edges FILE WIDTH HEIGHT: the picture and 500 pixels around it, of which all
# but the outer 8 of the picture are covered
edges() {
	sed "1s/width=.*/width=\"$(($2 + 1000))\" height=\"$(($3 + 1000))\" \
viewBox=\"-500 -500 $(($2 + 1000)) $(($3 + 1000))\">/
s|</svg>|<rect x=\"8\" y=\"8\" width=\"$(($2 - 16))\" \
height=\"$(($3 - 16))\"/>&|" "$1" | rsvg-convert -f png
}

# whole FILE: all of it is inside
whole() {
	# shellcheck disable=SC2046
	set -- "$1" $(sed -n '1s/.*viewBox="0 0 \([0-9]*\) \([0-9]*\)".*/\1 \2/p' \
	    "$1")
	[ $# -eq 3 ] || { fail "$1: no size"; return; }
	grep -q '<polygon ' "$1" || fail "$1: no arrow"
	sed '/class="ground"/q' "$1" >"$tmp/ground.svg"
	echo '</svg>' >>"$tmp/ground.svg"
	edges "$1" "$2" "$3" >"$tmp/edges.png" ||
		fail "$1: rsvg-convert: exit $?"
	edges "$tmp/ground.svg" "$2" "$3" >"$tmp/ground.png"
	cmp -s "$tmp/edges.png" "$tmp/ground.png" ||
		fail "$1: something is outside, or at the edge"
}

for name in ladder far; do
	"$draw" $name >"$tmp/$name.svg"
	whole "$tmp/$name.svg"
done
# and what users get, where there is a bench
if "$retort" check -q article/closed-port/ip6 >/dev/null 2>&1; then
	"$retort" check -q --svg "$tmp/case.svg" article/early-close/ip6 \
		>/dev/null
	whole "$tmp/case.svg"
	"$retort" run -q --svg "$tmp/script.svg" "$data/scripts/active-close.pkt" \
		>/dev/null
	whole "$tmp/script.svg"
	# the four of the article
	"$retort" lab --list | head -n 4 | while read -r lesson _; do
		"$retort" lab -q --svg "$tmp/lab.$lesson.svg" "$lesson" \
			</dev/null >/dev/null
	done
	for picture in "$tmp"/lab.*.svg; do
		whole "$picture"
	done
fi
# the test itself: a text that is too long is seen
sed 's/text-anchor="start" class="title">/&too long, too long, too long, /' \
    "$tmp/ladder.svg" | sed 's/Early close/&, much too long, much too long, &&&&&&&&/' \
    >"$tmp/cut.svg"
(whole "$tmp/cut.svg" >/dev/null; [ "$failed" -gt 0 ]) ||
	fail "a text that is cut off goes unnoticed"
finish
