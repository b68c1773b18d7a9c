/* Allocation that does not fail, growing arrays and arenas. */
#include <sys/wait.h>

#include <check.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/table.h"

/* The address sanitizer's allocator must fail as malloc(3) does. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

/* Tables that fit into large pages, and such that do not. */
START_TEST(test_table)
{
	static const size_t sizes[] = { 1, 4096, 1 << 19, (2 << 20) - 1,
		2 << 20, (2 << 20) + 1, 5000000 };
	uint8_t *p;
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		p = mem_table(sizes[i], 3);
		for (k = 0; k < sizes[i] * 3; k += 512)
			ck_assert_uint_eq(p[k], 0);
		memset(p, 1, sizes[i] * 3);
		mem_table_free(p, sizes[i], 3);
	}
	mem_table_free(NULL, 100, 1);
	mem_table_free(NULL, 100, 1 << 20);
}
END_TEST

START_TEST(test_mem)
{
	uint8_t *p = mem_calloc(100, 2);
	uint8_t *none = mem_calloc(0, 2);
	char *copy;
	size_t i;

	ck_assert_ptr_nonnull(none);
	for (i = 0; i < 200; i++)
		ck_assert_uint_eq(p[i], 0);
	memset(p, 7, 200);
	p = mem_realloc(p, 1000, 3);
	for (i = 0; i < 200; i++)
		ck_assert_uint_eq(p[i], 7);
	memset(p, 8, 3000);
	p = mem_realloc(p, 0, 1);
	ck_assert_ptr_nonnull(p);
	free(p);
	free(none);

	copy = mem_strdup("twelve");
	ck_assert_str_eq(copy, "twelve");
	free(copy);
	copy = mem_strndup("twelve", 4);
	ck_assert_str_eq(copy, "twel");
	free(copy);
	copy = mem_strndup("twelve", 400);
	ck_assert_str_eq(copy, "twelve");
	free(copy);
}
END_TEST

START_TEST(test_mem_grow)
{
	struct element {
		uint32_t value, zero;
	} *array = NULL;
	uint32_t n, i;

	for (n = 0; n < 1100; n++) {
		array = mem_grow(array, n, sizeof(*array));
		ck_assert_uint_eq(array[n].value, 0);
		ck_assert_uint_eq(array[n].zero, 0);
		array[n].value = n * 7 + 1;
		for (i = 0; i <= n; i++)
			if (array[i].value != i * 7 + 1)
				ck_abort_msg("%u of %u: %u", i, n,
				    array[i].value);
	}
	free(array);
}
END_TEST

/* Where there is room the array stays; what was there is wiped. */
START_TEST(test_mem_grow_dirty)
{
	uint64_t *array = mem_calloc(4, sizeof(*array)), *grown;

	memset(array, 0xff, 4 * sizeof(*array));
	grown = mem_grow(array, 3, sizeof(*array));
	ck_assert_ptr_eq(grown, array);
	ck_assert_uint_eq(grown[2], UINT64_MAX);
	ck_assert_uint_eq(grown[3], 0);
	free(grown);
}
END_TEST

static void
no_calloc(void)
{
	mem_calloc(SIZE_MAX, 2);
}

static void
no_realloc(void)
{
	mem_realloc(NULL, SIZE_MAX, 2);
}

static void
no_grow(void)
{
	mem_grow(NULL, (SIZE_MAX >> 2) + 1, 8);
}

static void
no_table(void)
{
	mem_table((SIZE_MAX >> 2) + 1, 8);
}

static void
no_room(void)
{
	mem_table(SIZE_MAX >> 4, 1);
}

static void (*const no_memory[])(void) = { no_calloc, no_realloc, no_grow,
	no_table, no_room };

START_TEST(test_no_memory)
{
	char said[2048] = "";
	size_t len = 0;
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	ck_assert_int_eq(pipe(fds), 0);
	pid = fork();
	ck_assert_int_ne(pid, -1);
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		no_memory[_i]();
		_exit(0);
	}
	close(fds[1]);
	while ((n = read(fds[0], said + len, sizeof(said) - 1 - len)) > 0)
		len += n;
	close(fds[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 5);
	ck_assert_ptr_nonnull(strstr(said, "out of memory\n"));
}
END_TEST

START_TEST(test_arena)
{
	static const uint8_t zero[100];
	struct arena a = { 0 };
	uint8_t *p[3];
	char *s;
	int i;

	for (i = 0; i < 3; i++) {
		p[i] = arena_alloc(&a, 97 + i);
		ck_assert_uint_eq((uintptr_t)p[i] % _Alignof(max_align_t), 0);
		ck_assert_mem_eq(p[i], zero, 97 + i);
		memset(p[i], 0xf0 + i, 97 + i);
	}
	s = arena_strndup(&a, "SEG.SEQ+1", 7);
	ck_assert_str_eq(s, "SEG.SEQ");
	for (i = 0; i < 3; i++)
		ck_assert_uint_eq(p[i][96 + i], 0xf0 + i);
	arena_free(&a);
	ck_assert_ptr_null(a.blocks);
	ck_assert_ptr_nonnull(arena_alloc(&a, 0));
	arena_free(&a);
	arena_free(&a);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("mem");
	TCase *tc = tcase_create("mem");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_test(tc, test_mem);
	tcase_add_test(tc, test_table);
	tcase_add_test(tc, test_mem_grow);
	tcase_add_test(tc, test_mem_grow_dirty);
	tcase_add_loop_test(tc, test_no_memory, 0, ARRAY_SIZE(no_memory));
	tcase_add_test(tc, test_arena);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
