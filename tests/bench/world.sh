# shellcheck shell=sh
# A world of hosts to probe. Sourced first of all, it starts the script once
# more, in network namespace A of its own, and then sources lib.sh.
#
#	A  near --- to-a  R  to-b --- far  B
#
#	A	192.0.2.1 2001:db8:1::1		where the script's commands run
#	R	192.0.2.254 2001:db8:1::254	a router; toward B it is
#		198.51.100.254 2001:db8:2::254
#	B	198.51.100.2 2001:db8:2::2	serves ports 85, 5000, 5007,
#						5009: see serve.c
#
#	ports	81	the router's firewall answers with a reset
#		82	... with an ICMP error, prohibited
#		83	... drops
#		84-86	a middlebox in R forges resets: see censor.c
#
# world_start makes it, world_start_pair one without R: B is 192.0.2.2 and
# 2001:db8:1::2 and serves 5000, 5007 and 5009. in_R and in_B COMMAND... run
# a command there. All of it ends with the script, even by kill -9.
if [ -z "${world_inside-}" ]; then
	# only root's own namespace may set rps_cpus, so this is the first
	for world_how in -n -rn; do
		! unshare $world_how true 2>/dev/null ||
			world_inside=1 exec unshare $world_how sh "$0" "$@"
	done
	echo "SKIP: private namespaces are forbidden here"
	exit 77
fi
# shellcheck source=tests/bench/lib.sh
. "${srcdir:-.}/tests/bench/lib.sh"

world_skip() {
	echo "SKIP: $*"
	exit 77
}

# Start a command that lives as long as this script; sets $pid. True when it
# has said that it is ready.
world_hold() {
	[ -p "$tmp/ready" ] || mkfifo "$tmp/ready"
	setpriv --pdeathsig KILL unshare -n "$@" >"$tmp/ready" &
	pid=$!
	read -r line <"$tmp/ready" && [ "$line" = ready ]
}

# world_in PID COMMAND...
world_in() {
	world_pid=$1
	shift
	setpriv --pdeathsig KILL nsenter --net="/proc/$world_pid/ns/net" "$@"
}

in_R() {
	world_in "$world_R" "$@"
}

in_B() {
	world_in "$world_B" "$@"
}

# What is the same in every namespace: no waits, little noise.
# shellcheck disable=SC2016 # expanded by the inner shell
world_quiet='for what in default all; do
	cd /proc/sys/net/ipv6/conf/$what && echo 0 >disable_ipv6 &&
	echo 0 >accept_dad && echo 0 >router_solicitations || exit
done'

# Addresses and routes, a line of ip(8) each, after the checksums are set.
# world_set_up IN IFACES: IN is a function that runs a command there.
world_set_up() {
	in=$1
	shift
	"$in" "$builddir/tests/bench/nooffload" "$@" && {
		echo link set lo up
		printf 'link set %s up\n' "$@"
		cat
	} | "$in" ip -batch -
}

in_A() {
	"$@"
}

# From here on in_R and in_B are also programs, for other shells.
world_commands() {
	mkdir -p "$tmp/bin"
	for world_who in R B; do
		eval "world_pid=\${world_$world_who-}"
		cat >"$tmp/bin/in_$world_who" <<-END
			#!/bin/sh
			exec setpriv --pdeathsig KILL \
				nsenter --net=/proc/$world_pid/ns/net "\$@"
		END
		chmod +x "$tmp/bin/in_$world_who"
	done
	PATH=$tmp/bin:$PATH
}

world_need() {
	for program in ip setpriv nsenter "$@"; do
		command -v "$program" >/dev/null ||
			world_skip "$program is missing"
	done
	for program in serve censor nooffload client; do
		[ -x "$builddir/tests/bench/$program" ] || {
			echo "tests/bench/$program is not built" >&2
			exit 99
		}
	done
}

world_start_pair() {
	world_need
	world_hold "$builddir/tests/bench/serve" || exit 99
	world_B=$pid
	for in in in_A in_B; do
		"$in" sh -c "$world_quiet" 2>/dev/null ||
			world_skip "/proc/sys/net cannot be written"
	done
	ip link add near type veth peer name far netns "$world_B" || exit 99
	world_set_up in_B far <<-'END' || exit 99
		addr add 192.0.2.2/24 dev far
		addr add 2001:db8:1::2/64 dev far nodad
	END
	world_set_up in_A near <<-'END' || exit 99
		addr add 192.0.2.1/24 dev near
		addr add 2001:db8:1::1/64 dev near nodad
	END
}

world_wire() {
	ip link add near type veth peer name to-a netns "$world_R" &&
	in_R ip link add to-b type veth peer name far netns "$world_B" &&
	world_set_up in_R to-a to-b <<-'END' &&
		addr add 192.0.2.254/24 dev to-a
		addr add 2001:db8:1::254/64 dev to-a nodad
		addr add 198.51.100.254/24 dev to-b
		addr add 2001:db8:2::254/64 dev to-b nodad
	END
	world_set_up in_B far <<-'END' &&
		addr add 198.51.100.2/24 dev far
		addr add 2001:db8:2::2/64 dev far nodad
		route add default via 198.51.100.254
		route add default via 2001:db8:2::254
	END
	world_set_up in_A near <<-'END'
		addr add 192.0.2.1/24 dev near
		addr add 2001:db8:1::1/64 dev near nodad
		route add default via 192.0.2.254
		route add default via 2001:db8:1::254
	END
}

world_firewall() {
	in_R nft -f - <<-'END'
		table inet world {
			chain forward {
				type filter hook forward priority 0
				tcp dport 81 reject with tcp reset
				tcp dport 82 reject with icmpx admin-prohibited
				tcp dport { 83, 84, 86 } drop
				tcp dport 85 tcp flags & (syn | ack) == syn drop
			}
		}
	END
}

world_start() {
	world_need nft
	world_hold "$builddir/tests/bench/serve" 85 || exit 99
	world_B=$pid
	world_hold "$builddir/tests/bench/censor" || exit 99
	world_R=$pid
	for in in in_A in_R in_B; do
		"$in" sh -c "$world_quiet" 2>/dev/null ||
			world_skip "/proc/sys/net cannot be written"
	done
	in_R sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward &&
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding' || exit 99
	world_wire || exit 99
	world_firewall >"$tmp/nft" 2>&1 ||
		world_skip "nft: $(head -n 1 "$tmp/nft")"
}

world_stop() {
	kill "$world_B" ${world_R:+"$world_R"}
	wait "$world_B" ${world_R:+"$world_R"} 2>/dev/null
	world_R=
}

# From here on tcpdump reads files, and nothing else: as another user than the
# root of these namespaces, whom it would want to give up for a user that is
# not there.
world_reader() {
	mkdir -p "$tmp/bin"
	cat >"$tmp/bin/tcpdump" <<-END
		#!/bin/sh
		unshare -U --map-user=1000 true 2>/dev/null &&
			exec unshare -U --map-user=1000 $(command -v tcpdump) "\$@"
		exec $(command -v tcpdump) "\$@"
	END
	chmod +x "$tmp/bin/tcpdump"
	PATH=$tmp/bin:$PATH
}
