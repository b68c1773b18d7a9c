#!/bin/sh
# Each lesson foresees, asks, holds to a rule, and has variations that vary
# something; and the commands that it shows are commands.

# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

retort=$builddir/retort

# What a lesson has, from its statements: a keyword at the start of a line.
for lab in data/labs/*.lab; do
	awk -v name="$(basename "$lab" .lab)" '
	function complain(line, what) {
		print FILENAME ":" line ": " what
	}
	# inside a string no line begins a statement
	!open { word = $1; n[word]++; at = NR }
	!open && word == "lesson" && $2 != name {
		complain(NR, "the lesson is called " $2)
	}
	!open && word == "option" { preset[$2] = $3 }
	{ open = (open + gsub(/"/, "\"")) % 2 }
	!open && word == "vary" && /=/ {
		for (i = NF; i > 0 && $i ~ /^[a-z_]+=[^"]+$/; i--) {
			split($i, pair, "=")
			if (preset[pair[1]] == pair[2])
				complain(at, $i " is no variation: it is so anyway")
		}
	}
	END {
		split("title about foresee ask rule after command", due)
		for (i in due)
			if (!n[due[i]])
				complain(1, "it has no " due[i])
		if (n["vary"] < 2)
			complain(1, "it has fewer than two variations")
	}' "$lab"
done >"$tmp/found"
awk '$1 == "order" {
	if ($2 in seen)
		print FILENAME ":" FNR ": " seen[$2] " has this order, too"
	seen[$2] = FILENAME
}' data/labs/*.lab >>"$tmp/found"

# The commands: "file:line: command".
awk '$1 == "command" { text = ""; at = FNR; quotes = 0; taken = 1 }
taken {
	line = $0
	sub(/^[ \t]*(command)?[ \t]*/, "", line)
	text = text (text ? " " : "") line
	quotes = gsub(/"/, "\"", text)
}
taken && quotes >= 2 {
	split(text, part, "\"")
	print FILENAME ":" at ": " part[2]
	taken = 0
}' data/labs/*.lab >"$tmp/commands"

# Options of a command, one a line, with "=" where they take a value.
options() {
	"$retort" "$1" --help | sed -n 's/^  \{1,6\}\(-.*\)$/\1/p' |
	    sed 's/  .*//' | while read -r a b c; do
		case "$a$b$c" in
		-?,--*[A-Z]*) echo "${a%,}="; echo "$b=" ;;
		-?,--*) echo "${a%,}"; echo "$b" ;;
		--*[A-Z]*) echo "$a=" ;;
		*) echo "$a" ;;
		esac
	done
}

# The words of a command of ours: options that it has, and what else it needs.
words_of() {
	command=$1
	shift
	n=0
	while [ $# -gt 0 ]; do
		case $1 in
		-i) n=1 ;; # in place of a file
		--causes) cause "${2-}" ;;
		esac
		case $1 in
		-*)
			if grep -qxe "$1=" "$tmp/options.$command"; then
				shift
			elif ! grep -qxe "$1" "$tmp/options.$command"; then
				echo "retort $command has no option $1"
			fi
			;;
		*) n=$((n + 1)) ;;
		esac
		[ $# -eq 0 ] || shift
	done
	case $command:$n in
	probe:2 | respond:[1-9] | explain:[1-9] | rules:* | check:* | list:*) ;;
	lab:[1-9]) ;;
	*) echo "retort $command does not take $n words" ;;
	esac
}

cause() {
	grep -qx "cause $1" data/causes/*.causes ||
	    echo "there is no cause called $1"
}

while IFS= read -r line; do
	place=${line%%: *}
	text=${line#*: }
	case ${text#sudo } in
	retort\ *) ;;
	'ss '* | 'nstat '* | 'sysctl '* | 'strace '* | 'tcpdump '*)
		continue ;;
	*)
		echo "$place: no command begins so: $text"
		continue ;;
	esac
	[ -x "$retort" ] || continue
	# words are quoted there as for a shell
	eval "set -- ${text#*retort }"
	[ -e "$tmp/options.$1" ] || options "$1" >"$tmp/options.$1" 2>/dev/null
	if [ ! -s "$tmp/options.$1" ]; then
		echo "$place: retort has no command $1"
		continue
	fi
	words_of "$@" | sed "s|^|$place: |"
done <"$tmp/commands" >>"$tmp/found"
while read -r lab; do
	grep -q '^command "\(sudo \)\?retort ' "$lab" ||
	    echo "$lab:1: no command of it is one of retort's"
done >>"$tmp/found" <<EOF
$(ls data/labs/*.lab)
EOF
finish
