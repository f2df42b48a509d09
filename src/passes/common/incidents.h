/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* incidents.h - which stretches of the recording must be replayed? */
#ifndef VMSTALL_INCIDENTS_H
#define VMSTALL_INCIDENTS_H

#include "passes/common/pass.h"

/* When is the recovery of @s over? Records after that add nothing to it. */
uint64_t incident_recovered(const struct report *r, const struct stall *s);
/*
 * Stalls (ordered by start) whose surroundings touch become one incident. Incidents are ordered and do not overlap.
 * @ret_incidents: free() it. Returns 0 or -ENOMEM.
 */
int incidents_of(const struct report *r, struct incident **ret_incidents, size_t *ret_nr);
/* The longest stall of the incident; of equals the first. */
const struct stall *incident_longest(const struct report *r, const struct incident *incident);
/* The part of the incident before its longest stall. */
struct incident incident_run_up(const struct report *r, const struct incident *incident);

#endif
