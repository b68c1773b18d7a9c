#!/bin/sh
# retort explain against others who read a capture, in turn on the same ones:
# a million packets of 100,000 connections, of which some part is reset; twice
# as many of both; and a million connections, also by IPv6. The median processor
# time of each, the most memory, and the ratios that are wanted. Figures, no
# test. The first argument is the number of rounds.
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
		cpu "$retort" explain "$1" >>"$tmp/of.explain"
		cpu "$retort" explain --group "$1" >>"$tmp/of.--group"
		cpu "$retort" explain -q "$1" >>"$tmp/of.-q"
		[ -z "$tcpdump" ] ||
			cpu tcpdump -nr "$1" 'tcp[13]&4!=0' >>"$tmp/of.tcpdump"
	done
	[ -z "$tshark" ] ||
		cpu tshark -q -z expert -r "$1" >>"$tmp/of.tshark"
	for who in bare explain --group -q tcpdump tshark; do
		[ ! -s "$tmp/of.$who" ] || echo "$who $(median <"$tmp/of.$who")"
	done >"$tmp/medians"
	awk -v packets="$packets" '
	function ratio(of, to) {
		return of && to ? sprintf("%9.2f", of / to) : ""
	}
	{ ms[$1] = $2; kib[$1] = $3; who[NR] = $1 }
	END {
		printf "%-10s %9s %6s %6s %9s %9s %9s\n", "", "cpu ms", "ns",
		    "MiB", "/ bare", "tcpdump /", "tshark /"
		for (i = 1; i <= NR; i++) {
			w = who[i]
			ours = w == "explain" || w ~ /^-/
			printf "%-10s %9.1f %6.0f %6.1f %s %s %s\n", w, ms[w],
			    ms[w] * 1e6 / packets, kib[w] / 1024,
			    ours ? ratio(ms[w], ms["bare"]) : "",
			    ours ? ratio(ms["tcpdump"], ms[w]) : "",
			    ours ? ratio(ms["tshark"], ms[w]) : ""
		}
	}' "$tmp/medians"
	rm -f "$1"
}

# crowd WHAT ARG...: a capture of that, and who reads it how fast
crowd() {
	what=$1
	shift
	"$speed/crowd" "$@" >"$tmp/crowd.pcap"
	packets=$("$speed/bare" "$tmp/crowd.pcap")
	echo "$packets packets of $what"
	compare "$tmp/crowd.pcap"
}

tcpdump=$(command -v tcpdump) || echo "tcpdump is not installed"
tshark=$(command -v tshark) || echo "tshark is not installed"
echo "wanted of the first: at most 3 times bare, tcpdump 2 times as much, tshark 40"
echo "times as much, and of a million below 150 MiB; ns are of a packet"
crowd "100,000 connections, a third of which is reset" 1200000 100000 3
crowd "100,000, a quarter of which is reset" 1200000 100000 4
tshark= # it takes minutes, and GiBs
crowd "100,000, a half of which is reset" 1200000 100000 2
crowd "100,000, a sixteenth of which is reset" 1200000 100000 16
crowd "200,000, a third of which is reset" 2400000 200000 3
rounds=1
crowd "a million, a sixteenth of which is reset" 4400000 1000000 16
crowd "a million by IPv6" 4400000 1000000 16 6
