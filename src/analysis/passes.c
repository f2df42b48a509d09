// SPDX-License-Identifier: LGPL-2.1-or-later
/* passes.c - the lists of passes.h, as arrays */
#include "analysis/passes.h"

#define LISTED(name) &name##_pass,

const struct pass_ops *const stall_passes[] = { STALL_PASSES(LISTED) NULL };
const struct pass_ops *const leak_passes[] = { LEAK_PASSES(LISTED) NULL };
const struct pass_ops *const reclaim_passes[] = { RECLAIM_PASSES(LISTED) NULL };
const struct pass_ops *const gfp_passes[] = { GFP_PASSES(LISTED) NULL };
const struct pass_ops *const fleet_passes[] = { FLEET_PASSES(LISTED) NULL };
