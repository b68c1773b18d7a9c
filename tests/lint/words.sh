#!/bin/sh
# Nothing is left to do later, no white space stands at the end of a line, and
# src/local.mk names every source.

# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

# written so that this file passes
later='TO''DO|FIX''ME|X''XX'
# a word of TAP, which C sources may have in texts
tap="[.][ch]:[0-9]+:.*(# |TAP.*)TO""DO"

sources 'c h l y' src >"$tmp/sources"
find src/local.mk tests data/ -type f ! -name '*.log' ! -name '*.trs' \
    ! -name '*.out' ! -path '*/.deps/*' >"$tmp/others"
cat "$tmp/sources" "$tmp/others" | xargs grep -nIwE "$later" |
    grep -vE "$tap" >"$tmp/found"
for file in quickstart .ci/run README.md configure.ac Makefile.am \
    $(find man -type f); do
	# a tarball has no .ci/
	[ ! -e "$file" ] || echo "$file"
done >>"$tmp/others"
cat "$tmp/sources" "$tmp/others" | xargs grep -nIE '[[:blank:]]$' |
    sed 's/^\([^:]*:[0-9]*\):.*/\1: white space at the end/' >>"$tmp/found"
while read -r file; do
	[ "$file" = src/cmd/main.c ] || grep -qwF "$file" src/local.mk ||
	    echo "$file:1: is not in src/local.mk"
done <"$tmp/sources" >>"$tmp/found"
finish
