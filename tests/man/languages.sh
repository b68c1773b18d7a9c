#!/bin/sh
# The pages of man/LANGUAGE say the same as the English ones as to commands,
# options and all names; and their examples are the very text that
# tests/man/examples.sh runs on the English page. They fit into 80 columns.
#
#	languages.sh		look for differences
#	languages.sh --update	take over the examples of the English pages

# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

mandoc=${MANDOC:-mandoc}
command -v "$mandoc" >/dev/null || skip 'mandoc is not installed'

# Number the examples of the page $1, as "NUMBER<TAB>LINE": comments, .Dl, and
# displays in which a command stands or which follow a comment. Other lines
# have the number 0.
examples() {
	awk '
	function flush(	i) {
		for (i = 1; i <= held; i++)
			put(line[i], example)
		held = 0
	}
	function put(s, is) {
		if (is && !before)
			n++
		before = is
		print (is ? n : 0) "\t" s
	}
	/^\.Bd .*-literal/ { display = 1; example = before }
	display {
		line[++held] = $0
		if (/^[$#] /)
			example = 1
		if (/^\.Ed/) {
			display = 0
			flush()
		}
		next
	}
	{ put($0, /^\.\\"/ || /^\.Dl /) }
	END { flush() }' "$1"
}

# What a page names outside of examples, sorted: "Fl -help", "Xr tcp 7", and
# numbers.
names() {
	awk '
	/^\.\\"/ { next }
	/^\.Bd .*-literal/, /^\.Ed/ { next }
	/^[^.]/ {
		while (match($0, /[0-9]+([.,:^][0-9]+)*/)) {
			print "number", substr($0, RSTART, RLENGTH)
			$0 = substr($0, RSTART + RLENGTH)
		}
	}
	/^\.[A-Z]/ {
		$1 = substr($1, 2)
		for (i = 1; i <= NF; i++) {
			if ($i == "Xr")
				print $i, $(i + 1), $(i + 2)
			else if ($i ~ /^(Fl|Cm|Ic|Ev|Er|Pa|Ar|Li)$/)
				for (j = i + 1; j <= NF &&
				    $j !~ /^([A-Z][a-z]|[^A-Za-z0-9_\/-]+)$/; j++)
					print $i, $j
		}
	}' "$1" | sort -u
}

for page in man/*/*.[1-9]; do
	english=man/${page##*/}
	examples "$english" >"$tmp/english"
	if [ "${1-}" = --update ]; then
		examples "$page" | awk -F '\t' '
		NR == FNR {
			if ($1)
				text[$1] = text[$1] substr($0, length($1) + 2) "\n"
			next
		}
		!$1 { print substr($0, 3) }
		$1 && $1 != last { printf "%s", text[$1] }
		{ last = $1 }' "$tmp/english" - >"$tmp/page" &&
		    cp "$tmp/page" "$page"
	fi
	examples "$page" | grep -v '^0' >"$tmp/theirs"
	grep -v '^0' "$tmp/english" | diff - "$tmp/theirs" >"$tmp/diff" ||
	    sed "s|^|$page:1: examples: |; 8q" "$tmp/diff" >>"$tmp/found"
	names "$english" >"$tmp/english"
	names "$page" | diff "$tmp/english" - |
	    sed -n "s|^<|$page:1: names not|p; s|^>|$page:1: names|p" \
	    >>"$tmp/found"
	"$mandoc" -T utf8 "$page" 2>/dev/null |
	    env LC_ALL=C.UTF-8 sed 's/.\x08//g' >"$tmp/page"
	columns=$(env LC_ALL=C.UTF-8 wc -L <"$tmp/page")
	[ "$columns" -le 80 ] || echo "$page:1: a line of $columns columns" \
	    >>"$tmp/found"
done
finish
