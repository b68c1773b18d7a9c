#!/bin/sh
# Read the captures of TESTLIST with segdump and compare with the expected
# text; and with tcpdump, where it is installed and TESTLIST says so.
#
#	run.sh            run all
#	run.sh --update   write the captures and the expected text anew
#
# srcdir and builddir are the top directories of the source and of the build.
set -u

data=${srcdir:-.}/tests/golden
programs=${builddir:-.}/tests/golden
tab=$(printf '\t')
failed=0
have_tcpdump=false
command -v tcpdump >/dev/null && have_tcpdump=true

for program in segdump make-captures; do
	if [ ! -x "$programs/$program" ]; then
		echo "$programs/$program is not built" >&2
		exit 99
	fi
done
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM

# Say how one comparison of two files went.
compare() {
	if diff -u "$2" "$3"; then
		echo "ok $1"
	else
		echo "FAILED $1"
		failed=1
	fi
}

update() {
	"$programs/make-captures" "$data" || exit 1
	while IFS=$tab read -r _ capture expected _; do
		"$programs/segdump" "$data/$capture" >"$data/$expected" ||
		    exit 1
	done <"$tmp/list"
}

run() {
	while IFS=$tab read -r name capture expected reader; do
		if ! cmp "$data/$capture" "$tmp/$capture"; then
			echo "FAILED $name: not what make-captures writes"
			failed=1
		fi
		"$programs/segdump" "$data/$capture" >"$tmp/observed" ||
		    failed=1
		compare "$name" "$data/$expected" "$tmp/observed"
		if [ "$reader" = tcpdump ] && "$have_tcpdump"; then
			tcpdump -nSt -r "$data/$capture" \
			    >"$tmp/tcpdump" 2>"$tmp/errors" ||
			    cat "$tmp/errors"
			compare "$name as tcpdump prints it" "$tmp/tcpdump" \
			    "$tmp/observed"
		fi
	done <"$tmp/list"
}

grep -v '^#' "$data/TESTLIST" >"$tmp/list"
case ${1-} in
--update)
	update
	;;
'')
	"$programs/make-captures" "$tmp" || exit 99
	run
	;;
*)
	echo "usage: run.sh [--update]" >&2
	exit 2
	;;
esac
exit $failed
