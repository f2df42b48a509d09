// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * rows.c - in which row of KernelShark's table is a time?
 *
 * The table has every record of the top buffer by time, ties by CPU. Each loss has a row of its own, 10 ns before the
 * record behind it.
 */
#include <string.h>

#include "reader/recording_private.h"

#define LOSS_BEFORE_NS 10

struct count {
	const struct recording *rec;
	const uint64_t *times;
	size_t nr;
	uint64_t *rows;		/* up to each time */
};

static int count_row(void *data, const struct event *ev)
{
	struct count *c = data;
	uint64_t ts = ev->ts;

	if (*c->rec->lanes[ev->lane]->buffer)
		return 0;
	if (ev->kind == EVENT_LOST)
		ts -= ts < LOSS_BEFORE_NS ? ts : LOSS_BEFORE_NS;
	for (size_t i = 0; i < c->nr; i++)
		c->rows[i] += ts <= c->times[i];
	return 0;
}

int recording_rows(struct recording *rec, const uint64_t *times, size_t nr, uint64_t *ret_rows)
{
	struct count c = { .rec = rec, .times = times, .nr = nr, .rows = ret_rows };
	struct time_window until = { 0 };

	memset(ret_rows, 0, nr * sizeof(*ret_rows));
	for (size_t i = 0; i < nr; i++)
		if (times[i] > until.to)
			until.to = times[i];
	until.to += until.to > UINT64_MAX - LOSS_BEFORE_NS ? 0 : LOSS_BEFORE_NS;
	return recording_replay(rec, &until, 1, UINT64_MAX, count_row, &c);
}
