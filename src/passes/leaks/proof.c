// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * proof.c - do its survivors make a leak of it?
 *
 * A leak leaves survivors that are far older than the objects the same place frees. A leak also goes on: there are
 * survivors from every part of the recording. A place that frees nothing has no usual lifetime, and growth is all that can
 * be said of it. Other explanations of the survivors lower the confidence: lost records, frees that leave no record, many
 * users behind one name.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "passes/leaks/rows.h"

static unsigned int parts_with(const struct row *r)
{
	unsigned int nr = 0;

	for (size_t i = 0; i < LEAK_PARTS; i++)
		nr += r->parts[i] > 0;
	return nr;
}

/* There are survivors from most parts of the time, late ones too, and no single burst left nearly all of them. */
bool leak_is_steady(const struct rules *rules, const struct row *r)
{
	uint64_t late = 0, most = 0;

	for (size_t i = 0; i < LEAK_PARTS; i++) {
		late += i >= LEAK_PARTS / 2 ? r->parts[i] : 0;
		most = r->parts[i] > most ? r->parts[i] : most;
	}
	return parts_with(r) >= LEAK_PARTS - 1 && late && !rule_exceeds(rules, RULE_ONE_BURST, most, r->clear);
}

/*
 * A busier site of the same size class that frees what it allocates; NULL: none. A search for the busiest site of the size
 * class would find that site, and miss @r.
 */
static const struct row *who_hides(const struct rows *rows, const struct row *r)
{
	for (size_t i = 0; i < rows->nr; i++) {
		const struct row *b = &rows->all[i];

		if (r->sum.key.layer == LEAK_SLAB && b->sum.key.layer == LEAK_SLAB && b->sum.bytes == r->sum.bytes &&
		    b->sum.allocs >= rule_ns(rows->rules, RULE_OTHER_BUSIER) * r->sum.allocs &&
		    !rule_exceeds(rows->rules, RULE_OTHER_KEEPS, b->live, b->sum.allocs))
			return b;
	}
	return NULL;
}

static int say_hidden(const struct rows *rows, const struct row *r, struct leak_site *s)
{
	const struct row *b = s->verdict == LEAK_LEAK ? who_hides(rows, r) : NULL;

	if (!b)
		return 0;
	s->pattern = LEAK_HIDDEN;
	return leak_because(s, "a busier site of the same size class (%s, %" PRIu64 " allocations) frees what it takes. The counts "
			    "and the growth of that size class point to the busier site, not to this one",
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

	return leak_because(s, "%" PRIu64 " of %" PRIu64 " allocated more than %s before the end were never freed. Of those that "
			    "are freed, half are freed within %s and 99 in 100 within %s", r->old_live, r->old,
			    span(&old, r->old_age), span(&median, r->median), span(&usual, r->usual));
}

/* Without stacks, a kind of request stands for every place that makes it, and a helper (kmemdup) for all its callers. */
static bool is_crowd(const struct row *r)
{
	return !r->address || (r->function && is_allocator(r->function));
}

static enum confidence confidence_of(const struct rules *rules, const struct row *r, const struct leak_site *s)
{
	bool enough = r->clear >= rule_ns(rules, RULE_SURVIVORS_SURE) && parts_with(r) == LEAK_PARTS;
	bool one = s->nr_tasks && rule_share(rules, RULE_ONE_OWNER, s->tasks[0].live, s->live);

	if (!is_crowd(r))
		return enough ? CONFIDENCE_HIGH : CONFIDENCE_MEDIUM;
	return one && (s->layer == LEAK_SLAB || s->interrupt || s->order.v) ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
}

/* How many of the frees of @nr allocations may be lost, at the share of records that this recording lost. */
static double chance_of_loss(const struct rows *rows, double nr)
{
	return rule(rows->rules, RULE_CHANCE_LOST) + rule(rows->rules, RULE_LOST_ROOM) * rows->lost_share * nr;
}

/*
 * A free without a record shows when its address is allocated again. More of them than lost records explain mean that this
 * place usually frees without a record.
 */
static bool excuses(const struct rows *rows, const struct row *r, uint64_t left)
{
	return rows->lost_share < 1 && rule(rows->rules, RULE_UNSEEN_ROOM) *
		((double)r->sum.unseen - chance_of_loss(rows, (double)r->sum.allocs)) > (double)left;
}

bool leak_unseen_explains(const struct rows *rows, const struct row *r)
{
	return excuses(rows, r, r->clear ? r->clear : r->live);
}

/* May lost records of frees account for what is left? */
static int judge_losses(const struct rows *rows, const struct row *r, struct leak_site *s)
{
	bool few = (double)r->old_live <= chance_of_loss(rows, (double)r->old);

	leak_decide(s, !few || rows->lost_share >= 1 ? LEAK_SUSPECT : leak_grows(rows->rules, s) ? LEAK_GROWTH : LEAK_OK, CONFIDENCE_LOW);
	return leak_because(s, "their frees may be among the records that were lost");
}

static int judge_steady(const struct rows *rows, const struct row *r, struct leak_site *s)
{
	int err = 0;

	leak_decide(s, LEAK_LEAK, confidence_of(rows->rules, r, s));
	if (is_crowd(r))
		err = leak_because(s, "without stacks this place stands for all callers that ask in this way: record with -T to tell "
				      "them apart");
	return err ? err : say_hidden(rows, r, s);
}

static int judge_survivors(const struct rows *rows, const struct row *r, struct leak_site *s)
{
	int err = say_survivors(r, s);

	s->score = (double)r->clear * parts_with(r);
	leak_decide(s, LEAK_SUSPECT, CONFIDENCE_LOW);
	if (err)
		return err;
	if (r->clear < rule_ns(rows->rules, RULE_SURVIVORS_FEW))
		return judge_losses(rows, r, s);
	if (leak_unseen_explains(rows, r))
		return leak_because(s, "but %" PRIu64 " others of this place were freed without a record (kfree_rcu, bulk), and so "
				    "these may have been", r->sum.unseen);
	if (!leak_is_steady(rows->rules, r))
		return leak_because(s, "but not all along: only %u of %u parts of the recording left survivors", parts_with(r),
				    LEAK_PARTS);
	return r->clear < rule_ns(rows->rules, RULE_SURVIVORS) ? 0 : judge_steady(rows, r, s);
}

static int judge_growth(const struct rules *rules, const struct row *r, struct leak_site *s)
{
	bool steady = s->growth.steady && s->live >= rule_ns(rules, RULE_STEADY), ring = s->interrupt && s->layer == LEAK_PAGE;

	if (ring && steady && s->live >= rule_ns(rules, RULE_STEADY_SURE) && !r->sum.frees)
		leak_decide(s, LEAK_LEAK, CONFIDENCE_LOW);
	else
		leak_decide(s, steady || ring ? LEAK_SUSPECT : LEAK_GROWTH, CONFIDENCE_LOW);
	return leak_because(s, "it grew %s, and hardly anything was freed: a leak, or something that fills up; a longer recording "
			    "tells them apart", steady ? "all along" : "over the recording");
}

/* Whether it leaks cannot be told: what is left may have been freed like those others. */
static int judge_unseen(const struct rows *rows, const struct row *r, struct leak_site *s)
{
	leak_decide(s, leak_grows(rows->rules, s) ? LEAK_GROWTH : LEAK_OK, CONFIDENCE_LOW);
	if (!r->sum.unseen)
		return leak_because(s, "many frees of its kind leave no record (bulk frees, as of skbs), and so these may have been freed");
	return leak_because(s, "%" PRIu64 " of this place were freed without a record (kfree_rcu, bulk), and so these may have been",
			    r->sum.unseen);
}

/* The place frees nothing, or too little to know how long it keeps its objects. */
static int judge_unknown(const struct rows *rows, const struct row *r, struct leak_site *s)
{
	if (s->live && (r->holder == HOLDER_BATCH || excuses(rows, r, r->live)))
		return judge_unseen(rows, r, s);
	if (leak_grows(rows->rules, s))
		return judge_growth(rows->rules, r, s);
	leak_decide(s, LEAK_OK, CONFIDENCE_LOW);
	return leak_because(s, s->live ? "hardly anything was freed, which leaves the usual lifetime of this memory unknown" :
					 "everything was freed");
}

static int judge_settled(const struct rows *rows, const struct row *r, struct leak_site *s)
{
	leak_decide(s, LEAK_OK, r->old_live ? CONFIDENCE_LOW : CONFIDENCE_HIGH);
	return leak_because(s, r->old_live >= rule_ns(rows->rules, RULE_SURVIVORS_FEW) ? "a few are kept longer than usual, all allocated in one part of the recording" :
			       r->old_live		    ? "a few are kept longer than usual" :
							      "all that is old enough was freed");
}

static int judge_too_short(const struct rows *rows, struct leak_site *s)
{
	leak_decide(s, leak_grows(rows->rules, s) ? LEAK_GROWTH : LEAK_OK, CONFIDENCE_LOW);
	return leak_because(s, "the recording is too short: no allocation in it is old, compared with how long this memory is usually kept");
}

/*
 * A place that keeps most of its old objects uses memory that way: it fills something (slab's own tables as slab grows) or
 * leaks every object, and the survivors do not tell which. Only where most are freed do the others look forgotten.
 */
static bool mostly_kept(const struct rules *rules, const struct row *r)
{
	return rule_exceeds(rules, RULE_MOSTLY_KEPT, r->old_live, r->old);
}

int leak_prove(const struct rows *rows, const struct row *r, struct leak_site *s)
{
	uint64_t few = rule_ns(rows->rules, RULE_SURVIVORS_FEW);
	bool burst = r->clear >= few && parts_with(r) < 2;
	int err;

	if (!r->old_age || mostly_kept(rows->rules, r))
		err = judge_unknown(rows, r, s);
	else if (r->old_live >= few && !burst)
		err = judge_survivors(rows, r, s);
	else if (!r->old)
		err = judge_too_short(rows, s);
	else
		err = judge_settled(rows, r, s);
	if (s->interrupt && s->layer == LEAK_PAGE && s->verdict >= LEAK_SUSPECT)
		s->pattern = LEAK_SOFTIRQ_PAGES;
	return err;
}
