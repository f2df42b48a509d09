/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * feed.h - blocks of events from many lanes, read ahead by worker threads
 *
 * Each lane has a ring of blocks. Workers fill the free ones of whichever lane asked first; the merge takes
 * the full ones in their order. So memory is bounded by the rings, whatever the file's size. With one job
 * nothing runs ahead: the merge fills the block it needs.
 *
 * Ownership: a block taken is the caller's until it takes the lane's next one. The feed borrows the lanes;
 * while it is open, nobody else may touch them.
 */
#ifndef VMSTALL_FEED_H
#define VMSTALL_FEED_H

#include "reader/lanes/lane.h"

struct feed;

/* @jobs: threads that work on it, the caller's included. Returns 0 or -ENOMEM (also: no thread to be had). */
int feed_open(struct lane **lanes, size_t nr_lanes, unsigned int jobs, struct feed **ret);

/* The next block of lane @i. Returns how many events, 0 at the end, or a negative errno. */
int feed_take(struct feed *feed, size_t i, struct event **ret_events);

/* Stops the workers. NULL is fine; returns NULL. */
struct feed *feed_close(struct feed *feed);

#endif
