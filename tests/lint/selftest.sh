#!/bin/sh
# A lint that cannot fail is worth nothing: break every rule in a copy of the
# tree, and see each lint name the place.
set -u
if [ "${SUITES-}" = once ]; then
	echo "SKIP: SUITES=once: the sources are the same"
	exit 77
fi
top=$(cd "${srcdir:-.}" && pwd) || exit 99
built=$(cd "${builddir:-.}" && pwd) || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
failed=0

cd "$tmp" || exit 99
for file in src tests data man .clang-format quickstart; do
	cp -R "$top/$file" . || exit 99
done
chmod -R u+w .
mkdir build
[ ! -x "$built/retort" ] || cp "$built/retort" build/

# Expect that the next lint complains of a line of a file, with such a text.
expect() {
	echo "^$1:$2:.*$3" >>expected
}

# Add a line to a file, and expect a complaint of it.
spoil() {
	printf '%s\n' "$2" >>"$1"
	expect "$1" "$(($(wc -l <"$1")))" "${3-}"
}

# Run a lint and look for what is expected of it.
run() {
	srcdir=. builddir=build "$top/tests/lint/$1" >output 2>&1
	case $? in
	1)
		while read -r pattern; do
			grep -q -e "$pattern" output ||
			    echo "$1 has no complaint like $pattern"
		done <expected >missed
		;;
	77)
		echo "$1 $(cat output)"
		: >missed
		;;
	*)
		{
			echo "$1 did not exit with 1:"
			cat output
		} >missed
		;;
	esac
	if [ -s missed ]; then
		failed=1
		cat missed
	fi
	: >expected
}

spoil src/base/buf.c '#include "tcp/seq.h"' 'must not include'
spoil src/craft/craft.c '#include "sniff/sniff.h"' 'must not include'
spoil src/match/exchange.h '#include "judge/judge.h"' 'must not include'
spoil src/rules/grammar.y '#include "run/data.h"' 'must not include'
spoil src/cmd/check.c '#include "craft/craft.h"' 'must not include'
spoil src/cmd/check.c '#include "cmd.h"' 'names no folder'
spoil src/run/suite.c '#include <tcp/seq.h>' 'in quotes'
for header in libnet.h pcap.h pcap/pcap.h libmnl/libmnl.h sched.h \
    linux/rtnetlink.h linux/sock_diag.h linux/perf_event.h jansson.h; do
	spoil src/run/suite.c "#include <$header>" 'must not include'
done
for header in sys/socket.h linux/tcp.h net/if.h time.h unistd.h fcntl.h; do
	spoil src/judge/judge.c "#include <$header>" 'is pure'
done
spoil src/tcp/tcb.c '#include "base/clock.h"' 'is pure'
spoil src/rules/scanner.l 'FILE *f;' 'is pure'
for call in 'fopen("", "")' 'clock_gettime(0, &t)' 'fork()' 'socket (1, 1)'; do
	spoil src/match/exchange.c "	x = $call;" 'is pure'
done
for call in 'exit(1)' 'printf("")' 'puts("")' 'err(1, "")' 'errx(1, "")' \
    'fputs("", stdout)' 'unshare(0)'; do
	spoil src/run/suite.c "	$call;" 'must not use'
done
mkdir src/extra
spoil src/extra/extra.c 'int extra;' 'no row'
run dependencies.sh

spoil src/base/buf.c 'int f(void) {  return 1; }'
spoil tests/unit/spoilt.h 'int  f(void);'
run format.sh

spoil man/spoilt.1 '.Zz' 'skipping unknown macro'
{
	printf '.Dd today\n.Dt WIDE 1\n.Os\n.Sh NAME\n.Nm wide\n.Nd wide\n'
	printf '.Sh DESCRIPTION\n.Bd -literal\n%076d\n.Ed\n' 0
} >man/wide.1
expect man/wide.1 1 '81 columns'
run man.sh

{
	echo 'int variable, value = 1;'
	echo 'static int *pointers[] = { &variable, 0 };'
	echo 'int'
	echo 'f(void)'
	echo '{'
	echo '	static __thread int counter;'
	yes '	counter++;' | head -n 400
	echo '	return counter + **pointers + value;'
	echo '}'
} >src/base/long.c
# CC may have options
# shellcheck disable=SC2086
${CC:-cc} -c -o build/long.o src/base/long.c && ar cr build/libretort.a \
    build/long.o || exit 99
expect src/base/long.c 1 'variable can'
expect src/base/long.c 1 'value can'
expect src/base/long.c 2 'pointers can'
expect src/base/long.c 5 'a function of 404'
expect src/base/long.c 6 'counter can'
expect src/base/long.c 401 'a file of 408'
run sizes.sh

for file in src/rules/expr.c tests/unit/spoilt.c data/spoilt.rules; do
	for word in "TO""DO" "FIX""ME" "X""XX"; do
		spoil "$file" "/* $word: more */"
	done
	spoil "$file" 'int	' 'white space'
done
spoil quickstart 'true ' 'white space'
expect src/base/long.c 1 'not in src/local.mk'
run words.sh

mkdir -p data/labs
echo 'note "Nobody
has said it." # "nor this"' >data/labs/spoilt.lab
expect data/labs/spoilt.lab 1 'not in data/po/zh_CN.po: "Nobody has said it."'
spoil src/rules/expr.c 'char *s = TR_N("Two " "parts."), *t = tr("%d");' \
    'not in data/po/zh_CN.po: "Two parts."'
po=data/po/zh_CN.po
sed -i 's/（MUST-66）/（MUST-67）/' $po
cat >>$po <<'END'

msgid "Two parts."
msgstr ""

#, fuzzy
msgid "%d"
msgstr "%d"

#, c-format
msgid "%s"
msgstr "%u"

#~ msgid "Old."
#~ msgstr ""
END
lines=$(wc -l <$po)
expect src/rules/expr.c '[0-9]*' 'not in data/po/zh_CN.po: "%d"'
expect $po 1 'without MUST-66: .*'
expect $po 1 'with MUST-67 too many: .*'
expect $po $((lines - 3)) 'format specifications'
expect $po 1 'is in no lesson: "%s"'
expect $po $((lines - 1)) 'not in use'
run texts.sh

cat >data/labs/spoilt.lab <<'END'
lesson other
order 5
option how close of close linger "how it ends"
vary "It ends." how=close
command "frobnicate 192.0.2.7"
	"It frobnicates."
command "retort explain --causes frobnication
	x.pcap" "It explains."
command "sudo retort probe --frob 192.0.2.7" "It probes."
END
expect data/labs/spoilt.lab 1 'is called other'
expect data/labs/spoilt.lab 1 'no ask'
expect data/labs/spoilt.lab 1 'fewer than two'
expect data/labs/spoilt.lab 2 'this order'
expect data/labs/spoilt.lab 4 'how=close is no variation'
expect data/labs/spoilt.lab 5 'no command begins so'
if [ -x build/retort ]; then
	expect data/labs/spoilt.lab 7 'no cause called frobnication'
	expect data/labs/spoilt.lab 9 'no option --frob'
	expect data/labs/spoilt.lab 9 'does not take 1 words'
fi
run labs.sh

# the slow two see little beside what is spoilt
find src -name '*.h' -exec rm -f {} +
find tests -name '*.sh' ! -name lib.sh -exec rm -f {} +

spoil src/base/lonely.h 'size_t lonely(void);'
expect src/base/lonely.h 1 'does not compile'
expect src/base/lonely.h 1 'the guard RETORT_LONELY_H'
spoil src/base/twice.h 'enum { TWICE };'
expect src/base/twice.h 1 'does not compile'
spoil src/base/twin.h 'int twin;'
spoil src/tcp/twin.h 'int twin;' 'same guard'
run headers.sh

echo '#!/bin/sh' >tests/golden/spoilt.sh
# shellcheck disable=SC2016
for file in quickstart tests/golden/spoilt.sh; do
	spoil "$file" 'echo $1' 'Double quote'
done
run shell.sh
exit $failed
