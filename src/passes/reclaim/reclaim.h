/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* reclaim.h - successive reclaims of one task, and the stall they make */
#ifndef VMSTALL_RECLAIM_H
#define VMSTALL_RECLAIM_H

#include "passes/common/pass.h"
#include "state/stay.h"

enum reclaim_part { PART_SLAB, PART_THROTTLE, PART_COMPACTION, NR_RECLAIM_PARTS };

/**
 * struct episode - successive reclaims of one task, from the first begin to the last end
 * @open:       a reclaim has begun and not ended; @began: when; @compacting: it is a compaction between reclaims
 * @in_reclaim: ns between begins and ends; the task @ran, was @queued or @slept for these parts of it
 * @compaction_ns, @compactions: the @parts that are compactions between reclaims
 * @unsplit:    a part of it has no end, or began before any switch was recorded: nobody knows what the task did
 * @part_ns:    ns in each part of reclaim; @part_began: when the open part began, 0: none is open
 * @kind:       enum reclaim_type of the open reclaim. Its end has the same
 * @stay:       where the task was in the open reclaim; @stays: in the ended ones, as one
 * @hidden:     of @stays: an end and another begin may lie there unseen. Empty: every pair is sure
 * @unended:    a reclaim whose end is missing, until the task began another one
 */
struct episode {
	int32_t pid;
	uint16_t cpu;
	uint8_t type;			/* enum reclaim_type */
	uint8_t kind;
	bool open, compacting, unended, split_known, unsplit;
	char comm[TASK_COMM_LEN];
	struct event_ref first, last, worst;
	uint64_t begin, end, began, longest, in_reclaim, ran, queued, slept;
	uint64_t part_ns[NR_RECLAIM_PARTS], part_began[NR_RECLAIM_PARTS];
	uint64_t nr_reclaimed, compaction_ns;
	struct known order, gfp;
	uint32_t parts, compactions;
	struct stay stay, stays;
	struct stretch hidden;
};

/* Add @e as a stall, unless lru_lock stalls already account for its time. Returns 0 or -ENOMEM. */
int reclaim_stall_add(const struct pass_ctx *ctx, const struct episode *e);

/* reclaim_pairs.c: what may be missing between the begins and ends of @e? */
void reclaim_look_between(struct episode *e, const struct hidden *hidden);
/* For how long was the task in reclaim without any doubt, ns? */
uint64_t reclaim_sure_ns(const struct pass_ctx *ctx, const struct episode *e);
/* From when to when, as far as that is sure, with what it may have been at most. */
struct bounds reclaim_bounds(const struct pass_ctx *ctx, const struct episode *e);
/* Say in the report which of the @nr episodes are no stall only because records are missing. Returns 0 or -ENOMEM. */
int reclaim_note_unsure(const struct pass_ctx *ctx, const struct episode *list, size_t nr);

#endif
