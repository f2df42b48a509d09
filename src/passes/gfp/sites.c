// SPDX-License-Identifier: LGPL-2.1-or-later
/* sites.c - has this place allocated so before? */
#include "passes/gfp/sites.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

static uint64_t hash_of(const struct site_key *k)
{
	uint64_t context = (uint64_t)k->call << 24 | (uint64_t)k->place << 16 | (uint64_t)k->nibble << 8 | k->flags;

	return hash_add(hash_add(hash_add(0, k->call_site), k->gfp), (uint64_t)k->stack << 32 | context);
}

static bool has_key(const void *all, uint32_t number, const void *key)
{
	const struct site_key *a = &((const struct site *)all)[number - 1].key, *b = key;

	return a->call_site == b->call_site && a->gfp == b->gfp && a->stack == b->stack && a->call == b->call &&
	       a->place == b->place && a->nibble == b->nibble && a->flags == b->flags;
}

static int add(struct sites *s, uint64_t hash, const struct sighting *x)
{
	struct site *bigger = grow(s->all, &s->cap, s->nr, sizeof(*bigger));

	if (!bigger)
		return -ENOMEM;
	s->all = bigger;
	if (table_add(&s->by_key, hash, (uint32_t)s->nr + 1))
		return -ENOMEM;
	s->all[s->nr++] = (struct site){ .key = x->key, .first = x->at };
	return 0;
}

/* *ret is NULL when there are too many sites. */
static int site_get(struct sites *s, const struct sighting *x, struct site **ret)
{
	uint64_t hash = hash_of(&x->key);
	uint32_t number = table_find(&s->by_key, hash, has_key, s->all, &x->key);

	*ret = NULL;
	if (!number && s->nr == MAX_SITES) {
		s->cut = true;
		return 0;
	}
	if (!number && add(s, hash, x))
		return -ENOMEM;
	*ret = &s->all[number ? number - 1 : s->nr - 1];
	return 0;
}

static void add_pid(struct site *site, int32_t pid)
{
	for (size_t i = 0; i < site->nr_pids; i++)
		if (site->pids[i] == pid)
			return;
	if (site->nr_pids == SITE_PIDS)
		site->more_pids = true;
	else
		site->pids[site->nr_pids++] = pid;
}

int sites_add(struct sites *s, const struct sighting *x)
{
	struct site *site;
	int err = site_get(s, x, &site);

	if (err || !site)
		return err;
	site->count++;
	site->last_ns = x->at.ts;
	site->max_order = x->order > site->max_order ? x->order : site->max_order;
	add_pid(site, x->pid);
	return 0;
}

void sites_clear(struct sites *s)
{
	free(s->all);
	table_clear(&s->by_key);
	*s = (struct sites){ 0 };
}
