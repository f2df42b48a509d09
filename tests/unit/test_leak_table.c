// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_leak_table.c - does the table of what is allocated keep its promises? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "passes/leak_table.h"

enum { MANY = 1 << 18 };

/* Addresses as slabs give them: steps of an object's size, from many places. */
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
	for (uint32_t i = 0; i < t.used; i++)
		seen += objects_at(&t, i) != NULL;
	assert_int_equal(seen, 5000);
	objects_clear(&t);
}

static void what_was_freed_is_used_again(void **state)
{
	struct objects t = { 0 };
	uint32_t used;

	(void)state;
	fill(&t, 1000);
	used = t.used;
	for (int round = 0; round < 100; round++) {
		for (uint32_t i = 0; i < 1000; i++)
			objects_remove(&t, key(i), NULL);
		fill(&t, 1000);
	}
	assert_int_equal(t.used, used);
	objects_clear(&t);
}

static void an_object_takes_at_most_64_bytes(void **state)
{
	struct objects t = { 0 };
	size_t bytes;

	(void)state;
	for (uint32_t nr = 50000; nr <= MANY; nr *= 2) {
		fill(&t, nr);
		bytes = t.nr_chunks * 4096 * sizeof(struct object) + t.nr_segments * 16384 * sizeof(uint32_t) +
			t.cap_chunks * sizeof(*t.chunks) + t.cap_segments * sizeof(*t.segments);
		assert_true(bytes <= 64 * (size_t)nr);
		objects_clear(&t);
	}
}

/* Chains stay short, so no call is slow: as many buckets as objects, and a hash that spreads them. */
static void chains_are_short(void **state)
{
	struct objects t = { 0 };
	uint64_t longest = 0;

	(void)state;
	fill(&t, MANY);
	assert_true(t.nr_buckets >= MANY);
	for (uint32_t b = 0; b < t.nr_buckets; b++) {
		uint64_t nr = 0;

		for (uint32_t i = t.segments[b / 16384][b % 16384]; i; i = t.chunks[(i - 1) / 4096][(i - 1) % 4096].next)
			nr++;
		longest = nr > longest ? nr : longest;
	}
	assert_true(longest <= 16);
	objects_clear(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_object_is_found_until_it_is_removed),
		cmocka_unit_test(a_visit_sees_each_object_once),
		cmocka_unit_test(what_was_freed_is_used_again),
		cmocka_unit_test(an_object_takes_at_most_64_bytes),
		cmocka_unit_test(chains_are_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
