# What the lints share; each reads this file first. make check gives them
# srcdir and builddir, the top directories of the source and of the build.
# A lint runs in srcdir, writes each violation as "file:line: what" to
# $tmp/found, and calls finish: exit 1 when there is one. It exits with 77 when
# it cannot look.
# shellcheck shell=sh
set -u
builddir=$(cd "${builddir:-.}" && pwd) || exit 99
cd "${srcdir:-.}" || exit 99

tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM

skip() {
	echo "SKIP: $1"
	exit 77
}

# What looks at the sources only need not look again at another build of them.
once_is_enough() {
	[ "${SUITES-}" != once ] || skip "SUITES=once: the sources are the same"
}

finish() {
	[ -s "$tmp/found" ] || exit 0
	cat "$tmp/found"
	exit 1
}

# The files below the folders $2... whose names end in one of the words of $1
# ("c h"), without those that flex and bison write.
sources() {
	ends=$1
	shift
	for end in $ends; do
		find "$@" -type f -name "*.$end"
	done | sort | while read -r file; do
		stem=${file%.[ch]}
		if [ "$stem" = "$file" ] ||
		    { [ ! -e "$stem.y" ] && [ ! -e "$stem.l" ]; }; then
			echo "$file"
		fi
	done
}
