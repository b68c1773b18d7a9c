#!/bin/sh
# What nmap(1) finds out about this kernel with its probes T2 to T7, and what
# the cases nmap/t2 to nmap/t7 find out, both in nmap's own form. nmap is the
# oracle. What it tells and our report does not is left out: DF, T and TG (the
# TTL), O (options), RD (text), Q (reserved bits and the like).
. "${srcdir:-.}/tests/bench/lib.sh"

skip() {
	echo "SKIP: $*"
	exit 77
}
for tool in nmap unshare ip perl timeout; do
	command -v "$tool" >/dev/null || skip "$tool is missing"
done
need_bench
unshare -rn ip link set lo up 2>/dev/null || skip "no private namespaces here"

"$retort" check -o nmap nmap >"$tmp/ours" || fail "retort check nmap: exit $?"

# ---- nmap's ----

# An open port and a closed one, alone in a namespace; some 3 seconds.
unshare -rn timeout 60 sh -c 'ip link set lo up &&
    exec perl -MSocket -e "
	socket(S, PF_INET, SOCK_STREAM, 0);
	bind(S, sockaddr_in(5000, INADDR_LOOPBACK)) && listen(S, 5) or die;
	exit(system(qw(nmap -n -Pn -O --osscan-guess -d --max-os-tries 1
	    -p 5000,5001 127.0.0.1)) != 0)"' >"$tmp/nmap" 2>&1
sed -n 's/^OS://p' "$tmp/nmap" | tr -d '\n' |
	grep -o 'T[2-7]([^)]*)' >"$tmp/theirs"
[ "$(cut -c1-2 "$tmp/theirs" | tr '\n' ' ')" = "T2 T3 T4 T5 T6 T7 " ] || {
	cat "$tmp/nmap"
	fail "nmap does not report T2 to T7, each once"
	finish
}

# ---- the two ----

for suffix in '' /ip6; do
	sed -n "s|^nmap/t\([2-7]\)$suffix(|T\1(|p" "$tmp/ours" >"$tmp/family"
	# what we do not tell; a line that tells only R stays as it is
	sed -E 's/%(DF|T|TG|O|RD|Q)=[^%)]*//g' "$tmp/theirs" |
		diff - "$tmp/family" >"$tmp/diff" ||
		fail "nmap (<) and nmap/t2 to t7$suffix (>) differ:" \
		    "$(cat "$tmp/diff")"
done
cat "$tmp/family"
finish
