// SPDX-License-Identifier: LGPL-2.1-or-later
/* sleeping_holds.c - when did a task release a sleeping lock (with which it can be preempted)? */
#include "passes/lru_lock/sleeping_holds.h"

#include <string.h>

#include "state/trackers.h"

void sleeping_holds_add(struct sleeping_holds *s, const struct report *r, int32_t pid, size_t at)
{
	if (s->nr == MAX_SLEEPING) {
		r->holds[s->open[0].at].at.end_latest = UINT64_MAX;
		memmove(s->open, s->open + 1, --s->nr * sizeof(*s->open));
	}
	s->open[s->nr++] = (struct sleeping_hold){ .pid = pid, .at = at };
}

/*
 * A hold ends when a record shows its task without a lock, or in its next scan. It also ends when records are lost that may
 * have shown that.
 */
static bool ends(const struct sleeping_hold *s, const struct pass_ctx *ctx, const struct event *ev)
{
	const struct hold *h = &ctx->report->holds[s->at];

	if (ev->kind == EVENT_LOST)
		return ev->cpu == h->cpu;
	return ev->pid == s->pid && ev->ts > h->event.ts &&
	       (ev->kind == EVENT_LRU_ISOLATE || tasks_show_free(&ctx->trackers->tasks, ev));
}

/* A task preempted with a lock, most likely this one, did not release it before it ran again. */
static void follow(struct sleeping_hold *s, struct hold *h, const struct event *ev)
{
	s->pinned |= ev->pid == s->pid && event_pinned(ev);
	if (s->pinned && ev->kind == EVENT_SCHED_SWITCH && ev->sw.next_pid == s->pid)
		h->ran_on_ns = ev->ts;
}

bool sleeping_holds_ended(struct sleeping_holds *s, const struct pass_ctx *ctx, const struct event *ev, size_t *pos,
			  size_t *ret_at)
{
	for (; *pos < s->nr; ++*pos) {
		struct sleeping_hold *open = &s->open[*pos];
		struct hold *h = &ctx->report->holds[open->at];

		if (!ends(open, ctx, ev)) {
			follow(open, h, ev);
			continue;
		}
		h->woke_waiter = ev->kind == EVENT_SCHED_WAKING && tasks_wakes_blocked(&ctx->trackers->tasks, ev);
		*ret_at = open->at;
		memmove(open, open + 1, (--s->nr - *pos) * sizeof(*open));
		return true;
	}
	return false;
}
