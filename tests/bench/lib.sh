# shellcheck shell=sh disable=SC2034
# Shared by the tests that run the program as a user would: source it.
# builddir: where ./retort is; srcdir: where data/ and tests/ are.
builddir=$(cd "${builddir:-.}" && pwd)
srcdir=$(cd "${srcdir:-.}" && pwd)
retort=$builddir/retort
data=$srcdir/data
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM
failed=0

fail() {
	printf 'FAIL: %s\n' "$*"
	failed=$((failed + 1))
}

# Run the program; leaves its output in $tmp/out and $tmp/err, sets $rc.
run() {
	"$retort" "$@" >"$tmp/out" 2>"$tmp/err"
	rc=$?
}

# expect RC PATTERN ARG...: the exit code, and for a code that is an error
# exactly one line on stderr that matches the pattern.
expect() {
	want=$1 pattern=$2
	shift 2
	run "$@"
	[ "$rc" -eq "$want" ] || fail "retort $*: exit $rc, wanted $want"
	if [ -n "$pattern" ]; then
		[ "$(wc -l <"$tmp/err")" -eq 1 ] ||
			fail "retort $*: $(wc -l <"$tmp/err") lines on stderr"
		grep -q -e "$pattern" "$tmp/err" ||
			fail "retort $*: stderr '$(cat "$tmp/err")'"
	elif [ -s "$tmp/err" ]; then
		fail "retort $*: unexpected '$(cat "$tmp/err")'"
	fi
}

# Where private namespaces are forbidden there is nothing to run here.
need_bench() {
	run check -q article/closed-port
	[ "$rc" -ne 3 ] || { cat "$tmp/err"; echo "SKIP"; exit 77; }
}

# With SUITES=once, where only the build is another than in a run before, one
# run of what is otherwise done twice is enough.
once() {
	[ "${SUITES-}" = once ]
}

finish() {
	[ "$failed" -eq 0 ] && echo "all as expected"
	exit "$((failed > 0))"
}
