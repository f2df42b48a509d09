/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* table.h - an option is a row: how it is written, what its help says, what it does */
#ifndef VMSTALL_CLI_OPTIONS_TABLE_H
#define VMSTALL_CLI_OPTIONS_TABLE_H

#include "cli/options/options.h"

/**
 * struct row - an option
 * @arg:  what stands for its argument; words parted by '|' are all that it can be; FILE and DIR are completed as such
 * @help: NULL: not for people, and in no list
 */
struct row {
	const char *name, *arg, *help;
	char letter;		/* 0: none */
	unsigned int groups;
	int (*set)(struct options *o, const struct row *row, const char *value, char **reterr_why);
	const struct writer *writer;
};

/* The rows that a verb takes. */
enum { MAX_ROWS = 32 };
struct table { struct row rows[MAX_ROWS]; size_t nr; };

void table_fill(struct table *t, const struct verb *verb);
void table_help(const struct table *t, const struct verb *verb);
/* For completion and the man pages, a line each, as "-j,--jobs=N", a tab, and its help. */
void table_list(const struct table *t);

#endif
