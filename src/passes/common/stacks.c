// SPDX-License-Identifier: LGPL-2.1-or-later
/* stacks.c - number the stacks, and find the caller that a stack names */
#include "passes/common/stacks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "passes/common/words.h"
#include "util/array.h"
#include "util/text.h"

static uint64_t hash_of(const struct ev_stack *stack)
{
	uint64_t hash = hash_add(0, stack->nr);

	for (uint32_t i = 0; i < stack->nr; i++)
		hash = hash_add(hash, stack->callers[i]);
	return hash;
}

static bool is_stack(const void *all, uint32_t number, const void *key)
{
	const struct ev_stack *a = (const struct ev_stack *)all + number - 1, *b = key;

	return a->nr == b->nr && !memcmp(a->callers, b->callers, a->nr * sizeof(a->callers[0]));
}

static int add(struct stacks *s, const struct ev_stack *stack, uint64_t hash)
{
	struct ev_stack *bigger = grow(s->all, &s->cap, s->nr, sizeof(*bigger));

	if (!bigger)
		return -ENOMEM;
	s->all = bigger;
	if (table_add(&s->numbers, hash, (uint32_t)s->nr + 1))
		return -ENOMEM;
	s->all[s->nr++] = *stack;
	return 0;
}

int stacks_intern(struct stacks *s, const struct ev_stack *stack, uint32_t *ret)
{
	uint64_t hash;
	int err;

	*ret = 0;
	if (stack->nr > EVENT_STACK_MAX)
		return 0;
	hash = hash_of(stack);
	*ret = table_find(&s->numbers, hash, is_stack, s->all, stack);
	if (*ret)
		return 0;
	if (s->nr == MAX_STACKS) {
		s->left_out++;
		return 0;
	}
	err = add(s, stack, hash);
	*ret = err ? 0 : (uint32_t)s->nr;
	return err;
}

const struct ev_stack *stacks_get(const struct stacks *s, uint32_t number)
{
	return number && number <= s->nr ? &s->all[number - 1] : NULL;
}

int stacks_note(const struct stacks *s, struct report *r)
{
	return !s->left_out ? 0 : report_note(r, QUALITY_LOSS, "there are more than %d different stacks: %" PRIu64 " allocations are told "
					      "without theirs", MAX_STACKS, s->left_out);
}

void stacks_clear(struct stacks *s)
{
	free(s->all);
	table_clear(&s->numbers);
	*s = (struct stacks){ 0 };
}

static bool is_tracing(const char *name)
{
	static const char *const prefixes[] = {
		"trace_event_raw_event_", "trace_event_buffer_", "ftrace_", "__ftrace_", "__traceiter_",
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

char *stack_text(const struct pass_ctx *ctx, const struct ev_stack *stack, uint64_t caller)
{
	struct text t = { 0 };
	bool begun = !caller;
	uint64_t offset;

	text_add(&t, "%s", "");
	for (uint32_t i = 0; i < stack->nr && i < EVENT_STACK_MAX; i++) {
		const char *name = symbol_of(ctx, stack->callers[i], &offset);

		begun |= stack->callers[i] == caller;
		if (!begun || (name && is_tracing(name)))
			continue;
		if (name)
			text_add(&t, "%s%s", t.len ? ";" : "", name);
		else
			text_add(&t, "%s0x%" PRIx64, t.len ? ";" : "", stack->callers[i]);
	}
	return text_take(&t);
}

/* A frame without a name, after a frame with a name, belongs to a module: that is a caller, too. */
uint64_t stack_caller(const struct pass_ctx *ctx, const struct ev_stack *stack)
{
	bool names = false;
	uint64_t offset;

	for (uint32_t i = 0; i < stack->nr && i < EVENT_STACK_MAX; i++) {
		const char *name = symbol_of(ctx, stack->callers[i], &offset);

		if (name ? !is_allocator(name) : names)
			return stack->callers[i];
		names |= name != NULL;
	}
	return 0;
}
