// SPDX-License-Identifier: LGPL-2.1-or-later
/* less.c - what would the recording be, had less been recorded? */
#include "variant.h"

#include <stdlib.h>

enum { LOST_UNCOUNTED = -1 };

/* Whether a record stays. */
struct sieve {
	const bool *ids;
	bool drop;
	uint64_t from, to;
};

static bool stays(const struct sieve *s, const struct scene_record *r)
{
	if (s->ids && s->ids[edit_id(r)] == s->drop)
		return false;
	return r->ts >= s->from && r->ts <= s->to;
}

/* What was lost before a record that goes, or that begins a sub-buffer, is so of the next that stays. */
static void sift_lane(const struct sieve *s, struct scene_lane *lane)
{
	int64_t lost = 0;
	bool starts = false;
	size_t kept = 0;

	for (size_t i = 0; i < lane->nr; i++) {
		struct scene_record r = lane->records[i];

		lost = r.lost ? r.lost : lost;
		starts |= r.starts;
		if (!stays(s, &r))
			continue;
		r.lost = lost;
		r.starts = starts;
		lost = 0;
		starts = false;
		lane->records[kept++] = r;
	}
	lane->nr = kept;
}

static void sift(struct edit *e, struct sieve s)
{
	for_each_lane(e, b, l)
		sift_lane(&s, &l->records);
}

static void sift_events(struct edit *e, const char *names, bool drop)
{
	bool *ids = edit_ids(e, names);

	sift(e, (struct sieve){ .ids = ids, .drop = drop, .to = UINT64_MAX });
	free(ids);
}

void drop_events(struct edit *e, const char *names)
{
	sift_events(e, names, true);
}

void keep_events(struct edit *e, const char *names)
{
	sift_events(e, names, false);
}

static uint64_t time_of(const char *seconds)
{
	return (uint64_t)(strtod(seconds, NULL) * 1e9);
}

void cut_end(struct edit *e, const char *seconds)
{
	sift(e, (struct sieve){ .to = time_of(seconds) });
}

/* As in a flight recorder that has wrapped. */
void cut_begin(struct edit *e, const char *seconds)
{
	sift(e, (struct sieve){ .from = time_of(seconds), .to = UINT64_MAX });
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* The sub-buffer after a lost one says that something was lost; the last one is lost without a word. */
static void lose_of_lane(struct scene_lane *lane, unsigned int cpu, double percent)
{
	uint64_t random = 88172645463325252 + cpu;
	bool losing = false, before = false;
	size_t kept = 0;

	for (size_t i = 0; i < lane->nr; i++) {
		struct scene_record r = lane->records[i];

		if (r.starts) {
			before |= losing;
			losing = (double)(next_random(&random) % 100000) < percent * 1000;
		}
		if (losing)
			continue;
		r.lost = before ? LOST_UNCOUNTED : r.lost;
		before = false;
		lane->records[kept++] = r;
	}
	lane->nr = kept;
}

void lose_pages(struct edit *e, const char *percent)
{
	for_each_lane(e, b, l)
		lose_of_lane(&l->records, l->cpu, strtod(percent, NULL));
}
