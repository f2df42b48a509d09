/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* frozen_tasks.h - from a judged snapshot to the stall's victims */
#ifndef VMSTALL_FROZEN_TASKS_H
#define VMSTALL_FROZEN_TASKS_H

#include "passes/common/pass.h"
#include "passes/freeze/snapshot.h"

/* Add the victims of @snap's stall to the report, and sum them up in the stall. Returns 0 or -ENOMEM. */
int frozen_tasks_name(const struct pass_ctx *ctx, struct snapshot *snap, const struct ended_wait *waits, size_t nr_waits);

#endif
