/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict.h - how sure is it that the stall froze the machine, and which reasons are there? */
#ifndef VMSTALL_VERDICT_H
#define VMSTALL_VERDICT_H

#include "passes/common/pass.h"
#include "passes/freeze/snapshot.h"

/* Set the stall's confidence and its reasons. Call it when the victims are known. Returns 0 or -ENOMEM. */
int verdict_reach(const struct pass_ctx *ctx, const struct snapshot *snap);

/* unexplained.c: the same for a stall @s that no hold explains; it may also be dropped. Returns 0 or -ENOMEM. */
int unexplained_judge(const struct pass_ctx *ctx, const struct snapshot *snap, struct stall *s);

#endif
