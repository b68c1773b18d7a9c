#!/bin/sh
# gVisor under the whole suite, twice, with the same verdicts, and nothing left
# when the tool is killed.
. "${srcdir:-.}/tests/bench/lib.sh"
run check --target gvisor article/closed-port
case $rc in
3 | 77)
	cat "$tmp/err"
	echo SKIP
	exit 77
	;;
esac

rest() {
	pgrep -f "^retort-gvisor [0-9]* peer " | while read -r pid; do
		[ "$(readlink "/proc/$pid/exe")" != "$builddir/retort-gvisor" ] ||
			echo "$pid"
	done
}
nothing_is_left() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ -z "$(rest)" ] && return
		sleep 0.3
	done
	fail "left after $*: $(rest)"
}

"$retort" check --target gvisor >"$tmp/1" 2>"$tmp/err1" &
pid=$!
for _ in $(seq 100); do
	[ ! -s "$tmp/1" ] || break
	sleep 0.1
done
[ -n "$(rest)" ] || fail "its program is not seen while it runs"
run check --target gvisor
mv "$tmp/out" "$tmp/2"
wait $pid
rc1=$?
[ "$rc1" -eq "$rc" ] || fail "the exit codes are $rc1 and $rc"
[ "$rc" -eq 0 ] || fail "exit $rc: $(tail -n 1 "$tmp/2")"
[ ! -s "$tmp/err" ] || fail "stderr '$(cat "$tmp/err")'"
head -n 1 "$tmp/2" | grep -q '^gvisor 20[0-9]*, [0-9]* cases' ||
	fail "its name is '$(head -n 1 "$tmp/2")'"
for i in 1 2; do
	grep -v '^ ' "$tmp/$i" | sed 's/, in [0-9.]* s$//' >"$tmp/verdicts$i"
done
diff "$tmp/verdicts1" "$tmp/verdicts2" || fail "not the same verdicts twice"
! grep '^INCONCLUSIVE' "$tmp/2" || fail "these are inconclusive"
for what in ' 3[0-9][0-9][0-9] pass' ' [0-9][0-9][0-9] deviation' ' 0 fail'; do
	tail -n 1 "$tmp/2" | grep -q -e "$what" ||
		fail "no '$what' in '$(tail -n 1 "$tmp/2")'"
done
# what would be the end of the whole stack is survived
grep -q '^DEVIATION *abort/linger-0/syn-received-simultaneous' "$tmp/2" ||
	fail "close() after crossed SYNs: $(grep linger-0/syn- "$tmp/2")"
nothing_is_left "the suite"

for after in 0.02 0.1 0.5 1; do
	"$retort" check --target gvisor >/dev/null 2>&1 &
	pid=$!
	sleep $after
	kill -9 $pid
	wait $pid 2>/dev/null
	nothing_is_left "kill -9 after $after s"
done
finish
