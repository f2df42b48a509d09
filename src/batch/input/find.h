/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * find.h - which recordings do a list of files and directories mean?
 *
 * In a directory, a file is taken if it is named *.dat or begins as a trace.dat does. Other files are skipped and counted.
 * Symbolic links are followed, and each directory is walked once. A file that the user named is taken in any case.
 */
#ifndef VMSTALL_BATCH_FIND_H
#define VMSTALL_BATCH_FIND_H

#include <stdio.h>

#include "batch/input/digest.h"

/* @key: the path below the directory that the user named; it decides the shard. Points into @path. */
struct found { char *path; size_t key; struct stamp stamp; };

/**
 * struct find - the files that were found. Zero it to begin
 * @unreadable: called for each path that cannot be read, with the reason; @note: for each path skipped as no file
 */
struct find {
	struct found *all;
	size_t nr, cap;
	uint64_t others;	/* files in directories that are not recordings */
	void (*unreadable)(void *data, const char *path, int err);
	void (*note)(void *data, const char *path, const char *what);
	void *data;
	void *seen;		/* directories */
};

/* Add a file, or the recordings in a directory. 0 or -ENOMEM. */
int find_add(struct find *f, const char *path);
/* Add the paths listed in @list, each ended by @end ('\n' or 0). 0, -ENOMEM, or the error of reading the list. */
int find_list(struct find *f, FILE *list, char end);
/* Sort by size, longest first, and drop duplicates. The last recording to finish is then a short one. */
void find_sort(struct find *f);
void find_clear(struct find *f);

#endif
