/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* reclaim_actors.h - the sums of each task, by pid, while the reclaim account is being made */
#ifndef VMSTALL_RECLAIM_ACTORS_H
#define VMSTALL_RECLAIM_ACTORS_H

#include "model/reclaim_account.h"
#include "passes/common/pass.h"
#include "state/stay.h"
#include "util/latencies.h"

/* The kinds of reclaim that a task does for itself, one at a time: the first three of enum reclaim_class. */
#define NR_OWN (RECLAIM_BY_NODE + 1)

/* A begin and an end. @offset, @id: of the end event, as in struct event_ref. */
struct own_pair { struct stay stay; uint64_t offset; uint16_t id; };

/* @pairs: all; @spans: how long each lasted without any doubt, known when all losses are. */
struct own_reclaim {
	struct reclaim_times times;
	struct own_pair *pairs;
	size_t cap_pairs;
	struct latencies spans;
};

/**
 * struct actor - one task
 * @open:   which own reclaim it is in; NR_OWN: none. @stay: where it has been since
 * @slept_first: ts of a kswapd_sleep with no wake before it; 0: none
 * @ran_before: how long it had run on a CPU when it woke
 */
struct actor {
	int32_t pid;
	char comm[TASK_COMM_LEN];
	struct own_reclaim own[NR_OWN];
	struct reclaim_pages pages[NR_RECLAIM_CLASSES];	/* RECLAIM_BY_KSWAPD: outside of its own reclaims */
	uint64_t softlimit, woke_kswapd;
	uint8_t open;
	struct stay stay;

	bool is_kswapd, awake, ran_known;
	struct known nid;
	uint64_t wakes, rewakes, sleeps, woke_at, slept_first, awake_ns, ran_before, ran_ns;
};

struct actors {
	struct actor **slots;	/* open addressing by pid */
	size_t nr, cap;
};

/* NULL: it has done nothing of interest so far. */
struct actor *actors_find(const struct actors *a, int32_t pid);
/* Find the actor or make one. NULL: out of memory. */
struct actor *actors_get(struct actors *a, int32_t pid);
void actors_free(struct actors *a);
/* Put the finished account into the report. Returns 0 or -ENOMEM. */
int actors_report(struct actors *a, const struct pass_ctx *ctx, struct reclaim_account *acc);

#endif
