/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cpu_rows.h - what every CPU did around a stall, as the spans of a picture */
#ifndef VMSTALL_LANES_H
#define VMSTALL_LANES_H

#include "passes/freeze/snapshot.h"

/* From @ts on @pid ran on @cpu. */
struct lane_mark { uint64_t ts; int32_t pid; uint16_t cpu; char comm[TASK_COMM_LEN]; };

struct lane_log {
	uint64_t from, to;
	struct lane_mark *marks;
	size_t nr, cap;
};

/* The stall and a fifth of it on either side. */
struct lane_log lane_log_around(const struct stall *s);
/* A switch; those outside the log's time are passed over. Returns 0 or -ENOMEM. */
int lane_log_switch(struct lane_log *log, const struct event *ev);
/* Fill @s->lanes from the log and the judged scene. Returns 0 or -ENOMEM. */
int lanes_draw(const struct lane_log *log, const struct scene *sc, struct stall *s);

#endif
