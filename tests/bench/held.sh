#!/bin/sh
# A run that is held in its middle, by a reader that does not read: neither
# process has a capability left but the driver's CAP_NET_ADMIN, for sysctls of
# its namespace, and a driver that hangs dies with the other.
. "${srcdir:-.}/tests/bench/lib.sh"
need_bench

mkfifo "$tmp/fifo"
# shellcheck disable=SC2217 # it only holds the pipe open
sleep 30 <"$tmp/fifo" &
reader=$!
"$retort" check >"$tmp/fifo" 2>/dev/null &
pid=$!
# it is held when the pipe is full and so it sleeps
for _ in 1 2 3 4 5 6 7 8 9 10; do
	sleep 0.2
	driver=$(pgrep -P "$pid")
	grep -q '^State:.S' "/proc/$pid/status" && break
done
for p in "$pid" "$driver"; do
	for set in CapInh CapPrm CapEff CapAmb; do
		left='0*'
		case $p-$set in
		"$driver-CapPrm" | "$driver-CapEff") left='0*1000' ;;
		esac
		grep -q "^$set:[[:space:]]*$left$" "/proc/$p/status" ||
			fail "$(grep "^$set" "/proc/$p/status") of $p"
	done
	grep -q '^NoNewPrivs:[[:space:]]*1$' "/proc/$p/status" ||
		fail "no_new_privs is not set for $p"
done
[ "$(readlink "/proc/$pid/ns/net")" != "$(readlink "/proc/$driver/ns/net")" ] ||
	fail "peer and stack share a network namespace"

kill -STOP "$driver"
kill -KILL "$pid"
wait "$pid" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ -d "/proc/$driver" ] || break
	sleep 0.2
done
[ ! -d "/proc/$driver" ] || fail "the driver outlives what started it"
kill "$reader"
finish
