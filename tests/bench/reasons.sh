#!/bin/sh
# The table of the kernel's own reasons, data/reasons, held to the kernel that
# runs: each RST bears a reason that the table gives for it, and each reason
# that the kernel has is provoked, or the table says why it is not.
. "${srcdir:-.}/tests/bench/lib.sh"

skip() {
	echo "$*"
	echo "SKIP"
	exit 77
}

! once || skip "SUITES=once: the table is the same"
[ "$(id -u)" -eq 0 ] || skip "the kernel tells its reasons to root only"
command -v jq >/dev/null || skip "jq is missing"
"$builddir/tests/bench/reason_names" >"$tmp/names"
rc=$?
[ "$rc" -ne 77 ] || skip "$(cat "$tmp/names")"
[ "$rc" -eq 0 ] || { fail "reason_names: exit $rc"; finish; }
# before Linux 6.12 a RST by the user's wish had none
grep -q '^TCP_STATE$' "$tmp/names" || skip "the kernel's list is an old one"
need_bench

timeout 300 "$retort" check --slow -o json >"$tmp/json" 2>"$tmp/err"
rc=$?
# on a busy machine some evidence may not be enough
if [ "$rc" -ne 0 ] && [ "$rc" -ne 4 ]; then
	fail "check: exit $rc $(cat "$tmp/err")"
	finish
fi
# resets FILE: ID RULE-OR-DEVIATION REASON, for each RST
resets() {
	jq -r 'select(.verdict != "INCONCLUSIVE") |
	    select(.kernel_reason or ((.observed // "") | contains("RST"))) |
	    "\(.id) \(.deviation // .rule) \(.kernel_reason // "none")"' "$1"
}
resets "$tmp/json" >"$tmp/resets"

# A reason may be lost where others on this machine are sent many RSTs while a
# slow case waits: such a case is asked again, by itself.
for _ in 1 2 3; do
	lost=$(sed -n 's/ [^ ]* none$//p' "$tmp/resets" | head -n 20)
	[ -n "$lost" ] || break
	# shellcheck disable=SC2086
	timeout 120 "$retort" check --slow -o json $lost >"$tmp/again"
	sed -i '/ none$/d' "$tmp/resets"
	resets "$tmp/again" >>"$tmp/resets"
done

# table DIR: "of REASON RULE" and "unprovoked REASON", from the table there
table() {
	"$retort" rules --reasons --data "$1" | awk '
	/^[^ ]/ { name = $1 }
	/^    of / { print "of", name, $2 }
	/^    unprovoked / { print "unprovoked", name }'
}

# complaints DIR: what is wrong with the table there
complaints() {
	table "$1" | awk '
	FILENAME == "-" && $1 == "of" { of[$2, $3] = $2 " of " $3 }
	FILENAME == "-" && $1 == "unprovoked" { un[$2] = 1 }
	FILENAME ~ /resets$/ {
		seen[$3] = 1
		met[$3, $2] = 1
		if (!(($3, $2) in of))
			print $1 ": the table has no " $3 " of " $2
	}
	FILENAME ~ /names$/ {
		if (!($1 in seen) && !($1 in un))
			print $1 " was not seen, and the table does not say why"
		if ($1 in seen && $1 in un)
			print $1 " was seen, and the table says that it is not"
	}
	END {
		for (pair in of)
			if (!(pair in met))
				print of[pair] " was not seen"
	}' - "$tmp/resets" "$tmp/names"
}

[ "$(wc -l <"$tmp/resets")" -ge 1000 ] || fail "fewer than 1000 RSTs"
complaints "$data" >"$tmp/found"
[ ! -s "$tmp/found" ] || fail "$(cat "$tmp/found")"

# wrong SCRIPT PATTERN: a table with this mistake draws this complaint.
wrong() {
	rm -rf "$tmp/data"
	cp -r "$data" "$tmp/data"
	chmod -R u+w "$tmp/data"
	sed "$1" "$data/reasons/linux.reasons" \
		>"$tmp/data/reasons/linux.reasons"
	complaints "$tmp/data" >"$tmp/found"
	grep -q "$2" "$tmp/found" || fail "sed '$1': no complaint like '$2'"
}
wrong 's/"NO_SOCKET"/"TCP_FLAGS"/' 'the table has no NO_SOCKET of closed/ack'
wrong 's/"TCP_STATE"/"TCP_STATES"/' 'TCP_STATE was not seen, and\|no TCP_STATE of'
wrong '/closed.no-ack/d' 'no NO_SOCKET of closed/no-ack'
wrong 's/of     listen.ack/of     closed\/ack/' 'TCP_FLAGS of closed/ack was'
wrong '/"TCP_OLD_ACK"/s/OLD/OLDER/' 'TCP_OLD_ACK was not seen'
wrong '/"TCP_OLD_ACK"/s/TCP_OLD_ACK/NO_SOCKET/' 'NO_SOCKET was seen, and'
finish
