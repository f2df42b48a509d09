// SPDX-License-Identifier: LGPL-2.1-or-later
/* keyed.c - the list has the elements, the table their numbers */
#include "util/keyed.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"

enum { FIRST_SWEEP = 64 };

static bool has_key(const void *keys, uint32_t number, const void *key)
{
	return ((const uint64_t *)keys)[number - 1] == *(const uint64_t *)key;
}

void *keyed_at(const struct keyed *k, size_t i, size_t size)
{
	return k->all + i * size;
}

void *keyed_find(const struct keyed *k, uint64_t key, size_t size)
{
	uint32_t number = table_find(&k->by_key, hash_add(0, key), has_key, k->keys, &key);

	return number ? keyed_at(k, number - 1, size) : NULL;
}

static void *add(struct keyed *k, uint64_t key, size_t size)
{
	uint64_t *keys = grow(k->keys, &k->cap_keys, k->nr, sizeof(*keys));
	char *all;

	if (!keys)
		return NULL;
	k->keys = keys;
	all = grow(k->all, &k->cap, k->nr, size);
	if (!all)
		return NULL;
	k->all = all;
	if (table_add(&k->by_key, hash_add(0, key), (uint32_t)k->nr + 1))
		return NULL;
	k->keys[k->nr] = key;
	return memset(keyed_at(k, k->nr++, size), 0, size);
}

void *keyed_get(struct keyed *k, uint64_t key, size_t size)
{
	void *found = keyed_find(k, key, size);

	return found ? found : add(k, key, size);
}

bool keyed_is_full(const struct keyed *k)
{
	return k->nr >= (k->sweep_at ? k->sweep_at : FIRST_SWEEP);
}

/* The table held as many before, so table_add() cannot fail. */
static void number_anew(struct keyed *k)
{
	table_empty(&k->by_key);
	for (size_t i = 0; i < k->nr; i++)
		table_add(&k->by_key, hash_add(0, k->keys[i]), (uint32_t)i + 1);
}

int keyed_sweep(struct keyed *k, size_t size, int (*is_over)(void *data, void *element, bool *ret), void *data)
{
	size_t kept = 0;
	int err = 0;

	for (size_t i = 0; i < k->nr; i++) {
		bool over = false;

		if (!err)
			err = is_over(data, keyed_at(k, i, size), &over);
		if (over)
			continue;
		memmove(keyed_at(k, kept, size), keyed_at(k, i, size), size);
		k->keys[kept++] = k->keys[i];
	}
	k->nr = kept;
	k->sweep_at = 2 * kept > FIRST_SWEEP ? 2 * kept : FIRST_SWEEP;
	number_anew(k);
	return err;
}

void keyed_clear(struct keyed *k)
{
	free(k->all);
	free(k->keys);
	table_clear(&k->by_key);
	*k = (struct keyed){ 0 };
}
