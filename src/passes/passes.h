/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* passes.h - the passes by name; what each asks is told in its file */
#ifndef VMSTALL_PASSES_H
#define VMSTALL_PASSES_H

#include "vmstall/pass.h"

extern const struct pass_ops zone_names_pass, lru_lock_pass, reclaim_pass, cpu_stall_pass, victims_pass, trigger_pass,
	zone_users_pass, perfetto_pass, activity_pass, close_up_pass, leaks_pass, reclaim_account_pass, gfp_audit_pass, low_zones_pass;

/* task_comm.c: the name of a task, "" where nobody knows it; a pid below 0 is "(interrupt)". */
void task_comm(const struct pass_ctx *ctx, int32_t pid, char ret[TASK_COMM_LEN]);

#endif
