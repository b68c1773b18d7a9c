#!/bin/sh
# The examples of the manual pages and of README.md are tests: run each one,
# and hold its exit status and its output to what stands on the page.
#
#	examples.sh [FILE...]		default: man/*.[1-9] README.md
#
# srcdir and builddir are the top directories of the source and of the build.
#
# A command of a page is
#	$ command		a line of a literal display (.Bd -literal)
#	.Dl $ command
#	.\" $ command		a comment: run, but not shown to the reader
# and of README.md a line "$ ./retort ..." in a block that begins with ```sh.
# It goes on on the next line after a backslash at the end of a line, and
# after <<'END' up to the line END. The commands of one file run in order in
# one temporary directory; where they say /usr/local/share/retort they get a
# copy of this tree's data.
#
# Its exit status has to be 0, or what the line before it says:
#	.\" exit 1		in README.md: <!-- exit 1 --> before the block
#
# The lines below it, up to the next command or the end of the display, are
# its output, standard error included; where there are none, none is compared.
# Lines are compared word by word, so that a page may fold them, and
#	...			stands for any words
#	2 digits or more	are all the same number: ports, sequence numbers
#				But sequence numbers, of 8 digits or more, that
#				differ by less than 2000 have to differ so
#	---, ===		are of any length: arrows of ladders
#	wscale D, in D.DD s	are all the same, and so are
#	D.DD ms			and
#	Linux V,		the versions of the kernel
# A line "kernel REASON" of a report, which not everybody sees, is not compared.
#
#	.\" world		a page's commands run in the world of
#				tests/bench/world.sh, on its host A; in_R and
#				in_B COMMAND run one there, and $builddir is set
#
# A command that names tcpdump, jq or prove is skipped where that is missing,
# and so is what needs the bench where there are no private namespaces or no
# IPv6, and all of a page whose world is impossible.
tmp=
if [ "${1-}" = --world ]; then
	# shellcheck source=tests/bench/world.sh
	. "${srcdir:-.}/tests/bench/world.sh"
	world_start
	world_commands
	! command -v tcpdump >/dev/null || world_reader
	shift
fi
set -u

srcdir=$(cd "${srcdir:-.}" && pwd) || exit 99
builddir=$(cd "${builddir:-.}" && pwd) || exit 99
failed=0 passed=0 skipped=0

if [ ! -x "$builddir/retort" ]; then
	echo "$builddir/retort is not built" >&2
	exit 99
fi
[ -n "$tmp" ] || tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM

# Write the commands of a file to $1/NNN.cmd, its output to $1/NNN.out, and
# the line it stands on and its exit status to $1/NNN.at.
extract() {
	mkdir "$1" || exit 99
	awk -v dir="$1" -v readme="$(case $2 in *.md) echo 1 ;; esac)" '
	function plain(s) {
		if (!readme) {
			gsub(/\\\(aq/, sprintf("%c", 39), s)
			gsub(/\\\(dq/, "\"", s)
			gsub(/\\-/, "-", s)
			gsub(/\\&/, "", s)
			gsub(/\\e/, "\\", s)
		}
		return s
	}
	function command(s) {
		close(cmd)
		close(out)
		cmd = sprintf("%s/%03d.cmd", dir, ++n)
		out = sprintf("%s/%03d.out", dir, n)
		at = sprintf("%s/%03d.at", dir, n)
		print NR, want > at
		close(at)
		printf "" > out
		want = 0
		more(s)
	}
	function more(s) {
		s = plain(s)
		print s > cmd
		if (s ~ /<<.END.$/)
			going = "here"
		else if (going != "here" || s == "END")
			going = s ~ /\\$/ ? "line" : ""
	}
	BEGIN { want = 0 }
	readme && /^<!-- exit [0-9]+ -->$/ { want = $3; next }
	readme && /^```/ { display = $0 == "```sh"; taking = 0; next }
	!readme && /^\.\\" exit [0-9]+$/ { want = $3; next }
	!readme && /^\.\\" \$ / { command(substr($0, 7)); taking = 1; next }
	!readme && /^\.\\"/ { next }
	!readme && /^\.Dl \$ / { command(substr($0, 7)); taking = 0; next }
	!readme && /^\.Bd .*-literal/ { display = 1; next }
	!readme && /^\.Ed/ { display = taking = 0; next }
	!display { next }
	going != "" { more($0); next }
	readme && /^\$ / && !/^\$ \.\/retort / { taking = 0; next }
	/^\$ / { command(substr($0, 3)); taking = 1; next }
	taking { print plain($0) > out }
	' "$2" || exit 99
}

# The words of the output in $1, one a line, with most of what differs from run
# to run made the same.
words() {
	sed -e '/^reading from file .*link-type/d' \
		-e '/^Warning: setgid.setuid failed/d' \
		-e '/^ *kernel  *[A-Z0-9_]*$/d' -e '/^ *kernel  *not said$/d' \
		-e 's/^Linux [^ ,]*\([ ,]\)/Linux V\1/' \
		-e 's/wscale [0-9]*/wscale N/g' \
		-e 's/in [0-9]*\.[0-9][0-9] s$/in T s/' \
		-e 's/[0-9]*\.[0-9][0-9] ms/T ms/' "$1" |
		awk '{ for (i = 1; i <= NF; i++) print $i }'
}

# Do the words of file $1, the page, match those of $2? "..." matches any
# words, and a number any other; but see above. Where they do not, say why.
match() {
	awk '
	function masked(s) {
		gsub(/[0-9][0-9]+/, "N", s)
		gsub(/--+/, "--", s)
		gsub(/==+/, "==", s)
		return s
	}
	# the sequence numbers in a word
	function numbers(s, to,		n) {
		for (n = 0; match(s, /[0-9]+/); s = substr(s, RSTART + RLENGTH))
			if (RLENGTH >= 8)
				to[++n] = substr(s, RSTART, RLENGTH)
		return n
	}
	# Is the number as far from one before it as on the page?
	function related(page, came,	i) {
		for (i = 1; i <= nbound; i++)
			if (page - shown[i] < 2000 && shown[i] - page < 2000)
				return came - seen[i] == page - shown[i]
		shown[++nbound] = page
		seen[nbound] = came
		return 1
	}
	function relate(page, came,	n, k) {
		n = numbers(page, p)
		if (numbers(came, c) == n)
			for (k = 1; k <= n; k++)
				if (!related(p[k], c[k])) {
					print "not as far from those near it: " p[k]
					exit 1
				}
	}
	NR == FNR { want[++n] = $0; next }
	{ have[++m] = $0 }
	END {
		for (i = j = 1; j <= m;) {
			if (i <= n && want[i] == "...") {
				star = i++
				mark = j
			} else if (i <= n && masked(want[i]) == masked(have[j])) {
				at[i++] = j++
			} else if (star) {
				i = star + 1
				j = ++mark
			} else {
				exit 1
			}
		}
		while (i <= n && want[i] == "...")
			i++
		if (i <= n)
			exit 1
		for (i = 1; i <= n; i++)
			if (want[i] != "...")
				relate(want[i], have[at[i]])
	}' "$1" "$2"
}

# Why a command cannot run here, or nothing.
missing() {
	for program in tcpdump jq prove; do
		if grep -qw "$program" "$1" && ! command -v "$program" >/dev/null
		then
			echo "$program is not installed"
			return
		fi
	done
	if [ "$no_bench" = 1 ] && grep -qw -e 'retort check' \
		-e 'retort lab' -e 'retort run' -e tcpdump "$1"
	then
		echo "no bench with IPv6"
	fi
}

# Run the command $1.cmd of the page $2.
run() {
	read -r line want <"$1.at"
	name="$2:$line: $(head -n 1 "$1.cmd")"
	why=$(missing "$1.cmd")
	if [ -n "$why" ]; then
		echo "skipped $name ($why)"
		skipped=$((skipped + 1))
		return
	fi
	sed "s|/usr/local/share/retort|$tmp/share|g" "$1.cmd" >"$1.sh"
	(cd "$tmp/here" && exec sh "$1.sh") </dev/null >"$1.observed" 2>&1
	rc=$?
	words "$1.out" >"$1.words"
	words "$1.observed" >"$1.observed-words"
	if [ "$rc" -ne "$want" ]; then
		echo "FAILED $name: exit status $rc, the page says $want"
	elif [ -s "$1.words" ] && ! match "$1.words" "$1.observed-words"; then
		echo "FAILED $name: the page shows"
		cat "$1.out"
	else
		echo "ok $name"
		passed=$((passed + 1))
		return
	fi
	echo "---- and its output is"
	cat "$1.observed"
	echo "----"
	failed=$((failed + 1))
}

# Run all of a file that wants the world, in the world.
run_there() {
	srcdir=$srcdir builddir=$builddir sh "$0" --world "$1"
	case $? in
	0) passed=$((passed + 1)) ;;
	77) skipped=$((skipped + 1)) ;;
	*) failed=$((failed + 1)) ;;
	esac
}

# Run all of a file.
run_file() {
	extract "$tmp/commands" "$1"
	mkdir "$tmp/here" || exit 99
	ln -s "$builddir/retort" "$tmp/here/retort"
	for cmd in "$tmp"/commands/*.cmd; do
		if [ -e "$cmd" ]; then
			run "${cmd%.cmd}" "${1#"$srcdir/"}"
		else
			echo "FAILED ${1#"$srcdir/"}: no example found"
			failed=$((failed + 1))
		fi
	done
	rm -rf "$tmp/commands" "$tmp/here"
}

# the source may be read-only, and then a copy of it would be, too
cp -R "$srcdir/data" "$tmp/share" && chmod -R u+w "$tmp/share" || exit 99
mkdir -p "$tmp/bin" && ln -s "$builddir/retort" "$tmp/bin/retort" || exit 99
PATH=$tmp/bin:$PATH
export PATH builddir
unset RETORT_DATA
# of a narrow or coloured terminal, and of another language, nothing is known
# here
unset COLUMNS NO_COLOR LANGUAGE
LC_ALL=C.UTF-8
export LC_ALL

no_bench=0
retort check -q article/closed-port/ip6 >"$tmp/probe" 2>&1
case $? in
3 | 77)
	no_bench=1
	cat "$tmp/probe"
	;;
esac

[ $# -gt 0 ] || set -- "$srcdir"/man/*.[1-9] "$srcdir/README.md"
for file; do
	if [ -z "${world_inside-}" ] && grep -q '^\.\\" world$' "$file"; then
		run_there "$file"
	else
		run_file "$file"
	fi
done
echo "$passed examples as they stand, $failed not, $skipped skipped"
[ "$failed" -eq 0 ] || exit 1
[ "$passed" -gt 0 ] || exit 77
