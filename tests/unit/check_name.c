/* Only /etc/hosts and, once, the absence of a name server are needed. */
#include <check.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "path/name.h"

/* What is resolved as it stands: its address, and its zone. */
START_TEST(test_resolved)
{
	static const struct {
		const char *host;
		uint8_t ip;
		const char *addr, *zone;
	} t[] = {
		{ "192.0.2.1", 0, "192.0.2.1", "" },
		{ "192.0.2.1", 4, "192.0.2.1", "" },
		{ "2001:db8::1", 0, "2001:db8::1", "" },
		{ "2001:DB8:0::1", 6, "2001:db8::1", "" },
		{ "fe80::1%eth0", 0, "fe80::1", "eth0" },
		{ "fe80::1%a-name-of-15-oc", 6, "fe80::1", "a-name-of-15-oc" },
		{ "1.2.3", 0, "1.2.0.3", "" },
		{ "127.1", 4, "127.0.0.1", "" },
		{ "localhost", 4, "127.0.0.1", "" },
	};
	char zone[IF_NAMESIZE] = "old";
	struct buf b = { 0 };
	struct err e = { 0 };
	struct addr a;

	ck_assert_msg(name_resolve(&a, zone, t[_i].host, t[_i].ip, &e) == 0,
	    "%s", e.msg);
	addr_add(&b, &a);
	ck_assert_str_eq(buf_str(&b), t[_i].addr);
	ck_assert_str_eq(zone, t[_i].zone);
	buf_free(&b);
}
END_TEST

START_TEST(test_usage)
{
	static const struct {
		const char *host;
		uint8_t ip;
		const char *msg;
	} t[] = {
		{ "", 0, "the name of the host is empty" },
		{ "192.0.2.300", 0, "192.0.2.300 is no address" },
		{ "1.2.3.4.5", 4, "1.2.3.4.5 is no address" },
		{ "192.0.2.0/24", 0,
		    "192.0.2.0/24 is neither an address nor a name" },
		{ "2001:db8::g", 6,
		    "2001:db8::g is neither an address nor a name" },
		{ "a b\n\033[31m", 0,
		    "a b\\x0a\\x1b[31m is neither an address nor a name" },
		{ "192.0.2.1", 6, "192.0.2.1 is no IPv6 address" },
		{ "1.2.3", 6, "1.2.3 is no IPv6 address" },
		{ "2001:db8::1", 4, "2001:db8::1 is no IPv4 address" },
		{ "fe80::1%eth0", 4, "fe80::1%eth0 is no IPv4 address" },
		{ "fe80::1%", 0,
		    "fe80::1% is no IPv6 address with %interface" },
		{ "fe80::1%a-name-of-16-oct", 0,
		    "fe80::1%a-name-of-16-oct is no IPv6 address with "
		    "%interface" },
		{ "192.0.2.1%eth0", 0,
		    "192.0.2.1%eth0 is no IPv6 address with %interface" },
		{ "localhost%lo", 0,
		    "localhost%lo is neither an address nor a name" },
	};
	char zone[IF_NAMESIZE];
	struct err e = { 0 };
	struct addr a;

	ck_assert_int_eq(name_resolve(&a, zone, t[_i].host, t[_i].ip, &e), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_str_eq(e.msg, t[_i].msg);
}
END_TEST

/* A zone is refused where the caller has no use for it. */
START_TEST(test_no_zone)
{
	struct err e = { 0 };
	struct addr a;

	ck_assert_int_eq(name_resolve(&a, NULL, "fe80::1", 0, &e), 0);
	ck_assert_int_eq(name_resolve(&a, NULL, "fe80::1%lo", 0, &e), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_str_eq(e.msg, "fe80::1%lo: an interface has no place here");
}
END_TEST

/* Of 255 octets a name is asked for, of 256 it is not. */
START_TEST(test_long)
{
	struct err e = { 0 };
	char name[257];
	struct addr a;
	size_t i;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1)
		(void)!unshare(CLONE_NEWNET);
	for (i = 0; i < sizeof(name) - 1; i++)
		name[i] = i % 50 == 49 ? '.' : 'a';
	name[256] = '\0';
	ck_assert_int_eq(name_resolve(&a, NULL, name, 0, &e), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_str_eq(e.msg,
	    "no host has a name of 256 octets: 255 are the most");
	name[255] = '\0';
	ck_assert_int_eq(name_resolve(&a, NULL, name, 0, &e), -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
}
END_TEST

/* A name that nobody has: the environment's fault, told within seconds. */
START_TEST(test_not_resolved)
{
	int64_t start = clock_mono();
	struct err e = { 0 };
	struct addr a;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1)
		(void)!unshare(CLONE_NEWNET);
	unsetenv("RES_OPTIONS");
	ck_assert_int_eq(name_resolve(&a, NULL, "no-host.invalid", 0, &e), -1);
	ck_assert_int_lt(clock_mono() - start, 20 * NSEC_PER_SEC);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_ptr_eq(strstr(e.msg, "cannot resolve no-host.invalid: "),
	    e.msg);
	ck_assert_ptr_nonnull(strstr(e.msg, "; give its address instead"));
	ck_assert_str_eq(getenv("RES_OPTIONS"), "timeout:2 attempts:1");
	/* the user's own stays */
	setenv("RES_OPTIONS", "timeout:1", 1);
	ck_assert_int_eq(name_resolve(&a, NULL, "localhost", 4, &e), 0);
	ck_assert_str_eq(getenv("RES_OPTIONS"), "timeout:1");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("name");
	TCase *tc = tcase_create("name");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, test_resolved, 0, 9);
	tcase_add_loop_test(tc, test_usage, 0, 14);
	tcase_add_test(tc, test_no_zone);
	tcase_add_test(tc, test_long);
	tcase_add_test(tc, test_not_resolved);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
