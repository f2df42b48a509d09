// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_keyed.c - is each element found by its key, and only what is over removed? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>

#include <cmocka.h>

#include "util/keyed.h"

enum { MANY = 100000 };
struct element { uint64_t value; bool over; };

static struct element *get(struct keyed *k, uint64_t key)
{
	struct element *e = keyed_get(k, key, sizeof(*e));

	assert_non_null(e);
	return e;
}

static int is_over(void *data, void *element, bool *ret)
{
	*ret = ((struct element *)element)->over;
	*(size_t *)data += *ret;
	return 0;
}

static void each_of_many_is_found_by_its_key(void **unused)
{
	struct keyed k = { 0 };

	(void)unused;
	assert_null(keyed_find(&k, 5, sizeof(struct element)));
	for (uint64_t i = 0; i < MANY; i++)
		get(&k, i * 4096)->value += i + 1;	/* a new one is zeroed */
	assert_int_equal(k.nr, MANY);
	for (uint64_t i = 0; i < MANY; i++)
		assert_int_equal(get(&k, i * 4096)->value, i + 1);
	assert_int_equal(k.nr, MANY);
	assert_null(keyed_find(&k, 5, sizeof(struct element)));
	keyed_clear(&k);
}

static void a_sweep_removes_what_is_over_and_nothing_else(void **unused)
{
	struct keyed k = { 0 };
	size_t over = 0;

	(void)unused;
	for (uint64_t i = 0; i < MANY; i++)
		*get(&k, i) = (struct element){ .value = i, .over = i % 10 };
	assert_true(keyed_is_full(&k));
	assert_int_equal(keyed_sweep(&k, sizeof(struct element), is_over, &over), 0);
	assert_int_equal(over, MANY / 10 * 9);
	assert_int_equal(k.nr, MANY / 10);
	assert_false(keyed_is_full(&k));
	for (uint64_t i = 0; i < MANY; i++) {
		const struct element *e = keyed_find(&k, i, sizeof(*e));

		assert_true(i % 10 ? !e : e && e->value == i);
	}
	assert_int_equal(((struct element *)keyed_at(&k, 1, sizeof(struct element)))->value, 10);	/* the order stays */
	keyed_clear(&k);
}

static int fails(void *data, void *element, bool *ret)
{
	(void)data;
	*ret = ((struct element *)element)->value == 3;
	return *ret ? -EIO : 0;
}

static void the_first_error_of_a_sweep_is_returned(void **unused)
{
	struct keyed k = { 0 };

	(void)unused;
	for (uint64_t i = 0; i < 10; i++)
		get(&k, i)->value = i;
	assert_int_equal(keyed_sweep(&k, sizeof(struct element), fails, NULL), -EIO);
	keyed_clear(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_of_many_is_found_by_its_key),
		cmocka_unit_test(a_sweep_removes_what_is_over_and_nothing_else),
		cmocka_unit_test(the_first_error_of_a_sweep_is_returned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
