#!/bin/sh
# retort explain against others who read a capture, in turn on the same ones:
# a million packets of 100,000 connections, and a million connections, also by
# IPv6. The median processor time of each, and the most memory. Figures, no
# test.
# shellcheck source=tests/bench/lib.sh
. "${srcdir:-.}/tests/bench/lib.sh"
export RETORT_DATA="$data"
speed=$builddir/tests/speed
rounds=${1:-5}

# cpu COMMAND...: the processor milliseconds, and KiB of memory
cpu() {
	"$speed/cost" "$@" 2>/dev/null | cut -d ' ' -f 2,4
}

median() {
	sort -n | awk '{ v[NR] = $1; m = $2 > m ? $2 : m }
		END { print v[int((NR + 1) / 2)], m }'
}

# compare FILE: all of them, in rounds, so that they meet the same machine
compare() {
	rm -f "$tmp"/of.*
	for _ in $(seq "$rounds"); do
		cpu "$speed/bare" "$1" >>"$tmp/of.bare"
		cpu "$retort" explain -q "$1" >>"$tmp/of.summary"
		cpu "$retort" explain --group "$1" >>"$tmp/of.group"
		cpu "$retort" explain "$1" >>"$tmp/of.explain"
		[ -z "$tcpdump" ] ||
			cpu tcpdump -nr "$1" 'tcp[13]&4!=0' >>"$tmp/of.tcpdump"
	done
	[ -z "$tshark" ] ||
		cpu tshark -q -z expert -r "$1" >>"$tmp/of.tshark"
	for who in bare summary group explain tcpdump tshark; do
		[ ! -s "$tmp/of.$who" ] || echo "$who $(median <"$tmp/of.$who")"
	done >"$tmp/medians"
	awk '
	{ ms[$1] = $2; kib[$1] = $3; who[NR] = $1 }
	END {
		printf "%-10s %9s %7s %8s\n", "", "cpu ms", "MiB",
		    "of bare"
		for (i = 1; i <= NR; i++)
			printf "%-10s %9.1f %7.1f %8.2f\n", who[i],
			    ms[who[i]], kib[who[i]] / 1024,
			    ms[who[i]] / ms["bare"]
		if (ms["tcpdump"])
			printf "tcpdump / explain -q: %.1f, / explain: %.1f\n",
			    ms["tcpdump"] / ms["summary"],
			    ms["tcpdump"] / ms["explain"]
		if (ms["tshark"])
			printf "tshark / explain -q: %.0f, / explain: %.0f\n",
			    ms["tshark"] / ms["summary"],
			    ms["tshark"] / ms["explain"]
	}' "$tmp/medians"
}

tcpdump=$(command -v tcpdump) || echo "tcpdump is not installed"
tshark=$(command -v tshark) || echo "tshark is not installed"
"$speed/crowd" 1200000 100000 3 >"$tmp/many.pcap"
echo "$("$speed/bare" "$tmp/many.pcap") packets of 100,000 connections," \
	"a third of which is reset"
compare "$tmp/many.pcap"
rm -f "$tmp/many.pcap"
tshark= # it takes minutes, and GiBs
rounds=1
"$speed/crowd" 4400000 1000000 >"$tmp/million.pcap"
echo "$("$speed/bare" "$tmp/million.pcap") packets of a million connections"
compare "$tmp/million.pcap"
"$speed/crowd" 4400000 1000000 16 6 >"$tmp/million.pcap"
echo "$("$speed/bare" "$tmp/million.pcap") packets of a million, by IPv6"
compare "$tmp/million.pcap"
