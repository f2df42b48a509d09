// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * merge.c - which event comes next?
 *
 * A binary heap of lanes ordered by their head. Time never goes back within a lane: a record older than
 * its predecessor is delivered at the predecessor's time and counted.
 */
#include "reader/merge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct cpu_time {
	uint64_t last;
	bool seen;
};

struct merge {
	struct lane **heap;
	size_t nr, nr_cpus;
	struct cpu_time *cpus;
	const struct time_window *windows;
	size_t nr_windows, window;
};

static const struct event *head(const struct lane *lane)
{
	return &lane->block[lane->next];
}

static bool before(const struct lane *a, const struct lane *b)
{
	const struct event *x = head(a), *y = head(b);

	if (x->ts != y->ts)
		return x->ts < y->ts;
	if (x->cpu != y->cpu)
		return x->cpu < y->cpu;
	return x->lane < y->lane;
}

static int lane_refill(struct lane *lane)
{
	int got;

	if (++lane->next < lane->used)
		return 1;
	got = lane->ops->fill(lane, lane->block, LANE_BLOCK);
	lane->used = got > 0 ? (size_t)got : 0;
	lane->next = 0;
	return got;
}

static void lane_count(struct lane *lane, const struct event *ev)
{
	if (ev->kind == EVENT_LOST) {
		if (ev->lost.missed > 0)
			lane->lost += (uint64_t)ev->lost.missed;
		else
			lane->lost_marks++;
		return;
	}
	if (!lane->events++)
		lane->first_ns = ev->ts;
	lane->last_ns = ev->ts;
	lane->by_id[ev->id]++;
}

/* Make the next event of @lane its head. Returns 1, 0 at the end, or a negative errno. */
static int lane_advance(const struct merge *m, struct lane *lane)
{
	int got = lane_refill(lane);
	struct event *ev = &lane->block[lane->next];

	if (got <= 0)
		return got;
	ev->cpu = lane->cpu;
	ev->lane = lane->index;
	if (ev->ts < lane->clock) {
		ev->ts = lane->clock;
		lane->backward += !m->windows;
	}
	lane->clock = ev->ts;
	if (!m->windows)
		lane_count(lane, ev);
	return 1;
}

static void sift_down(struct merge *m, size_t at)
{
	struct lane *lane = m->heap[at];
	size_t child;

	while ((child = 2 * at + 1) < m->nr) {
		if (child + 1 < m->nr && before(m->heap[child + 1], m->heap[child]))
			child++;
		if (!before(m->heap[child], lane))
			break;
		m->heap[at] = m->heap[child];
		at = child;
	}
	m->heap[at] = lane;
}

static int lane_start(struct merge *m, struct lane *lane)
{
	uint64_t from = m->windows ? m->windows[0].from : 0;
	int ret = lane->ops->seek(lane, from);

	lane->next = lane->used = 0;
	lane->clock = 0;
	if (!ret)
		ret = lane_advance(m, lane);
	if (ret > 0)
		m->heap[m->nr++] = lane;
	return ret < 0 ? ret : 0;
}

static int merge_start(struct merge *m, struct lane **lanes, size_t nr_lanes)
{
	int err = 0;

	for (size_t i = 0; i < nr_lanes; i++)
		m->nr_cpus = lanes[i]->cpu >= m->nr_cpus ? lanes[i]->cpu + 1U : m->nr_cpus;
	m->heap = calloc(nr_lanes ? nr_lanes : 1, sizeof(struct lane *));
	m->cpus = calloc(m->nr_cpus ? m->nr_cpus : 1, sizeof(*m->cpus));
	if (!m->heap || !m->cpus)
		return -ENOMEM;
	for (size_t i = 0; !err && i < nr_lanes; i++)
		err = lane_start(m, lanes[i]);
	for (size_t i = m->nr / 2; i-- > 0;)
		sift_down(m, i);
	return err;
}

/* What only the merged stream knows: when this CPU was last heard of, in any buffer. */
static void stamp(struct merge *m, struct event *ev)
{
	struct cpu_time *cpu = &m->cpus[ev->cpu];

	ev->first = !cpu->seen;
	ev->prev_ns = cpu->seen ? cpu->last : ev->ts;
	if (ev->kind == EVENT_LOST)
		return;
	cpu->last = ev->ts;
	cpu->seen = true;
}

/* Is @ts in a window? Past the last one there is no more to come: *ret_end. */
static bool in_window(struct merge *m, uint64_t ts, bool *ret_end)
{
	if (!m->windows)
		return true;
	while (m->window < m->nr_windows && ts > m->windows[m->window].to) {
		m->window++;
		memset(m->cpus, 0, m->nr_cpus * sizeof(*m->cpus));
	}
	*ret_end = m->window == m->nr_windows;
	return !*ret_end && ts >= m->windows[m->window].from;
}

static int merge_run(struct merge *m, event_fn *fn, void *data)
{
	bool end = false;
	int ret = 0;

	while (m->nr && !ret) {
		struct lane *lane = m->heap[0];
		struct event *ev = &lane->block[lane->next];

		if (in_window(m, ev->ts, &end)) {
			stamp(m, ev);
			ret = fn(data, ev);
		}
		if (ret || end)
			return ret;
		ret = lane_advance(m, lane);
		if (ret < 0)
			return ret;
		if (!ret)
			m->heap[0] = m->heap[--m->nr];
		ret = 0;
		if (m->nr)
			sift_down(m, 0);
	}
	return ret;
}

int merge_lanes(struct lane **lanes, size_t nr_lanes, const struct time_window *windows, size_t nr_windows,
		event_fn *fn, void *data)
{
	struct merge m = { .windows = windows, .nr_windows = nr_windows };
	int ret;

	if (windows && !nr_windows)
		return 0;
	ret = merge_start(&m, lanes, nr_lanes);
	if (!ret)
		ret = merge_run(&m, fn, data);
	free(m.heap);
	free(m.cpus);
	return ret;
}
