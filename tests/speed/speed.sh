#!/bin/sh
# make bench: speed as ratios within one run; machines are noisy, so nothing
# here passes or fails.
builddir=${builddir:-.}
srcdir=${srcdir:-.}

"$builddir/tests/speed/rate" "$srcdir/data" || exit

# The same for everybody: a namespace with nothing but loopback.
first=$builddir/tests/speed/first
# shellcheck disable=SC2016 # expanded by the inner shell
probes='ip link set lo up
"$0" 21 PASS "$1" check article/closed-port
if command -v hping3 >/dev/null; then
	"$0" 21 flags=RA hping3 -c 1 -S -p 81 127.0.0.1
else
	echo "hping3 is not installed: no ratio"
fi'
RETORT_DATA=$srcdir/data unshare -rn sh -c "$probes" "$first" \
	"$builddir/retort" | tee /dev/stderr | awk '
	{ seen[$1] = $4; whole[$1] = $8 }
	END { if (whole["hping3"])
		printf "one probe as a whole process: hping3/retort %.2f, " \
		    "to the first answer %.2f\n",
		    whole["hping3"] / whole["retort"],
		    seen["hping3"] / seen["retort"] }'

sh "$srcdir/tests/speed/scan.sh"
sh "$srcdir/tests/speed/run.sh"
sh "$srcdir/tests/speed/explain.sh"
