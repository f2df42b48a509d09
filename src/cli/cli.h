/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cli.h - the table of commands, and which of them the user meant */
#ifndef VMSTALL_CLI_H
#define VMSTALL_CLI_H

/* main.c has the table. The help is printed from it. A NULL name ends it. */
struct command {
	const char *name;
	int (*fn)(int argc, char **argv);
	const char *summary;
};

/* Returns the exit status (enum exit_status). */
int cli_main(const struct command *commands, int argc, char **argv);

#endif
