#!/bin/sh
# Every text that the lessons show people stands in the catalogues of data/po,
# with a translation of the same numbers, commands and names, and nothing else
# stands there. The texts are those of data/labs, the reasons of the rules and
# of what Linux does otherwise, and in src what tr() and TR_N() are about.
#
#	texts.sh		look for faults
#	texts.sh --template	print all texts, for msgmerge: see data/po

# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

for program in xgettext msgattrib msgfmt msguniq; do
	command -v $program >/dev/null || skip "$program is not installed"
done

# The strings of lessons and of rules as entries of a catalogue. A statement
# begins with its keyword, and its strings may be on more than one line.
quoted() {
	awk '
	function text(s, line) {
		gsub(/[ \t\n]+/, " ", s)
		gsub(/^ | $/, "", s)
		n++
		if (keyword == "command" && n == 1)
			return
		if (s != "" && index(people, " " keyword " "))
			printf "#: %s:%d\nmsgid \"%s\"\nmsgstr \"\"\n\n",
			    FILENAME, line, s
	}
	BEGIN {
		labs = " title about foresee step ask note after vary" \
		    " option command "
	}
	FNR == 1 {
		inside = code = 0
		keyword = ""
		people = FILENAME ~ /\.lab$/ ? labs : " why "
	}
	code { code = $1 != "end" || NF > 1; next }
	!inside && $1 == "code" { code = 1; next }
	!inside && $1 ~ /^[a-z]/ { keyword = $1; n = 0 }
	{
		rest = $0
		for (;;) {
			if (!inside) {
				if (!match(rest, /["#]/) ||
				    substr(rest, RSTART, 1) == "#")
					next
				rest = substr(rest, RSTART + 1)
				inside = FNR
				s = ""
			}
			if (!match(rest, /^([^"\\]|\\.)*"/)) {
				s = s rest "\n"
				next
			}
			text(s substr(rest, 1, RLENGTH - 1), inside)
			rest = substr(rest, RLENGTH + 1)
			inside = 0
		}
	}' "$@"
}

# All texts, each once.
template() {
	sources c src >"$tmp/sources"
	xgettext --from-code=UTF-8 --language=C -k -ktr -kTR_N --omit-header \
	    --force-po -o "$tmp/code" -f "$tmp/sources" || exit 99
	find data/labs data/rules data/deviations/linux.deviations \
	    -name '*.lab' -o -name '*.rules' -o -name '*.deviations' |
	    sort >"$tmp/files"
	# shellcheck disable=SC2046 # names without blanks
	quoted $(cat "$tmp/files") >"$tmp/data"
	{
		printf '%s\n' 'msgid ""' 'msgstr ""' \
		    '"Content-Type: text/plain; charset=UTF-8\n"' ''
		cat "$tmp/code" "$tmp/data"
	} | msguniq --no-wrap -o "$tmp/all" || exit 99
}

# Hold a catalogue, the second file, to all texts: what is missing or not in use,
# and what differs of the words that are the same in every language: numbers,
# names in capitals, options, calls, flags, and {NAME}.
compare() {
	awk -v po="$1" '
	# The words of a text in "have", each once.
	function words(s, have,	word) {
		split("", have)
		while (match(s, pattern)) {
			word = substr(s, RSTART, RLENGTH)
			s = substr(s, RSTART + RLENGTH)
			sub(/^[^A-Za-z0-9-]+-/, "-", word)
			sub(/[.:,-]+$/, "", word)
			have[word] = 1
		}
		# the peer, the stack, the protocol: a matter of style
		delete have["TCP"]
	}
	function compare(id, text,	word) {
		words(id, ours)
		words(text, theirs)
		for (word in ours)
			if (!(word in theirs))
				print po ":1: without " word ": " id
		for (word in theirs)
			if (!(word in ours))
				print po ":1: with " word " too many: " id
	}
	BEGIN {
		pattern = "[^A-Za-z0-9-]--?[A-Za-z0-9][a-z-]*|" \
		    "[A-Z][A-Z0-9]+([.-][A-Z0-9]+)*|" \
		    "[0-9]+([.:][0-9]+)*|[a-z_]+[(][0-9]*[)]|" \
		    "[[][SFRPUEW.]+[]]|[{][a-z_]+[}]"
	}
	/^#: / { place = $2 }
	/^#, .*fuzzy/ { fuzzy = 1 }
	/^msgid "/ { id = $0; sub(/^msgid /, "", id) }
	/^msgstr "/ && id != "\"\"" {
		sub(/^msgstr /, "")
		if (NR == FNR) {
			due[id] = place
		} else if (!(id in due)) {
			print po ":1: is in no lesson: " id
		} else if (!fuzzy && $0 != "\"\"") {
			delete due[id]
			compare(id, $0)
		}
		fuzzy = 0
	}
	END {
		for (id in due)
			print due[id] ": not in " po ": " id
	}' "$tmp/all" "$tmp/this"
}

template
if [ "${1-}" = --template ]; then
	cat "$tmp/all"
	exit
fi
for po in data/po/*.po; do
	msgfmt -c -o /dev/null "$po" >>"$tmp/found" 2>&1
	msgattrib --no-wrap --force-po -o "$tmp/this" "$po"
	compare "$po" | sort >>"$tmp/found"
	grep -n '^#~ msgid' "$po" | sed "s|^\([0-9]*\):.*|$po:\1: not in use|" \
	    >>"$tmp/found"
done
finish
