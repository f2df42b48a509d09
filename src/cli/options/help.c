// SPDX-License-Identifier: LGPL-2.1-or-later
/* help.c - the help of a verb, from the same table that parses its options */
#include "cli/options/table.h"

#include <string.h>

enum { HELP_COLUMN = 24, HELP_WIDTH = 80 };

static void print_wrapped(const char *s)
{
	int column = HELP_COLUMN;

	while (*s) {
		int n = (int)strcspn(s, " ");

		if (column > HELP_COLUMN && column + 1 + n > HELP_WIDTH)
			column = printf("\n%*s", HELP_COLUMN, "") - 1;
		else if (column > HELP_COLUMN)
			column += printf(" ");
		column += printf("%.*s", n, s);
		s += n + (s[n] == ' ');
	}
	putchar('\n');
}

/* A text that is too long for its column gets a line of its own. */
static void print_row(const struct row *row)
{
	int used = printf("  %c%c%s --%s%s%s", row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
		row->letter ? "," : " ", row->name, row->arg ? "=" : "", row->arg ? row->arg : "");

	if (used < HELP_COLUMN)
		printf("%*s", HELP_COLUMN - used, "");
	else
		printf("\n%*s", HELP_COLUMN, "");
	print_wrapped(row->help);
}

void table_help(const struct table *t, const struct verb *verb)
{
	printf("Usage: vmstall %s [OPTION]... %s\n%s\n\n", verb->name, verb->operands ? verb->operands : "FILE", verb->about);
	for (const struct row *row = t->rows; row < t->rows + t->nr; row++)
		if (row->help)
			print_row(row);
	if (verb->groups & OPTIONS_OUTPUT)
		puts("\nAn output's FILE may be '-': it goes to standard output in place of the report.");
	if (verb->exits) {
		puts(verb->exits);
		return;
	}
	puts("\nExit status: 0 done, 1 a stall meets --fail-on, 2 usage, 3 nothing that could be\n"
	     "analysed, or the recording cannot tell, 4 partial: the recording is cut or\n"
	     "damaged, or an output could not be written.");
}

void table_list(const struct table *t)
{
	for (const struct row *row = t->rows; row < t->rows + t->nr; row++) {
		if (!row->help)
			continue;
		if (row->letter)
			printf("-%c,", row->letter);
		printf("--%s%s%s\t%s\n", row->name, row->arg ? "=" : "", row->arg ? row->arg : "", row->help);
	}
}
