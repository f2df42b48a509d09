/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pool.h - a limited number of children at a time, each with a time limit
 *
 * While a pool is open, SIGINT, SIGTERM and SIGHUP do not end the process: pool_wait() reports them.
 */
#ifndef VMSTALL_BATCH_POOL_H
#define VMSTALL_BATCH_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "batch/work/child.h"

struct pool;

/* @timeout_ms: a child that takes longer is killed; 0: no limit. Returns 0 or a negative errno. */
int pool_open(unsigned int jobs, uint64_t timeout_ms, struct pool **ret);
/* Kills the children that still run. NULL is fine; returns NULL. */
struct pool *pool_close(struct pool *p);

/* A free slot, from 0; -1: there is none. */
int pool_slot(const struct pool *p);
bool pool_idle(const struct pool *p);
/* Start a child in a free slot. 0 or a negative errno. */
int pool_start(struct pool *p, int slot, int (*work)(void *data), void *data);

enum pool_news { POOL_ENDED, POOL_SIGNAL, POOL_NOTHING };

/*
 * @slot: of a child that has ended, now free; @late: it ran out of time; @peak: its memory in bytes; @sig: a signal
 * to us
 */
struct pool_event { int slot, sig; bool late; struct child_result result; uint64_t peak; };

/* Wait until something happens, or until @tick_ms have passed. */
enum pool_news pool_wait(struct pool *p, unsigned int tick_ms, struct pool_event *ret);

#endif
