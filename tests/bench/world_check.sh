#!/bin/sh
# The world that probe is tested in is what it is said to be: every port
# answers a SYN as world.sh says, as tcpdump sees it in A.
# shellcheck source=tests/bench/world.sh
. "${srcdir:-.}/tests/bench/world.sh"
for program in tcpdump perl; do
	command -v $program >/dev/null || world_skip "$program is missing"
done
world_start

# A SYN to each port at once, from ports that are known.
# shellcheck disable=SC2016 # Perl's own
syns='use Socket qw(:all); use POSIX;
for my $p (80 .. 86, 5000, 5007, 5009) {
	my $f = $ARGV[0] =~ /:/ ? AF_INET6 : AF_INET;
	my $to = $f == AF_INET ? pack_sockaddr_in($p, inet_pton($f, $ARGV[0]))
	    : pack_sockaddr_in6($p, inet_pton($f, $ARGV[0]));
	socket(my $s, $f, SOCK_STREAM | SOCK_NONBLOCK, 0) or die;
	push @s, $s;
	connect($s, $to);
}
sleep 1'
tcpdump -i near -Z root -U -w "$tmp/pcap" --immediate-mode -Q in \
	'tcp or icmp or icmp6' 2>"$tmp/tcpdump" &
dump=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	sleep 0.1
	! grep -q listening "$tmp/tcpdump" || break
done
grep -q listening "$tmp/tcpdump" || world_skip "$(cat "$tmp/tcpdump")"
for host in 198.51.100.2 2001:db8:2::2; do
	perl -e "$syns" $host || fail "cannot send to $host"
done
kill $dump
wait $dump
# one line a packet
tcpdump -nvvS -r "$tmp/pcap" 2>/dev/null | awk '
	/^[0-9]/ { if (NR > 1) print ""; printf "%s", $0; next }
	{ printf "%s", $0 }
	END { print "" }' >"$tmp/seen"

# has COUNT PATTERN...: so many packets match all of the patterns; or as many
# as each of a connect()'s tries draws, one at least, where COUNT is "some"
has() {
	want=$1 what=$*
	shift
	cp "$tmp/seen" "$tmp/left"
	for pattern; do
		grep -E -e "$pattern" "$tmp/left" >"$tmp/fewer"
		cp "$tmp/fewer" "$tmp/left"
	done
	count=$(wc -l <"$tmp/left")
	[ "$want" != some ] || [ "$count" -eq 0 ] || want=$count
	[ "$count" = "$want" ] || {
		fail "not $what:"
		cat "$tmp/left"
	}
}
for b in 198.51.100.2 2001:db8:2::2; do
	ttl='(ttl|hlim)'
	has 1 "$b.80 > " 'Flags \[R\.\]' "$ttl 63"
	has 1 "$b.81 > " 'Flags \[R\.\]' "$ttl 64"
	has 0 "$b.8[23] > "
	has 1 "$b.84 > "
	has 1 "$b.84 > " 'Flags \[R\.\]' "$ttl 47" 'seq 0,'
	has 1 "$b.85 > " 'Flags \[R\.\]' "$ttl 47" 'seq 0,'
	has 1 "$b.85 > " 'Flags \[S\.\]' "$ttl 63"
	has 2 "$b.86 > "
	has 1 "$b.86 > " 'Flags \[R\.\]' "$ttl 47"
	has 1 "$b.86 > " 'Flags \[R\.\]' "$ttl 48"
	for port in 5000 5007 5009; do
		has 1 "$b.$port > " 'Flags \[S\.\]' "$ttl 63"
	done
done
has 3 '198.51.100.2.8[456] >' 'ttl 47' 'id 12345'
has some 'ICMP .*admin prohibited'
has some 'ICMP6, destination unreachable.*prohibited'
has 0 'incorrect'
[ "$(grep -c . "$tmp/seen")" -gt 20 ] || fail "hardly a packet was seen"
[ "$failed" -eq 0 ] || cat "$tmp/seen"
finish
