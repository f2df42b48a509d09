// SPDX-License-Identifier: LGPL-2.1-or-later
/* twins.c - what do the records of one event have in common? All but their stamps and their buffers */
#include "passes/common/twins.h"

#include <string.h>

#include "util/table.h"

static uint64_t hash_of(const struct event *ev)
{
	uint64_t hash = hash_add(ev->kind, (uint32_t)ev->pid), payload[sizeof(struct ev_switch) / 8];

	memcpy(payload, &ev->lost, sizeof(payload));
	for (size_t i = 0; i < sizeof(payload) / sizeof(payload[0]); i++)
		hash = hash_add(hash, payload[i]);
	return hash;
}

/* One buffer has an event once, unless the file has a piece of it twice: then the stamps are the same. */
bool twins_have(struct twins *t, const struct event *ev, uint64_t ns)
{
	uint64_t hash = hash_of(ev);

	for (unsigned int i = 0; i < TWINS; i++)
		if (t->last[i].hash == hash && ev->ts - t->last[i].ts < ns &&
		    (t->last[i].lane != ev->lane || t->last[i].ts == ev->ts))
			return true;
	t->last[t->next % TWINS].ts = ev->ts;
	t->last[t->next % TWINS].hash = hash;
	t->last[t->next++ % TWINS].lane = ev->lane;
	return false;
}
