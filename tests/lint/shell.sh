#!/bin/sh
# The scripts are such that shellcheck is silent.

# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"
once_is_enough

shellcheck=${SHELLCHECK:-shellcheck}
command -v "$shellcheck" >/dev/null || skip 'shellcheck is not installed'
for file in quickstart .ci/run; do
	# a tarball has no .ci/
	[ ! -e "$file" ] || echo "$file"
done >"$tmp/scripts"
sources sh tests >>"$tmp/scripts"
xargs "$shellcheck" -x -f gcc <"$tmp/scripts" >"$tmp/found" 2>&1
finish
