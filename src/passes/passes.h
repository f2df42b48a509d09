/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* passes.h - the passes by name; what each asks is told in its file */
#ifndef VMSTALL_PASSES_H
#define VMSTALL_PASSES_H

#include "vmstall/pass.h"

extern const struct pass_ops zone_names_pass, lru_lock_pass, reclaim_pass, cpu_stall_pass, victims_pass, trigger_pass,
	zone_users_pass, reclaim_account_pass;

#endif
