/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hidden.h - of which stretches of time are a CPU's records missing?
 *
 * Lost, cut and unreadable records all hide what happened. A begin and an end are one pair only if nothing between them is
 * hidden on a CPU where the task can have been: otherwise the first may have ended and another begun.
 */
#ifndef VMSTALL_HIDDEN_H
#define VMSTALL_HIDDEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmstall/event.h"

#define ANY_CPU UINT32_MAX

/* Empty where @from is after @to. */
struct stretch { uint64_t from, to; };
#define NO_STRETCH ((struct stretch){ UINT64_MAX, 0 })

/* The stretches of one CPU, by time; none touches another. */
struct hidden_cpu { struct stretch *list; size_t nr, cap; };
struct hidden { struct hidden_cpu *cpus; size_t nr; };

static inline bool stretch_empty(struct stretch s)
{
	return s.from > s.to;
}

static inline uint64_t stretch_ns(struct stretch s)
{
	return stretch_empty(s) ? 0 : s.to - s.from;
}

/* Add what the loss @ev (EVENT_LOST) hides. Returns 0 or -ENOMEM. */
int hidden_add(struct hidden *h, const struct event *ev);
/* Records of @cpu are missing in @s, and no mark in the stream says so. Returns 0 or -ENOMEM. */
int hidden_add_unmarked(struct hidden *h, unsigned int cpu, struct stretch s);
/* Widen *@hull by what is hidden on @cpu, or on any CPU (ANY_CPU), inside @in. */
void hidden_widen(const struct hidden *h, uint32_t cpu, struct stretch in, struct stretch *hull);
void hidden_forget(struct hidden *h);
void hidden_clear(struct hidden *h);

#endif
