#!/bin/sh
# `retort lab` speaks the user's language, whether or not the locale is
# installed, and says nothing different in it.

# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"
unset LC_ALL LC_MESSAGES LC_CTYPE LANG LANGUAGE RETORT_DATA COLUMNS

utf8='env LC_ALL=C.UTF-8'
english='Closed port: a SYN where nobody listens'
chinese='关闭的端口：发往无人监听之处的 SYN'

# list TEXT NAME=VALUE...: with this in the environment the list has this title.
list() {
	text=$1
	shift
	env "$@" "$retort" lab --list >"$tmp/out" 2>"$tmp/err" ||
		fail "$*: exit $?: $(cat "$tmp/err")"
	grep -q "^closed-port  *$text\$" "$tmp/out" ||
		fail "$*: $(grep '^closed-port' "$tmp/out")"
}

list "$chinese" LANG=zh_CN.UTF-8
list "$chinese" LC_ALL=zh_CN.utf8 LANG=C
list "$chinese" LC_MESSAGES=zh_CN.UTF-8 LANG=en_US.UTF-8
list "$chinese" LANG=en_US.UTF-8 LANGUAGE=zh_CN
list "$english" LANG=zh_CN.GB18030
list "$english" LANG=zh_TW.UTF-8
list "$english" LANG=zh_CN.UTF-8 LC_ALL=C
list "$english" LANG=POSIX
list "$english" LANG=
list "$english" LANG=C.UTF-8
LC_ALL=C grep '[^ -~]' "$tmp/out" && fail 'English is not all ASCII'

# with other data, without a catalogue, and with a broken one
mkdir -p "$tmp/data/rules" "$tmp/data/labs" "$tmp/here" || exit 99
mo=locale/zh_CN/LC_MESSAGES/retort.mo
cp "$data"/rules/*.rules "$tmp/data/rules"
cp "$data"/labs/closed-port.lab "$tmp/data/labs"
list "$english" LANG=zh_CN.UTF-8 RETORT_DATA="$tmp/data"
mkdir -p "$(dirname "$tmp/data/$mo")"
cat "$builddir/data/$mo" >"$tmp/data/$mo"
list "$chinese" LANG=zh_CN.UTF-8 RETORT_DATA="$tmp/data"
head -c 3000 "$builddir/data/$mo" >"$tmp/data/$mo"
list "$english" LANG=zh_CN.UTF-8 RETORT_DATA="$tmp/data"

export LANG=zh_CN.UTF-8
expect 2 "^retort: .*'nonesuch'" lab nonesuch
need_bench

# What is not said by people: segments without what varies, states, calls,
# commands, rules and numbers.
facts() {
	$utf8 sed -n -e 's/^\(  \|> \)[0-9.]* IP/IP/p' \
		-e 's/^      Flags/Flags/p' \
		-e 's/^    retort /retort /p' -e 's/.*  \(<SEQ=\)/\1/p' \
		-e 's/^  [^ ]*  \([a-z].*[(3]\)/call \1/p' \
		-e 's/.*[│|].*\(\[.*\) [─═>=-].*/ladder \1/p' "$1" |
		sed 's/192\.0\.2\.1\.[0-9]*/client/g'
}

# Columns before the last upright line of each row of a ladder, once each.
rails() {
	$utf8 sed -n 's/\([│┤|]\)[^│┤|]*$/\1/p' "$1" |
		while IFS= read -r row; do
			printf '%s\n' "$row" | $utf8 wc -L
		done | sort -u
}

for columns in 60 80; do
	LANG=C.UTF-8 "$retort" lab closed-port --columns $columns \
		>"$tmp/english" || fail "in English: exit $?"
	run lab closed-port --columns $columns
	[ "$rc" -eq 0 ] || fail "in Chinese: exit $rc: $(cat "$tmp/err")"
	[ "$($utf8 wc -L <"$tmp/out")" -le $columns ] ||
		fail "$columns columns: lines are longer"
	for text in "$chinese" 将会发生什么 学到了什么 客户端 与预想一致; do
		grep -q "$text" "$tmp/out" || fail "nothing says $text"
	done
	facts "$tmp/english" >"$tmp/facts"
	[ "$(wc -l <"$tmp/facts")" -ge 12 ] || fail 'too few facts to compare'
	facts "$tmp/out" | diff "$tmp/facts" - ||
		fail "$columns columns: English and Chinese differ"
	rails "$tmp/out" >"$tmp/rails"
	[ "$(wc -l <"$tmp/rails")" -eq 1 ] ||
		fail "$columns columns: the ladder's lines are not upright"
done
finish
