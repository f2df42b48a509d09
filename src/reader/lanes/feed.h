/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * feed.h - blocks of events from many lanes, read ahead by worker threads
 *
 * Each lane has a ring of blocks. Workers fill the free blocks of the lane that asked first. The merge takes the full
 * blocks of each lane in order. So the rings bound the memory, whatever the size of the file. With one job nothing is
 * read ahead: the merge fills the block that it needs.
 *
 * Ownership: the caller owns a block until it takes the lane's next one. The feed borrows the lanes; nobody else may touch
 * them while the feed is open.
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
