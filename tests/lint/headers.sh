#!/bin/sh
# Each header of src/ compiles alone and twice, and its guard is its own:
# RETORT_<NAME>_H.

# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

# The headers of a stack take that stack, which few have.
lwip=$(pkg-config --cflags lwip 2>/dev/null)
is_here() {
	case $1 in
	src/stacks/lwip_*) [ -n "$lwip" ] ;;
	src/stacks/lwipv6_*) [ -e /usr/include/lwipv6.h ] ;;
	esac
}

# CC may have options
# shellcheck disable=SC2086
compiles() {
	printf '#include "%s"\n#include "%s"\n' "$1" "$1" |
	    ${CC:-cc} -fsyntax-only -Wall -Wextra -Werror -std=gnu11 \
	    -D_GNU_SOURCE -Isrc -I"$builddir/src" $lwip -x c - >"$tmp/errors" 2>&1
}

sources h src >"$tmp/headers"
while read -r header; do
	if is_here "$header" && ! compiles "${header#src/}"; then
		echo "$header:1: does not compile alone and twice:"
		sed 's/^/	/' "$tmp/errors"
	fi
	guard=RETORT_$(basename "$header" .h | tr 'a-z-' 'A-Z_')_H
	printf '#ifndef %s\n#define %s\n' "$guard" "$guard" >"$tmp/expected"
	grep '^#' "$header" | head -n 2 | cmp -s - "$tmp/expected" ||
	    echo "$header:1: does not open with the guard $guard"
	echo "$guard $header" >>"$tmp/guards"
done <"$tmp/headers" >"$tmp/found"
awk '$1 in first { print $2 ":1: " first[$1] " has the same guard" }
	{ first[$1] = $2 }' "$tmp/guards" >>"$tmp/found"
finish
