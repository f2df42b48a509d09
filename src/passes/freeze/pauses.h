/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pauses.h - nothing was recorded for long: was the machine paused, or was there only nothing to do? */
#ifndef VMSTALL_PAUSES_H
#define VMSTALL_PAUSES_H

#include "passes/common/pass.h"

/*
 * No CPU wrote a record from @last_ns until @ev. If something was to be done meanwhile on several CPUs, and nobody did it, add a
 * pause to the report, with a note. Returns 0 or -ENOMEM.
 */
int pauses_look(const struct pass_ctx *ctx, uint64_t last_ns, const struct event *ev);

#endif
