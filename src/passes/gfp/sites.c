// SPDX-License-Identifier: LGPL-2.1-or-later
/* sites.c - has this place allocated so before? */
#include "passes/gfp/sites.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

static uint64_t hash_of(const struct site_key *k)
{
	uint64_t h = k->call_site ^ k->gfp << 13 ^ (uint64_t)k->stack << 40;

	h ^= (uint64_t)k->call << 56 ^ (uint64_t)k->place << 52 ^ (uint64_t)k->nibble << 48 ^ (uint64_t)k->flags << 44;
	h *= UINT64_C(11400714819323198485);
	return h ^ h >> 32;
}

static bool same(const struct site_key *a, const struct site_key *b)
{
	return a->call_site == b->call_site && a->gfp == b->gfp && a->stack == b->stack && a->call == b->call &&
	       a->place == b->place && a->nibble == b->nibble && a->flags == b->flags;
}

static size_t slot_of(const struct sites *s, const struct site_key *key)
{
	size_t at = (size_t)hash_of(key) & (s->nr_slots - 1);

	while (s->slots[at] && !same(&s->all[s->slots[at] - 1].key, key))
		at = (at + 1) & (s->nr_slots - 1);
	return at;
}

static int more_slots(struct sites *s)
{
	uint32_t *old = s->slots;

	s->nr_slots = s->nr_slots ? s->nr_slots * 2 : 256;
	s->slots = calloc(s->nr_slots, sizeof(*s->slots));
	if (!s->slots) {
		s->slots = old;
		s->nr_slots /= 2;
		return -ENOMEM;
	}
	for (size_t i = 0; i < s->nr; i++)
		s->slots[slot_of(s, &s->all[i].key)] = (uint32_t)i + 1;
	free(old);
	return 0;
}

/* *ret NULL: too many. */
static int site_get(struct sites *s, const struct sighting *x, struct site **ret)
{
	struct site *bigger;
	size_t at;

	*ret = NULL;
	if (2 * (s->nr + 1) > s->nr_slots && more_slots(s))
		return -ENOMEM;
	at = slot_of(s, &x->key);
	if (!s->slots[at] && s->nr == MAX_SITES) {
		s->cut = true;
		return 0;
	}
	if (!s->slots[at]) {
		bigger = grow(s->all, &s->cap, s->nr, sizeof(*bigger));
		if (!bigger)
			return -ENOMEM;
		s->all = bigger;
		s->all[s->nr++] = (struct site){ .key = x->key, .first = x->at };
		s->slots[at] = (uint32_t)s->nr;
	}
	*ret = &s->all[s->slots[at] - 1];
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
	free(s->slots);
	*s = (struct sites){ 0 };
}
