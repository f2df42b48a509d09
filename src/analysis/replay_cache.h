/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * replay_cache.h - the events of the scan, for the second look at a stall's surroundings
 *
 * Reading these events from the recording again would mean unpacking it again. So the scan keeps the last events in
 * memory. Where a pass finds a possible stall, the events around it are kept for good; those that do not fit into memory
 * go to a file without a name. A window that the cache does not hold completely must be read from the recording.
 */
#ifndef VMSTALL_REPLAY_CACHE_H
#define VMSTALL_REPLAY_CACHE_H

#include "model/rules.h"
#include "reader/recording.h"
#include "vmstall/event.h"

struct replay_cache;

/* @wants: KIND() mask. Of other kinds only events that show when a CPU fell silent or went on are kept. NULL: no memory. */
struct replay_cache *replay_cache_new(const struct rules *rules, uint64_t wants);
/* Add events in the order of the merged stream. After a failure the cache holds nothing. */
void replay_cache_add(struct replay_cache *t, const struct event *ev);
/* There may be a stall between @from and @to, ns: keep the events around it. NULL is fine. */
void replay_cache_keep(struct replay_cache *t, uint64_t from, uint64_t to);
/* Is all of @window in the cache? Call it after the last event was added. NULL is fine. */
bool replay_cache_holds(struct replay_cache *t, struct time_window window);
/* Like recording_replay() with one window. replay_cache_holds() must have said true for the window. */
int replay_cache_replay(struct replay_cache *t, struct time_window window, event_fn *fn, void *data);
/* NULL is fine; returns NULL. */
struct replay_cache *replay_cache_free(struct replay_cache *t);

#endif
