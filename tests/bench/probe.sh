#!/bin/sh
# retort probe in the world of world.sh, from host A: what it says of ports
# that are closed, open, rejected, refused, dropped and forged; what it puts
# on the wire; and what it does where things go wrong.
# shellcheck source=tests/bench/world.sh
. "${srcdir:-.}/tests/bench/world.sh"
for program in jq tcpdump timeout; do
	command -v $program >/dev/null || world_skip "$program is missing"
done
world_start
world_reader
b4=198.51.100.2 b6=2001:db8:2::2

# Nothing here takes so long.
real=$retort
retort=$tmp/retort
cat >"$retort" <<END
#!/bin/sh
exec timeout 20 "$real" "\$@"
END
chmod +x "$retort"

# says PATTERN...: the report has a line that matches each.
says() {
	for pattern; do
		grep -q -e "$pattern" "$tmp/out" || {
			fail "$what: no '$pattern' in"
			cat "$tmp/out"
		}
	done
}

# probe RC ARG...: as expect does.
probe() {
	what="probe $*"
	rc=$1
	shift
	expect "$rc" '' probe "$@"
}

# refuses RC PATTERN ARG...: one line that matches, and nothing else.
refuses() {
	want=$1 pattern=$2
	shift 2
	expect "$want" "$pattern" probe "$@"
	[ ! -s "$tmp/out" ] || fail "probe $*: $(cat "$tmp/out")"
}

# How long it took, as the summary says.
milliseconds() {
	sed -n 's/.*, in \([0-9]*\)\.\([0-9][0-9]\) s.*/\1\20/p' "$tmp/out"
}

# ---- every preset, both formats ----

# judged PRESET PORT ANSWER RULE CITE EXPECTED OBSERVED: N is any number. The
# reports are there.
judged() {
	what="$host, $1 to port $2"
	got=$(jq -r "select(.port == $2) | [.answer, .verdict, .rule, .cite[0],
	    .expected, .observed] | join(\" \")" "$tmp/json" |
		sed 's/[0-9]\{3,\}>/N>/g')
	[ "$got" = "$3 PASS $4 $5 $6 $7" ] || fail "$what, json: $got"
	# the numbers themselves are those required
	case $6 in
	*any*) ;;
	*)
		jq -se "map(select(.port == $2))[0] |
		    .expected == .observed" "$tmp/json" >/dev/null ||
			fail "$what, json: $(cat "$tmp/json")"
		;;
	esac
	sed -n "/^[a-z]*  *$2 /,/^[a-z0-9]/p" "$tmp/text" |
		sed 's/[0-9]\{3,\}>/N>/g' >"$tmp/out"
	says "^$3  *$2 .*  $4 (SPEC) $5\$" "^    rule  *$4 (SPEC) $5" \
		"^    expected  *$6\$" "^    observed  *$7\$"
}

c1='RFC 9293 3.10.7.1' c2='RFC 9293 3.10.7.2'
reset_ack='<SEQ=0><ACK=N><CTL=RST,ACK>' reset='<SEQ=N><CTL=RST>'
for host in $b4 $b6; do
	for preset in syn ack fin null xmas maimon window syn-ack rst; do
		set -- --preset "$preset" --timeout 100ms --retries 1 "$host" 80,5000
		probe 0 "$@"
		mv "$tmp/out" "$tmp/text"
		probe 0 -o json "$@"
		mv "$tmp/out" "$tmp/json"
		case $preset in
		syn)
			judged syn 80 closed closed/no-ack "$c1" \
				"$reset_ack" "$reset_ack"
			judged syn 5000 open listen/syn "$c2 third" \
				'<SEQ=any><ACK=N><CTL=SYN,ACK>' \
				'<SEQ=N><ACK=N><CTL=SYN,ACK>'
			;;
		fin | null | xmas)
			judged "$preset" 80 closed closed/no-ack "$c1" \
				"$reset_ack" "$reset_ack"
			judged "$preset" 5000 silent listen/other "$c2 fourth" \
				none none
			;;
		rst)
			judged rst 80 silent closed/rst "$c1" none none
			judged rst 5000 silent closed/rst "$c1" none none
			;;
		*)
			judged "$preset" 80 reset closed/ack "$c1" \
				"$reset" "$reset"
			judged "$preset" 5000 reset closed/ack "$c1" \
				"$reset" "$reset"
			;;
		esac
	done
done

# ---- who sent it ----

for host in $b4 $b6; do
	[ "$host" = $b4 ] && from=192.0.2.254 || from=2001:db8:1::254
	probe 4 "$host" 80-86,5000
	says '^closed  *80 .*  ttl 63  win 0' '^closed  *81 .*  ttl 64 ' \
		"^refused  *82 .*administratively prohibited, says $from  ttl 64" \
		'^silent  *83 .*  3 tries, ' '^closed  *84 .*  ttl 47 ' \
		'^unclear  *85  *\[S\] -> \[R\.\] \[S\.\] ' \
		'^unclear  *86  *\[S\] -> \[R\.\] \[R\.\] ' \
		'^open  *5000 .*  ttl 63 ' '^    verdict  *two replies contradict' \
		'^    verdict  *more than one box' '^    verdict  *nothing came' \
		'^8 probes: 3 closed, 1 open, 1 silent, 1 refused, 2 unclear, 0 wr'
	[ "$(grep -c '^    hint' "$tmp/out")" -eq 4 ] || fail "$what: hints"
	probe 4 -o json "$host" 80-86,5000
	jq -r '[.port, .answer, .verdict, .ttl, .hint, .tries, .icmp.code,
	    .icmp.from] | map(. // "-") | join(" ")' "$tmp/out" >"$tmp/got"
	cat >"$tmp/want" <<-END
		80 closed PASS 63 - 1 - -
		81 closed PASS 64 its TTL is 64, that of the host's other answers is 63 (port 5000): another box seems to have sent it 1 - -
		82 refused INCONCLUSIVE - - 1 $([ "$host" = $b4 ] && echo 13 || echo 1) $from
		83 silent INCONCLUSIVE - - 3 - -
		84 closed PASS 47 its TTL is 47, that of the host's other answers is 63 (port 5000): another box seems to have sent it 1 - -
		85 unclear INCONCLUSIVE 47 answers with TTL 47 and 63 came to one probe: one box did not send both 1 - -
		86 unclear INCONCLUSIVE 47 answers with TTL 47 and 48 came to one probe: one box did not send both 1 - -
		5000 open PASS 63 - 1 - -
	END
	diff "$tmp/want" "$tmp/got" || fail "$what: not as wanted"
	probe 4 -q --timeout 100ms "$host" 83
	[ "$(wc -l <"$tmp/out")" -eq 2 ] || fail "$what: $(cat "$tmp/out")"
done
# most of the ports tell the TTL of the host where none is open
probe 0 -q $b4 78-81
says '^    hint  *its TTL is 64, .* is 63 (port 78)'

# ---- on the wire ----

printf 'a\0b\n' >"$tmp/payload"
probe 0 -f SPU --sport 4444 --ttl 9 --id 77 --tos 16 --df --window 1 \
	--urgent 5 --seq 305419896 --option mss=1400,nop,wscale=7 \
	--option sackok,ts=5:6 --payload-file "$tmp/payload" --reserved 5 \
	--pcap "$tmp/pcap" $b4 80,5000
says '^closed  *80 ' '^open  *5000 '
tcpdump -nvvSx -r "$tmp/pcap" tcp 2>/dev/null | tr '\n' ' ' >"$tmp/out"
says 'tos 0x10, ttl 9, id 77, offset 0, flags \[DF\].*length 64)' \
	'192.0.2.1.4444 > 198.51.100.2.80: Flags \[SPU\], cksum [0-9a-fx]* (c' \
	'seq 305419896:305419900, win 1, urg 5, options \[mss 1400,nop,wsca' \
	'wscale 7,sackOK,TS val 5 ecr 6\], length 4' '6100 620a' \
	'198.51.100.2.80 > 192.0.2.1.4444: Flags \[R\.\], .*ack 305419901,' \
	'198.51.100.2.5000 > 192.0.2.1.4444: Flags \[S\.\]' \
	'192.0.2.1.4444 > 198.51.100.2.5000: Flags \[R\]'
# who breaks a segment has it sent broken
for form in bad-checksum zero-checksum 'offset 3'; do
	# shellcheck disable=SC2086 # they are words
	probe 0 --$form --timeout 50ms --pcap "$tmp/pcap" $b6 80
	says '^silent  *80 .*  1 try, .*  any/bad-'
done
tcpdump -nvv -r "$tmp/pcap" tcp 2>/dev/null | grep -q 'bad hdr length 12' ||
	fail "--offset 3: $(tcpdump -nvv -r "$tmp/pcap" tcp 2>&1)"
probe 4 --ttl 1 $b4 80
says '^refused  *80 .*time exceeded in transit, says 192.0.2.254'

# How many RSTs have come from A to port 5000 since this was last asked.
in_R nft -f - <<-'END'
	table inet count {
		counter rsts { }
		chain forward {
			type filter hook forward priority 10
			tcp dport 5000 tcp flags & rst == rst counter name rsts
		}
	}
END
rsts() {
	sleep 0.2
	in_R nft reset counter inet count rsts |
		sed -n 's/.*packets \([0-9]*\) .*/\1/p'
}
rsts >/dev/null
for host in $b4 $b6; do
	[ "$host" = $b4 ] && from=192.0.2.99 || from=2001:db8:1::99
	probe 0 --source "$from" --pcap "$tmp/pcap" "$host" 5000
	n=$(rsts)
	[ "$n" -eq 1 ] || fail "$what: $n RSTs"
	! grep -q '^    note' "$tmp/out" || fail "$what: a note"
	# who asks for the address is told
	in_R ip neigh show dev to-a | grep -q "^$from lladdr" ||
		fail "$what: $(in_R ip neigh show dev to-a)"
	tcpdump -n -r "$tmp/pcap" 2>/dev/null |
		grep -q -e "Reply $from is-at" -e "advertisement, tgt is $from" ||
		fail "$what: it did not tell where $from is"
	probe 0 "$host" 5000
	n=$(rsts)
	[ "$n" -eq 2 ] || fail "$what: $n RSTs"
	says '^    note  *this machine.s kernel'
done

# ---- this machine ----

for host in 127.0.0.1 ::1 192.0.2.1 2001:db8:1::1; do
	probe 0 $host 80
	says '^closed  *80 ' '^    rule  *closed/no-ack'
done
probe 4 -q --timeout 50ms --source 192.0.2.50 192.0.2.1 80
refuses 2 'over loopback' --interface lo $b4 80

# ---- how often, how fast, how much ----

probe 0 --count 3 --interval 200ms $b4 80
[ "$(grep -c '^closed  *80 ' "$tmp/out")" -eq 3 ] || fail "$what: not thrice"
[ "$(milliseconds)" -ge 390 ] || fail "$what: $(tail -n 1 "$tmp/out")"
probe 0 --rate 100 $b4 1001-1050
[ "$(milliseconds)" -ge 400 ] || fail "$what: $(tail -n 1 "$tmp/out")"
[ "$(wc -l <"$tmp/out")" -eq 52 ] || fail "$what: not a line a port"
probe 0 -q $b4 1001-1050
[ "$(wc -l <"$tmp/out")" -eq 2 ] || fail "$what: $(cat "$tmp/out")"
probe 0 -v $b4 1001-1050
[ "$(grep -c '^    expected' "$tmp/out")" -eq 50 ] || fail "$what: not whole"
probe 0 -q $b4 5000-5010
[ "$(grep -c '^open' "$tmp/out")" -eq 3 ] || fail "$what: $(cat "$tmp/out")"

# ---- what goes wrong ----

refuses 3 'cannot resolve nosuch.invalid' nosuch.invalid 80
for address in 192.0.2.255 224.0.0.1 255.255.255.255 ff02::1; do
	refuses 2 'name one host' $address 80
done
refuses 2 "is no host's address" 0.0.0.0 80
refuses 2 'link-local: name its interface' fe80::1 80
refuses 3 'no interface nope' --interface nope $b4 80
# what is done is said before anybody is asked
expect 3 'does not tell its link address on near' probe 192.0.2.77 80
[ "$(cat "$tmp/out")" = '192.0.2.77, 1 port, [S] against RFC 9293' ] ||
	fail "192.0.2.77: $(cat "$tmp/out")"
refuses 2 "source address is IPv4, the target's IPv6" --source 192.0.2.9 $b6 80
refuses 2 'exceeds the MTU of 1500' \
	--payload "$(printf %1461s x)" $b4 80
refuses 3 'nowhere/x.pcap' --pcap "$tmp/nowhere/x.pcap" $b4 80
probe 4 203.0.113.1 80
says '^refused  *80 .*net unreachable, says 192.0.2.254'
setpriv --bounding-set=-all --inh-caps=-all "$real" probe $b4 80 \
	>"$tmp/out" 2>"$tmp/err"
rc=$?
[ "$rc" -eq 3 ] || fail "no permission: exit $rc"
[ "$(wc -l <"$tmp/err")" -eq 1 ] || fail "no permission: not one line"
grep -q 'CAP_NET_RAW' "$tmp/err" || fail "no way out: $(cat "$tmp/err")"

# Half a second into a slow scan of a hundred ports this happens, and the
# program ends with the code, with what it knows and with the summary.
halfway() {
	want=$1 what="halfway: $2"
	timeout 20 "$real" probe --rate 20 $b4 1001-1100 >"$tmp/out" \
		2>"$tmp/err" &
	job=$!
	# a slow machine starts it slowly; its first line it says at once
	for _ in $(seq 50); do
		[ ! -s "$tmp/out" ] || break
		sleep 0.1
	done
	sleep 0.7
	eval "$2"
	wait $job
	rc=$?
	[ "$rc" -eq "$want" ] || fail "$what: exit $rc"
	says '^closed  *1001 ' '^untried  *1100 ' \
		'^100 probes: [0-9]* closed, [0-9]* untried, 0 wrong, 0 lost'
	[ "$(milliseconds)" -lt 3000 ] || fail "$what: $(tail -n 1 "$tmp/out")"
	[ "$(wc -l <"$tmp/err")" -eq "$((want == 3))" ] ||
		fail "$what: stderr '$(cat "$tmp/err")'"
}
# shellcheck disable=SC2016 # expanded there
halfway 4 'kill -INT $(cat /proc/$job/task/$job/children)'
says ': interrupted$'
# shellcheck disable=SC2016
halfway 4 'kill -TERM $(cat /proc/$job/task/$job/children)'
says ': interrupted$'
halfway 3 'ip link set near down'
grep -q 'near: the interface is down' "$tmp/err" || fail "$(cat "$tmp/err")"
refuses 3 "no route to $b4: " $b4 80
refuses 3 "no route to $b6: " $b6 80
ip link set near up
ip route add default via 192.0.2.254
halfway 3 'ip link del near'
finish
