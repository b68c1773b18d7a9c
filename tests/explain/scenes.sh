#!/bin/sh
# `retort explain` on scenes of which the cause is known (scenes.c), from the
# capture of either end: it has to name the cause, or one that it says to be
# indistinguishable from it, and none that the kernel's own reason excludes.
#
#	scenes.sh [-t] [NAME...]	-t prints a line for each RST
. "${srcdir:-.}/tests/bench/lib.sh"

table=
[ "${1-}" != -t ] || { table=1; shift; }
for program in jq nft ss ip; do
	command -v "$program" >/dev/null ||
		{ echo "SKIP: $program is missing"; exit 77; }
done
mkdir "$tmp/cap"
# the scenes need root, and that of a user namespace is enough
how=
[ "$(id -u)" -eq 0 ] || how='unshare -r'
$how "$builddir/tests/explain/scenes" "$tmp/cap" "$@" >"$tmp/log" 2>&1
rc=$?
if [ "$rc" -eq 77 ] || grep -q '^scenes: SKIP' "$tmp/log"; then
	cat "$tmp/log"
	echo SKIP
	exit 77
fi
[ "$rc" -eq 0 ] || fail "scenes: exit $rc: $(tail -n 3 "$tmp/log")"

# said: SCENE END SENDER PORT PORT CAUSE CONFIDENCE OR,OR,...
while IFS='	' read -r name _ _; do
	for end in a b; do
		file=$tmp/cap/$name.$end.pcap
		[ -e "$file" ] || { fail "$name: no capture"; continue; }
		run explain -q -o json "$file"
		[ "$rc" -eq 0 ] || fail "$name.$end: exit $rc $(cat "$tmp/err")"
		echo "[\"$name\", \"$end\"]"
		cat "$tmp/out"
	done
done <"$tmp/cap/expected" >"$tmp/all"
# an array says whose lines follow
jq -nr 'foreach inputs as $line ({};
    if $line | type == "array" then { of: $line } else .line = $line end;
    select(.line.rst) | .of + (.line | [(.sender.address |
    if test("^(192.0.2.1|2001:db8:1::1|198.51.100.254)$")
    then "a" else "b" end), .sender.port, .peer.port, .cause,
    .confidence, (.or | join(","))]) | @tsv)' "$tmp/all" >"$tmp/said" ||
	fail "no JSON"

# the reasons of the kernel that go with each cause
"$retort" explain --causes | awk '
/^cause / { cause = $2 }
/^  reasons / { for (i = 2; i <= NF; i++) print cause, $i }' >"$tmp/goes"

awk -F '\t' -v table="$table" '
function has(list, word) {
	return index("|" list "|", "|" word "|") > 0
}
# Is it the cause, or one that it may be as well?
function grade(want, cause, or,	i, n, w, exact) {
	exact = !sub(/^~/, "", want)
	if (has(want, cause))
		return "exact"
	if (exact)
		return "WRONG"
	n = split(or, w, ",")
	for (i = 1; i <= n; i++)
		if (has(want, w[i]))
			return "class"
	return "WRONG"
}
function allowed(reason, cause, or,	i, n, w) {
	if ((cause, reason) in goes)
		return 1
	n = split(or, w, ",")
	for (i = 1; i <= n; i++)
		if ((w[i], reason) in goes)
			return 1
	return 0
}
FILENAME ~ /goes$/ { split($0, g, " "); goes[g[1], g[2]] = 1; next }
FILENAME ~ /expected$/ { want[$1, "a"] = $2; want[$1, "b"] = $3; next }
# the kernel notes neither address nor port of who meets a listener
FILENAME ~ /reasons$/ {
	split($0, g, " ")
	reason[g[2], g[3], ++reasons[g[2], g[3]]] = g[4]
	next
}
{
	k = $1 SUBSEP $2 SUBSEP $3
	n = split(want[$1, $3], each, " ")
	i = ++seen[k] < n ? seen[k] : n
	kernel = "-"
	got = grade(each[i], $6, $8)
	# only where it left, and where no NAT has renamed it
	if ($2 == $3) {
		# one for its user is noted after the answer to what it drew
		for (n = 1; n <= reasons[$4, $5] + reasons[$4, 0]; n++) {
			kernel = n <= reasons[$4, $5] ? reason[$4, $5, n] : \
			    reason[$4, 0, n - reasons[$4, $5]]
			if (allowed(kernel, $6, $8))
				break
		}
	}
	if (kernel != "-" && !allowed(kernel, $6, $8))
		got = "AGAINST"
	count[got]++
	if (table || got == "WRONG" || got == "AGAINST")
		printf "%-7s %-24s at %s from %s: %s (%s; %s), wanted %s, " \
		    "kernel %s\n", got, $1, $2, $3, $6, $7, $8, each[i], kernel
	shown[$1] = 1
}
END {
	for (k in want) {
		split(k, w, SUBSEP)
		if (want[k] != "-" && !(w[1] in shown)) {
			print "WRONG   " w[1] ": no RST was seen"
			count["WRONG"]++
		}
	}
	printf "%d exact, %d of the right class, %d wrong, %d against the " \
	    "kernel\n", count["exact"], count["class"], count["WRONG"],
	    count["AGAINST"]
	exit count["WRONG"] + count["AGAINST"] > 0
}' "$tmp/goes" "$tmp/cap/expected" "$tmp/cap/reasons" "$tmp/said" \
    >"$tmp/verdict" || fail "not all are explained"
cat "$tmp/verdict"
[ "$(wc -l <"$tmp/said")" -ge 1 ] || fail "no RST at all"
finish
