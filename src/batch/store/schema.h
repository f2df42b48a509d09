/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * schema.h - the database of a fleet, and how an older one is brought up to date
 *
 * The id of a recording is the first 63 bits of the SHA-256 of its content. So the rows do not depend on the order in which
 * recordings are stored, and databases can be merged.
 */
#ifndef VMSTALL_BATCH_SCHEMA_H
#define VMSTALL_BATCH_SCHEMA_H

#include <stddef.h>

#define SCHEMA_APPLICATION_ID 0x766d7374	/* "vmst": PRAGMA application_id */

/* The statuses of recordings that were read to their end. */
#define STATUS_READ "('ok', 'partial', 'cannot_tell')"

/* Step i turns version i into version i + 1 (PRAGMA user_version). Steps are only ever added. */
extern const char *const schema_steps[];
extern const size_t schema_version;

#endif
