// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * slab.c - which slab objects are in use, and whose stack is this?
 *
 * An address that is allocated again was freed in between without a record: bulk frees and kfree_rcu leave none. Or its
 * free is recorded late: up to 5.15 kmem_cache_free is traced when the object is back already, and another CPU may have
 * allocated it by then.
 */
#include <errno.h>
#include <string.h>

#include "passes/leaks/state.h"

#define ZERO_SIZE_PTR 16	/* returned by kmalloc(0); there is no object */

enum context leak_context(const struct event *ev)
{
	if (ev->flags & EVENT_FL_NMI)
		return IN_NMI;
	if (ev->flags & EVENT_FL_HARDIRQ)
		return IN_HARDIRQ;
	return ev->flags & EVENT_FL_SOFTIRQ ? IN_SOFTIRQ : IN_TASK;
}

int32_t leak_pid(const struct event *ev)
{
	enum context c = leak_context(ev);

	return c == IN_TASK ? ev->pid : c == IN_SOFTIRQ ? PID_SOFTIRQ : PID_HARDIRQ;
}

uint64_t leak_units(const struct object *o, enum leak_layer layer)
{
	return layer == LEAK_SLAB ? o->size : UINT64_C(1) << (o->size & 31);
}

static struct site *site_of(struct leaks *l, const struct pass_ctx *ctx, const struct event *ev, uint32_t *ret_index)
{
	struct place_key key;
	struct site *s;
	uint64_t offset;

	memset(&key, 0, sizeof(key));
	key.call_site = ev->slab.call_site;
	key.layer = LEAK_SLAB;
	*ret_index = leak_sites_get(&l->sites, &key);
	if (*ret_index == UINT32_MAX)
		return NULL;
	s = l->sites.all[*ret_index];
	if (!s->allocs && !s->gfp)	/* the site is new */
		s->owns = (uint8_t)owns_of(symbol_of(ctx, ev->slab.call_site, &offset), ev->slab.cache);
	if (event_has(ev, HAS_GFP))
		s->gfp |= ev->slab.gfp_flags;
	if (!s->cache[0] && event_has(ev, HAS_CACHE))
		memcpy(s->cache, ev->slab.cache, sizeof(s->cache));
	return s;
}

static struct takeover *recent_of(struct leaks *l, uint64_t ptr)
{
	return &l->recent[(ptr >> 3 ^ ptr >> 12) % RECENT];
}

/* The address is in use already: its old object was freed without a record, or the record of that free is late. */
static void take_over(struct leaks *l, const struct event *ev, struct object *o)
{
	*recent_of(l, o->key) = (struct takeover){ .ptr = o->key, .ts = ev->ts, .old = *o, .cpu = ev->cpu,
		.context = (uint8_t)leak_context(ev) };
	site_lost_sight(&l->sites, l->sites.all[o->site], ev->ts, o->size, true);
	leak_owner_freed(l, o->key, ev->ts);
	objects_renew(o);
	o->taken = 1;
}

int leak_slab_alloc(struct leaks *l, const struct pass_ctx *ctx, const struct event *ev)
{
	uint64_t bytes = ev->slab.bytes_alloc < OBJECT_BYTES_MAX ? ev->slab.bytes_alloc : OBJECT_BYTES_MAX;
	struct object *o;
	struct site *s;
	uint32_t site;
	int err;

	if (ev->slab.ptr <= ZERO_SIZE_PTR)
		return 0;
	l->allocs[LEAK_SLAB]++;
	s = site_of(l, ctx, ev, &site);
	o = s ? objects_find(&l->slab, ev->slab.ptr) : NULL;
	if (o)
		take_over(l, ev, o);
	else if (s)
		o = objects_add(&l->slab, ev->slab.ptr);
	if (!o)
		return -ENOMEM;
	o->ts = ev->ts;
	o->site = site;
	o->pid = s->pid = leak_pid(ev);
	o->size = (uint32_t)bytes & OBJECT_BYTES_MAX;
	site_took(&l->sites, s, ev->ts, bytes);
	l->cpus[ev->cpu].pending[leak_context(ev)] = (struct pending){ .key = o->key, .ts = ev->ts, .layer = LEAK_SLAB, .is = true };
	err = s->owns ? leak_owner_alloc(l, ev, (enum owns)s->owns) : 0;
	return !err && l->cpus[ev->cpu].page.is ? leak_behind(l, ev) : err;
}

/* Did this free the old object at the address? Only another CPU, or an interrupted context, can record it so late. */
static bool is_late(const struct leaks *l, const struct event *ev, const struct takeover *t)
{
	return t->ptr == ev->slab.ptr && ev->ts - t->ts < rule_ns(l->rules, RULE_LATE_FREE) &&
	       (t->cpu != ev->cpu || t->context > leak_context(ev));
}

static void was_freed(struct leaks *l, const struct event *ev, const struct object *o)
{
	struct site *s = l->sites.all[o->site];

	site_gave(&l->sites, s, ev->ts, o->ts, o->size, true);
	if (!s->cache[0] && event_has(ev, HAS_CACHE))
		memcpy(s->cache, ev->slab.cache, sizeof(s->cache));
}

int leak_slab_free(struct leaks *l, const struct event *ev)
{
	struct takeover *t;
	struct object *o, old;

	l->cpus[ev->cpu].pending[leak_context(ev)].is = false;
	if (ev->slab.ptr <= ZERO_SIZE_PTR)
		return 0;
	l->frees[LEAK_SLAB]++;
	l->named_frees |= event_has(ev, HAS_CACHE);
	o = objects_find(&l->slab, ev->slab.ptr);
	t = recent_of(l, ev->slab.ptr);
	if (o && o->taken && is_late(l, ev, t)) {
		site_found(l->sites.all[t->old.site], ev->ts, t->old.ts);
		o->taken = 0;
		return 0;
	}
	if (!objects_remove(&l->slab, ev->slab.ptr, &old)) {
		l->unknown_frees[LEAK_SLAB]++;
		return 0;
	}
	was_freed(l, ev, &old);
	leak_owner_freed(l, ev->slab.ptr, ev->ts);
	return l->sites.all[old.site]->owns == OWNS_PID ? leak_owner_gone(l, ev->slab.ptr, ev->ts) : 0;
}

int leak_move(struct leaks *l, enum leak_layer layer, uint64_t key, uint64_t ts, uint32_t stack, bool behind_slab)
{
	struct object *o = objects_find(layer == LEAK_SLAB ? &l->slab : &l->pages, key);
	struct place_key changed;
	uint32_t to;

	if (!o || o->ts != ts)
		return 0;
	changed = l->sites.all[o->site]->key;
	changed.stack = stack ? stack : changed.stack;
	changed.behind_slab |= behind_slab;
	to = leak_sites_get(&l->sites, &changed);
	if (to == UINT32_MAX)
		return -ENOMEM;
	if (to != o->site)
		site_moved(&l->sites, l->sites.all[o->site], l->sites.all[to], ts, leak_units(o, layer));
	o->site = to;
	return 0;
}

int leak_stack(struct leaks *l, const struct pass_ctx *ctx, const struct event *ev)
{
	struct pending *p = &l->cpus[ev->cpu].pending[leak_context(ev)];
	uint32_t stack;
	int err;

	if (!p->is)
		return 0;
	p->is = false;
	err = stacks_intern(&l->stacks, &ev->stack, &stack);
	if (stack && p->first)
		leak_retry_check(l, ctx, p, stack);
	return err ? err : stack ? leak_move(l, (enum leak_layer)p->layer, p->key, p->ts, stack, false) : 0;
}
