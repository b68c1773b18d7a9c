#!/bin/sh
# What nmap(1) finds out about this kernel with its probes T2 to T7, and what
# the cases nmap/t2 to nmap/t7 find out, both written in nmap's own form:
#
#	S=  the reply's sequence number: Z zero, A the probe's acknowledgment
#	    number, A+ that and 1, O another
#	A=  its acknowledgment number: Z, O, and S and S+ for the probe's
#	    sequence number
#	W=, F=, O=, RD=  its window, bits and options, and whether it has text
#
# nmap is the oracle. What it tells and no report of retort does is left out:
# DF, T and TG (the TTL), Q (reserved bits and the like).
. "${srcdir:-.}/tests/bench/lib.sh"

skip() {
	echo "SKIP: $*"
	exit 77
}
for tool in nmap jq tcpdump unshare ip perl timeout; do
	command -v "$tool" >/dev/null || skip "$tool is missing"
done
need_bench
unshare -rn ip link set lo up 2>/dev/null || skip "no private namespaces here"

# ---- ours ----

"$retort" check -o json --pcap "$tmp/pcap" nmap >"$tmp/json" ||
	fail "retort check nmap: exit $?"
# each case: its id, the probe, and the replies if there are any
jq -r '(.exchange | map(.under_test) | index(true)) as $i |
    [.id, .exchange[$i].segment, (.exchange[$i + 1:] |
	map(select(.from == "stack").segment)[])] | join("\t")' \
	"$tmp/json" >"$tmp/exchanges"
# no notation shows an acknowledgment number where the bit is off
tcpdump -nr "$tmp/pcap" 'src host 192.0.2.2 and tcp[8:4] != 0 and
    tcp[13] & 16 == 0 or src host 2001:db8::2 and ip6[48:4] != 0 and
    ip6[53] & 16 == 0' >"$tmp/odd" 2>/dev/null ||
	fail "tcpdump cannot read the capture"

awk -F '\t' -v odd="$tmp/odd" '
function value(segment, name) {
	if (!match(segment, ", " name " [0-9]+"))
		return -1
	return substr(segment, RSTART + length(name) + 3,
	    RLENGTH - length(name) - 3) + 0
}
function relation(n, to, letter) {
	if (n == 0)
		return "Z"
	if (to < 0)
		return "O"
	return n == to ? letter : n == (to + 1) % 4294967296 ? letter "+" : "O"
}
function bits(segment, all, i, out) {
	match(segment, /\[[^]]*\]/)
	segment = substr(segment, RSTART, RLENGTH)
	for (i = 1; i <= length(all); i++)
		if (index(segment, substr(all, i, 1)))
			out = out substr(all, i, 1)
	sub(/\./, "A", out)
	return out
}
function options(segment) {
	if (!match(segment, /options \[[^]]*\]/))
		return ""
	return substr(segment, RSTART + 9, RLENGTH - 10)
}
BEGIN {
	while ((getline line <odd) > 0) {
		split(line, word, " ")
		is_odd[word[5]] = 1
	}
}
{
	t = $1
	sub(/nmap\/t/, "T", t)
	sub(/\/ip6/, "", t)
	if (NF == 2) {
		print $1, t "(R=N)"
		next
	}
	split($3, word, " ")
	ack = value($3, "ack")
	if (ack < 0)
		a = word[4] in is_odd ? "O" : "Z"
	else
		a = relation(ack, value($2, "seq"), "S")
	printf "%s %s(R=Y%%W=%X%%S=%s%%A=%s%%F=%s%%O=%s%%RD=%s)\n", $1, t,
	    value($3, "win"), relation(value($3, "seq"), value($2, "ack"), "A"),
	    a, bits($3, "EU.PRSF"), options($3),
	    value($3, "length") == 0 ? "0" : "text"
	if (NF > 3)
		print $1, t "(more than one reply)"
}' "$tmp/exchanges" >"$tmp/ours"

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
	sed -n "s|^nmap/t[2-7]$suffix T|T|p" "$tmp/ours" >"$tmp/family"
	# what we do not tell; a line that tells only R stays as it is
	sed -E 's/%(DF|T|TG|Q)=[^%)]*//g' "$tmp/theirs" |
		diff - "$tmp/family" >"$tmp/diff" ||
		fail "nmap (<) and nmap/t2 to t7$suffix (>) differ:" \
		    "$(cat "$tmp/diff")"
done
cat "$tmp/family"
finish
