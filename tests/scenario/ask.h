/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ask.h - what does vmstall say about a scene?
 *
 *	struct report *r = analyse(s);
 *	const struct stall *st = only_stall(r, CAUSE_LRU_LOCK_HOLD);
 *
 *	assert_truth(&st->at, FROM, TO);
 *	assert_victim(r, st, 307, VICTIM_TIMER_LATE);
 *	done(r);
 */
#ifndef VMSTALL_TEST_ASK_H
#define VMSTALL_TEST_ASK_H

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "machine.h"
#include "model/writer.h"
#include "passes/common/pass.h"

/*
 * Write the scene, analyse the file, free the scene. It has to be readable, and the answer the same with both readers and
 * any number of threads. End the answer with done().
 */
struct report *analyse(struct scene *s);
/* The same with the passes and questions of another verb. */
struct report *analyse_with(struct scene *s, const struct analysis_options *opts);
/* The same with a shortest stall of one's own. */
struct report *analyse_above(struct scene *s, uint64_t min_stall_ns);
void done(struct report *r);

size_t nr_of(const struct report *r, enum cause cause);
/* The one stall of this cause; and, for the second, the one that a task of this pid caused. */
const struct stall *only_stall(const struct report *r, enum cause cause);
const struct stall *stall_by(const struct report *r, int32_t pid);
/* There is none of any cause, and nobody is a victim. */
void assert_no_stall(const struct report *r);

/* The truth lies inside the bounds, and the estimates are within 2 % of the duration. */
void assert_truth(const struct bounds *at, uint64_t from, uint64_t to);
/* The truth lies inside the bounds. */
void assert_inside(const struct bounds *at, uint64_t from, uint64_t to);

/* NULL: not named. */
const struct victim *victim_of(const struct report *r, const struct stall *s, int32_t pid);
const struct victim *assert_victim(const struct report *r, const struct stall *s, int32_t pid, enum victim_kind kind);
/* No stall of the report names the task. */
void assert_unnamed(const struct report *r, int32_t pid);
/* One of the report's notes, or of the stall's reasons, contains the text. */
bool has_note(const struct report *r, const char *text);
bool has_reason(const struct stall *s, const char *text);
/* What a writer makes of the report, 120 columns wide; free() it. */
char *written(const struct report *r, int (*write)(const struct report *, const struct writer_options *, FILE *));
void assert_says(const char *text, const char *what);
/* Its diagnosis is this, and there is something to do about it. */
void assert_diagnosis(const struct report *r, const struct stall *s, enum diagnosis diagnosis);

#endif
