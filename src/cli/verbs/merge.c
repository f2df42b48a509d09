// SPDX-License-Identifier: LGPL-2.1-or-later
/* merge.c - vmstall merge: the databases of several machines into one */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "batch/store/store.h"
#include "cli/options/table.h"
#include "cli/verbs/fleet.h"
#include "cli/verbs/verbs.h"

enum { WAIT_MS = 60000 };

static const struct verb merge = {
	.name	  = "merge",
	.about	  = "Copy the contents of the databases IN into OUT, which is created if it does not exist. Merging a\n"
		    "database again changes nothing.",
	.groups	  = OPTIONS_COMMON,
	.operands = "OUT IN...",
	.exits	  = "\nExit status: 0 done, 2 usage, or OUT cannot be used, 3 none of the others could be merged,\n"
		    "4 some could not.",
};

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return !strcmp(a, b) || (!stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino);
}

static int check(const struct options *o)
{
	if (o->nr_operands < 2) {
		cli_log("merge: name the database to write, and those to read (vmstall merge --help)");
		return EXIT_USAGE;
	}
	for (size_t i = 1; i < o->nr_operands; i++)
		if (same_file(o->operands[0], o->operands[i])) {
			cli_log("merge: %s is to be written and to be read", o->operands[i]);
			return EXIT_USAGE;
		}
	return -1;
}

static int take_count(void *data, const struct store_row *row)
{
	*(int64_t *)data = row_int(row, 0).v;
	return 0;
}

static int64_t recordings(struct store *s)
{
	int64_t nr = 0;
	char *why = NULL;

	if (store_query(s, "SELECT count(*) FROM recordings", NULL, 0, take_count, &nr, &why))
		free(why);
	return nr;
}

static bool merge_one(struct store *s, const char *path, const struct options *o)
{
	int64_t before = recordings(s);
	char *why = NULL;

	if (store_merge(s, path, &why)) {
		cli_log_file(path, -EIO, why);
		free(why);
		return false;
	}
	if (o->verbose >= 0)
		cli_log("%s: %+lld recordings, now %lld", path, (long long)(recordings(s) - before), (long long)recordings(s));
	return true;
}

static int run(const struct options *o)
{
	size_t merged = 0, asked = o->nr_operands - 1;
	struct store *s = NULL;
	char *why = NULL;

	signal(SIGXFSZ, SIG_IGN);	/* exceeding a quota shall be an error and not kill the process */
	if (store_open(o->operands[0], STORE_WRITE, WAIT_MS, &s, &why)) {
		cli_log("%s", why ? why : "out of memory");
		free(why);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < asked; i++)
		merged += merge_one(s, o->operands[i + 1], o);
	store_close(s);
	return merged == asked ? EXIT_DONE : merged ? EXIT_PARTIAL : EXIT_UNREADABLE;
}

int cmd_merge(int argc, char **argv)
{
	struct options o;
	int status = options_parse(&merge, argc, argv, &o);

	if (status < 0)
		status = check(&o);
	return status < 0 ? run(&o) : status;
}
