/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* batch.h - the options of vmstall batch beyond those of every verb */
#ifndef VMSTALL_CLI_BATCH_OPTIONS_H
#define VMSTALL_CLI_BATCH_OPTIONS_H

#include "batch/input/labels.h"
#include "batch/input/shard.h"
#include "cli/options/table.h"

enum { FILES_FROM_MAX = 16 };

/* @files_end: the character that ends a name in a list; @wait_ms: how long to wait for another user of the database */
struct batch_options {
	const char *db, *csv_dir, *files_from[FILES_FROM_MAX];
	size_t nr_files_from;
	char files_end;
	unsigned int jobs;
	uint64_t timeout_ms, memory, wait_ms;
	struct labels labels;
	struct label_pattern *pattern;
	struct shard shard;
	bool retry, jsonl;
};

/* The option rows that set a struct batch_options, options.own. */
extern const struct row batch_rows[];

#endif
