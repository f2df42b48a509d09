/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * passes.h - the passes of each verb, in the order in which they finish: later ones read what earlier ones reported
 *
 * A new pass is a line here, and its file, which defines NAME_pass.
 */
#ifndef VMSTALL_PASSES_H
#define VMSTALL_PASSES_H

#include "passes/common/pass.h"

/* Which stalls there are, and all that is said of each. */
#define FIND_STALLS(PASS)	\
	PASS(zone_names)	\
	PASS(lru_lock)		\
	PASS(reclaim)		\
	PASS(cpu_stall)		\
	PASS(victims)		\
	PASS(trigger)		\
	PASS(zone_users)

/* With what is drawn around them. */
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

/* What a fleet is told of each recording: stalls, and what the other verbs find out. */
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

/* A verb's passes, in order of finish; fleet: what a batch keeps of each recording. NULL-terminated. */
extern const struct pass_ops *const stall_passes[], *const leak_passes[], *const reclaim_passes[],
	*const gfp_passes[], *const fleet_passes[];

#endif
