#!/bin/sh
# The matrix from end to end: the same behaviours each time, the rule that is
# to blame named, no output that it has no form for, no process left behind;
# and whether the cases reach every rule.
. "${srcdir:-.}/tests/bench/lib.sh"

part='matrix/fin-wait-2-close/R/*'
rules=$tmp/data/rules/rfc9293.rules

# ---- without a bench ----
expect 2 '--matrix reports as text or json, not as tap' check --matrix -o tap
[ ! -s "$tmp/out" ] || fail "-o tap: $(head -n 1 "$tmp/out")"
expect 2 'as text or json, not as nmap' check --matrix -o nmap
expect 2 '--matrix keeps no frames' check --matrix --pcap "$tmp/m.pcap"
[ ! -e "$tmp/m.pcap" ] || fail "--pcap: a file"
expect 2 "matches 'article'" check --matrix article
expect 2 "matches 'matrix/nonsense'" list --matrix matrix/nonsense
expect 2 "matches 'matrix" check "$part"

run list --matrix "$part"
cells=$(wc -l <"$tmp/out")
[ "$rc" -eq 0 ] || fail "list --matrix: exit $rc"
[ "$cells" -ge 200 ] || fail "list --matrix: $cells cells"
grep -v -q '^matrix/fin-wait-2-close/R/[^ ]* *FIN-WAIT-2 ' "$tmp/out" &&
	fail "list --matrix: a cell of another place"
[ -z "$(cut -d' ' -f1 "$tmp/out" | sort | uniq -d)" ] || fail "an id twice"
run list --matrix -4 "$part"
[ "$(wc -l <"$tmp/out")" -eq $((cells / 2)) ] || fail "list --matrix -4"
run list
grep -q '^matrix/' "$tmp/out" && fail "list: a cell of the matrix"

# Every rule answers a case, and one that nothing answers is told.
expect 0 '' rules --coverage
grep -q never "$tmp/out" && fail "coverage: $(grep never "$tmp/out")"
tail -n 1 "$tmp/out" | grep -q '^[0-9]* rules, 0 of them answer no case$' ||
	fail "coverage: $(tail -n 1 "$tmp/out")"
cp -r "$data" "$tmp/data"
chmod -R u+w "$tmp/data"
cat >>"$rules" <<'RULE'
rule too/late
  in     any
  reply  none
  level  SPEC
  cite   "c"
  why    "What stands before it speaks of everything."
RULE
expect 1 '' rules --coverage --data "$tmp/data"
grep -q '^too/late  *0  *0  *0  never$' "$tmp/out" || fail "coverage: too/late"
[ "$(grep -c 'never$' "$tmp/out")" -eq 1 ] || fail "coverage: others too"
tail -n 1 "$tmp/out" | grep -q ', 1 of them answer no case$' ||
	fail "coverage: $(tail -n 1 "$tmp/out")"

# ---- with one ----
need_bench

# The same text each time, but for the time.
timeless() {
	sed '$s/, in [0-9.]* s$//' "$tmp/out"
}
expect 0 '' check --matrix "$part"
timeless >"$tmp/first"
expect 0 '' check --matrix "$part"
timeless >"$tmp/second"
cmp -s "$tmp/first" "$tmp/second" ||
	fail "another text: $(diff "$tmp/first" "$tmp/second")"
# and the same from one process as from many
if command -v taskset >/dev/null; then
	first=$(taskset -cp $$ | sed 's/.*: \([0-9]*\).*/\1/')
	taskset -c "$first" "$retort" check --matrix "$part" >"$tmp/out"
	timeless >"$tmp/second"
	cmp -s "$tmp/first" "$tmp/second" ||
		fail "from one: $(diff "$tmp/first" "$tmp/second")"
fi
head -n 1 "$tmp/first" | grep -q ", $cells cells against RFC 9293\$" ||
	fail "the first line: $(head -n 1 "$tmp/first")"
tail -n 1 "$tmp/first" | grep -q "^$cells cells: .* 0 fail; [0-9]* behav" ||
	fail "the last line: $(tail -n 1 "$tmp/first")"
tail -n 1 "$tmp/first" | grep -q -e skip -e inconclusive -e error &&
	fail "the last line: $(tail -n 1 "$tmp/first")"
# as many as it says, and of as many cells
[ "$(grep -c '^[A-Z][A-Z]* *[0-9]* cells*: ' "$tmp/first")" -eq \
	"$(sed -n '$s/.*; \([0-9]*\) behaviours*$/\1/p' "$tmp/first")" ] ||
	fail "not as many behaviours as the last line says"
[ "$(awk '/^[A-Z]+ +[0-9]+ cells?: / { n += $2 } END { print n + 0 }' \
	"$tmp/first")" -eq \
	"$((cells - $(sed -n '$s/.*: \([0-9]*\) pass.*/\1/p' "$tmp/first")))" ] ||
	fail "the behaviours are not of the cells that do not pass"
if command -v jq >/dev/null; then
	expect 0 '' check --matrix -o json "$part"
	[ "$(jq -s 'map(select(.version == 1 and .cells > 0 and .verdict and
	    .example and .rule and .required and .observed)) | length' \
		"$tmp/out")" -eq "$(wc -l <"$tmp/out")" ] ||
		fail "json: not whole objects"
fi
# an example is a cell that can be run alone, and does the same
example=$(sed -n 's/^ *example *//p' "$tmp/first" | head -n 1)
run check --matrix "$example"
[ "$(sed -n 's/^ *example *//p' "$tmp/out")" = "$example" ] ||
	fail "alone, $example is no example"

# A rule inverted (what answers is then silent): the behaviour names it.
awk '/^rule / { mine = $2 == "rst/exact" }
    mine && $1 == "allow" { next }
    mine && $1 == "reply" { print "  reply  <SEQ=SND.NXT><CTL=RST>"; next }
    { print }' "$data/rules/rfc9293.rules" >"$rules"
cmp -s "$data/rules/rfc9293.rules" "$rules" && fail "no rule is inverted"
expect 1 '' check --matrix --data "$tmp/data" "$part"
grep -q '^FAIL  *[0-9]* cells*: rst/exact$' "$tmp/out" ||
	fail "inverted: $(grep ^FAIL "$tmp/out")"
grep -A 4 ^FAIL "$tmp/out" |
	grep -q '^    required   <SEQ=SND.NXT><CTL=RST>' ||
	fail "inverted: not what is required"
[ "$(grep -c ^FAIL "$tmp/out")" -eq "$(grep -c '^FAIL.*: rst/exact' \
	"$tmp/out")" ] || fail "inverted: others fail too"
cp "$data/rules/rfc9293.rules" "$rules"

# ---- processes that die ----
# all of the matrix, and told from any other by its data directory
gone() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		pgrep -f "$retort check --matrix --data $tmp/data" >/dev/null ||
			return 0
		sleep 0.3
	done
	return 1
}
start() {
	"$retort" check --matrix --data "$tmp/data" \
		>"$tmp/out" 2>"$tmp/err" &
	pid=$!
	children=
	tries=0
	while [ "$tries" -lt 50 ]; do
		children=$(pgrep -P "$pid")
		[ -n "$children" ] && break
		tries=$((tries + 1))
		sleep 0.1
	done
	sleep "$1"
	children=$(pgrep -P "$pid")
	[ -n "$children" ] || fail "after $1 s: no process of the matrix"
}
# What does not run does not notice by itself that it is alone: stop it, and
# let nothing wait for it for ever.
stop() {
	[ $# -eq 0 ] || kill -STOP "$@"
}
remain() {
	gone && return
	fail "processes remain: $1"
	pgrep -f "$retort check --matrix --data $tmp/data" | xargs kill -9
}
for after in 0.05 0.2 0.5; do
	start "$after"
	# shellcheck disable=SC2086 # they are words
	set -- $children
	child=$1
	shift
	stop "$@"
	(sleep 10; exec kill -9 "$pid") >/dev/null 2>&1 &
	watch=$!
	kill -9 "$child"
	wait "$pid"
	rc=$?
	kill "$watch" 2>/dev/null
	[ "$rc" -eq 5 ] || fail "a process killed: exit $rc"
	[ "$(wc -l <"$tmp/err")" -eq 1 ] || fail "killed: $(cat "$tmp/err")"
	grep -q 'a process of the matrix ended early' "$tmp/err" ||
		fail "killed: $(cat "$tmp/err")"
	grep -q 'cells: ' "$tmp/out" && fail "killed: a summary"
	remain "one of them was killed"
	start "$after"
	# shellcheck disable=SC2086 # they are words
	stop $children
	kill -9 "$pid"
	wait "$pid" 2>/dev/null
	remain "their parent was killed"
done
finish
