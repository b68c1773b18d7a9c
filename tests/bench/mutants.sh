#!/bin/sh
# A rule that no case can break teaches nothing. Each rule of the rulebook is
# inverted in turn (what is silent then answers, what answers is then silent)
# and the cases that it answers are run again: at least one must fail.
set -u
. "${srcdir:-.}/tests/bench/lib.sh"

! once || { echo "SKIP: SUITES=once: the rules are the same"; exit 77; }
need_bench
data=$tmp/data
cp -r "$srcdir/data" "$data"
chmod -R u+w "$data"
rules=$data/rules/rfc9293.rules

# answers FLAGS [PATTERN]: "RULE CASE FLAGS", which rule answers each case
answers() {
	flags=$1
	shift
	# shellcheck disable=SC2086 # they are words
	"$retort" check -o json $flags "$@" |
	    sed -n 's/.*"id":"\([^"]*\)".*"rule":"\([^"]*\)".*/\2 \1/p' |
	    sed "s/\$/ $flags/"
}
{
	answers '--profile rfc9293'
	answers '--slow -4' timeout/keep-alive/established timeout/fin-wait-2
	answers --no-rfc5961
	answers '--profile rfc793'
} >"$tmp/answers"

# invert RULE FILE
invert() {
	awk -v id="$1" '
	/^(rule|case|deviation) / { mine = $1 == "rule" && $2 == id; skip = 0 }
	mine && /^  [a-z]/ { skip = $1 == "allow" }
	mine && skip { next }
	mine && $1 == "reply" {
		print $2 == "none" ? "  reply  <SEQ=SND.NXT><CTL=RST>" \
		    : "  reply  none"
		next
	}
	{ print }' "$2"
}

survivors=0 mutants=0
sed -n 's/^rule //p' "$srcdir/data/rules/rfc9293.rules" >"$tmp/rules"
while read -r rule; do
	mutants=$((mutants + 1))
	invert "$rule" "$srcdir/data/rules/rfc9293.rules" >"$rules"
	profile=$(awk -v r="$rule" '$1 == r { $1 = $2 = ""; print; exit }' \
	    "$tmp/answers")
	cases=$(awk -v r="$rule" -v p="$profile" '
	    $1 == r && n < 40 {
		id = $2; $1 = $2 = ""; if ($0 == p) { print id; n++ } }' \
	    "$tmp/answers")
	# shellcheck disable=SC2086 # they are words
	if [ -z "$cases" ]; then
		echo "no case is answered by $rule"
		survivors=$((survivors + 1))
	elif "$retort" check -q --data "$data" $profile $cases \
	    >"$tmp/out" 2>&1 || [ $? -ne 1 ]; then
		echo "no case fails with $rule inverted:"
		tail -1 "$tmp/out"
		survivors=$((survivors + 1))
	fi
done <"$tmp/rules"
echo "$mutants rules inverted, $survivors of them unnoticed"
[ "$survivors" -eq 0 ]
