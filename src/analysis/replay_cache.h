/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * replay_cache.h - the events of the scan, for the second look at a stall's surroundings
 *
 * To read them again out of the recording means to unpack it again. So the last ones are kept as they go by, in
 * memory; where a pass suspects a stall, those around it are kept for good, and what memory does not hold goes to a file
 * without a name. A window that is not whole on the cache must be read from the recording.
 */
#ifndef VMSTALL_TAPE_H
#define VMSTALL_TAPE_H

#include "model/rules.h"
#include "reader/recording.h"
#include "vmstall/event.h"

struct replay_cache;

/* @wants: KIND() mask; of other events those are kept that show when a CPU fell silent or went on. NULL: no memory. */
struct replay_cache *replay_cache_new(const struct rules *rules, uint64_t wants);
/* In the order of the merge. After a failure the cache holds nothing. */
void replay_cache_add(struct replay_cache *t, const struct event *ev);
/* There may be a stall between @from and @to, ns: keep its surroundings. NULL is fine. */
void replay_cache_keep(struct replay_cache *t, uint64_t from, uint64_t to);
/* The last event was added: is all of @window on the cache? NULL is fine. */
bool replay_cache_holds(struct replay_cache *t, struct time_window window);
/* As recording_replay() with one window, which replay_cache_holds(). */
int replay_cache_replay(struct replay_cache *t, struct time_window window, event_fn *fn, void *data);
/* NULL is fine; returns NULL. */
struct replay_cache *replay_cache_free(struct replay_cache *t);

#endif
