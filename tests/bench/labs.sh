#!/bin/sh
# Every lesson and every variation that it offers goes as foreseen by IPv6, too,
# and asks something, which nobody answers. Each notices when it goes otherwise.
# shellcheck source=tests/bench/lib.sh
. "${srcdir:-.}/tests/bench/lib.sh"
export RETORT_DATA="$data"
need_bench

# How many at once: they mostly wait for timers.
jobs=4

# The lessons, and their variations as "NAME -D OPTION=VALUE...".
"$retort" lab --list | sed 's/ .*//' >"$tmp/lessons"
[ "$(wc -l <"$tmp/lessons")" -ge 16 ] ||
	fail "only $(wc -l <"$tmp/lessons") lessons"
while read -r name; do
	awk -v name="$name" '
	/^[ \t]*vary / { text = ""; in_vary = 1 }
	in_vary { text = text " " $0 }
	# behind the closing quote stand the values
	in_vary && text ~ /"[^"]*"[ \t]+[a-z_]+=/ {
		sub(/.*"[ \t]+/, "", text)
		gsub(/[ \t]+/, " -D ", text)
		print name " -D " text
		in_vary = 0
	}' "$data/labs/$name.lab"
done <"$tmp/lessons" >"$tmp/variations"
[ "$(wc -l <"$tmp/variations")" -ge 32 ] ||
	fail "only $(wc -l <"$tmp/variations") variations"

run lab -q -6 closed-port
if [ "$rc" -eq 3 ] && grep -q 'no IPv6' "$tmp/err"; then
	echo "no IPv6 here: by IPv4"
	family=-4
else
	family=-6
fi

# A run, and what is wrong with it.
cat >"$tmp/one.sh" <<'END'
retort=$1 family=$2
shift 2
# shellcheck disable=SC2086
out=$("$retort" lab --quiz "$family" $* 2>&1 </dev/null)
rc=$?
[ "$rc" -eq 0 ] || printf '%s: exit %s: %s\n' "$*" "$rc" "$out"
printf '%s\n' "$out" | grep -q '^[a-z-]*: as foreseen$' ||
	echo "$*: not as foreseen"
printf '%s\n' "$out" | grep -q '^answer> ' || echo "$*: asks nothing"
END
cat "$tmp/lessons" "$tmp/variations" | tr '\n' '\0' |
	xargs -0 -n 1 -P "$jobs" sh "$tmp/one.sh" "$retort" "$family" \
		>"$tmp/wrong"
[ ! -s "$tmp/wrong" ] || fail "$(cat "$tmp/wrong")"

# Other numbers in the segments that the sides have to send: no more as
# foreseen, and it is said what was expected.
mkdir "$tmp/altered"
while read -r name; do
	sed -E 's/((client|server) > [A-Z.]+) [0-9]+:[0-9]+\(0\)/\1 7:7(0)/' \
		"$data/labs/$name.lab" >"$tmp/altered/$name.lab"
	if cmp -s "$data/labs/$name.lab" "$tmp/altered/$name.lab"; then
		fail "$name: nothing to alter"
	fi
	run lab -q "$tmp/altered/$name.lab"
	[ "$rc" -eq 1 ] || fail "$name, altered: exit $rc"
	grep -q expected "$tmp/out" || fail "$name, altered: $(cat "$tmp/out")"
done <"$tmp/lessons"

finish
