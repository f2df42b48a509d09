// SPDX-License-Identifier: LGPL-2.1-or-later
/* main.c - the commands of vmstall; a line here is all that a new one needs beside its file */
#include "cli/cli.h"
#include "cli/verbs/verbs.h"

static const struct command commands[] = {
	{ "analyze", cmd_analyze, "which reclaim event froze which tasks, and what to do about it" },
	{ "timeline", cmd_timeline, "the stalls as CSV on standard output" },
	{ "batch", cmd_batch, "many recordings into one database" },
	{ "fleet", cmd_fleet, "what a database of recordings says of all of them" },
	{ "merge", cmd_merge, "the databases of several machines into one" },
	{ "gfp", cmd_gfp, "allocations that may sleep where they must not; who takes the low zones' pages" },
	{ "leaks", cmd_leaks, "kernel memory that is taken and not given back: by whom, and is it a leak" },
	{ "reclaim", cmd_reclaim, "what each task paid for memory, and what kswapd did" },
	{ "info", cmd_info, "what a recording holds, what it lost, which analyses it allows" },
	{ "rules", cmd_rules, "the thresholds that decide, and why each is what it is" },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cli_main(commands, argc, argv);
}
