#!/bin/sh
# Every lesson and every variation that it offers goes as foreseen, by IPv4, and
# as it stands by IPv6, too. Each asks something, and each notices when it goes
# otherwise. The commands that it names are ones that retort takes.
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
	}' "$data/labs/$name.lab" >"$tmp/vary"
	[ "$(wc -l <"$tmp/vary")" -ge 2 ] ||
		fail "$name has less than two variations"
	cat "$tmp/vary" >>"$tmp/variations"
done <"$tmp/lessons"

# A run, its questions unanswered: a line of what is wrong.
cat >"$tmp/one.sh" <<'END'
retort=$1
shift
# shellcheck disable=SC2086
out=$("$retort" lab --quiz $* 2>&1 </dev/null)
rc=$?
[ "$rc" -eq 0 ] || printf '%s: exit %s: %s\n' "$*" "$rc" "$out"
printf '%s\n' "$out" | grep -q '^[a-z-]*: as foreseen$' ||
	echo "$*: not as foreseen"
printf '%s\n' "$out" | grep -q '^answer> ' ||
	echo "$*: asks nothing"
END
{
	cat "$tmp/lessons" "$tmp/variations"
	sed 's/$/ -6/' "$tmp/lessons"
} | tr '\n' '\0' |
	xargs -0 -n 1 -P "$jobs" sh "$tmp/one.sh" "$retort" >"$tmp/wrong"
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

# What a lesson says to try is a command of ours, or of another program.
sed -n 's/^[ \t]*command "\(sudo \)\{0,1\}retort \(.*\)/\2/p' \
	"$data"/labs/*.lab | sed 's/".*//' >"$tmp/commands"
[ -s "$tmp/commands" ] || fail "no lesson names a command"
while read -r command rest; do
	# those that need neither a network nor a capture
	case $command in
	rules | list | check)
		eval "run $command $rest"
		[ "$rc" -eq 0 ] || fail "$command $rest: $(cat "$tmp/err")" ;;
	explain)
		case $rest in
		--causes*)
			eval "run $command $rest"
			[ "$rc" -eq 0 ] ||
				fail "$command $rest: $(cat "$tmp/err")" ;;
		esac ;;
	esac
	run "$command" --help
	[ "$rc" -eq 0 ] || fail "there is no command $command"
	for option in $rest; do
		case $option in
		--*) grep -q -e "$option\>" "$tmp/out" ||
			fail "$command has no option $option" ;;
		esac
	done
done <"$tmp/commands"

finish
