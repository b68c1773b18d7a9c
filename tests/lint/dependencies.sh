#!/bin/sh
# Who may include and call what: the folders below src/ are a pipeline, and
# each sees only what stands before it.

# A folder, and the folders and single headers that it sees beside its own.
folders='
base
tcp	base
craft	base tcp
sniff	base tcp
match	base tcp
rules	base tcp
script	base tcp
judge	base tcp match rules
report	base tcp match rules judge
path	base tcp
bench	base tcp path
stacks	base tcp bench/driver.h bench/stream.h
run	base tcp craft sniff match rules judge report script path bench
cmd	base tcp rules judge/answer.h report script path run bench/adapter.h bench/driver.h sniff/pcapng.h
'

# Patterns of system headers, and the folders that may include them.
system='
libnet\.h						craft
pcap.*							sniff
libmnl/.*						bench path
sched\.h						bench
linux/(net|rtnet|genet)link\.h				bench path
linux/(if_(addr|link)|neighbour|veth|.*_diag)\.h	bench path
linux/(mount|perf_event)\.h				bench
jansson\.h						report
(lwip|netif)/.*						stacks
lwipv6\.h						stacks
'

# Functions and streams, and the folders and files that may use them: below
# cmd/ nothing prints or exits, save where memory or random numbers run out.
names='
unshare setns clone					bench
exit abort warn warnx vwarn vwarnx verr verrx perror	cmd
printf vprintf puts putchar stdout stderr		cmd
stdin							cmd sniff
errx							cmd base/mem.c
err							cmd base/random.c
'

# The pure folders: these system headers and no others, none of these headers
# of base, and none of these functions (files, sockets, clock, processes).
pure='tcp match rules script judge'
pure_system='
arpa/inet.h assert.h ctype.h errno.h inttypes.h limits.h netinet/in.h stdarg.h
stdbool.h stddef.h stdint.h stdio.h stdlib.h string.h strings.h sys/queue.h
sys/types.h
'
impure_base='base/clock.h base/file.h base/privilege.h base/random.h'
impure_names='
FILE fopen fdopen freopen fmemopen fprintf vfprintf fputs fputc fwrite fread
fgets getline open openat creat close read write pread pwrite lseek stat fstat
lstat access unlink rename mkdir opendir readdir mmap ioctl fcntl pipe dup dup2
socket socketpair bind listen accept connect send sendto sendmsg recv recvfrom
recvmsg setsockopt getsockopt poll select epoll_wait time clock clock_gettime
gettimeofday nanosleep sleep usleep localtime gmtime fork vfork execl execlp
execv execve execvp system popen posix_spawn kill raise signal sigaction wait
waitpid getpid getenv setenv rand random srandom getrandom getentropy _exit
'

# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

export folders system names pure pure_system impure_base impure_names
set --
sources 'c h l y' src >"$tmp/sources"
while read -r file; do
	set -- "$@" "$file"
done <"$tmp/sources"
awk '
# Read a table of the environment: set[word of the first column] = the second.
function table(name, set,	i, j, n, m, rows, cells, keys) {
	n = split(ENVIRON[name], rows, "\n")
	for (i = 1; i <= n; i++) {
		m = split(rows[i], cells, /\t+/)
		m = m > 0 ? split(cells[1], keys, " ") : 0
		for (j = 1; j <= m; j++)
			set[keys[j]] = cells[2]
	}
}
function say(what) {
	print FILENAME ":" FNR ": " what
}
function among(word, list) {
	return index(" " list " ", " " word " ")
}
# The line without comments and without what stands in quotes.
function code(line,	out) {
	for (;;) {
		if (comment) {
			if (!match(line, /\*\//))
				return out
			comment = 0
			line = substr(line, RSTART + 2)
		}
		if (!match(line, /\/[*\/]|["\047]/))
			return out line
		out = out substr(line, 1, RSTART - 1) " "
		line = substr(line, RSTART)
		if (line ~ /^\/\//)
			return out
		comment = sub(/^\/\*/, "", line)
		if (!comment &&
		    !sub(/^("([^"\\]|\\.)*"|\047([^\047\\]|\\.)*\047)/, "", line))
			return out
	}
}
function own_header(header,	first) {
	first = header
	sub(/\/.*/, "", first)
	if (!(first in sees))
		say("\"" header "\" names no folder of src/")
	else if (first != folder && !among(first, sees[folder]) &&
	    !among(header, sees[folder]))
		say(folder "/ must not include \"" header "\"")
	else if (is_pure && among(header, ENVIRON["impure_base"]))
		say(folder "/ is pure and must not include \"" header "\"")
}
function system_header(header,	first, pattern) {
	first = header
	if (sub(/\/.*/, "", first) && first in sees)
		say("<" header "> is our own: write it in quotes")
	for (pattern in header_place)
		if (header ~ "^" pattern "$" &&
		    !among(folder, header_place[pattern]))
			say(folder "/ must not include <" header ">")
	if (is_pure && !(header in pure_header))
		say(folder "/ is pure and must not include <" header ">")
}
function use(name) {
	if (name in name_place && !among(folder, name_place[name]) &&
	    !among(path, name_place[name]))
		say(folder "/ must not use " name)
	if (is_pure && name in impure_name)
		say(folder "/ is pure and must not use " name)
}
BEGIN {
	table("folders", sees)
	table("system", header_place)
	table("names", name_place)
	table("pure_system", pure_header)
	table("impure_names", impure_name)
}
FNR == 1 {
	comment = 0
	path = folder = FILENAME
	sub(/^src\//, "", path)
	sub(/^src\//, "", folder)
	sub(/\/.*/, "", folder)
	if (!(folder in sees))
		say("dependencies.sh has no row for the folder " folder)
	is_pure = among(folder, ENVIRON["pure"])
}
/^[ \t]*#[ \t]*include[ \t]*["<]/ {
	split($0, part, /["<>]/)
	if ($0 ~ /^[^<]*"/)
		own_header(part[2])
	else
		system_header(part[2])
	next
}
{
	text = code($0)
	while (match(text, /[A-Za-z_][A-Za-z_0-9]*/)) {
		before = substr(text, 1, RSTART - 1)
		name = substr(text, RSTART, RLENGTH)
		text = substr(text, RSTART + RLENGTH)
		# members of structs may have any name
		if (before !~ /(\.|->)$/ && (text ~ /^[ \t]*\(/ ||
		    name ~ /^(stdin|stdout|stderr|FILE)$/))
			use(name)
	}
}' "$@" >"$tmp/found"
finish
