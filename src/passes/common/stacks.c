// SPDX-License-Identifier: LGPL-2.1-or-later
/* stacks.c - which stack is this, and whose call does it tell of? */
#include "passes/common/stacks.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "passes/common/words.h"
#include "util/array.h"
#include "util/text.h"

static uint64_t hash_of(const struct ev_stack *stack)
{
	uint64_t h = stack->nr;

	for (uint32_t i = 0; i < stack->nr; i++)
		h = (h ^ stack->callers[i]) * UINT64_C(11400714819323198485);
	return h ^ h >> 32;
}

static bool same(const struct ev_stack *a, const struct ev_stack *b)
{
	return a->nr == b->nr && !memcmp(a->callers, b->callers, a->nr * sizeof(a->callers[0]));
}

static size_t slot_of(const struct stacks *s, const struct ev_stack *stack)
{
	size_t at = (size_t)hash_of(stack) & (s->nr_slots - 1);

	while (s->slots[at] && !same(&s->all[s->slots[at] - 1], stack))
		at = (at + 1) & (s->nr_slots - 1);
	return at;
}

static bool more_slots(struct stacks *s)
{
	struct stacks bigger = *s;

	bigger.nr_slots = s->nr_slots ? s->nr_slots * 2 : 256;
	bigger.slots = calloc(bigger.nr_slots, sizeof(*bigger.slots));
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < s->nr; i++)
		bigger.slots[slot_of(&bigger, &s->all[i])] = (uint32_t)i + 1;
	free(s->slots);
	*s = bigger;
	return true;
}

uint32_t stacks_intern(struct stacks *s, const struct ev_stack *stack)
{
	struct ev_stack *bigger;
	size_t at;

	if (stack->nr > EVENT_STACK_MAX || (2 * (s->nr + 1) > s->nr_slots && !more_slots(s)))
		return 0;
	at = slot_of(s, stack);
	if (s->slots[at] || s->nr == MAX_STACKS)
		return s->slots[at];
	bigger = grow(s->all, &s->cap, s->nr, sizeof(*bigger));
	if (!bigger)
		return 0;
	s->all = bigger;
	s->all[s->nr++] = *stack;
	s->slots[at] = (uint32_t)s->nr;
	return s->slots[at];
}

const struct ev_stack *stacks_get(const struct stacks *s, uint32_t number)
{
	return number && number <= s->nr ? &s->all[number - 1] : NULL;
}

void stacks_clear(struct stacks *s)
{
	free(s->all);
	free(s->slots);
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

/* A frame without a name, behind one that has one, is a module's: also a caller. */
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
