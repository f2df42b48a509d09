// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * growth.c - how fast does it grow, and how sure is that?
 *
 * Time is cut in eight parts, each with its own rate. The differences between the rates say how far the mean may be off
 * (Student's t). Objects that were allocated before the recording are freed without being counted. So a site seems to
 * grow until its usual lifetime has passed, and growth is measured from there on.
 */
#include <math.h>

#include "passes/leaks/rows.h"

enum { PARTS = 8 };
#define T_95	   2.365	/* of Student's t with 7 degrees of freedom */
#define HOUR_S	   3600.0

size_t leak_windows(const struct leaks *l)
{
	return l->sites.begun ? ((l->now - l->sites.begin) >> l->sites.shift) + 1 : 0;
}

/* Seconds from the start of window @first to the start of window @end, or to the end of the recording. */
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

/* Units a second in each of the parts. */
static void rates(const struct leaks *l, const struct site *s, size_t first, size_t nr, double ret[PARTS])
{
	for (size_t i = 0; i < PARTS; i++) {
		size_t a = first + i * (nr - first) / PARTS, b = first + (i + 1) * (nr - first) / PARTS;
		double length = seconds(l, a, b);

		ret[i] = length > 0 ? net(s, a, b) / length : 0;
	}
}

static double half_width(const double rate[PARTS])
{
	double mean = 0, square = 0;

	for (size_t i = 0; i < PARTS; i++) {
		mean += rate[i] / PARTS;
		square += rate[i] * rate[i] / PARTS;
	}
	return T_95 * sqrt(fmax(square - mean * mean, 0) / (PARTS - 1));
}

static bool is_steady(const double rate[PARTS], double mean)
{
	for (size_t i = 0; i < PARTS; i++)
		if (rate[i] <= 0)
			return false;
	return rate[PARTS - 2] + rate[PARTS - 1] >= mean;
}

struct leak_rate leak_growth(const struct leaks *l, const struct site *s, uint64_t from, uint64_t unit)
{
	size_t nr = leak_windows(l), first = from >> l->sites.shift;
	double rate[PARTS], mean, half, scale = (double)unit * HOUR_S;

	first = first < nr / 2 ? first : nr / 2;
	if (nr < first + PARTS || seconds(l, first, nr) < rule(l->rules, RULE_GROWTH_TIME) / 1e9)
		return (struct leak_rate){ 0 };
	rates(l, s, first, nr, rate);
	half = half_width(rate);
	mean = net(s, first, nr) / seconds(l, first, nr);
	return (struct leak_rate){ .is = true, .steady = is_steady(rate, mean), .mean = mean * scale,
		.low = (mean - half) * scale, .high = (mean + half) * scale };
}
