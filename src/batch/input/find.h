/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * find.h - which recordings are meant by a list of files and directories?
 *
 * In a directory, whatever is named *.dat or begins as a trace.dat does; other files are left alone and counted.
 * Symbolic links are followed, each directory is walked once. What was named itself is taken whatever it is.
 */
#ifndef VMSTALL_BATCH_FIND_H
#define VMSTALL_BATCH_FIND_H

#include <stdio.h>

#include "batch/input/digest.h"

/* @key: the path below the directory that was named, by which shards share the files; points into @path. */
struct found { char *path; size_t key; struct stamp stamp; };

/**
 * struct find - what was found. Zero it to begin
 * @unreadable: told of each path that cannot be read, and why; @note: of what is no file and was left alone
 */
struct find {
	struct found *all;
	size_t nr, cap;
	uint64_t others;	/* files in directories that are no recordings */
	void (*unreadable)(void *data, const char *path, int err);
	void (*note)(void *data, const char *path, const char *what);
	void *data;
	void *seen;		/* directories */
};

/* Add a file, or what is in a directory. 0 or -ENOMEM. */
int find_add(struct find *f, const char *path);
/* Add the paths that are listed in @list, each ended by @end ('\n' or 0). 0, -ENOMEM, or what reading it said. */
int find_list(struct find *f, FILE *list, char end);
/* Longest first, each path once: the last one to end is then a short one. */
void find_sort(struct find *f);
void find_clear(struct find *f);

#endif
