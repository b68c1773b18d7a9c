#!/bin/sh
# One probe of a host, and then all its ports, three of them open: retort and
# its peers in turn. Figures, not a test.
# shellcheck source=tests/bench/world.sh
. "${srcdir:-.}/tests/bench/world.sh"
export RETORT_DATA="$data"
host=192.0.2.2
cost=$builddir/tests/speed/cost
world_start_pair
"$retort" probe -q $host 1 >"$tmp/out" 2>&1
[ $? -lt 2 ] || {
	echo "no scan: $(head -n 1 "$tmp/out")"
	exit
}

one() {
	"$builddir/tests/speed/first" 21 closed "$retort" probe $host 81
	! command -v hping3 >/dev/null ||
		"$builddir/tests/speed/first" 21 flags=RA \
		    hping3 -c 1 -S -p 81 $host
	! command -v nmap >/dev/null ||
		"$builddir/tests/speed/first" 21 closed \
		    nmap -sS -n -Pn -p 81 $host
}
one | tee /dev/stderr | awk '
	{ seen[$1] = $4; whole[$1] = $8 }
	END { for (peer in seen) if (peer != "retort")
		printf "one probe: %s/retort %.2f as a whole, " \
		    "to the first answer %.2f\n", peer,
		    whole[peer] / whole["retort"], seen[peer] / seen["retort"] }'

command -v nmap >/dev/null || {
	echo "nmap is not installed: no ratio of scans"
	exit
}

median() {
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# scan HOW [PREFIX...]: five rounds, and their medians
scan() {
	how=$1
	shift
	rm -f "$tmp/retort" "$tmp/nmap"
	for _ in 1 2 3 4 5; do
		"$@" "$cost" "$retort" probe -q $host 1-65535 >>"$tmp/retort"
		"$@" "$cost" nmap -sS -T5 -p- -n -Pn $host >>"$tmp/nmap"
	done
	for who in retort nmap; do
		for column in 1 2; do
			cut -d ' ' -f $column "$tmp/$who" | median
		done
		cut -d ' ' -f 3 "$tmp/$who" | sort -un | paste -sd , -
	done | paste -sd ' ' - | awk -v how="$how" '{
		printf "65535 ports, %s\n", how
		printf "  retort %7.1f ms, processor %7.1f ms, exit %s\n", \
		    $1, $2, $3
		printf "  nmap   %7.1f ms, processor %7.1f ms, exit %s\n", \
		    $4, $5, $6
		printf "  nmap/retort %.2f, processor %.2f\n", $4 / $1, $5 / $2
	}'
}

scan "as it is"
# sysfs shows the namespace of whoever mounts it
# shellcheck disable=SC2016 # expanded by the inner shell
if in_B unshare -m sh -c 'mount -t sysfs sysfs /sys &&
	printf 2 >/sys/class/net/far/queues/rx-0/rps_cpus' 2>/dev/null; then
	scan "from processor 0, the host receives on 1" taskset -c 0
else
	echo "rps_cpus cannot be set (needs root): no second scan"
fi
