#!/bin/sh
# The man pages are mdoc that mandoc has nothing to say about, and fit into 80
# columns.

# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

mandoc=${MANDOC:-mandoc}
command -v "$mandoc" >/dev/null || skip 'mandoc is not installed'
find man -name '*.[1-9]' -exec "$mandoc" -T lint -W warning {} + \
    >"$tmp/output" 2>&1
sed 's/^[^ ]*mandoc: //' "$tmp/output" >"$tmp/found"
for page in man/*.[1-9]; do
	# without the overstrikes of bold and underlined letters
	"$mandoc" -T ascii "$page" 2>/dev/null |
		awk -v page="$page" '{
			gsub(/.\010/, "")
			if (length > 80)
				print page ":1: " length " columns: " $0
		}'
done >>"$tmp/found"
finish
