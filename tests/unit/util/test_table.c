// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_table.c - are added keys found, and no others? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "util/table.h"

enum { MANY = 100000 };

static bool has_key(const void *list, uint32_t number, const void *key)
{
	return ((const uint64_t *)list)[number - 1] == *(const uint64_t *)key;
}

static void add_many(struct table *t, uint64_t *keys, uint64_t step)
{
	for (uint32_t i = 0; i < MANY; i++) {
		keys[i] = i * step;
		assert_int_equal(table_add(t, hash_add(0, keys[i]), i + 1), 0);
	}
}

static void every_key_is_found_and_no_other(void **unused)
{
	uint64_t *keys = calloc(MANY, sizeof(*keys)), other = 7;
	struct table t = { 0 };

	(void)unused;
	assert_int_equal(table_find(&t, hash_add(0, other), has_key, keys, &other), 0);
	add_many(&t, keys, 8);
	assert_int_equal(t.nr, MANY);
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(table_find(&t, hash_add(0, keys[i]), has_key, keys, &keys[i]), i + 1);
	assert_int_equal(table_find(&t, hash_add(0, other), has_key, keys, &other), 0);
	table_clear(&t);
	assert_int_equal(t.nr + t.cap, 0);
	free(keys);
}

static void keys_of_one_hash_are_told_apart(void **unused)
{
	uint64_t keys[200], other = 200;
	struct table t = { 0 };

	(void)unused;
	for (uint32_t i = 0; i < 200; i++) {
		keys[i] = i;
		assert_int_equal(table_add(&t, UINT32_MAX, i + 1), 0);
	}
	for (uint32_t i = 0; i < 200; i++)
		assert_int_equal(table_find(&t, UINT32_MAX, has_key, keys, &keys[i]), i + 1);
	assert_int_equal(table_find(&t, UINT32_MAX, has_key, keys, &other), 0);
	table_clear(&t);
}

static void an_emptied_table_has_nothing_and_room_for_as_many(void **unused)
{
	uint64_t *keys = calloc(MANY, sizeof(*keys));
	struct table t = { 0 };
	struct table_slot *slots;

	(void)unused;
	table_empty(&t);
	add_many(&t, keys, 1);
	slots = t.slots;
	table_empty(&t);
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(table_find(&t, hash_add(0, keys[i]), has_key, keys, &keys[i]), 0);
	add_many(&t, keys, 3);
	assert_ptr_equal(t.slots, slots);
	table_clear(&t);
	free(keys);
}

/* Numbers, pages, addresses and the keys of a hostile recording: alike in all but a few bits. */
static void keys_alike_in_most_bits_do_not_crowd(void **unused)
{
	uint64_t *keys = calloc(MANY, sizeof(*keys));

	(void)unused;
	for (unsigned int shift = 0; shift < 48; shift++) {
		struct table t = { 0 };
		size_t run = 0, longest = 0;

		add_many(&t, keys, UINT64_C(1) << shift);
		assert_true(t.cap >= 2 * MANY && t.cap < 8 * MANY);
		for (size_t i = 0; i < t.cap; i++) {
			run = t.slots[i].number ? run + 1 : 0;
			longest = run > longest ? run : longest;
		}
		assert_true(longest < 100);
		table_clear(&t);
	}
	free(keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_found_and_no_other),
		cmocka_unit_test(keys_of_one_hash_are_told_apart),
		cmocka_unit_test(an_emptied_table_has_nothing_and_room_for_as_many),
		cmocka_unit_test(keys_alike_in_most_bits_do_not_crowd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
