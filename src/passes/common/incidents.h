/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* incidents.h - which stretches of the recording must be looked at again? */
#ifndef VMSTALL_INCIDENTS_H
#define VMSTALL_INCIDENTS_H

#include "passes/common/pass.h"

/* When is nothing more to be expected of @s? */
uint64_t incident_recovered(const struct report *r, const struct stall *s);
/*
 * Stalls (ordered by start) whose surroundings touch become one incident; incidents are ordered and apart.
 * @ret_incidents: free() it. Returns 0 or -ENOMEM.
 */
int incidents_of(const struct report *r, struct incident **ret_incidents, size_t *ret_nr);
/* The longest of its stalls; of equals the first. */
const struct stall *incident_longest(const struct report *r, const struct incident *incident);
/* Its part before that one. */
struct incident incident_run_up(const struct report *r, const struct incident *incident);

#endif
