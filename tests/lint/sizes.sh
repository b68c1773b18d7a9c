#!/bin/sh
# No source file over 400 lines, no function over 60, no mutable global.

# Objects that may change all the same: "file.o name", and why. None yet.
allowed='
'

# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

sources 'c h l y sh' src tests >"$tmp/sources"
while read -r file; do
	# as in style(9), a function has its braces in the first column
	awk '
	/^\{/ { start = FNR }
	/^\}/ {
		if (start && FNR - start + 1 > 60)
			print FILENAME ":" start ": a function of " \
			    FNR - start + 1 " lines, more than 60"
		start = 0
	}
	END {
		if (FNR > 400)
			print FILENAME ":401: a file of " FNR \
			    " lines, more than 400"
	}' "$file"
done <"$tmp/sources" >"$tmp/found"

# Objects in the sections that a running program may write to; a sanitizer
# adds some whose names begin with two underscores.
if [ ! -e "$builddir/libretort.a" ]; then
	echo "$builddir/libretort.a is not built" >&2
	exit 99
fi
set -- "$builddir/libretort.a"
[ ! -e "$builddir/src/cmd/main.o" ] || set -- "$@" "$builddir/src/cmd/main.o"
${NM:-nm} -A -f sysv "$@" >"$tmp/symbols" || exit 99
export allowed
sed 's/ //g' "$tmp/symbols" | awk -F '|' '
$4 ~ /^(OBJECT|TLS)$/ && $7 ~ /^(\.t?(data|bss)|\*COM\*)/ &&
    $7 !~ /^\.data\.rel\.ro/ {
	n = split($1, part, ":")
	name = part[n]
	object = part[n - 1]
	sub(/.*\//, "", object)
	# of one inside a function gcc writes name.1, clang function.name
	sub(/\.[0-9]+$/, "", name)
	sub(/.*\./, "", name)
	if (name !~ /^__/ &&
	    !index(ENVIRON["allowed"], "\n" object " " name "\n"))
		print object, name
}' >"$tmp/objects"
while read -r object name; do
	where=$(find src -name "${object%.o}.[cly]" -exec grep -EnHw -m 1 \
	    "^([[:blank:]]*static|[a-z]).*[ *]$name" {} + |
	    sed 's/^\([^:]*:[0-9]*\):.*/\1/')
	echo "${where:-$object}: $name can change: make it const"
done <"$tmp/objects" >>"$tmp/found"
finish
