#!/bin/sh
# Feed each parser of what comes from outside with what nobody would send. As a
# test, for a fixed number of runs, always the same; with FUZZ_SECONDS set, for
# that long altogether, and something else each time.
set -u

programs=$(cd "${builddir:-.}" && pwd)/tests/fuzz
targets='decode message capture explain'
RETORT_DATA=$(cd "${srcdir:-.}" && pwd)/data
export RETORT_DATA

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
mkdir "$tmp/explain" || exit 99
# see fuzz_explain.c: no option, or most of them, for either format
for capture in "${srcdir:-.}"/tests/golden/*.pcap "$tmp"/capture/*; do
	for options in 010 011 036 037; do
		# shellcheck disable=SC2059 # an octet
		(printf "\\$options" && cat "$capture") \
		    >"$tmp/explain/$options-${capture##*/}" || exit 99
	done
done

n=$(echo "$targets" | wc -w)
if [ -n "${FUZZ_SECONDS-}" ]; then
	seed=$(od -An -N 3 -tu4 /dev/urandom | tr -d ' ')
fi
failed=0
for target in $targets; do
	set -- -seed=1 -runs=20000
	# it begins with much memory each time
	[ "$target" != explain ] || set -- -seed=1 -runs=4000
	[ -z "${FUZZ_SECONDS-}" ] ||
	    set -- -seed="$seed" -max_total_time="$((FUZZ_SECONDS / n))"
	# libFuzzer leaves the input that failed where it runs
	if (cd "$tmp" && "$programs/fuzz_$target" -timeout=20 "$@" \
	    "$tmp/$target") \
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
