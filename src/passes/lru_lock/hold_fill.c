// SPDX-License-Identifier: LGPL-2.1-or-later
/* hold_fill.c - what the isolate event itself says about a hold */
#include <stdlib.h>
#include <string.h>

#include "passes/lru_lock/holds.h"

static struct known have(const struct event *ev, uint32_t member, int64_t value)
{
	return event_has(ev, member) ? KNOWN(value) : UNKNOWN;
}

/* A count above INT64_MAX is damage: memory does not even have that many bytes. */
static struct known count(const struct event *ev, uint32_t member, uint64_t pages)
{
	return pages <= INT64_MAX ? have(ev, member, (int64_t)pages) : UNKNOWN;
}

static void fill_counts(struct hold *h, const struct event *ev)
{
	const struct ev_lru_isolate *e = &ev->isolate;

	h->classzone = have(ev, HAS_CLASSZONE, e->classzone);
	h->order = have(ev, HAS_ORDER, e->order);
	h->lru = have(ev, HAS_LRU, e->lru);
	h->nr_requested = count(ev, HAS_REQUESTED, e->nr_requested);
	h->nr_scanned = count(ev, 0, e->nr_scanned);
	h->nr_skipped = count(ev, HAS_SKIPPED, e->nr_skipped);
	h->nr_taken = count(ev, HAS_TAKEN, e->nr_taken);
}

static void fill_node(struct hold *h)
{
	static const char name[] = "kswapd";
	const char *digits = h->comm + sizeof(name) - 1;

	if (!strncmp(h->comm, name, sizeof(name) - 1) && *digits >= '0' && *digits <= '9')
		h->nid = KNOWN(strtol(digits, NULL, 10));
}

void hold_fill(struct hold *h, const struct event *ev, const char *comm)
{
	h->event = ref_to(ev);
	h->cpu = ev->cpu;
	h->pid = ev->pid;
	memcpy(h->comm, comm, strlen(comm) + 1);
	h->irqs_off = ev->flags & EVENT_FL_IRQS_OFF;
	/* Only a kernel that counts preemption is sure to switch at the unlock; others may switch anywhere. */
	h->resched_due = ev->flags & EVENT_FL_NEED_RESCHED && ev->preempt & 0x0f;
	fill_counts(h, ev);
	fill_node(h);
}
