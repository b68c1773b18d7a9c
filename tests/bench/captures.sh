#!/bin/sh
# Captures in every format that editcap(1) and mergecap(1) write: as many
# segments and RSTs as tshark(1) and tcpdump(1) find in them; and what we write
# of them is read by both without a word, and has our comments.
. "${srcdir:-.}/tests/bench/lib.sh"

for program in tshark editcap mergecap tcpdump; do
	command -v $program >/dev/null ||
		{ echo "SKIP: $program is missing"; exit 77; }
done
capcopy=$builddir/tests/bench/capcopy
[ -x "$capcopy" ] || { echo "$capcopy is not built" >&2; exit 99; }
golden=$srcdir/tests/golden

# What tshark says of each frame of a file, into file $2. It must not complain.
shark() {
	tshark -n -r "$1" -d udp.port==8472,vxlan -o tcp.desegment_tcp_streams:false \
		-o ip.defragment:false -o ipv6.defragment:false -T fields \
		-e frame.time_epoch -e frame.len -e frame.cap_len \
		-e frame.protocols -e tcp.seq -e tcp.srcport \
		-e tcp.flags.reset -e frame.comment >"$2" 2>"$tmp/errors" ||
		fail "tshark $1: exit $?"
	# as root it warns of that
	! grep -v 'Running as user' "$tmp/errors" >"$tmp/said" ||
		fail "tshark $1 says: $(cat "$tmp/said")"
}

# Its counts, the way capcopy says it.
counts() {
	awk -F '\t' '{ tcp += $6 != ""; rst += $7 == 1 }
	END { printf "%d frames, %d segments, %d RST\n", NR, tcp, rst }' "$1"
}

# One file: the counts, and the copy. More options of capcopy may follow.
check() {
	file=$1
	shift
	shark "$file" "$tmp/before"
	"$capcopy" "$@" -w "$tmp/copy" "$file" >"$tmp/ours" 2>"$tmp/errors" ||
		fail "capcopy $file: $(cat "$tmp/errors")"
	counts "$tmp/before" | diff - "$tmp/ours" ||
		fail "tshark (<) and we (>) count otherwise in $file"
	shark "$tmp/copy" "$tmp/after"
	for f in before after; do
		cut -f 1-7 "$tmp/$f" >"$tmp/$f.bare"
	done
	diff "$tmp/before.bare" "$tmp/after.bare" >"$tmp/diff" ||
		fail "$file and its copy differ: $(head "$tmp/diff")"
	rsts=$(sed 's/.* \([0-9]*\) RST/\1/' "$tmp/ours")
	[ "$(awk -F '\t' '$7 == 1' "$tmp/after" |
		grep -c 'RST .*port ')" -eq "$rsts" ] ||
		fail "comments of the copy of $file: $(cut -f 8 "$tmp/after")"
	files=$((files + 1)) all=$((all + rsts))
}

files=0 all=0
for format in pcap nsecpcap modpcap pcapng; do
	editcap -F $format "$golden/bits.pcap" "$tmp/bits.$format" ||
		fail "editcap -F $format"
	check "$tmp/bits.$format"
done
for name in connection ip6 null options sll sll2 vlan; do
	editcap -F pcapng "$golden/$name.pcap" "$tmp/$name.pcapng"
	check "$tmp/$name.pcapng"
done
gzip -c "$tmp/bits.pcapng" >"$tmp/bits.gz"
check "$tmp/bits.gz"
editcap -s 80 "$golden/bits.pcap" "$tmp/cut.pcapng"
check "$tmp/cut.pcapng"

# A RST behind each link header, and in each tunnel.
"$builddir/tests/bench/make-links" >"$tmp/links.pcapng" || fail make-links
check "$tmp/links.pcapng"
"$builddir/tests/bench/make-links" -t >"$tmp/tunnels.pcapng" || fail make-links
check "$tmp/tunnels.pcapng" -t

# retort explain enters tunnels when it is asked to
expect 0 '' explain -q "$tmp/tunnels.pcapng"
grep -q '^0 RSTs: ' "$tmp/out" || fail "no --tunnels: $(cat "$tmp/out")"
expect 0 '' explain -q --tunnels "$tmp/tunnels.pcapng"
grep -q '^12 RSTs: ' "$tmp/out" || fail "--tunnels: $(cat "$tmp/out")"

# Several link types in one file, which libpcap refuses.
mergecap -F pcapng -w "$tmp/many.pcapng" "$golden"/bits.pcap \
	"$golden"/ip6.pcap "$golden"/sll.pcap "$golden"/null.pcap ||
	fail mergecap
check "$tmp/many.pcapng"
! tcpdump -nr "$tmp/many.pcapng" >/dev/null 2>&1 ||
	echo 'tcpdump reads several link types, too'
# the sections of one file after those of another
cat "$tmp/bits.pcapng" "$tmp/sll.pcapng" >"$tmp/sections.pcapng"
check "$tmp/sections.pcapng"
# several files at once are merged as mergecap does
"$capcopy" "$golden"/bits.pcap "$golden"/ip6.pcap "$golden"/sll.pcap \
	"$golden"/null.pcap >"$tmp/ours" || fail "several files"
shark "$tmp/many.pcapng" "$tmp/before"
counts "$tmp/before" | diff - "$tmp/ours" || fail "merged otherwise"

# With tcpdump: whole files, a filter, and a copy.
tcpdump -nr "$golden/bits.pcap" 'tcp[13] & 4 != 0' \
	>"$tmp/theirs" 2>/dev/null || fail "tcpdump"
"$capcopy" -f 'tcp[13] & 4 != 0' -w "$tmp/copy" "$golden/bits.pcap" \
	>"$tmp/ours" || fail "a filter"
n=$(wc -l <"$tmp/theirs")
grep -qx "$n frames, $n segments, $n RST" "$tmp/ours" ||
	fail "with a filter: tcpdump has $n, we $(cat "$tmp/ours")"
tcpdump -nr "$tmp/copy" 2>"$tmp/errors" | diff "$tmp/theirs" - ||
	fail "tcpdump does not read the copy: $(cat "$tmp/errors")"
[ "$all" -ge 60 ] || fail "only $all RSTs"
echo "$files files, $all RSTs"
finish
