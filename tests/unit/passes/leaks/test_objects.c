// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_objects.c - does the table of allocated objects keep its promises? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "passes/leaks/objects.h"

enum { MANY = 1 << 18 };

/* Addresses as slabs give them: multiples of an object's size, from many places. */
static uint64_t key(uint32_t i)
{
	return UINT64_C(0xffff888000000000) + (uint64_t)(i % 64) * (UINT64_C(1) << 30) + (uint64_t)(i / 64) * 512;
}

static void fill(struct objects *t, uint32_t nr)
{
	for (uint32_t i = 0; i < nr; i++) {
		struct object *o = objects_add(t, key(i));

		assert_non_null(o);
		o->ts = i;
	}
}

static void every_object_is_found_until_it_is_removed(void **state)
{
	struct objects t = { 0 };
	struct object was;

	(void)state;
	assert_null(objects_find(&t, 1));
	fill(&t, MANY);
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(objects_find(&t, key(i))->ts, i);
	for (uint32_t i = 0; i < MANY; i += 3) {
		assert_true(objects_remove(&t, key(i), &was));
		assert_int_equal(was.ts, i);
		assert_false(objects_remove(&t, key(i), NULL));
	}
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(objects_find(&t, key(i)) != NULL, i % 3 != 0);
	assert_int_equal(t.nr, MANY - (MANY + 2) / 3);
	objects_clear(&t);
}

static void a_visit_sees_each_object_once(void **state)
{
	struct objects t = { 0 };
	uint32_t seen = 0;

	(void)state;
	fill(&t, 10000);
	for (uint32_t i = 0; i < 10000; i += 2)
		objects_remove(&t, key(i), NULL);
	for (size_t i = 0; i < objects_end(&t); i++)
		seen += objects_at(&t, i) != NULL;
	assert_int_equal(seen, 5000);
	objects_clear(&t);
}

static void what_was_freed_is_used_again(void **state)
{
	struct objects t = { 0 };
	size_t end;

	(void)state;
	fill(&t, 1000);
	end = objects_end(&t);
	for (int round = 0; round < 100; round++) {
		for (uint32_t i = 0; i < 1000; i++)
			objects_remove(&t, key(i), NULL);
		fill(&t, 1000);
	}
	assert_true(objects_end(&t) <= end + end / 4);
	objects_clear(&t);
}

static void a_renewed_object_keeps_its_key_and_its_place(void **state)
{
	struct objects t = { 0 };

	(void)state;
	fill(&t, 1000);
	for (uint32_t i = 0; i < 1000; i++)
		objects_renew(objects_find(&t, key(i)));
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(objects_find(&t, key(i))->ts, 0);
	objects_clear(&t);
}

static void an_object_takes_at_most_64_bytes(void **state)
{
	struct objects t = { 0 };
	size_t bytes;

	(void)state;
	for (uint32_t nr = 50000; nr <= MANY; nr += nr / 8) {
		fill(&t, nr);
		bytes = (t.main.nr + t.more.nr) * sizeof(struct bucket);	/* of the last piece the rest is untouched */
		assert_true(bytes <= 60 * (size_t)nr);
		objects_clear(&t);
	}
}

/* No bucket has a long chain, so no call is slow. */
static void chains_are_short(void **state)
{
	struct objects t = { 0 };
	uint64_t longest = 0;

	(void)state;
	fill(&t, MANY);
	for (uint32_t b = 0; b < t.main.nr; b++) {
		const struct bucket *at = &t.main.segments[b / 32768][b % 32768];
		uint64_t nr = 1;

		for (; at->slot[0].more; nr++)
			at = &t.more.segments[(at->slot[0].more - 1) / 32768][(at->slot[0].more - 1) % 32768];
		longest = nr > longest ? nr : longest;
	}
	assert_true(longest <= 8);
	objects_clear(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_object_is_found_until_it_is_removed),
		cmocka_unit_test(a_visit_sees_each_object_once),
		cmocka_unit_test(what_was_freed_is_used_again),
		cmocka_unit_test(a_renewed_object_keeps_its_key_and_its_place),
		cmocka_unit_test(an_object_takes_at_most_64_bytes),
		cmocka_unit_test(chains_are_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
