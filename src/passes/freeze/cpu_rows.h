/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cpu_rows.h - what every CPU did around a stall, as the spans of its row in the picture */
#ifndef VMSTALL_CPU_ROWS_H
#define VMSTALL_CPU_ROWS_H

#include "passes/freeze/snapshot.h"

/* One switch: @pid ran on @cpu from @ts on. */
struct switch_mark { uint64_t ts; int32_t pid; uint16_t cpu; char comm[TASK_COMM_LEN]; };

struct switch_log {
	uint64_t from, to;
	struct switch_mark *marks;
	size_t nr, cap;
};

/* An empty log of the time of @s and a fifth of its length on either side. */
struct switch_log switch_log_around(const struct stall *s);
/* Add the switch @ev. Switches outside the log's time are ignored. Returns 0 or -ENOMEM. */
int switch_log_add(struct switch_log *log, const struct event *ev);
/* Fill @s->spans from the log and the judged snapshot. Returns 0 or -ENOMEM. */
int cpu_rows_draw(const struct switch_log *log, const struct snapshot *snap, struct stall *s);

#endif
