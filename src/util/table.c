// SPDX-License-Identifier: LGPL-2.1-or-later
/* table.c - at least twice as many slots as members, so that a search is short, whether or not it finds a member */
#include "util/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 64

static void put(struct table *t, struct table_slot slot)
{
	size_t at = slot.hash;

	while (t->slots[at & (t->cap - 1)].number)
		at++;
	t->slots[at & (t->cap - 1)] = slot;
}

static int more_slots(struct table *t)
{
	struct table bigger = { .nr = t->nr, .cap = t->cap ? 2 * t->cap : FIRST_CAP };

	bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots));
	if (!bigger.slots)
		return -ENOMEM;
	for (size_t i = 0; i < t->cap; i++)
		if (t->slots[i].number)
			put(&bigger, t->slots[i]);
	free(t->slots);
	*t = bigger;
	return 0;
}

int table_add(struct table *t, uint64_t hash, uint32_t number)
{
	if (2 * (t->nr + 1) > t->cap && more_slots(t))
		return -ENOMEM;
	put(t, (struct table_slot){ .hash = (uint32_t)hash, .number = number });
	t->nr++;
	return 0;
}

void table_empty(struct table *t)
{
	if (t->cap)
		memset(t->slots, 0, t->cap * sizeof(*t->slots));
	t->nr = 0;
}

void table_clear(struct table *t)
{
	free(t->slots);
	*t = (struct table){ 0 };
}
