#!/bin/sh
# User Mode Linux under the whole suite, twice (with SUITES=once, once), with
# the same verdicts; kernels that do not come up; and what is left when the tool
# is killed: nothing. In a process namespace of its own, where everything that
# is seen is ours; without one, only its own processes are looked at.
if [ -z "$alone" ] && unshare -rpf --mount-proc true 2>/dev/null; then
	alone=yes
	export alone
	exec unshare -rpf --mount-proc sh "$0"
fi
. "${srcdir:-.}/tests/bench/lib.sh"
run check --target uml article/closed-port
case $rc in
3 | 77)
	cat "$tmp/err"
	echo SKIP
	exit 77
	;;
esac

own=$(readlink /proc/self/ns/net)
rest() {
	pgrep -f "linux[.]uml.*$builddir/retort-uml-init"
	[ -z "$alone" ] || for p in /proc/[0-9]*/ns/net; do
		readlink "$p"
	done 2>/dev/null | grep -v -F "$own"
	grep -e '^ *peer:' /proc/net/dev
}
# the kernel ends processes and namespaces a moment later
nothing_is_left() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ -z "$(rest)" ] && return
		sleep 0.3
	done
	fail "left after $*: $(rest)"
}

# Until the case that runs in the background has said something, for 20 s.
begun() {
	for _ in $(seq 200); do
		[ ! -s "$1" ] || return
		sleep 0.1
	done
}

# ---- the whole, twice ----

if once; then
	run check --target uml
	cp "$tmp/out" "$tmp/1"
else
	"$retort" check --target uml >"$tmp/1" 2>"$tmp/err1" &
	# two kernels that start at once may be slow
	begun "$tmp/1"
	run check --target uml
	wait $! || [ $? -eq "$rc" ] || fail "the exit codes are $? and $rc"
fi
mv "$tmp/out" "$tmp/2"
[ "$rc" -eq 0 ] || fail "exit $rc: $(tail -n 1 "$tmp/2")"
[ ! -s "$tmp/err" ] || fail "stderr '$(cat "$tmp/err")'"
head -n 1 "$tmp/2" | grep -q '^linux [0-9.]*, [0-9]* cases' ||
	fail "its name is '$(head -n 1 "$tmp/2")'"
for i in 1 2; do
	grep -v '^ ' "$tmp/$i" | sed 's/, in [0-9.]* s$//' >"$tmp/verdicts$i"
done
diff "$tmp/verdicts1" "$tmp/verdicts2" || fail "not the same verdicts twice"
! grep '^INCONCLUSIVE' "$tmp/2" || fail "these are inconclusive"
for what in ' 3[0-9][0-9][0-9] pass' ' 3[0-9][0-9] deviation' ' 0 fail'; do
	tail -n 1 "$tmp/2" | grep -q -e "$what" ||
		fail "no '$what' in '$(tail -n 1 "$tmp/2")'"
done
nothing_is_left "the suite"

# ---- kernels that do not come up ----

# kernel NAME: it stands where the real one is looked for; its text is stdin
kernel() {
	mkdir "$tmp/$1"
	cat >"$tmp/$1/linux.uml"
	chmod +x "$tmp/$1/linux.uml"
	PATH=$tmp/$1:$PATH
}
path=$PATH
kernel panics <<-'EOF'
	#!/bin/sh
	echo 'Linux version 6.1.176'
	echo 'Kernel panic - not syncing: Requested init failed (error -2).'
	echo ' [<6002c0ae>] new_thread_handler+0x7f/0xb0'
EOF
expect 3 'linux.uml has ended: Kernel panic - not syncing: Requested init' \
    check --target uml
PATH=$path
kernel 'ends' <<-'EOF'
	#!/bin/sh
	printf 'Checking PROT_EXEC mmap in /tmp...Operation not\033 permitted'
EOF
expect 3 'has ended: Checking PROT_EXEC mmap in /tmp...Operation not.*permit' \
    check --target uml
! grep -q "$(printf '\033')" "$tmp/err" || fail "an escape came through"
PATH=$path
kernel silent <<-'EOF'
	#!/bin/sh
EOF
expect 3 'linux.uml has ended: it said nothing' check --target uml
PATH=$path
kernel hangs <<-'EOF'
	#!/bin/sh
	echo 'Linux version 6.1.176 hangs retort-uml-init'
	exec sleep 60
EOF
expect 3 'not ready within 10 seconds' check --target uml
PATH=$path
nothing_is_left "kernels that do not come up"

# ---- killed ----

for after in 0.05 0.15 0.3 0.6 1 1.5; do
	"$retort" check --target uml >/dev/null 2>&1 &
	pid=$!
	sleep $after
	kill -9 $pid
	wait $pid 2>/dev/null
	nothing_is_left "kill -9 after $after s"
done

# its kernel ends in the middle: the cases after that are not judged
"$retort" check --target uml >"$tmp/out" 2>"$tmp/err" &
pid=$!
begun "$tmp/out"
kernel=$(pgrep -o -P "$(pgrep -P $pid)")
kill -9 "$kernel" || fail "no kernel to kill"
wait $pid
rc=$?
case $rc in
3 | 4) ;;
*) fail "exit $rc when its kernel ends" ;;
esac
grep -q '^retort: uml is gone' "$tmp/err" ||
	fail "its kernel ended: '$(cat "$tmp/err")'"
nothing_is_left "the end of its kernel"
finish
