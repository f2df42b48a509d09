/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rows.h - what the report says of a place, while it is worked out; for the leak analysis's own files */
#ifndef VMSTALL_LEAK_ROWS_H
#define VMSTALL_LEAK_ROWS_H

#include "passes/common/words.h"
#include "passes/leaks/state.h"

enum { LEAK_PARTS = 4 };	/* of the time in which a survivor is old: a leak leaves some in most of them */

/**
 * struct row - the sites that the report tells as one: same function, whatever the stacks beyond it
 * @sum:    their figures added up
 * @stack:  of its sites, the one with most left
 * @usual:  nearly all that is freed is freed by this age; what is older than @old_age should be gone. 0: not known
 * @old_ns: how long the time is in which they were allocated
 * @clear:  of the survivors older than @old_age, those that no lost record explains; @clear_ns: when they may be from
 * @parts:  these, by when they were allocated
 * @by_recorder: of what is left, what trace-cmd took, which made the recording
 */
struct row {
	struct site sum;
	uint64_t address, offset;
	const char *function;		/* the recording's; NULL: not known */
	uint32_t stack, nr_stacks, gfps;
	int64_t stack_live;
	enum leak_use use;
	enum holder holder;
	uint64_t median, usual, old_age;
	uint64_t live, live_units, sure, sure_units, old, old_live, old_units, oldest, retry_live, outlived, by_recorder;
	uint64_t clear, clear_units, clear_ns, parts[LEAK_PARTS];
	bool reclaimable;
};

/* Everything at the end: rows, and which row each site is in. */
struct rows {
	const struct rules *rules;
	struct row *all;
	uint32_t *of_site;
	size_t nr, cap;
	uint64_t sure_from;		/* allocated after it, a free cannot have been lost */
	uint64_t from;			/* before it some CPU's records were overwritten: nobody is old from there */
	double lost_share;		/* of the records; 1: not known */
	bool lost_anywhere;		/* records that were refused: nobody knows when */
	struct objects tasks;		/* key: row << 32 | pid; ts: how many left */
};

/* leak_rows.c */
size_t leak_windows(const struct leaks *l);		/* in use */
uint64_t leak_unit(const struct pass_ctx *ctx, const struct row *r);	/* bytes that a unit of it stands for */

/* leak_group.c: which sites make a row, and what is it called? Returns 0 or -ENOMEM. */
int leak_group(struct leaks *l, const struct pass_ctx *ctx, struct rows *rows);
/* leak_survivors.c: what is left of each row, how old, whose? Returns 0 or -ENOMEM. */
int leak_survivors(struct leaks *l, struct rows *rows);
/* leak_growth.c: bytes an hour, from @from on. */
struct leak_rate leak_growth(const struct leaks *l, const struct site *s, uint64_t from, uint64_t unit);
/* leak_about.c: what can be trusted, and what is never recorded; then the uses of memory. Return 0 or -ENOMEM. */
int leak_about(struct leaks *l, const struct pass_ctx *ctx, struct rows *rows, struct leak_report *report);
int leak_uses(const struct leaks *l, const struct pass_ctx *ctx, const struct rows *rows, struct leak_report *report);
/* leak_verdict.c: judge @s, made of @r; @rows are all. Returns 0 or -ENOMEM. */
int leak_judge(const struct rows *rows, const struct row *r, struct leak_site *s);
/* leak_proof.c: the same, where nothing but what it took and gave back tells. */
int leak_prove(const struct rows *rows, const struct row *r, struct leak_site *s);
/* Survivors that nothing else explains, all along. */
bool leak_is_steady(const struct rules *rules, const struct row *r);
int leak_decide(struct leak_site *s, enum leak_verdict verdict, enum confidence confidence);	/* 0 */
bool leak_grows(const struct rules *rules, const struct leak_site *s);

#endif
