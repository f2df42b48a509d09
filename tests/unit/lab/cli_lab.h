/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cli_lab.h - command lines, each run in a child and in a directory of its own
 *
 * The analysis is replaced: the "findings" depend on the name of the file.
 */
#ifndef VMSTALL_TEST_CLI_LAB_H
#define VMSTALL_TEST_CLI_LAB_H

#include <stdio.h>

#include "analysis/analysis.h"
#include "cli/cli.h"
#include "cli/common/log.h"
#include "cli/verbs/verbs.h"
#include "sample_report.h"

extern const struct command commands[];

struct run { int status; char *out, *err; };

char *slurp(const char *path);
struct run run_to(const char *out, char **argv);
void done(struct run *run);
void assert_has(const char *text, const char *words);
void assert_begins(const char *s, const char *with);
size_t files_here(void);
int enter(void **state);
int leave(void **state);

#define RUN(...) run_to("stdout", (char *[]){ "vmstall", __VA_ARGS__, NULL })

/* The command must fail with the status, an empty stdout, and one line that says why. */
#define assert_refused(expected, words, ...)                                 \
	do {                                                                 \
		struct run refused = RUN(__VA_ARGS__);                       \
                                                                             \
		assert_has(refused.err, words);                              \
		assert_string_equal(refused.out, "");                        \
		assert_int_equal(refused.status, expected);                  \
		assert_begins(refused.err, "vmstall: ");                     \
		assert_ptr_equal(strchr(refused.err, '\n') + 1, refused.err + strlen(refused.err)); \
		done(&refused);                                              \
	} while (0)

#define IN_DIRECTORY(f) cmocka_unit_test_setup_teardown(f, enter, leave)

#endif
