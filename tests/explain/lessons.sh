#!/bin/sh
# `retort explain` names in the capture of a lesson what the lesson teaches.
# shellcheck source=tests/bench/lib.sh
. "${srcdir:-.}/tests/bench/lib.sh"
export RETORT_DATA="$data"
need_bench

# Lesson, and the causes of its RSTs in their order. What is a class, which a
# capture cannot tell apart, is named by its first.
while read -r name causes; do
	run lab -q --pcap "$tmp/$name.pcap" "$name"
	# a machine that stands still may spoil it
	[ "$rc" -eq 0 ] || run lab -q --pcap "$tmp/$name.pcap" "$name"
	[ "$rc" -eq 0 ] || fail "$name: exit $rc"
	expect 0 '' explain "$tmp/$name.pcap"
	told=$(sed -n 's/^RST [0-9]*: \([a-z-]*\), .*/\1/p' "$tmp/out" |
	    tr '\n' ' ')
	[ "$told" = "$causes " ] || fail "$name: $told, not $causes"
done <<'END'
closed-port closed-port
syn-timed-out connect-given-up
early-close unread-data
data-after-close data-after-close
half-open half-open
assassination after-close
linger abort
keepalive keepalive
blind-reset forged
middlebox forged forged
old-duplicate wrong-syn-ack
listener-gone listener-closed
END

finish
