# The tables of tcp-states(7), made of what `retort list -v` says of the cases
# of states.cases. Usage: awk -f states.awk LIST
BEGIN {
	# what the tables call a reply
	say["none"] = "-"
	say["<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>"] = "ACK"
	say["<SEQ=SND.NXT><ACK=SEG.SEQ+SEG.LEN><CTL=ACK>"] = "ACK+"
	say["<SEQ=SND.NXT><ACK=SEG.SEQ+1><CTL=ACK>"] = "ACK+"
	say["<SEQ=SND.NXT><ACK=RCV.NXT+RCV.WND><CTL=ACK>"] = "ACK+"
	say["<SEQ=any><ACK=SEG.SEQ+1><CTL=SYN,ACK>"] = "SYN,ACK"
	say["<SEQ=any><ACK=SEG.SEQ+1><CTL=SYN,ACK,ECE?>"] = "SYN,ACK"
	say["<SEQ=ISS><ACK=SEG.SEQ+1><CTL=SYN,ACK,ECE?>"] = "SYN,ACK"
	say["<SEQ=SEG.ACK><CTL=RST>"] = "RST"
	say["<SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>"] = "RST,ACK"
	say["<SEQ=SND.NXT><CTL=RST>"] = "RST"
	say["<SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>"] = "RST,ACK"
	say["<SEQ=SND.NXT><ACK=RCV.NXT><CTL=FIN,ACK,PSH?>"] = "FIN,ACK"

	brief["-"] = "-"
	brief["ACK"] = "A"
	brief["ACK+"] = "A+"
	brief["SYN,ACK"] = "SA"
	brief["RST"] = "R"
	brief["RST,ACK"] = "RA"

	# the sections, by the state and the way there in a case's id, and
	# the columns of the overview
	places = "closed listen syn-sent syn-received " \
	    "syn-received-simultaneous established fin-wait-1 " \
	    "fin-wait-1-close fin-wait-2 fin-wait-2-close close-wait " \
	    "closing last-ack time-wait"
	nplaces = split(places, place, " ")
	split("- - - SRp SRa EST FW1 FW1c FW2 FW2c CW CLG LA TW", column, " ")
	head["syn-received"] = "SYN-RECEIVED, after LISTEN"
	head["syn-received-simultaneous"] = "SYN-RECEIVED, after SYN-SENT"
	head["fin-wait-1"] = "FIN-WAIT-1, after shutdown()"
	head["fin-wait-1-close"] = "FIN-WAIT-1, after close()"
	head["fin-wait-2"] = "FIN-WAIT-2, after shutdown()"
	head["fin-wait-2-close"] = "FIN-WAIT-2, after close()"
	same_place["syn-received-own-listener"] = "syn-received"
	same_place["established-unaccepted"] = "established"
}
function refuse(what) {
	print "states.awk: " what ": " $0 >"/dev/stderr"
	failed = 1
	exit 1
}
# A case: its id, its state, and after ": " what it is.
/^states\// {
	state = $2
	n = split($1, part, "/")
	at = n > 2 ? part[3] : tolower(state)
	if (at in same_place)
		at = same_place[at]
	if ((" " places " ") !~ (" " at " "))
		refuse("no such section")
	what = substr($0, index($0, ": ") + 2)
	# calls and timers answer nothing
	if (part[2] ~ /^(close$|close-|shutdown|abort|disconnect|user-|keep-|fin-wait-2$)/ && !(at in calls))
		calls[at] = count[at] + 1
	label[at, ++count[at]] = what
	if (!(what in row)) {
		row[what] = ++nrows
		name[nrows] = what
	}
	next
}
/^    or / {
	other[at, count[at]] = "*"
	next
}
# "    rule: form, then STATE; the user sees word"
/^    / {
	i = index($0, ": ")
	rule[at, count[at]] = substr($0, 5, i - 5)
	rest = substr($0, i + 2)
	i = index(rest, ", then ")
	form = substr(rest, 1, i - 1)
	if (!(form in say))
		refuse("no name for " form)
	reply[at, count[at]] = say[form]
	rest = substr(rest, i + 7)
	i = index(rest, ";")
	to = i ? substr(rest, 1, i - 1) : rest
	sees = i ? substr(rest, i + 16) : "nothing"
	then[at, count[at]] = (to == state ? "same" : to) \
	    (sees == "nothing" ? "" : ", " sees)
	cell[at, what] = brief[say[form]] (to == state ? "" : \
	    to == "CLOSED" || to == "LISTEN" ? "!" : ">")
}
function overview(	i, r, line, full) {
	print ".Ss \\&At a glance"
	print ".Bd -literal"
	line = sprintf("%-20s", "")
	for (i = 4; i <= nplaces; i++)
		line = line sprintf(" %-4s", column[i])
	sub(/ *$/, "", line)
	print line
	for (r = 1; r <= nrows; r++) {
		line = sprintf("%-20s", name[r])
		full = 0
		for (i = 4; i <= nplaces; i++) {
			full += (place[i], name[r]) in cell
			line = line sprintf(" %-4s", cell[place[i], name[r]])
		}
		sub(/ *$/, "", line)
		# what is asked in nearly all states, and no call
		if (full >= 9 && cell["established", name[r]] != "" &&
		    name[r] !~ /^[A-Z]*$/)
			print line
	}
	print ".Ed"
}
function section(at,	i, line) {
	print ".Ss " (at in head ? head[at] : toupper(at))
	print ".Bd -literal"
	for (i = 1; i <= count[at]; i++) {
		if (i == calls[at])
			print ""
		line = sprintf("%-20s %-8s %-19s %s", label[at, i],
		    reply[at, i] other[at, i], then[at, i], rule[at, i])
		if (length(line) > 75)
			refuse("too long: " line)
		print line
	}
	print ".Ed"
}
END {
	if (failed)
		exit 1
	overview()
	for (i = 1; i <= nplaces; i++)
		section(place[i])
}
