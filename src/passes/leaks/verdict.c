// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * verdict.c - is it a leak?
 *
 * The amount of memory decides nothing. A place that allocates for a cache, a task or an open file has its own reasons to
 * keep the memory. A retry that forgets its first block, and a task_struct without its task, are leaks by themselves. For
 * all other places, proof.c judges by what is left.
 */
#include <errno.h>
#include <inttypes.h>

#include "passes/leaks/rows.h"

int leak_decide(struct leak_site *s, enum leak_verdict verdict, enum confidence confidence)
{
	s->verdict = verdict;
	s->confidence = confidence;
	return 0;
}

bool leak_grows(const struct rules *rules, const struct leak_site *s)
{
	return s->live >= rule_ns(rules, RULE_GROWN) && s->growth.is && s->growth.low > 0;
}

static int say_growth(const struct rows *rows, struct leak_site *s, const char *why)
{
	bool grows = leak_grows(rows->rules, s);

	leak_decide(s, grows ? LEAK_GROWTH : LEAK_OK, CONFIDENCE_LOW);
	return leak_because(s, "%s%s", why, grows ? "; it grew over the recording" : "");
}

static int judge_kept(const struct rows *rows, const struct row *r, struct leak_site *s)
{
	switch (r->holder) {
	case HOLDER_CACHE:
		leak_decide(s, LEAK_CACHE, CONFIDENCE_MEDIUM);
		return leak_because(s, "by its function it is a cache: kept until memory is short");
	case HOLDER_LAZY:
		leak_decide(s, LEAK_CACHE, CONFIDENCE_MEDIUM);
		return leak_because(s, "by its function it is given back later, in batches that leave no record");
	case HOLDER_HANDLE:
		return say_growth(rows, s, "by its function it lives as long as a task, a mapping, an open file or a socket");
	default:
		leak_decide(s, LEAK_CACHE, CONFIDENCE_MEDIUM);
		return leak_because(s, "allocated as reclaimable: a shrinker frees it when memory is short");
	}
}

static int judge_use(const struct rows *rows, const struct row *r, struct leak_site *s)
{
	switch (r->use) {
	case USE_PAGE_CACHE:
		leak_decide(s, LEAK_CACHE, CONFIDENCE_MEDIUM);
		return leak_because(s, "page cache, or copies of anonymous pages: reclaim takes it back");
	case USE_ANONYMOUS:
		return say_growth(rows, s, "memory of user space: freed when its process frees it or ends");
	case USE_SLAB_PAGES:
		return say_growth(rows, s, "these pages hold slab objects: the slab layer says which places keep the objects");
	case USE_PAGE_TABLES:
		return say_growth(rows, s, "page tables live as long as the process");
	default:
		return say_growth(rows, s, r->address ? "stacks live as long as the task" :
						  "by its request it is a task's stack or other vmalloc memory: it lives as long as the task");
	}
}

static int judge_outlived(const struct rules *rules, const struct row *r, struct leak_site *s)
{
	s->pattern = LEAK_OUTLIVED_OWNER;
	s->score = 100.0 * (double)r->outlived;
	if (r->outlived < rule_ns(rules, RULE_SURVIVORS_FEW))
		leak_decide(s, LEAK_SUSPECT, CONFIDENCE_LOW);
	else
		leak_decide(s, LEAK_LEAK, r->outlived < rule_ns(rules, RULE_SURVIVORS) ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH);
	return leak_because(s, "%" PRIu64 " task_structs are left although their tasks ended and were released: something holds a "
			    "reference to each", r->outlived);
}

/* Where nothing says how long such blocks are kept, the first block of a retry may still be in use. */
static void decide_retry(const struct rules *rules, const struct row *r, struct leak_site *s)
{
	uint64_t few = rule_ns(rules, RULE_SURVIVORS_FEW), sure = rule_ns(rules, RULE_SURVIVORS_SURE);

	if (r->retry_live < few || r->clear < few)
		leak_decide(s, LEAK_SUSPECT, CONFIDENCE_LOW);
	else
		leak_decide(s, LEAK_LEAK, r->retry_live >= sure && leak_is_steady(rules, r) ? CONFIDENCE_HIGH : CONFIDENCE_MEDIUM);
}

static int judge_retry(const struct rules *rules, const struct row *r, struct leak_site *s)
{
	s->pattern = LEAK_RETRY;
	s->score = (double)r->retry_live;
	decide_retry(rules, r, s);
	return leak_because(s, "%" PRIu64 " times the same task asked again at once for as many pages, from a lower zone; "
			    "%" PRIu64 " of the first blocks were never freed", r->sum.retries, r->retry_live);
}

int leak_judge(const struct rows *rows, const struct row *r, struct leak_site *s)
{
	s->score = s->growth.is && s->growth.high > s->growth.low ? s->growth.mean / (s->growth.high - s->growth.low) : 0;
	if (r->outlived)
		return judge_outlived(rows->rules, r, s);
	if (r->retry_live && rule_share(rows->rules, RULE_RETRIES_KEPT, r->retry_live, r->sum.retries))
		return judge_retry(rows->rules, r, s);
	if (r->use != USE_SLAB_OBJECTS && r->use != USE_DIRECT)
		return judge_use(rows, r, s);
	if ((r->holder != HOLDER_UNKNOWN && r->holder != HOLDER_BATCH) || r->reclaimable)
		return judge_kept(rows, r, s);
	if (r->live && rule_share(rows->rules, RULE_ONE_OWNER, r->by_recorder, r->live))
		return say_growth(rows, s, "taken by trace-cmd, which made the recording");
	return leak_prove(rows, r, s);
}
