// SPDX-License-Identifier: LGPL-2.1-or-later
/* merge.c - which event comes next? A binary heap of lanes, ordered by the first event of each */
#include "reader/lanes/merge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reader/lanes/feed.h"

/* Events are ordered by time, then CPU, then lane. All three are in one number, so that no branch has to be predicted. */
typedef unsigned __int128 merge_key;

/* @next..@end: the events of the lane's block that are not delivered yet; @key: that of @next. */
struct source {
	merge_key key;
	struct event *next, *end;
	size_t lane;
};

struct cpu_time {
	uint64_t last;
	bool seen;
};

struct merge {
	struct source *heap;
	size_t nr, nr_cpus;
	struct cpu_time *cpus;
	struct feed *feed;
	struct lane **lanes;
	size_t nr_lanes;
	uint64_t begin;			/* begin of this window, or the time of the first event of all */
};

static merge_key key_of(const struct event *ev)
{
	return (merge_key)ev->ts << 64 | (uint32_t)ev->cpu << 16 | ev->lane;
}

/* Returns 1 when @s has an event, 0 at the end of the lane, or a negative errno. */
static int refill(struct merge *m, struct source *s)
{
	int got = feed_take(m->feed, s->lane, &s->next);

	m->lanes[s->lane]->ended = !got;
	if (got <= 0)
		return got;
	s->end = s->next + got;
	s->key = key_of(s->next);
	return 1;
}

static void sift_down(struct merge *m, size_t at)
{
	struct source s = m->heap[at];
	size_t child;

	while ((child = 2 * at + 1) < m->nr) {
		if (child + 1 < m->nr)
			child += m->heap[child + 1].key < m->heap[child].key;
		if (m->heap[child].key >= s.key)
			break;
		m->heap[at] = m->heap[child];
		at = child;
	}
	m->heap[at] = s;
}

static int merge_start(struct merge *m)
{
	for (size_t i = 0; i < m->nr_lanes; i++) {
		struct source s = { .lane = i };
		int got = refill(m, &s);

		if (got < 0)
			return got;
		if (got)
			m->heap[m->nr++] = s;
	}
	for (size_t i = m->nr / 2; i-- > 0;)
		sift_down(m, i);
	return 0;
}

/* Set what only the merged stream knows: the CPU's last record before this one, which may be in another buffer. */
static void stamp(struct merge *m, struct event *ev)
{
	struct cpu_time *cpu = &m->cpus[ev->cpu];

	if (cpu->seen) {
		ev->prev_ns = ev->first || cpu->last > ev->prev_ns ? cpu->last : ev->prev_ns;
		ev->first = false;
	}
	if (ev->kind == EVENT_LOST)
		return;
	cpu->last = ev->ts;
	cpu->seen = true;
}

/* The last key that the first source may deliver without a comparison: that of the next source, or the window's end. */
static merge_key run_end(const struct merge *m, uint64_t until)
{
	merge_key end = (merge_key)until << 64 | UINT64_MAX;

	for (size_t i = 1; i <= 2 && i < m->nr; i++)
		end = m->heap[i].key < end ? m->heap[i].key : end;
	return end;
}

/* Deliver from @s up to @end. Returns what the callback returned. s->next is s->end when the block is used up. */
static int deliver_run(struct merge *m, const struct replay *replay, struct source *s, merge_key end)
{
	int ret = 0;

	while (!ret && s->key <= end) {
		stamp(m, s->next);
		ret = replay->fn(replay->data, s->next);
		if (++s->next == s->end)
			break;
		s->key = key_of(s->next);
	}
	return ret;
}

static int merge_run(struct merge *m, const struct replay *replay, uint64_t until)
{
	int ret = 0;

	while (m->nr && m->heap[0].key >> 64 <= until && !ret) {
		struct source *s = &m->heap[0];
		int more = 1;

		ret = deliver_run(m, replay, s, run_end(m, until));
		if (s->next == s->end) {
			more = refill(m, s);
			if (replay->tick)
				replay->tick(replay->tick_data);
		}
		if (more < 0)
			return ret ? ret : more;
		if (!more)
			m->heap[0] = m->heap[--m->nr];
		if (m->nr)
			sift_down(m, 0);
	}
	return ret;
}

static uint64_t last_event(const struct merge *m)
{
	uint64_t last = 0;

	for (size_t i = 0; i < m->nr_cpus; i++)
		last = m->cpus[i].seen && m->cpus[i].last > last ? m->cpus[i].last : last;
	return last;
}

/*
 * Report a loss for each CPU whose end the file does not have. The loss lasts from its last record to the end of the other
 * CPUs. A buffer of which nothing is left has shown nothing: another buffer's records of that CPU are whole without it.
 */
static int tell_torn(struct merge *m, const struct replay *replay, uint64_t end)
{
	int ret = 0;

	for (size_t i = 0; !ret && end && i < m->nr_lanes; i++) {
		struct lane *lane = m->lanes[i];
		struct event ev = { 0 };

		/* check @ended first: until it is set, a worker may be using the lane */
		if (!lane->ended || !lane->torn || !lane_lost(lane, end, 0, -1, &ev))
			continue;
		ev.prev_ns = lane->any ? ev.prev_ns : m->begin;
		stamp(m, &ev);
		if (!lane->any && m->cpus[lane->cpu].seen)
			ev.lost.since = ev.prev_ns;
		ret = replay->fn(replay->data, &ev);
	}
	return ret;
}

static int merge_window(struct merge *m, const struct replay *replay, struct time_window window)
{
	int err = 0;

	m->nr = 0;
	memset(m->cpus, 0, m->nr_cpus * sizeof(*m->cpus));
	for (size_t i = 0; !err && i < m->nr_lanes; i++)
		err = lane_start(m->lanes[i], replay->wants, window.from, !replay->windows);
	if (!err)
		err = feed_open(m->lanes, m->nr_lanes, replay->jobs, &m->feed);
	if (!err)
		err = merge_start(m);
	m->begin = window.from || !m->nr ? window.from : m->heap[0].next->ts;
	if (!err)
		err = merge_run(m, replay, window.to);
	if (!err)
		err = tell_torn(m, replay, m->nr ? window.to : last_event(m));
	m->feed = feed_close(m->feed);
	return err;
}

int merge_lanes(struct lane **lanes, size_t nr_lanes, const struct replay *replay)
{
	struct merge m = { .lanes = lanes, .nr_lanes = nr_lanes };
	int err = 0;

	for (size_t i = 0; i < nr_lanes; i++)
		m.nr_cpus = lanes[i]->cpu >= m.nr_cpus ? lanes[i]->cpu + 1U : m.nr_cpus;
	m.heap = calloc(nr_lanes ? nr_lanes : 1, sizeof(*m.heap));
	m.cpus = calloc(m.nr_cpus ? m.nr_cpus : 1, sizeof(*m.cpus));
	if (!m.heap || !m.cpus)
		err = -ENOMEM;
	else if (!replay->windows)
		err = merge_window(&m, replay, (struct time_window){ 0, UINT64_MAX });
	for (size_t i = 0; !err && i < replay->nr_windows && replay->windows; i++)
		err = merge_window(&m, replay, replay->windows[i]);
	free(m.heap);
	free(m.cpus);
	return err;
}
