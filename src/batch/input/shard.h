/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* shard.h - which of several machines takes which file; the machines need not talk to each other */
#ifndef VMSTALL_BATCH_SHARD_H
#define VMSTALL_BATCH_SHARD_H

#include <stdbool.h>

/* Shard @k of @n, counted from 1. 0 of 0: there is only one machine. */
struct shard { unsigned int k, n; };

/* Parse "2/8". 0 or -EINVAL with one sentence. */
int shard_parse(const char *text, struct shard *ret, char **reterr_why);

/*
 * Read the shard from the environment of a Slurm array task (SLURM_ARRAY_TASK_ID, _MIN, _COUNT) or of a pod of an
 * Indexed Job (JOB_COMPLETION_INDEX, JOB_COMPLETION_COUNT). Returns 1, 0 if there is none, or -EINVAL with one sentence.
 */
int shard_from_environment(struct shard *ret, char **reterr_why);

/* Does this shard take the file? Decided by a hash of @key, its path below the directory that the user named. */
bool shard_has(const struct shard *s, const char *key);

#endif
