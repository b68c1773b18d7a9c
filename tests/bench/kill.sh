#!/bin/sh
# kill -9 at random moments, 50 times: no process, namespace, interface or
# temporary file remains. In a process namespace of its own, where everything
# that is seen is ours; without one, only processes and files are looked at.
if [ -z "$alone" ] && unshare -rpf --mount-proc true 2>/dev/null; then
	alone=yes
	export alone
	exec unshare -rpf --mount-proc sh "$0"
fi
. "${srcdir:-.}/tests/bench/lib.sh"
began=$(date +%s%3N)
need_bench
# until it has made its namespaces, and then some; a busy machine is slower
range=$((100 + $(date +%s%3N) - began))

mkdir "$tmp/empty"
own=$(readlink /proc/self/ns/net)
namespaces() {
	for p in /proc/[0-9]*/ns/net; do readlink "$p"; done 2>/dev/null |
		grep -v -F "$own"
}
made=0
i=0
while [ "$i" -lt 50 ]; do
	i=$((i + 1))
	TMPDIR=$tmp/empty "$retort" check --pcap "$tmp/k.pcap" \
		>/dev/null 2>&1 &
	pid=$!
	ms=$(($(od -An -N2 -tu2 /dev/urandom) % range))
	sleep "$((ms / 1000)).$(printf '%03d' $((ms % 1000)))"
	ns=$(readlink "/proc/$pid/ns/net")
	[ -z "$ns" ] || [ "$ns" = "$own" ] || made=$((made + 1))
	kill -9 "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
done
[ "$made" -ge 10 ] || fail "only $made of 50 were killed inside the bench"

# the kernel ends the driver and the namespaces a moment later
for _ in 1 2 3 4 5 6 7 8 9 10; do
	processes=$(pgrep -f "$retort check --pcap $tmp/k.pcap")
	others=${alone:+$(namespaces)}
	[ -z "$processes$others" ] && break
	sleep 0.3
done
[ -z "$processes" ] || fail "processes remain: $processes"
[ -z "$others" ] || fail "network namespaces remain: $others"
grep -q -e '^ *peer:' -e '^ *stack:' /proc/net/dev && fail "interfaces remain"
[ -z "$(ls -A "$tmp/empty")" ] || fail "temporary files remain"
echo "$made of 50 were killed inside the bench, nothing remains"
finish
