#!/bin/sh
# One script as a whole process, and a hundred: retort run and packetdrill in
# turn, where packetdrill is there (PACKETDRILL, or in PATH) and may run.
# Figures, not a test.
# shellcheck source=tests/bench/lib.sh
. "${srcdir:-.}/tests/bench/lib.sh"
export RETORT_DATA="$data"
cost=$builddir/tests/speed/cost
packetdrill=${PACKETDRILL:-$(command -v packetdrill)}

# a namespace with nothing in it, for packetdrill makes its interface here
if [ "${inside-}" != 1 ]; then
	if [ "$(id -u)" -eq 0 ]; then
		set -- -n
	else
		set -- -rn
	fi
	inside=1 unshare "$@" sh "$0"
	exit
fi

need_bench
mkdir "$tmp/hundred"
# what both can read
for i in 0 1 2 3 4 5 6 7 8 9; do
	for name in closed-port listen-ack listen-rst passive-open active-open \
	    early-close data-after-close refused rst-exact half-close; do
		sed '/> none$/d' "$data/scripts/$name.pkt" \
			>"$tmp/hundred/$name-$i.pkt"
	done
done
one=$tmp/hundred/closed-port-0.pkt

median() {
	sort -n | awk '{ v[NR] = $1; s[NR] = $3 }
		END { print v[int((NR + 1) / 2)], s[int((NR + 1) / 2)] }'
}

# measure N COMMAND...: the median milliseconds, and an exit status
measure() {
	n=$1
	shift
	for _ in $(seq "$n"); do
		"$cost" "$@"
	done | median
}

# shellcheck disable=SC2016 # expanded by the inner shell
each='for f in "$1"/*.pkt; do "$0" "$f" || exit; done'
if [ -z "$packetdrill" ]; then
	echo "packetdrill is not installed (see PACKETDRILL): no ratio"
elif ! "$packetdrill" "$one" >"$tmp/out" 2>&1; then
	echo "packetdrill cannot run here: $(head -n 1 "$tmp/out")"
	packetdrill=
fi
{
	echo "1 script:retort run" "$(measure 21 "$retort" run "$one")"
	[ -z "$packetdrill" ] ||
		echo "1 script:packetdrill" "$(measure 21 "$packetdrill" "$one")"
	for j in 1 2; do
		echo "100 scripts:retort run -j $j" \
			"$(measure 5 "$retort" run -j $j "$tmp/hundred")"
	done
	[ -z "$packetdrill" ] ||
		echo "100 scripts:packetdrill" \
			"$(measure 1 sh -c "$each" "$packetdrill" "$tmp/hundred")"
} | awk '
	{
		ms = $(NF - 1)
		printf "%-28s %8.1f ms, exit %s\n", what($0), ms, $NF
		split($0, part, ":")
		if (/packetdrill/)
			printf "%s: packetdrill/retort %.1f\n", part[1], \
			    ms / last
		last = ms
	}
	function what(s) {
		sub(/ [^ ]+ [^ ]+$/, "", s)
		sub(/:/, ": ", s)
		return s
	}'
for j in 1 2; do
	"$retort" run -o tap -j $j "$tmp/hundred" | grep '^[no]' >"$tmp/j$j"
done
cmp -s "$tmp/j1" "$tmp/j2" && same=0 || same=some
echo "verdicts that -j 2 changes: $same"
