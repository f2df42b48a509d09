// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * leak_verdict.c - is it a leak?
 *
 * Not by how much there is. A leak leaves survivors far older than what the same place frees, and goes on to:
 * some in every part of the recording. Who takes things for a cache, a task or an open file keeps them for
 * reasons of its own. Without anything freed there is no usual lifetime, and growth is all that can be said.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "passes/leak_rows.h"

enum {
	SURVIVORS_SURE = 10, SURVIVORS = 5, SURVIVORS_FEW = 3,	/* for a leak, with high confidence; for a suspect */
	GROWN = 8,		/* objects left that make growth worth a word */
	BUSIER = 5,		/* how much more a site must allocate to hide another */
};

static unsigned int parts_with(const struct row *r)
{
	unsigned int nr = 0;

	for (size_t i = 0; i < LEAK_PARTS; i++)
		nr += r->parts[i] > 0;
	return nr;
}

/* Survivors in most parts of the time, late ones as well, and no burst that makes up nearly all. */
static bool is_steady(const struct row *r)
{
	uint64_t late = 0, most = 0;

	for (size_t i = 0; i < LEAK_PARTS; i++) {
		late += i >= LEAK_PARTS / 2 ? r->parts[i] : 0;
		most = r->parts[i] > most ? r->parts[i] : most;
	}
	return parts_with(r) >= LEAK_PARTS - 1 && late && 10 * most <= 7 * r->old_live;
}

/* May lost records of frees account for what is left? */
static bool may_be_losses(const struct rows *rows, const struct row *r)
{
	return rows->lost_share > 0 && (double)r->old_live <= 3 + 3 * rows->lost_share * (double)r->old;
}

static int settle(struct leak_site *s, enum leak_verdict verdict, enum confidence confidence)
{
	s->verdict = verdict;
	s->confidence = confidence;
	return 0;
}

static bool grows(const struct leak_site *s)
{
	return s->live >= GROWN && s->growth.is && s->growth.low > 0;
}

static int say_growth(struct leak_site *s, const char *why)
{
	settle(s, grows(s) ? LEAK_GROWTH : LEAK_OK, CONFIDENCE_LOW);
	return leak_because(s, "%s%s", why, grows(s) ? "; it grew over the recording" : "");
}

static int judge_kept(const struct row *r, struct leak_site *s)
{
	switch (r->holder) {
	case HOLDER_CACHE:
		settle(s, LEAK_CACHE, CONFIDENCE_MEDIUM);
		return leak_because(s, "by its function it is a cache: kept until memory is short");
	case HOLDER_LAZY:
		settle(s, LEAK_CACHE, CONFIDENCE_MEDIUM);
		return leak_because(s, "by its function it is given back later and in batches, of which there is no record");
	case HOLDER_HANDLE:
		return say_growth(s, "by its function it lives as long as a task, a mapping, an open file or a socket");
	default:
		settle(s, LEAK_CACHE, CONFIDENCE_MEDIUM);
		return leak_because(s, "allocated as reclaimable: a shrinker frees it when memory is short");
	}
}

static int judge_use(const struct row *r, struct leak_site *s)
{
	switch (r->use) {
	case USE_PAGE_CACHE:
		settle(s, LEAK_CACHE, CONFIDENCE_MEDIUM);
		return leak_because(s, "page cache, or copies of anonymous pages: reclaim takes it back");
	case USE_ANONYMOUS:
		return say_growth(s, "memory of user space: freed when its process frees it or ends");
	case USE_SLAB_PAGES:
		return say_growth(s, "the memory of slab objects: who holds those is told in the slab layer");
	case USE_PAGE_TABLES:
		return say_growth(s, "page tables live as long as the process");
	default:
		return say_growth(s, "stacks live as long as the task");
	}
}

static int judge_outlived(const struct row *r, const struct rows *rows, struct leak_site *s)
{
	s->pattern = LEAK_OUTLIVED_OWNER;
	s->score = 100.0 * (double)r->outlived;
	if (r->outlived < SURVIVORS_FEW)
		settle(s, LEAK_SUSPECT, CONFIDENCE_LOW);
	else
		settle(s, LEAK_LEAK, rows->lost_share > 0 || r->outlived < SURVIVORS ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH);
	return leak_because(s, "%" PRIu64 " task_structs are left of tasks that ended and were let go (sched_process_free): "
			    "something holds a reference to each", r->outlived);
}

static int judge_retry(const struct row *r, const struct rows *rows, struct leak_site *s)
{
	s->pattern = LEAK_RETRY;
	s->score = (double)r->retry_live;
	if (r->retry_live < SURVIVORS_FEW || rows->lost_share >= 0.1)
		settle(s, LEAK_SUSPECT, CONFIDENCE_LOW);
	else
		settle(s, LEAK_LEAK, r->retry_live < SURVIVORS_SURE || rows->lost_share > 0 ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH);
	return leak_because(s, "%" PRIu64 " times the same task asked again at once for as many pages of a lower zone, and of "
			    "the first blocks %" PRIu64 " were never freed", r->sum.retries, r->retry_live);
}

/* Is there a site of the same size class that is so busy that it would be blamed, and frees what it takes? */
static const struct row *who_hides(const struct rows *rows, const struct row *r)
{
	for (size_t i = 0; i < rows->nr; i++) {
		const struct row *b = &rows->all[i];

		if (r->sum.key.layer == LEAK_SLAB && b->sum.key.layer == LEAK_SLAB && b->sum.bytes == r->sum.bytes &&
		    b->sum.allocs >= BUSIER * r->sum.allocs && b->live * 100 <= b->sum.allocs)
			return b;
	}
	return NULL;
}

static int say_hidden(const struct rows *rows, const struct row *r, struct leak_site *s)
{
	const struct row *b = s->pattern == LEAK_NO_PATTERN && s->verdict == LEAK_LEAK ? who_hides(rows, r) : NULL;

	if (!b)
		return 0;
	s->pattern = LEAK_HIDDEN;
	return leak_because(s, "a busier site of the same size class (%s, %" PRIu64 " allocations) frees what it takes: who goes "
			    "by how often the class is allocated from, or by who makes it grow, blames that one",
			    b->function ? b->function : "without a symbol", b->sum.allocs);
}

struct span_text { char s[24]; };

static const char *span(struct span_text *t, uint64_t ns)
{
	double v = (double)ns;

	if (ns < 1000)
		snprintf(t->s, sizeof(t->s), "%" PRIu64 " ns", ns);
	else
		snprintf(t->s, sizeof(t->s), "%.3g %s", v < 1e6 ? v / 1e3 : v < 1e9 ? v / 1e6 : v / 1e9,
			 v < 1e6 ? "us" : v < 1e9 ? "ms" : "s");
	return t->s;
}

static int say_survivors(const struct row *r, struct leak_site *s)
{
	struct span_text old, median, usual;

	return leak_because(s, "%" PRIu64 " of %" PRIu64 " allocated more than %s before the end were never freed, where half of "
			    "all that is freed is freed within %s and 99 in 100 within %s", r->old_live, r->old,
			    span(&old, r->old_age), span(&median, r->median), span(&usual, r->usual));
}

static int judge_survivors(const struct rows *rows, const struct row *r, struct leak_site *s)
{
	bool losses = may_be_losses(rows, r);
	int err = say_survivors(r, s);

	s->score = (double)r->old_live * parts_with(r);
	if (losses && rows->lost_share < 1)
		settle(s, grows(s) ? LEAK_GROWTH : LEAK_OK, CONFIDENCE_LOW);
	else if (losses || !is_steady(r) || r->old_live < SURVIVORS)
		settle(s, LEAK_SUSPECT, CONFIDENCE_LOW);
	else
		settle(s, LEAK_LEAK, r->old_live >= SURVIVORS_SURE && parts_with(r) == LEAK_PARTS && !(rows->lost_share > 0) ?
			CONFIDENCE_HIGH : CONFIDENCE_MEDIUM);
	if (!err && losses)
		err = leak_because(s, "so many frees may be among the records that were lost");
	else if (!err && !is_steady(r))
		err = leak_because(s, "but not all along: there are survivors of %u of %u parts of the recording", parts_with(r),
				   LEAK_PARTS);
	return err ? err : say_hidden(rows, r, s);
}

static bool is_burst(const struct row *r)
{
	return parts_with(r) < 2;
}

/* Nothing is freed, or too little to know how long things are kept. */
static int judge_unknown(const struct row *r, struct leak_site *s)
{
	if (!grows(s)) {
		settle(s, LEAK_OK, CONFIDENCE_LOW);
		return leak_because(s, s->live ? "too little to judge by: nothing says how long it is usually kept" :
						 "everything was freed");
	}
	settle(s, LEAK_GROWTH, CONFIDENCE_LOW);
	if (r->sum.key.interrupt && s->layer == LEAK_PAGE)
		settle(s, LEAK_SUSPECT, CONFIDENCE_LOW);
	return leak_because(s, "it grew over the recording, and hardly anything was freed: a leak, or something that fills up; a "
			    "longer recording tells them apart");
}

static int judge_plain(const struct rows *rows, const struct row *r, struct leak_site *s)
{
	int err;

	if (!r->old_age)
		err = judge_unknown(r, s);
	else if (r->old_live >= SURVIVORS_FEW && !is_burst(r))
		err = judge_survivors(rows, r, s);
	else if (!r->old)
		err = say_growth(s, "the recording is too short for how long it is usually kept");
	else {
		settle(s, LEAK_OK, r->old_live ? CONFIDENCE_LOW : CONFIDENCE_HIGH);
		err = leak_because(s, r->old_live ? "a few are kept longer than usual, all of one time" :
						    "all that is old enough was freed");
	}
	if (r->sum.key.interrupt && s->layer == LEAK_PAGE && s->verdict >= LEAK_SUSPECT)
		s->pattern = LEAK_SOFTIRQ_PAGES;
	return err;
}

int leak_judge(const struct rows *rows, const struct row *r, struct leak_site *s)
{
	s->score = s->growth.is && s->growth.high > s->growth.low ? s->growth.mean / (s->growth.high - s->growth.low) : 0;
	if (r->outlived)
		return judge_outlived(r, rows, s);
	if (r->retry_live && 2 * r->retry_live >= r->sum.retries)
		return judge_retry(r, rows, s);
	if (r->use != USE_SLAB_OBJECTS && r->use != USE_DIRECT)
		return judge_use(r, s);
	if (r->holder != HOLDER_UNKNOWN || r->reclaimable)
		return judge_kept(r, s);
	return judge_plain(rows, r, s);
}
