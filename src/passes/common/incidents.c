// SPDX-License-Identifier: LGPL-2.1-or-later
/* incidents.c - stalls close together share one replay */
#include "passes/common/incidents.h"

#include <errno.h>
#include <stdlib.h>

static uint64_t run_up_begin(const struct report *r, const struct stall *s)
{
	uint64_t run_up = rule_ns(&r->rules, RULE_RUN_UP);

	return s->at.start_earliest > run_up ? s->at.start_earliest - run_up : 0;
}

uint64_t incident_recovered(const struct report *r, const struct stall *s)
{
	uint64_t recovery = rule_ns(&r->rules, RULE_RECOVERY);

	return s->at.end_latest > UINT64_MAX - recovery ? UINT64_MAX : s->at.end_latest + recovery;
}

static struct incident around(const struct report *r, size_t at)
{
	const struct stall *s = &r->stalls[at];

	return (struct incident){
		.from = run_up_begin(r, s),
		.to = incident_recovered(r, s),
		.first = at,
		.nr = 1,
	};
}

int incidents_of(const struct report *r, struct incident **ret_incidents, size_t *ret_nr)
{
	struct incident *list = calloc(r->nr_stalls ? r->nr_stalls : 1, sizeof(*list));
	size_t nr = 0;

	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < r->nr_stalls; i++) {
		struct incident next = around(r, i);
		struct incident *last = nr ? &list[nr - 1] : NULL;

		if (!last || next.from > last->to) {
			list[nr++] = next;
			continue;
		}
		last->from = next.from < last->from ? next.from : last->from;
		last->to = next.to > last->to ? next.to : last->to;
		last->nr++;
	}
	*ret_incidents = list;
	*ret_nr = nr;
	return 0;
}

const struct stall *incident_longest(const struct report *r, const struct incident *incident)
{
	const struct stall *longest = &r->stalls[incident->first];

	for (size_t i = 1; i < incident->nr; i++) {
		const struct stall *s = &r->stalls[incident->first + i];

		longest = s->at.end - s->at.start > longest->at.end - longest->at.start ? s : longest;
	}
	return longest;
}

struct incident incident_run_up(const struct report *r, const struct incident *incident)
{
	const struct stall *s = incident_longest(r, incident);

	return (struct incident){ .from = run_up_begin(r, s), .to = s->at.start, .first = incident->first, .nr = incident->nr };
}
