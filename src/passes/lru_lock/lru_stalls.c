// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * lru_stalls.c - which holds are stalls, and why were they long?
 *
 * A long silence around an isolate event counts as a hold of its task only if the pages it walked explain
 * the time. Otherwise the task may itself have waited for the lock, or its CPU may not have executed at all.
 */
#include "passes/lru_lock/lru_stalls.h"

#include <errno.h>
#include <string.h>

#include "passes/common/stall_times.h"
#include "util/release.h"

/* Zone 0 is the highest zone on no machine. */
static bool wants_every_zone(const struct hold *h, struct known highest_zone)
{
	return h->classzone.is && highest_zone.is && h->classzone.v > 0 && h->classzone.v >= highest_zone.v;
}

/* From 6.5 to 6.10 direct reclaim skips CMA pages; kswapd does not. */
static bool skips_cma(const struct hold *h, const char *release, struct known highest_zone)
{
	uint64_t number = release_of(release);

	return wants_every_zone(h, highest_zone) && strncmp(h->comm, "kswapd", 6) != 0 && number >= RELEASE(6, 5) && number < RELEASE(6, 11);
}

static enum diagnosis diagnose_skips(const struct rules *rules, const struct hold *h, const char *release, struct known highest_zone)
{
	double scanned = (double)h->nr_scanned.v, skipped = (double)h->nr_skipped.v, cap = rule(rules, RULE_SKIP_CAP);

	if (skips_cma(h, release, highest_zone))
		return DIAGNOSIS_CMA_SKIP;
	if (release_of(release) >= RELEASE(6, 14) && skipped >= cap && skipped <= cap * rule(rules, RULE_FOLIO_PAGES))
		return DIAGNOSIS_SKIP_CAP;
	return scanned <= skipped ? DIAGNOSIS_LIST_EXHAUSTED : DIAGNOSIS_ZONE_MISMATCH;
}

static bool took_few(const struct rules *rules, const struct hold *h, double of)
{
	return h->nr_taken.is && (double)h->nr_taken.v < rule(rules, RULE_TAKEN_FEW) * of;
}

/*
 * The multi-generation LRU counts a folio of a higher zone as scanned, and neither as skipped nor as taken. There, skipped
 * means that the folio could not be isolated. So neither count says whether it is a matter of zones. Where every zone was wanted,
 * it is not.
 */
static enum diagnosis diagnose_generations(const struct rules *rules, const struct hold *h, struct known highest_zone)
{
	if (!took_few(rules, h, (double)h->nr_scanned.v))
		return DIAGNOSIS_LONG_LIST;
	return wants_every_zone(h, highest_zone) ? DIAGNOSIS_BUSY_PAGES : DIAGNOSIS_GENERATIONS;
}

enum diagnosis diagnose_hold(const struct rules *rules, const struct hold *h, const char *release, struct known highest_zone)
{
	double examined;

	if (!h->nr_scanned.is || !h->nr_skipped.is || h->nr_scanned.v <= 0 || h->nr_skipped.v < 0 ||
	    h->nr_skipped.v > h->nr_scanned.v)
		return DIAGNOSIS_NONE;
	if (!h->plausible)
		return DIAGNOSIS_HOLDER_PAUSED;
	if (scan_by_generations(rules, h->nr_requested))
		return diagnose_generations(rules, h, highest_zone);
	if (rule_exceeds(rules, RULE_SKIPPED_MOST, (uint64_t)h->nr_skipped.v, (uint64_t)h->nr_scanned.v))
		return diagnose_skips(rules, h, release, highest_zone);
	examined = (double)(h->nr_scanned.v - h->nr_skipped.v);
	return took_few(rules, h, examined) ? DIAGNOSIS_BUSY_PAGES : DIAGNOSIS_LONG_LIST;
}

static struct known highest_zone(const struct report *r)
{
	struct known zone = UNKNOWN;

	if (r->facts.nr_zones && !r->facts.zones_inferred)
		return KNOWN(r->facts.nr_zones - 1);
	for (size_t i = 0; i < r->nr_holds; i++)
		if (r->holds[i].classzone.is && (!zone.is || r->holds[i].classzone.v > zone.v))
			zone = r->holds[i].classzone;
	/* Every request named a low zone: then no record says which zone is the highest. */
	if (zone.is && zone.v >= 0 && (size_t)zone.v < r->facts.nr_zones && r->facts.zone_names[zone.v] &&
	    !strncmp(r->facts.zone_names[zone.v], "DMA", 3))
		return UNKNOWN;
	return zone;
}

static void fill_counts(struct stall *s, const struct hold *h, uint32_t page_size)
{
	s->classzone = h->classzone;
	s->order = h->order;
	s->lru = h->lru;
	s->nr_requested = h->nr_requested;
	s->nr_scanned = h->nr_scanned;
	s->nr_skipped = h->nr_skipped;
	s->nr_taken = h->nr_taken;
	if (h->nr_scanned.v > 0 && h->nr_scanned.v <= INT64_MAX / page_size)
		s->scanned_bytes = KNOWN(h->nr_scanned.v * page_size);
	s->has_ns_per_page = h->nr_scanned.v > 0 && h->at.start_rule != BOUND_EDGE;	/* EDGE: start comes from a cost */
	if (s->has_ns_per_page)
		s->ns_per_page = (double)(h->event.ts - h->at.start) / (double)h->nr_scanned.v;
}

/*
 * How long would the stall have been with the cap of 6.14? The capped skips and the examined pages, at this scan's cost. The cap
 * counts folios, so with large folios the scan may go on over up to folio-pages times as many pages.
 */
static void predict_capped(const struct rules *rules, struct stall *s, bool folios)
{
	double cap = rule(rules, RULE_SKIP_CAP), skipped = (double)s->nr_skipped.v, most = cap * rule(rules, RULE_FOLIO_PAGES);
	double examined = (double)(s->nr_scanned.v - s->nr_skipped.v);
	bool skips = s->diagnosis == DIAGNOSIS_ZONE_MISMATCH || s->diagnosis == DIAGNOSIS_LIST_EXHAUSTED;

	if (!skips || !s->has_ns_per_page || skipped <= cap)
		return;
	s->capped_least_ns = KNOWN((examined + cap) * s->ns_per_page);
	s->capped_most_ns = folios ? KNOWN((examined + (most < skipped ? most : skipped)) * s->ns_per_page) : s->capped_least_ns;
}

static int add(const struct pass_ctx *ctx, const struct hold *h)
{
	struct stall *s = report_add_stall(ctx->report);

	if (!s)
		return -ENOMEM;
	s->at = h->at;
	s->cause = CAUSE_LRU_LOCK_HOLD;
	memcpy(s->cause_comm, h->comm, sizeof(s->cause_comm));
	s->cause_pid = KNOWN(h->pid);
	s->cause_cpu = KNOWN(h->cpu);
	s->event = s->worst = s->first = s->last = h->event;
	fill_counts(s, h, ctx->report->facts.page_size);
	s->diagnosis = diagnose_hold(ctx->rules, h, ctx->report->facts.kernel, highest_zone(ctx->report));
	s->evidence = h->at.evidence;
	s->confidence = h->lost_in_window ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM;
	s->parts = 1;
	s->lock_sleeps = !h->irqs_off;
	predict_capped(ctx->rules, s, h->folios);
	return 0;
}

int lru_stalls_add(const struct pass_ctx *ctx)
{
	int err = 0;

	for (size_t i = 0; !err && i < ctx->report->nr_holds; i++) {
		const struct hold *h = &ctx->report->holds[i];

		if (h->at.end - h->at.start >= ctx->opts->min_stall_ns && h->plausible && in_asked_time(ctx->opts, &h->at))
			err = add(ctx, h);
	}
	return err;
}
