#!/bin/sh
# Feed each parser of what comes from outside with what nobody would send. As a
# test, for a fixed number of runs, always the same; with FUZZ_SECONDS set, for
# that long altogether, and something else each time.
set -u
if [ "${SUITES-}" = once ]; then
	echo "SKIP: SUITES=once: FUZZ_SECONDS is for that build"
	exit 77
fi

programs=$(cd "${builddir:-.}" && pwd)/tests/fuzz
targets='decode message capture explain' # an even number of them
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

# fuzz TARGET: true when it found nothing
fuzz() (
	target=$1
	set -- -seed=1 -runs=20000
	# it begins with much memory each time
	[ "$target" != explain ] || set -- -seed=1 -runs=4000
	[ -z "${FUZZ_SECONDS-}" ] ||
	    set -- -seed="$seed" -max_total_time="$((FUZZ_SECONDS / n))"
	# libFuzzer leaves the input that failed where it runs
	mkdir "$tmp/in-$target" && cd "$tmp/in-$target" || exit
	if "$programs/fuzz_$target" -timeout=20 "$@" "$tmp/$target" \
	    >output 2>&1; then
		echo "ok $target $*: $(grep '^Done' output)"
		exit 0
	fi
	echo "FAILED $target $*"
	tail -n 60 output
	for input in crash-* leak-* timeout-* oom-*; do
		[ ! -e "$input" ] || od -Ax -tx1 "$input"
	done
	exit 1
)

# two at a time
failed=0
# shellcheck disable=SC2086 # they are words
set -- $targets
while [ $# -gt 0 ]; do
	fuzz "$1" >"$tmp/said-$1" 2>&1 &
	other=$!
	fuzz "$2" || failed=1
	wait $other || failed=1
	cat "$tmp/said-$1"
	shift 2
done
exit $failed
