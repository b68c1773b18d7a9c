#!/bin/sh
# slirp4netns and passt, which run beside the bench, are held to the whole
# suite: what fails is known, a second run says the same, and nothing remains,
# neither after the end nor after kill -9. In a process namespace of its own,
# where everything that is seen is ours.
if [ -z "$alone" ] && unshare -rpf --mount-proc true 2>/dev/null; then
	alone=yes
	export alone
	exec unshare -rpf --mount-proc sh "$0"
fi
# shellcheck source=tests/bench/lib.sh
. "${srcdir:-.}/tests/bench/lib.sh"

own=$(readlink /proc/self/ns/net)
rest() {
	pgrep -x slirp4netns
	pgrep -x pasta
	pgrep -x passt.avx2
	[ -z "$alone" ] || for p in /proc/[0-9]*/ns/net; do
		readlink "$p"
	done 2>/dev/null | grep -v -F "$own"
	grep -e '^ *peer:' /proc/net/dev
	grep -e ' /mnt ' /proc/self/mounts
}
before=$(rest)

# the kernel ends processes and namespaces a moment later
nothing_is_left() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(rest)" = "$before" ] && return
		sleep 0.3
	done
	fail "left after $*: $(rest)"
}

verdicts() {
	awk '/^[A-Z]+ / { print $2, $1 }' "$tmp/out" | sort
}

# at_least VERDICT N: so many cases have it.
at_least() {
	n=$(grep -c "^$1 " "$tmp/out")
	[ "$n" -ge "$2" ] || fail "$stack: $n $1, not $2"
}

# suite RC: twice, with this exit code; with SUITES=once, once.
suite() {
	began=$(date +%s)
	expect "$1" '' check --target "$stack"
	took=$(($(date +%s) - began))
	# half a minute, and much more on a machine that is busy
	[ "$took" -le 120 ] || fail "$stack: $took seconds"
	grep -e '^INCONCLUSIVE' -e '^ERROR' -e '^note:' "$tmp/out" &&
		fail "$stack: there is something open"
	verdicts >"$tmp/first"
	nothing_is_left "$stack"
	once || expect "$1" '' check --target "$stack"
	verdicts >"$tmp/second"
	diff "$tmp/first" "$tmp/second" >"$tmp/diff" ||
		fail "$stack, twice: $(head -n 5 "$tmp/diff")"
	tail -n 1 "$tmp/out"
}

# At several moments, the first before the stack is there.
killed() {
	for moment in 0.01 0.03 0.06 0.1 0.5 1; do
		"$retort" check --target "$stack" >/dev/null 2>&1 &
		pid=$!
		sleep "$moment"
		kill -9 "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
		nothing_is_left "kill -9 of $stack after $moment s"
	done
}

# There, but no such program: it ends at once, or never gets ready.
broken() {
	mkdir "$tmp/$2"
	printf '#!/bin/sh\n%s\n' "$1" >"$tmp/$2/$program"
	chmod +x "$tmp/$2/$program"
	was=$PATH
	PATH=$tmp/$2:$PATH
	expect 3 "$program does not start" check --target "$stack"
	PATH=$was
	nothing_is_left "$program that does '$1'"
}

ran=
for stack in slirp4netns passt; do
	program=$stack
	[ "$stack" != passt ] || program=pasta
	run check --target "$stack" article/closed-port
	case $rc in
	3 | 77)
		cat "$tmp/err"
		continue
		;;
	esac
	ran=$stack
	nothing_is_left "one case of $stack"
	killed
	broken 'exit 1' "$stack-ends"
	if [ "$stack" = slirp4netns ]; then
		suite 0
		at_least PASS 1900
		at_least DEVIATION 1850
		for known in rst-answered fin-again; do
			grep -q "^known deviation slirp4netns/$known: " \
				"$tmp/out" || fail "$known is not reported"
		done
	else
		suite 1
		at_least PASS 1850
		at_least DEVIATION 1850
		grep -q '^known deviation passt/refused: ' "$tmp/out" ||
			fail "passt/refused is not reported"
		# the ACKs that come twice, the text that comes again
		grep '^FAIL ' "$tmp/out" | grep -v -e ' seq/beyond/' \
			-e ' seq/last/' -e '/gap' -e ' ack/new/close-wait' \
			-e ' ack/part/close-wait' && fail "passt fails elsewhere"
	fi
done
[ -n "$ran" ] || { echo SKIP; exit 77; }

# ---- what is missing ----
mkdir "$tmp/none"
for stack in slirp4netns passt; do
	PATH=$tmp/none "$retort" check --target "$stack" >"$tmp/out" 2>"$tmp/err"
	grep -q "is not installed: apt-get install $stack$" "$tmp/err" ||
		fail "$stack that is missing: $(cat "$tmp/err")"
done
finish
