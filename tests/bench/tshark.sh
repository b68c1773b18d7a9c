#!/bin/sh
# What every packet of a whole run says, as retort's own decoder and tshark(1)
# read it out of one capture: addresses, ports, sequence and acknowledgment
# number, bits, window, length, checksum.
. "${srcdir:-.}/tests/bench/lib.sh"

command -v tshark >/dev/null || { echo "SKIP: tshark is missing"; exit 77; }
segdump=$builddir/tests/golden/segdump
[ -x "$segdump" ] || { echo "$segdump is not built" >&2; exit 99; }
need_bench

# Where the data offset is below 5 tshark reads no further than to it. Neither
# has a length of the text where the offset is wrong. A checksum of 0xffff is
# the other zero of ones' complement: its sum is right, but not to tshark.
ours() {
	"$segdump" -f "$1" | awk -F '\t' -v OFS='\t' '
	$11 < 20 { $6 = $7 = $8 = $10 = "" }
	{ print }'
}
theirs() {
	tshark -n -r "$1" -o tcp.relative_sequence_numbers:false \
		-o tcp.analyze_sequence_numbers:false \
		-o tcp.desegment_tcp_streams:false \
		-o tcp.check_checksum:true -Y tcp -T fields \
		-e ip.src -e ipv6.src -e tcp.srcport \
		-e ip.dst -e ipv6.dst -e tcp.dstport \
		-e tcp.seq -e tcp.ack -e tcp.flags -e tcp.window_size_value \
		-e tcp.len -e tcp.checksum.status -e tcp.hdr_len -e tcp.checksum \
		2>"$tmp/errors" | awk -F '\t' -v OFS='\t' '
	$13 < 20 { $11 = "" }
	$14 == "0xffff" { $12 = 1 }
	{
		print $1 $2, $3, $4 $5, $6, $7, $8, $9, $10, $11, $12, $13
	}'
}

run check -q --pcap "$tmp/pcap"
[ "$rc" -eq 0 ] || fail "retort check: exit $rc"
ours "$tmp/pcap" >"$tmp/ours"
theirs "$tmp/pcap" >"$tmp/theirs"
n=$(wc -l <"$tmp/ours")
[ "$n" -ge 10000 ] || fail "only $n packets"
[ "$n" -eq "$(wc -l <"$tmp/theirs")" ] ||
	fail "tshark sees $(wc -l <"$tmp/theirs") packets of $n"
diff "$tmp/theirs" "$tmp/ours" >"$tmp/diff" ||
	fail "tshark (<) and segdump (>) differ: $(head -n 20 "$tmp/diff")"
echo "$n packets, $(cut -f 10 "$tmp/ours" | grep -c 0) with a bad checksum"

# And the comparison sees a field that differs. The first packet is Ethernet
# and IPv4; where in the file its fields end:
header=$((24 + 16 + 14))
for field in source:15:1 port:21:2 seq:27:5 ack:31:6 bits:33:7 window:35:8 \
	checksum:37:10; do
	name=${field%%:*} column=${field##*:}
	at=${field#*:} at=$((header + ${at%:*}))
	head -c "$((header + 40))" "$tmp/pcap" >"$tmp/changed"
	octet=$(od -An -j "$at" -N 1 -tu1 "$tmp/changed" | tr -d ' ')
	# shellcheck disable=SC2059 # the octet is the format
	printf "\\$(printf %o "$((octet ^ 1))")" |
		dd of="$tmp/changed" bs=1 seek="$at" conv=notrunc 2>/dev/null
	[ "$(ours "$tmp/changed" | cut -f "$column")" != \
		"$(head -n 1 "$tmp/theirs" | cut -f "$column")" ] ||
		fail "segdump does not see that $name is another"
	[ "$(ours "$tmp/changed")" = "$(theirs "$tmp/changed")" ] ||
		fail "of another $name tshark and segdump differ"
done
finish
