// SPDX-License-Identifier: LGPL-2.1-or-later
/* passes.c - the passes of each verb, in the order in which they finish: later ones read what earlier ones reported */
#include "passes/passes.h"

const struct pass_ops *const stall_passes[] = {
	&zone_names_pass,
	&lru_lock_pass,
	&reclaim_pass,
	&cpu_stall_pass,
	&victims_pass,
	&trigger_pass,
	&zone_users_pass,
	&activity_pass,
	&close_up_pass,
	&perfetto_pass,
	NULL,
};

const struct pass_ops *const leak_passes[] = {
	&leaks_pass,
	NULL,
};

const struct pass_ops *const reclaim_passes[] = {
	&reclaim_account_pass,
	NULL,
};

const struct pass_ops *const gfp_passes[] = {
	&gfp_audit_pass,
	&low_zones_pass,
	NULL,
};

const struct pass_ops *const fleet_passes[] = {
	&zone_names_pass,
	&lru_lock_pass,
	&reclaim_pass,
	&cpu_stall_pass,
	&victims_pass,
	&trigger_pass,
	&zone_users_pass,
	&leaks_pass,
	&reclaim_account_pass,
	&gfp_audit_pass,
	NULL,
};
