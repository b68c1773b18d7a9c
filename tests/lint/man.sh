#!/bin/sh
# The man pages are mdoc that mandoc has nothing to say about.

# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

mandoc=${MANDOC:-mandoc}
command -v "$mandoc" >/dev/null || skip 'mandoc is not installed'
find man -name '*.[1-9]' -exec "$mandoc" -T lint -W warning {} + \
    >"$tmp/output" 2>&1
sed 's/^[^ ]*mandoc: //' "$tmp/output" >"$tmp/found"
finish
