/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * passes.h - the passes of each verb, in the order in which they finish: later ones read what earlier ones reported
 *
 * To add a pass, add a line here and a file that defines NAME_pass.
 */
#ifndef VMSTALL_PASSES_H
#define VMSTALL_PASSES_H

#include "passes/common/pass.h"

/* Find the stalls and explain each of them. */
#define FIND_STALLS(PASS)	\
	PASS(zone_names)	\
	PASS(lru_lock)		\
	PASS(reclaim)		\
	PASS(cpu_stall)		\
	PASS(victims)		\
	PASS(trigger)		\
	PASS(zone_users)

/* The same, and what is drawn around the stalls. */
#define STALL_PASSES(PASS)	\
	FIND_STALLS(PASS)	\
	PASS(activity)		\
	PASS(close_up)		\
	PASS(perfetto)

#define LEAK_PASSES(PASS)	\
	PASS(leaks)

#define RECLAIM_PASSES(PASS)	\
	PASS(reclaim_account)

#define GFP_PASSES(PASS)	\
	PASS(gfp_audit)		\
	PASS(low_zones)

/* What a fleet's database gets from each recording: the stalls, and what the other verbs find. */
#define FLEET_PASSES(PASS)	\
	FIND_STALLS(PASS)	\
	PASS(leaks)		\
	PASS(reclaim_account)	\
	PASS(gfp_audit)

#define DECLARE_PASS(name) extern const struct pass_ops name##_pass;
STALL_PASSES(DECLARE_PASS)
LEAK_PASSES(DECLARE_PASS)
RECLAIM_PASSES(DECLARE_PASS)
GFP_PASSES(DECLARE_PASS)
FLEET_PASSES(DECLARE_PASS)

/* The passes of each verb, in the order in which they finish. fleet_passes: for a batch of recordings. NULL-terminated. */
extern const struct pass_ops *const stall_passes[], *const leak_passes[], *const reclaim_passes[],
	*const gfp_passes[], *const fleet_passes[];

#endif
