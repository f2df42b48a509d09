/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * schema.h - the database of a fleet, and how an older one becomes one of today
 *
 * A recording is known by its content: its id is the first 63 bits of its SHA-256. So the rows do not depend on the
 * order in which they came, and databases can be merged.
 */
#ifndef VMSTALL_BATCH_SCHEMA_H
#define VMSTALL_BATCH_SCHEMA_H

#include <stddef.h>

#define SCHEMA_APPLICATION_ID 0x766d7374	/* "vmst": PRAGMA application_id */

/* Step i makes version i + 1 (PRAGMA user_version) of version i. Only ever added to. */
extern const char *const schema_steps[];
extern const size_t schema_version;

#endif
