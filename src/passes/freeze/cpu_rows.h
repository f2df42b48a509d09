/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cpu_rows.h - what every CPU did around a stall, as the spans of a picture */
#ifndef VMSTALL_CPU_ROWS_H
#define VMSTALL_CPU_ROWS_H

#include "passes/freeze/snapshot.h"

/* From @ts on @pid ran on @cpu. */
struct switch_mark { uint64_t ts; int32_t pid; uint16_t cpu; char comm[TASK_COMM_LEN]; };

struct switch_log {
	uint64_t from, to;
	struct switch_mark *marks;
	size_t nr, cap;
};

/* The stall and a fifth of it on either side. */
struct switch_log switch_log_around(const struct stall *s);
/* A switch; those outside the log's time are passed over. Returns 0 or -ENOMEM. */
int switch_log_add(struct switch_log *log, const struct event *ev);
/* Fill @s->spans from the log and the judged scene. Returns 0 or -ENOMEM. */
int cpu_rows_draw(const struct switch_log *log, const struct snapshot *snap, struct stall *s);

#endif
