/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* table.h - an option is a row: its name, its help and its effect */
#ifndef VMSTALL_CLI_OPTIONS_TABLE_H
#define VMSTALL_CLI_OPTIONS_TABLE_H

#include "cli/options/options.h"

/**
 * struct row - an option
 * @arg:  the name of its argument; words separated by '|' are the only values; FILE and DIR are completed as such
 * @help: NULL: hidden from the help and from all lists
 */
struct row {
	const char *name, *arg, *help;
	char letter;		/* the option's letter; 0: none */
	unsigned int groups;
	int (*set)(struct options *o, const struct row *row, const char *value, char **reterr_why);
	const struct writer *writer;
};

/* The rows of the options that a verb takes. */
enum { MAX_ROWS = 32 };
struct table { struct row rows[MAX_ROWS]; size_t nr; };

void table_fill(struct table *t, const struct verb *verb);
void table_help(const struct table *t, const struct verb *verb);
/* Print the rows for completion and the man pages, one a line: "-j,--jobs=N", a tab, and the help. */
void table_list(const struct table *t);

#endif
