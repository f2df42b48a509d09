/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* frozen_tasks.h - from a judged scene to the stall's victims, and to how sure the stall itself is */
#ifndef VMSTALL_ACCUSE_H
#define VMSTALL_ACCUSE_H

#include "passes/common/pass.h"
#include "passes/freeze/snapshot.h"

/* Add the victims of @sc's stall to the report, and what they say of the stall. Returns 0 or -ENOMEM. */
int accuse(const struct pass_ctx *ctx, struct scene *sc, const struct ended_wait *waits, size_t nr_waits);

/* verdict.c: how sure is it, and why; to be called when the victims are known. Returns 0 or -ENOMEM. */
int verdict_settle(const struct pass_ctx *ctx, const struct scene *sc);

#endif
