# The causes of data/causes/ and the clues of src/rules/clue.c as a part of
# retort-causes(7). Usage: awk -f causes.awk CLUE.C FILE.causes
function roff(s) {
	gsub(/\\/, "\\e", s)
	s = gensub_clues(s)
	# each sentence begins a line
	gsub(/\. /, ".\n", s)
	gsub(/\n'/, "\n\\\\(aq", s)
	sub(/^\./, "\\\\\\&.", s)
	gsub(/\n\./, "\n\\\\\\&.", s)
	return s
}
# {age} becomes age in italics
function gensub_clues(s,	out) {
	while (match(s, /\{[a-z-]+\}/)) {
		out = out substr(s, 1, RSTART - 1) "\\fI" \
		    substr(s, RSTART + 1, RLENGTH - 2) "\\fR"
		s = substr(s, RSTART + RLENGTH)
	}
	return out s
}
function list(what, items, n,	i) {
	if (n == 0)
		return
	printf ".Pp\n%s\n", what
	print ".Bl -bullet -compact"
	for (i = 1; i <= n; i++)
		printf ".It\n%s\n", roff(items[i])
	print ".El"
}
function finish(	i) {
	if (id == "")
		return
	printf ".Ss %s\n", id
	printf "In short: %s.\n.Pp\n%s\n", roff(title), roff(why)
	list("What it looks like, as far as each holds:", evidence, nevidence)
	if (like != "")
		printf ".Pp\nWhat it may be as well: %s.\n", roff(like)
	list("How to confirm it:", check, ncheck)
	list("How to cure it:", cure, ncure)
	if (reasons != "")
		printf ".Pp\nWhat Linux calls its reason: %s.\n", roff(reasons)
	printf ".Pp\nSee %s.\n", cites
	id = title = why = like = reasons = cites = ""
	nevidence = ncheck = ncure = 0
}
# A property's string, with white space folded.
function take(s) {
	gsub(/[ \t\n]+/, " ", s)
	if (property == "title")
		title = s
	else if (property == "why")
		why = s
	else if (property == "evidence")
		evidence[++nevidence] = s
	else if (property == "check")
		check[++ncheck] = s
	else if (property == "cure")
		cure[++ncure] = s
	else if (property == "cite")
		cites = cites (cites == "" ? "" : ", ") s
	else if (property == "reasons") {
		gsub(/ /, ", ", s)
		reasons = s
	}
}
function word(w) {
	if (property == "cause") {
		finish()
		id = w
		property = ""
	} else if (w == "cause" || w == "title" || w == "when" ||
	    w == "sure" || w == "like" || w == "evidence" || w == "check" ||
	    w == "cure" || w == "reasons" || w == "cite" || w == "why" ||
	    w == "in") {
		property = w
	} else if (w == "if") {
		property = ""
	} else if (property == "like" && !((", " like ",") ~ (", " w ",")))
		like = like (like == "" ? "" : ", ") w
}
FILENAME ~ /clue\.c$/ { source = source $0; next }
!/^#/ { text = text $0 "\n" }
END {
	print ".Sh CAUSES"
	while (match(text, /"[^"]*"|[a-z][a-z0-9-]*/)) {
		token = substr(text, RSTART, RLENGTH)
		text = substr(text, RSTART + RLENGTH)
		if (substr(token, 1, 1) == "\"")
			take(substr(token, 2, length(token) - 2))
		else
			word(token)
	}
	finish()
	print ".Sh CLUES"
	print "What a condition can ask for, and what evidence can tell:"
	print ".Bl -tag -width Ds -compact"
	while (match(source, /\("[a-z-]+",[ \t]*"[^"]*"\)/)) {
		token = substr(source, RSTART, RLENGTH)
		source = substr(source, RSTART + RLENGTH)
		split(token, part, "\"")
		printf ".It Cm %s\n%s\n", part[2], roff(part[4])
	}
	print ".El"
}
