/* Shell lines: what becomes a setting, and what is refused with a reason. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/table.h"
#include "run/shell.h"
#include "run/shell_words.h"

static char dir[] = "/tmp/check_shell.XXXXXX";

static void
put(const char *name, const char *text)
{
	struct buf path = { 0 };
	FILE *f;

	buf_addf(&path, "%s/%s", dir, name);
	f = fopen(buf_str(&path), "w");
	if (f != NULL) {
		fputs(text, f);
		fclose(f);
	}
	buf_free(&path);
}

/* The settings as "name=value;", an optional one with "?" before it. */
static void
add_settings(struct buf *b, const struct shell *s)
{
	const struct shell_setting *p;

	STAILQ_FOREACH (p, &s->settings, next)
		buf_addf(b, "%s%s=%s;", p->optional ? "?" : "", p->name,
		    p->value);
}

static const struct {
	const char *text, *settings;
} right[] = {
	{ "", "" },
	{ "\n \t\n", "" },
	{ "# sysctl net.x=1", "" },
	{ "true", "" },
	{ "sysctl -q net.ipv4.tcp_ecn=2", "net/ipv4/tcp_ecn=2;" },
	{ "/sbin/sysctl -w net.ipv4.tcp_ecn=2", "net/ipv4/tcp_ecn=2;" },
	{ "sysctl -qw net/ipv4/tcp_ecn=2", "net/ipv4/tcp_ecn=2;" },
	{ "sysctl net/ipv4/conf/tun0.5/rp_filter=0",
	    "net/ipv4/conf/tun0.5/rp_filter=0;" },
	{ "sysctl net.ipv4.conf.tun0/5.rp_filter=0",
	    "net/ipv4/conf/tun0.5/rp_filter=0;" },
	{ "sysctl -e -q net.ipv4.a=1 net.ipv4.b=",
	    "?net/ipv4/a=1;?net/ipv4/b=;" },
	{ "sysctl net.ipv4.a=1;sysctl net.ipv4.b=2 # c\nsysctl net.ipv4.c=3 "
	  "&& sysctl net.ipv4.d=x#y",
	    "net/ipv4/a=1;net/ipv4/b=2;net/ipv4/c=3;net/ipv4/d=x#y;" },
	{ "sysctl -q \\\n  net.ipv4.a=1 \\\n net.ipv4.b=2\n",
	    "net/ipv4/a=1;net/ipv4/b=2;" },
	{ "sysctl net.ipv4.a=\"1  2 '3'\" 'net.ipv4.b=4 \"$((5'",
	    "net/ipv4/a=1  2 '3';net/ipv4/b=4 \"$((5;" },
	{ "sysctl net.ipv4.a=\"4096 $((256*1024)) $((15*1024*1024))\"",
	    "net/ipv4/a=4096 262144 15728640;" },
	{ "sysctl net.ipv4.a=$(( (1 + 2) * -3 - 0x10 / 4 % 3 ))",
	    "net/ipv4/a=-10;" },
	{ "sysctl net.ipv4.a=1 > /dev/null 2>&1", "net/ipv4/a=1;" },
	{ "sysctl net.ipv4.a=1 &> /dev/null 2>/dev/null >>/dev/null",
	    "net/ipv4/a=1;" },
	{ "sysctl net.ipv4.a=1 || true", "?net/ipv4/a=1;" },
	{ "sysctl net.ipv4.a=1 &>/dev/null ||\\\n ip tcp_metrics flush all\n"
	  "sysctl net.ipv4.b=1",
	    "?net/ipv4/a=1;net/ipv4/b=1;" },
	{ "../x/set_sysctls.py /proc/sys/net/ipv4/a=1 \\\n"
	  " /proc/sys/net/ipv4/b=\"2 3\"",
	    "net/ipv4/a=1;net/ipv4/b=2 3;" },
	{ "/tmp/sysctl_restore_${PPID}.sh", "" },
	{ "nstat > /dev/null", "" },
	{ "tc qdisc add dev tun0 root pfifo", "" },
	{ "./a.sh", "?net/ipv4/a=1;?net/ipv4/b=2;" },
	{ "./b.sh\nsysctl net.ipv4.c=3",
	    "?net/ipv4/a=1;?net/ipv4/b=2;net/ipv4/c=3;" },
};

START_TEST(test_right)
{
	struct buf b = { 0 };
	struct shell s;
	struct err e = { 0 };

	ck_assert_msg(shell_read(&s, right[_i].text, dir, &e) == 0, "%s: %s",
	    right[_i].text, e.msg);
	add_settings(&b, &s);
	ck_assert_str_eq(buf_str(&b), right[_i].settings);
	buf_free(&b);
	shell_free(&s);
}
END_TEST

static const struct {
	const char *text, *why;
} refused[] = {
	{ "sysctl -w net.inet.tcp.blackhole=0", "needs FreeBSD: sysctl net.i" },
	{ "sysctl -w kern.ipc.maxsockbuf=9", "needs FreeBSD" },
	{ "sysctl -w net.inet6.ip6.x=9", "needs FreeBSD" },
	{ "kldload tcpmd5", "needs FreeBSD: kldload" },
	{ "sysctl vm.swappiness=1", "the whole machine's" },
	{ "sysctl net.ipv4...vm=1", "is no name of a sysctl" },
	{ "sysctl net/../vm/x=1", "is no name of a sysctl" },
	{ "sysctl net.x.//.vm=1", "is no name of a sysctl" },
	{ "set_sysctls.py /proc/sys/net/../vm/x=1", "is no name" },
	{ "set_sysctls.py /etc/passwd=1", "sets nothing" },
	{ "sysctl =1", "the whole machine's" },
	{ "sysctl net.ipv4.a", "'net.ipv4.a' sets nothing" },
	{ "sysctl", "sysctl sets nothing" },
	{ "sysctl -p net.ipv4.a=1", "sysctl -p is left to a shell" },
	{ "rm -rf /", "no command is run for a script: 'rm'" },
	{ "true; rm x", "'rm'" },
	{ "tc qdisc add dev tun0 root netem delay 1ms", "'tc'" },
	{ "tc qdisc add dev tun0 root", "'tc'" },
	{ "ip route change 192.0.2.1 dev tun0", "'ip'" },
	{ "\033[31m", "'\\x1b[31m'" },
	{ "nstat | grep x", "pipes, input and processes" },
	{ "true &", "pipes, input and processes" },
	{ "(true)", "pipes, input and processes" },
	{ "true < x", "pipes, input and processes" },
	{ "true > x", "may not write to 'x'" },
	{ "true 2>> \"/dev/null x\"", "may not write to '/dev/null x'" },
	{ "sysctl net.ipv4.a=$x", "variables and commands" },
	{ "sysctl net.ipv4.a=$(id)", "variables and commands" },
	{ "sysctl net.ipv4.a=$((1", "the sum goes wrong at ''" },
	{ "sysctl net.ipv4.a=$((1/0))", "the sum goes wrong" },
	{ "sysctl net.ipv4.a=$((x))", "the sum goes wrong at 'x))'" },
	{ "sysctl net.ipv4.a=$((9223372036854775807+1))", "goes wrong" },
	{ "sysctl net.ipv4.a=$((9223372036854775808))", "goes wrong" },
	{ "sysctl net.ipv4.a=$((9223372036854775807*2))", "goes wrong" },
	{ "sysctl net.ipv4.a='1", "a quotation does not end" },
	{ "sysctl net.ipv4.a=1 || sysctl net.ipv4.b=2", "depend on a failure" },
	{ "./none.sh", "none.sh: No such file" },
	{ "./loop.sh", "too many files name one another" },
	{ "./rm.sh", "rm.sh: no command is run for a script: 'rm'" },
	{ "a.sh", "no command is run for a script: 'a.sh'" },
};

START_TEST(test_refused)
{
	struct err e = { 0 };
	struct shell s;

	ck_assert_msg(shell_read(&s, refused[_i].text, dir, &e) == -1, "%s",
	    refused[_i].text);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_msg(strstr(e.msg, refused[_i].why) != NULL,
	    "no \"%s\" in: %s", refused[_i].why, e.msg);
	shell_free(&s);
}
END_TEST

/* What would need much memory, a deep stack or more room than there is. */
START_TEST(test_large)
{
	struct buf b = { 0 };
	struct err e = { 0 };
	const char *text;
	struct shell s;
	int64_t v;
	int i;

	for (i = 0; i < 100000; i++)
		buf_adds(&b, i % 2 ? "(" : "-");
	text = buf_str(&b);
	ck_assert_int_eq(shell_evaluate(&v, &text, &e), -1);
	buf_reset(&b);
	buf_adds(&b, "sysctl net.ipv4.");
	for (i = 0; i < 100; i++)
		buf_adds(&b, "a");
	buf_adds(&b, "=1");
	ck_assert_int_eq(shell_read(&s, buf_str(&b), dir, &e), -1);
	shell_free(&s);
	buf_reset(&b);
	for (i = 0; i < SHELL_WORDS + 1; i++)
		buf_adds(&b, "sysctl ");
	ck_assert_int_eq(shell_read(&s, buf_str(&b), dir, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.msg, "more than 32 words"));
	shell_free(&s);
	buf_free(&b);
}
END_TEST

int
main(void)
{
	static const char *const names[] = { "a.sh", "b.sh", "loop.sh",
		"rm.sh" };
	Suite *suite = suite_create("shell");
	TCase *tc = tcase_create("shell");
	SRunner *sr = srunner_create(suite);
	struct buf path = { 0 };
	int failed;
	size_t i;

	if (mkdtemp(dir) == NULL)
		return 1;
	put(names[0],
	    "#!/bin/bash\n# a comment\n\nip tcp_metrics flush all > "
	    "/dev/null 2>&1\nsysctl -q net.ipv4.a=1\nsysctl net.ipv4.b=2");
	put(names[1], "./a.sh\n");
	put(names[2], "./loop.sh\n");
	put(names[3], "rm x\n");
	tcase_add_loop_test(tc, test_right, 0, ARRAY_SIZE(right));
	tcase_add_loop_test(tc, test_refused, 0, ARRAY_SIZE(refused));
	tcase_add_test(tc, test_large);
	suite_add_tcase(suite, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		buf_reset(&path);
		buf_addf(&path, "%s/%s", dir, names[i]);
		unlink(buf_str(&path));
	}
	buf_free(&path);
	rmdir(dir);
	return failed > 0;
}
