/*
 * What craft/ makes of failures that libnet and the kernel hardly ever show.
 * Two functions of libnet, and sendto(2), are replaced by the ones below.
 */
#include <sys/socket.h>

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "crafted.h"

struct libnet_context;
int libnet_getfd(struct libnet_context *);
int libnet_pblock_coalesce(struct libnet_context *, uint8_t **, uint32_t *);

#define FRAME_LEN 58

static int join_result; /* of libnet_pblock_coalesce() */
static int sent;	/* of sendto() */

int
libnet_getfd(struct libnet_context *net)
{
	(void)net;
	return 0;
}

int
libnet_pblock_coalesce(struct libnet_context *net, uint8_t **packet,
    uint32_t *len)
{
	(void)net;
	*packet = join_result == 1 ? calloc(1, FRAME_LEN) : NULL;
	*len = FRAME_LEN;
	return join_result;
}

ssize_t
sendto(int fd, const void *packet, size_t len, int flags,
    const struct sockaddr *to, socklen_t tolen)
{
	(void)fd, (void)flags, (void)to, (void)tolen;
	ck_assert_ptr_nonnull(packet);
	ck_assert_uint_eq(len, FRAME_LEN);
	errno = ENOBUFS;
	return sent;
}

/* All octets were sent, or it is an error that tells how many. */
START_TEST(test_sent_in_part)
{
	static const struct {
		int sent, rc;
		const char *words;
	} rows[] = {
		{ FRAME_LEN, 0, "" },
		{ FRAME_LEN - 1, -1, "only 57 of 58 octets" },
		{ 0, -1, "only 0 of 58 octets" },
		{ -1, -1, "No buffer space" },
	};
	struct craft *c = open_none();
	struct segment s = syn(4);
	const uint8_t *frame;
	struct err e = { 0 };
	size_t len;

	join_result = 1;
	ck_assert_int_eq(craft_build(c, &s, &frame, &len, &e), 0);
	sent = rows[_i].sent;
	ck_assert_int_eq(craft_send(c, &e), rows[_i].rc);
	ck_assert_int_eq(e.kind, rows[_i].rc == -1 ? ERR_ENV : ERR_NONE);
	ck_assert_ptr_nonnull(strstr(e.msg, rows[_i].words));
	craft_close(c);
}
END_TEST

/* When libnet cannot join the packet, the frame before it is gone too. */
START_TEST(test_not_joined)
{
	struct craft *c = open_none();
	struct segment s = syn(4);
	const uint8_t *frame;
	struct err e = { 0 };
	size_t len;

	join_result = 1;
	sent = FRAME_LEN;
	ck_assert_int_eq(craft_build(c, &s, &frame, &len, &e), 0);
	join_result = -1;
	ck_assert_int_eq(craft_build(c, &s, &frame, &len, &e), -1);
	ck_assert_int_eq(e.kind, ERR_INTERNAL);
	ck_assert_int_eq(craft_send(c, &e), -1);
	ck_assert_int_eq(e.kind, ERR_INTERNAL);
	craft_close(c);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("craft_libnet");
	TCase *tc = tcase_create("craft_libnet");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_sent_in_part, 0, 4);
	tcase_add_test(tc, test_not_joined);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
