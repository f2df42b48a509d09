// SPDX-License-Identifier: LGPL-2.1-or-later
/* cli.c - which command was meant? */
#include "cli/cli.h"

#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/common/log.h"

enum { MAX_COMMANDS = 32 };

static int print_help(const struct command *commands, FILE *out)
{
	fputs("Usage: vmstall COMMAND [OPTION]... FILE\n"
	      "Find out from trace.dat recordings which memory-reclaim event froze which tasks.\n\n", out);
	for (; commands->name; commands++)
		fprintf(out, "  %-10s %s\n", commands->name, commands->summary);
	fputs("\nvmstall COMMAND --help tells its options; vmstall --version the version.\n", out);
	return EXIT_DONE;
}

/* For completion and the man pages. */
static int list_commands(const struct command *commands)
{
	for (; commands->name; commands++)
		printf("%s\t%s\n", commands->name, commands->summary);
	return EXIT_DONE;
}

static const struct command *find(const struct command *commands, const char *name)
{
	for (; commands->name; commands++)
		if (!strcmp(commands->name, name))
			return commands;
	return NULL;
}

static bool is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st);
}

static int unknown(const struct command *commands, const char *word)
{
	const char *names[MAX_COMMANDS + 1] = { NULL }, *near;

	for (size_t i = 0; commands[i].name && i < MAX_COMMANDS; i++)
		names[i] = commands[i].name;
	near = cli_nearest(word, names);
	if (*word == '-')
		cli_log("options stand behind the command: vmstall analyze %s ... (vmstall --help)", word);
	else if (near)
		cli_log("no command '%s'; did you mean '%s'? (vmstall --help)", word, near);
	else
		cli_log("no command and no file '%s' (vmstall --help)", word);
	return EXIT_USAGE;
}

/* Some users type "vmstall help analyze" for "vmstall analyze --help". */
static int help(const struct command *commands, int argc, char **argv)
{
	const struct command *c = argc > 2 ? find(commands, argv[2]) : NULL;
	char option[] = "--help", *verb_argv[] = { argc > 2 ? argv[2] : NULL, option, NULL };

	return c ? c->fn(2, verb_argv) : print_help(commands, stdout);
}

static int dispatch(const struct command *commands, int argc, char **argv)
{
	const struct command *c;

	if (argc < 2) {
		print_help(commands, stderr);
		return EXIT_USAGE;
	}
	c = find(commands, argv[1]);
	if (c)
		return c->fn(argc - 1, argv + 1);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return help(commands, argc, argv);
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		puts("vmstall " VMSTALL_VERSION);
		return EXIT_DONE;
	}
	if (!strcmp(argv[1], "--list-commands"))
		return list_commands(commands);
	if (is_file(argv[1]))	/* without a command, the first one runs: it answers what most users want to know */
		return commands[0].fn(argc, argv);
	return unknown(commands, argv[1]);
}

int cli_main(const struct command *commands, int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN); /* a reader that goes away, as head does, must not leave files unfinished */
	return dispatch(commands, argc, argv);
}
