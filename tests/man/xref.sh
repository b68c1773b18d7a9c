#!/bin/sh
# The pages of the manual lead to one another: a page of ours that one refers
# to is there, all are installed, and each names retort(1) and is named by it.
cd "${srcdir:-.}/man" || exit 99

# The pages that SEE ALSO of page $1 names, as name.section.
see_also() {
	awk '/^\.Sh/ { on = /SEE ALSO/ } on && $1 == ".Xr" { print $2 "." $3 }' \
		"$1"
}

found=$(
	for page in *.[1-9]; do
		grep -q -w -e "man/$page" local.mk ||
			echo "$page is not installed"
		awk '{ for (i = 1; i + 2 <= NF; i++)
			if ($i ~ /^\.?Xr$/) print $(i + 1) "." $(i + 2) }' \
			"$page" | grep -e '^retort' -e '^tcp-' | sort -u |
			while read -r other; do
				[ -f "$other" ] ||
					echo "$page: there is no $other"
				[ "$other" != "$page" ] ||
					echo "$page refers to itself"
			done
		[ "$page" != retort.1 ] || continue
		see_also retort.1 | grep -q -x -e "$page" ||
			echo "retort.1 does not name $page"
		see_also "$page" | grep -q -x -e retort.1 ||
			echo "$page does not name retort.1"
	done
)
[ -n "$found" ] || exit 0
printf 'FAIL: %s\n' "$found"
exit 1
