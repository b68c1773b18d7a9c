#!/bin/sh
# The C sources are laid out as .clang-format says. Releases of clang-format
# differ in details, so only this one is asked.
version=14

# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"
once_is_enough

format=
for program in "${CLANG_FORMAT:-clang-format}" "clang-format-$version"; do
	case $("$program" --version 2>/dev/null) in
	*"version $version."*)
		format=$program
		break
		;;
	esac
done
[ -n "$format" ] || skip "clang-format $version is not installed"
sources 'c h' src tests >"$tmp/sources"
if ! xargs "$format" --dry-run -Werror <"$tmp/sources" >"$tmp/output" 2>&1
then
	grep -E '^[^ ]+:[0-9]+:' "$tmp/output" >"$tmp/found" ||
	    cp "$tmp/output" "$tmp/found"
fi
finish
