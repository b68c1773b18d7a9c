#!/bin/sh
# shellcheck disable=SC2086 # $options are words
# Whatever stack sits at the other end of a device is held to the same rules
# with the same verdicts as on the private bench, though no kernel here knows
# of any address or route there.
# shellcheck source=tests/bench/world.sh
. "${srcdir:-.}/tests/bench/world.sh"

need_bench
world_start_pair
ip addr flush dev near || exit 99

# start PROGRAM ARG...: something that says a line when it is there, and lives
# as long as this script.
start() {
	# a new one each time: those before have theirs open
	mkfifo "$tmp/there"
	setpriv --pdeathsig KILL "$@" >"$tmp/there" 2>"$tmp/why" &
	line=
	read -r line <"$tmp/there"
	rm "$tmp/there"
	[ -n "$line" ]
}
start nsenter --net="/proc/$world_B/ns/net" "$builddir/tests/bench/user" \
	hold 192.0.2.2 6000 || exit 99
start nsenter --net="/proc/$world_B/ns/net" "$builddir/tests/bench/user" \
	hold 2001:db8:1::2 6000 || exit 99

verdicts() {
	awk '/^[A-Z]+ / && $1 != "SKIP" { print $2, $1 }' "$tmp/out" | sort
}

# same LEAST: as in target.sh
same() {
	verdicts >"$tmp/there.v"
	[ "$(wc -l <"$tmp/there.v")" -ge "$1" ] ||
		fail "$(wc -l <"$tmp/there.v") cases ran, not $1"
	join "$tmp/here.v" "$tmp/there.v" | awk '$2 != $3' >"$tmp/others"
	[ ! -s "$tmp/others" ] ||
		fail "here, there: $(head -n 5 "$tmp/others")"
	tail -n 1 "$tmp/out"
}
expect 0 '' check
verdicts >"$tmp/here.v"

# ---- veth ----
options='--source 192.0.2.77 --closed-port 6009'
expect 0 '' check --target veth:near,192.0.2.2:6000 $options
same 1300
head -n 1 "$tmp/out" | grep -q "^192.0.2.2:6000 taken for Linux " ||
	fail "head: $(head -n 1 "$tmp/out")"
expect 0 '' check --target 'veth:near,[2001:db8:1::2]:6000' \
	--source 2001:db8:1::77 --closed-port 6009 article rst syn seq nmap
same 40

# ---- TAP ----
if start "$builddir/tests/bench/cable" tap0 "$world_B" tap1; then
	ip link set tap0 up
	in_B ip addr add 203.0.113.2/24 dev tap1
	in_B ip link set tap1 up
	start nsenter --net="/proc/$world_B/ns/net" \
		"$builddir/tests/bench/user" hold 203.0.113.2 6000 || exit 99
	expect 0 '' check --target tap:tap0,203.0.113.2:6000 \
		--source 203.0.113.77 --closed-port 6009
	same 1300
else
	echo "no TAP device here: $(cat "$tmp/why")"
fi

# ---- what cannot be ----
expect 2 'take --source' check --target veth:near,192.0.2.2:6000
expect 2 'which names one' check --target veth:near,192.0.2.2:6000 $options \
	--interface near
expect 2 'names no interface' check --target \
	veth:farfartoolongtobetrue,192.0.2.2:6000 $options
expect 2 'names no interface' check --target veth:,192.0.2.2:6000 $options
expect 2 'takes HOST:PORT' check --target veth:near,192.0.2.2 $options
expect 2 'number from 1 to 65535' check --target veth:near $options
expect 3 'no interface nowhere' check --target veth:nowhere,192.0.2.2:1 $options
expect 3 'lo has no Ethernet' check --target veth:lo,127.0.0.2:1 $options
expect 3 'does not tell its link address on near' check \
	--target veth:near,192.0.2.99:80 $options
ip link add idle type veth peer name busy
expect 3 'idle is down' check --target veth:idle,192.0.2.2:80 $options
ip link set idle up
expect 3 'idle has no carrier' check --target veth:idle,192.0.2.2:80 $options
finish
