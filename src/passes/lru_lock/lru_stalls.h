/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lru_stalls.h - which holds are stalls, and why were they long? */
#ifndef VMSTALL_LRU_STALLS_H
#define VMSTALL_LRU_STALLS_H

#include "passes/common/pass.h"

/* Add a stall for every hold that froze its CPU for at least opts->min_stall_ns. Returns 0 or -ENOMEM. */
int lru_stalls_add(const struct pass_ctx *ctx);

/* @highest_zone: the highest zone index any event of the recording named; unknown is fine. */
enum diagnosis diagnose_hold(const struct rules *rules, const struct hold *h, const char *release, struct known highest_zone);

#endif
