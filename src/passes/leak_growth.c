// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * leak_growth.c - how fast does it grow, and how sure is that?
 *
 * Time is cut in eight: each part has its own rate, and how much they differ says how far the mean may be off
 * (Student's t). What was allocated before the recording is freed without being counted, so a site seems to grow
 * until its usual lifetime has passed: growth is taken from there on.
 */
#include <math.h>

#include "passes/leak_rows.h"

enum { PARTS = 8 };
#define T_95	   2.365	/* of Student's t with 7 degrees of freedom */
#define SHORTEST_S 0.1
#define HOUR_S	   3600.0

size_t leak_windows(const struct leaks *l)
{
	return l->sites.begun ? ((l->now - l->sites.begin) >> l->sites.shift) + 1 : 0;
}

/* Seconds from the begin of window @first to that of window @end, or to the recording's end. */
static double seconds(const struct leaks *l, size_t first, size_t end)
{
	uint64_t to = (uint64_t)end << l->sites.shift, all = l->now - l->sites.begin;

	to = to < all ? to : all;
	return (double)(to - ((uint64_t)first << l->sites.shift)) / 1e9;
}

static double net(const struct site *s, size_t first, size_t end)
{
	int64_t bytes = 0;

	for (size_t i = first; i < end; i++)
		bytes += s->windows[i].net_bytes;
	return (double)bytes;
}

struct leak_rate leak_growth(const struct leaks *l, const struct site *s, uint64_t from, uint64_t unit)
{
	size_t nr = leak_windows(l), first = from >> l->sites.shift;
	double mean = 0, square = 0, rate, half, scale = (double)unit * HOUR_S;

	first = first < nr / 2 ? first : nr / 2;
	if (nr < first + PARTS || seconds(l, first, nr) < SHORTEST_S)
		return (struct leak_rate){ 0 };
	for (size_t i = 0; i < PARTS; i++) {
		size_t a = first + i * (nr - first) / PARTS, b = first + (i + 1) * (nr - first) / PARTS;
		double length = seconds(l, a, b);

		rate = length > 0 ? net(s, a, b) / length : 0;
		mean += rate / PARTS;
		square += rate * rate / PARTS;
	}
	half = T_95 * sqrt(fmax(square - mean * mean, 0) / (PARTS - 1));
	mean = net(s, first, nr) / seconds(l, first, nr);
	return (struct leak_rate){ .is = true, .mean = mean * scale, .low = (mean - half) * scale,
		.high = (mean + half) * scale };
}
