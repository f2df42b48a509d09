// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * trigger.c - which task asked for the reclaim that held the lock?
 *
 * For kswapd: the task that wrote wakeup_kswapd, with the zone and gfp flags it wanted, then the wake-up of
 * kswapd itself, both of its node: every node has a kswapd and an lru_lock. For direct reclaim: the task itself, from its
 * begin event. While kswapd is awake, requests leave no event.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decode/gfp.h"
#include "passes/common/pass.h"
#include "passes/lru_lock/holds.h"
#include "passes/lru_lock/nodes.h"
#include "state/trackers.h"
#include "util/array.h"
#include "util/table.h"

struct request { struct event ev; bool is; };

/* @asked: the last request to the node's kswapd. @wake: its last wake, @asker: the request before that. */
struct node { int32_t nid; struct request asked, asker, wake; };

/* A task's open reclaim for itself. */
struct own { int32_t pid; struct request begun; };

struct trigger {
	struct node *nodes;
	size_t nr_nodes, cap_nodes;
	struct own *owns;
	size_t nr_owns, cap_owns;
	struct table by_pid;		/* of owns */
};

static struct node *find_node(const struct trigger *t, int32_t nid)
{
	for (size_t i = 0; i < t->nr_nodes; i++)
		if (t->nodes[i].nid == nid)
			return &t->nodes[i];
	return NULL;
}

/* Returns 0 or -ENOMEM. *@ret: NULL where @nid is no number of a node. */
static int get_node(struct trigger *t, int32_t nid, struct node **ret)
{
	struct node *bigger;

	*ret = find_node(t, nid);
	if (*ret || nid < 0 || nid >= MAX_NODES)
		return 0;
	bigger = grow(t->nodes, &t->cap_nodes, t->nr_nodes, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	t->nodes = bigger;
	*ret = &bigger[t->nr_nodes++];
	**ret = (struct node){ .nid = nid };
	return 0;
}

static bool has_pid(const void *owns, uint32_t number, const void *pid)
{
	return ((const struct own *)owns)[number - 1].pid == *(const int32_t *)pid;
}

static struct own *find_own(const struct trigger *t, int32_t pid)
{
	uint32_t number = table_find(&t->by_pid, hash_add(0, (uint32_t)pid), has_pid, t->owns, &pid);

	return number ? &t->owns[number - 1] : NULL;
}

/* NULL: out of memory. */
static struct own *get_own(struct trigger *t, int32_t pid)
{
	struct own *own = find_own(t, pid), *bigger;

	if (own)
		return own;
	bigger = grow(t->owns, &t->cap_owns, t->nr_owns, sizeof(*bigger));
	if (!bigger)
		return NULL;
	t->owns = bigger;
	t->owns[t->nr_owns] = (struct own){ .pid = pid };
	if (table_add(&t->by_pid, hash_add(0, (uint32_t)pid), (uint32_t)t->nr_owns + 1))
		return NULL;
	return &t->owns[t->nr_owns++];
}

static int add_step(const struct pass_ctx *ctx, struct stall *s, const struct request *rq, const char *what)
{
	const struct event *ev = &rq->ev;
	struct trigger_step *bigger = realloc(s->trigger, (s->nr_trigger + 1) * sizeof(*bigger)), *step;
	bool wakeup = ev->kind == EVENT_WAKEUP_KSWAPD || ev->kind == EVENT_KSWAPD_WAKE;
	uint64_t gfp = wakeup ? ev->kswapd.gfp_flags : ev->reclaim.gfp_flags;

	if (!bigger)
		return -ENOMEM;
	s->trigger = bigger;
	step = &bigger[s->nr_trigger++];
	*step = (struct trigger_step){ .at = ref_to(ev), .pid = ev->pid };
	task_comm(ctx, ev->pid, step->comm);
	memcpy(step->what, what, strlen(what) + 1);
	if (event_has(ev, HAS_ORDER))
		step->order = KNOWN(wakeup ? ev->kswapd.order : ev->reclaim.order);
	if (wakeup && event_has(ev, HAS_ZID))
		step->zid = KNOWN(ev->kswapd.zid);
	if (!event_has(ev, HAS_GFP))
		return 0;
	step->gfp = gfp_string(ctx->gfp, gfp);
	return step->gfp ? 0 : -ENOMEM;
}

/* The node whose kswapd scanned: by its own wake event, or by its name (hold.nid). */
static const struct node *kswapd_node(const struct pass_ctx *ctx, const struct trigger *t, const struct stall *s)
{
	const struct hold *h = hold_of_stall(ctx->report, s);

	for (size_t i = 0; i < t->nr_nodes; i++)
		if (t->nodes[i].wake.is && t->nodes[i].wake.ev.pid == s->cause_pid.v)
			return &t->nodes[i];
	return h && h->nid.is ? find_node(t, (int32_t)h->nid.v) : NULL;
}

static int explain_kswapd(const struct pass_ctx *ctx, const struct node *node, struct stall *s)
{
	int err = 0;

	if (!node || !node->wake.is)
		return 0;
	if (node->asker.is)
		err = add_step(ctx, s, &node->asker, "woke kswapd (wakeup_kswapd)");
	return err ? err : add_step(ctx, s, &node->wake, "kswapd began (kswapd_wake)");
}

static const char *own_words(enum reclaim_type type)
{
	switch (type) {
	case RECLAIM_MEMCG:
		return "reclaimed pages of a cgroup (memcg_reclaim_begin)";
	case RECLAIM_NODE:
		return "reclaimed on one node for itself (node_reclaim_begin)";
	default:
		return "reclaimed for itself (direct_reclaim_begin)";
	}
}

static int explain(const struct pass_ctx *ctx, struct trigger *t, struct stall *s)
{
	const struct own *own = s->cause_pid.is ? find_own(t, (int32_t)s->cause_pid.v) : NULL;

	if (s->cause != CAUSE_LRU_LOCK_HOLD || !s->cause_pid.is)
		return 0;
	if (own && own->begun.is)
		return add_step(ctx, s, &own->begun, own_words(own->begun.ev.reclaim.type));
	return strncmp(s->cause_comm, "kswapd", 6) ? 0 : explain_kswapd(ctx, kswapd_node(ctx, t, s), s);
}

/* @ev may end the scan of a stall of this incident: then say which task had asked for that reclaim. */
static int reach(const struct pass_ctx *ctx, struct trigger *t, const struct event *ev)
{
	int err = 0;

	for (size_t i = 0; !err && i < ctx->incident->nr; i++) {
		struct stall *s = &ctx->report->stalls[ctx->incident->first + i];

		if (s->event.is && s->event.ts == ev->ts && s->event.cpu == ev->cpu && !s->nr_trigger)
			err = explain(ctx, t, s);
		if (!err && s->nr_trigger && s->trigger[0].at.ts < s->first.ts)
			s->first = s->trigger[0].at;
	}
	return err;
}

static int on_kswapd(struct trigger *t, const struct event *ev)
{
	struct node *node;
	int err = get_node(t, ev->kswapd.nid, &node);

	if (err || !node)
		return err;
	if (ev->kind == EVENT_KSWAPD_WAKE) {
		node->wake = (struct request){ .ev = *ev, .is = true };
		node->asker = node->asked;
	} else {
		node->asked = (struct request){ .ev = *ev, .is = true };
	}
	return 0;
}

/* Reclaim over a soft limit is a part of another's, or of kswapd's, and asked for by nobody. */
static int on_own(struct trigger *t, const struct event *ev)
{
	struct own *own;

	if (ev->reclaim.type == RECLAIM_SOFTLIMIT)
		return 0;
	own = ev->kind == EVENT_RECLAIM_BEGIN ? get_own(t, ev->pid) : find_own(t, ev->pid);
	if (own)
		own->begun = (struct request){ .ev = *ev, .is = ev->kind == EVENT_RECLAIM_BEGIN };
	return own || ev->kind == EVENT_RECLAIM_END ? 0 : -ENOMEM;
}

static int trigger_event(void *state, const struct pass_ctx *ctx, const struct event *ev)
{
	switch (ev->kind) {
	case EVENT_LRU_ISOLATE:
		return reach(ctx, state, ev);
	case EVENT_WAKEUP_KSWAPD:
	case EVENT_KSWAPD_WAKE:
		return on_kswapd(state, ev);
	case EVENT_RECLAIM_BEGIN:
	case EVENT_RECLAIM_END:
		return on_own(state, ev);
	default:
		return 0;
	}
}

static void trigger_destroy(void *state)
{
	struct trigger *t = state;

	free(t->nodes);
	free(t->owns);
	table_clear(&t->by_pid);
}

const struct pass_ops trigger_pass = {
	.name = "trigger",
	.summary = "who asked for the reclaim",
	.stage = PASS_EXPLAIN,
	.wants = KIND(EVENT_LRU_ISOLATE) | KIND(EVENT_WAKEUP_KSWAPD) | KIND(EVENT_KSWAPD_WAKE) |
		 KIND(EVENT_RECLAIM_BEGIN) | KIND(EVENT_RECLAIM_END),
	.state_size = sizeof(struct trigger),
	.event = trigger_event,
	.destroy = trigger_destroy,
};
