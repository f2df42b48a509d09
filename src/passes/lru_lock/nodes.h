/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * nodes.h - which node's lock was it?
 *
 * Every node has an lru_lock of its own (or several) and a kswapd. An isolate event does not name the node. The name of its
 * task does (kswapd1), and so do other events of that task.
 */
#ifndef VMSTALL_NODES_H
#define VMSTALL_NODES_H

#include "model/report.h"

/* A kernel has no more nodes than this (NODES_SHIFT is at most 10). Another number is damage. */
enum { MAX_NODES = 1024 };

/* @only: the only node that events name; void when @many. @kswapds: as their own events say. */
struct nodes {
	int32_t only;
	bool any, many;
	struct { int32_t pid, nid; } kswapds[MAX_NODES];
	size_t nr_kswapds;
};

/* An event names node @nid. */
void nodes_saw(struct nodes *n, int32_t nid);
/* @ev: kswapd woke or went to sleep. */
void nodes_saw_kswapd(struct nodes *n, const struct event *ev);
/* All events were seen: on which node was @h? If its task's events do not say it, the only node of the recording is it. */
void nodes_settle(const struct nodes *n, struct hold *h);

#endif
