/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rows.h - what the report says of a place, while it is worked out; for the leak analysis's own files */
#ifndef VMSTALL_LEAK_ROWS_H
#define VMSTALL_LEAK_ROWS_H

#include "passes/common/words.h"
#include "passes/leaks/state.h"

enum { LEAK_PARTS = 4 };	/* parts of the time whose survivors are old: a leak leaves some in most parts */

/**
 * struct row - sites that the report shows as one: they have the same function, whatever their stacks beyond it
 * @sum:    the sum of their figures
 * @stack:  that of the site with most left
 * @usual:  nearly all freed objects are freed by this age; objects older than @old_age should be gone. 0: not known
 * @old_ns: length of the time in which the old objects were allocated
 * @clear:  survivors older than @old_age that no lost record explains; @clear_ns: length of the time they may be from
 * @parts:  the survivors in @clear, by the part of that time in which they were allocated
 * @by_recorder: of what is left, the allocations of trace-cmd, which made the recording
 */
struct row {
	struct site sum;
	uint64_t address, offset;
	const char *function;		/* owned by the recording; NULL: not known */
	uint32_t stack, nr_stacks, gfps;
	int64_t stack_live;
	enum leak_use use;
	enum holder holder;
	uint64_t median, usual, old_age;
	uint64_t live, live_units, sure, sure_units, old, old_live, old_units, oldest, retry_live, outlived, by_recorder;
	uint64_t clear, clear_units, clear_ns, parts[LEAK_PARTS];
	bool reclaimable;
};

/* All rows, at the end of the recording, and the row that each site is in. */
struct rows {
	const struct rules *rules;
	struct row *all;
	uint32_t *of_site;
	size_t nr, cap;
	uint64_t sure_from;		/* frees of later allocations cannot have been lost */
	uint64_t from;			/* earlier records of some CPU were overwritten: older survivors do not count */
	double lost_share;		/* share of the records that was lost; 1: not known */
	bool lost_anywhere;		/* a full buffer refused records; the times are not known */
	struct objects tasks;		/* key: row << 32 | pid; ts: how many are left */
};

/* rows.c */
size_t leak_windows(const struct leaks *l);		/* how many are in use */
uint64_t leak_unit(const struct pass_ctx *ctx, const struct row *r);	/* bytes in a unit of @r */

/* group.c: which sites make a row, and what is it called? Returns 0 or -ENOMEM. */
int leak_group(struct leaks *l, const struct pass_ctx *ctx, struct rows *rows);
/* survivors.c: what is left of each row, how old is it, and whose is it? Returns 0 or -ENOMEM. */
int leak_survivors(struct leaks *l, struct rows *rows);
/* growth.c: bytes an hour, from @from on. */
struct leak_rate leak_growth(const struct leaks *l, const struct site *s, uint64_t from, uint64_t unit);
/* about.c: what can be trusted, and what is never recorded; then the uses of memory. Return 0 or -ENOMEM. */
int leak_about(struct leaks *l, const struct pass_ctx *ctx, struct rows *rows, struct leak_report *report);
int leak_uses(const struct leaks *l, const struct pass_ctx *ctx, const struct rows *rows, struct leak_report *report);
/* verdict.c: judge @s, which is made of @r; @rows holds all rows. Returns 0 or -ENOMEM. */
int leak_judge(const struct rows *rows, const struct row *r, struct leak_site *s);
/* proof.c: the same, where only the allocations and frees of @r say something. */
int leak_prove(const struct rows *rows, const struct row *r, struct leak_site *s);
/* Do frees without a record explain what is left? Then nothing says that it is a leak, or how it goes on. */
bool leak_unseen_explains(const struct rows *rows, const struct row *r);
/* Are there survivors that nothing else explains, all along the recording? */
bool leak_is_steady(const struct rules *rules, const struct row *r);
int leak_decide(struct leak_site *s, enum leak_verdict verdict, enum confidence confidence);	/* returns 0 */
bool leak_grows(const struct rules *rules, const struct leak_site *s);

#endif
