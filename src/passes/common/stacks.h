/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stacks.h - stack traces, each kept once and known by a number */
#ifndef VMSTALL_STACKS_H
#define VMSTALL_STACKS_H

#include "passes/common/pass.h"
#include "util/table.h"

#define MAX_STACKS 65536	/* 13 MiB */

struct stacks {
	struct ev_stack *all;
	size_t nr, cap;
	struct table numbers;
	uint64_t left_out;	/* how often one came that is beyond MAX_STACKS */
};

/* *@ret: the number of @stack; 0: it is one too many. Returns 0 or -ENOMEM. */
int stacks_intern(struct stacks *s, const struct ev_stack *stack, uint32_t *ret);
/* The stack of that number. NULL: the number is 0 or was never given. */
const struct ev_stack *stacks_get(const struct stacks *s, uint32_t number);
/* If there were too many: say in the report what that means. Returns 0 or -ENOMEM. */
int stacks_note(const struct stacks *s, struct report *r);
void stacks_clear(struct stacks *s);

/* "cma_table_grow;cma_write;...", from @caller on, without the tracer's own frames. NULL: out of memory. */
char *stack_text(const struct pass_ctx *ctx, const struct ev_stack *stack, uint64_t caller);
/* The address of the first frame that belongs to neither the tracer nor an allocator; 0: none, or no names. */
uint64_t stack_caller(const struct pass_ctx *ctx, const struct ev_stack *stack);

#endif
