#!/bin/sh
# Feed each parser of what comes from outside with what nobody would send. As a
# test, for a fixed number of runs, always the same; with FUZZ_SECONDS set, for
# that long altogether, and something else each time.
set -u

programs=$(cd "${builddir:-.}" && pwd)/tests/fuzz
runs=50000
targets='decode message capture'

tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
for program in make-corpus fuzz_decode; do
	if [ ! -x "$programs/$program" ]; then
		echo "$programs/$program is not built" >&2
		exit 99
	fi
done
"$programs/make-corpus" "$tmp" || exit 99

n=$(echo "$targets" | wc -w)
set -- -seed=1 -runs="$runs"
if [ -n "${FUZZ_SECONDS-}" ]; then
	seed=$(od -An -N 3 -tu4 /dev/urandom | tr -d ' ')
	set -- -seed="$seed" -max_total_time="$((FUZZ_SECONDS / n))"
fi
failed=0
for target in $targets; do
	# libFuzzer leaves the input that failed where it runs
	if (cd "$tmp" && "$programs/fuzz_$target" "$@" "$tmp/$target") \
	    >"$tmp/output" 2>&1; then
		echo "ok $target $*: $(grep '^Done' "$tmp/output")"
		continue
	fi
	failed=1
	echo "FAILED $target $*"
	tail -n 60 "$tmp/output"
	for input in "$tmp"/crash-* "$tmp"/leak-* "$tmp"/timeout-* \
	    "$tmp"/oom-*; do
		[ ! -e "$input" ] || od -Ax -tx1 "$input"
	done
	rm -f "$tmp"/crash-* "$tmp"/leak-* "$tmp"/timeout-* "$tmp"/oom-*
done
exit $failed
