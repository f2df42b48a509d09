// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cpu_rows.c - what did every CPU do around a stall?
 *
 * Running and idle spans come from switches. The silences that frozen_cpus.c judged lie over them.
 * Neighbouring spans of one state are merged, so that a busy CPU does not make a thousand spans.
 */
#include "passes/freeze/cpu_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

#define MAX_MARKS 65536	/* bounds the memory; a picture needs no more */

struct switch_log switch_log_around(const struct stall *s)
{
	uint64_t pad = (s->at.end - s->at.start) / 5 + 1000000;

	return (struct switch_log){ .from = s->at.start > pad ? s->at.start - pad : 0, .to = s->at.end + pad };
}

int switch_log_add(struct switch_log *log, const struct event *ev)
{
	struct switch_mark *bigger;

	if (ev->ts < log->from || ev->ts > log->to || log->nr == MAX_MARKS)
		return 0;
	bigger = grow(log->marks, &log->cap, log->nr, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	log->marks = bigger;
	bigger[log->nr] = (struct switch_mark){ .ts = ev->ts, .pid = ev->sw.next_pid, .cpu = ev->cpu };
	memcpy(bigger[log->nr++].comm, ev->sw.next_comm, TASK_COMM_LEN);
	return 0;
}

/* Append @span, or lengthen the last span if it has the same CPU and state. */
static int put(struct stall *s, size_t *cap, struct cpu_span span)
{
	struct cpu_span *last = s->nr_spans ? &s->spans[s->nr_spans - 1] : NULL, *bigger;

	if (span.to <= span.from)
		return 0;
	if (last && last->cpu == span.cpu && last->state == span.state && last->to == span.from) {
		last->to = span.to;
		return 0;
	}
	bigger = grow(s->spans, cap, s->nr_spans, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	s->spans = bigger;
	s->spans[s->nr_spans++] = span;
	return 0;
}

/* The silence that lies over the row of @cpu; state CPU_UNKNOWN: none that counts. */
static struct cpu_span silence(const struct switch_log *log, const struct snapshot *snap, size_t cpu, const struct stall *s)
{
	const struct snapshot_cpu *c = &snap->cpus[cpu];
	const struct snapshot_task *current = snapshot_find(snap, c->current);
	struct cpu_span span = { .cpu = (uint16_t)cpu, .pid = c->current, .state = CPU_UNKNOWN };

	if (c->signs & SIGN_HOLDER) {
		span = (struct cpu_span){ .from = s->at.start, .to = s->at.end, .cpu = span.cpu, .state = CPU_HOLDING,
					   .pid = (int32_t)s->cause_pid.v };
		memcpy(span.comm, s->cause_comm, sizeof(span.comm));
		return span;
	}
	span.from = c->silent_from > log->from ? c->silent_from : log->from;
	span.to = c->resumed && c->silent_to < log->to ? c->silent_to : log->to;
	if (current)
		memcpy(span.comm, current->task.comm, sizeof(span.comm));
	if (c->seen && c->has_current && c->current && span.to > span.from && span.to - span.from >= snap->least_ns)
		span.state = c->frozen ? CPU_SPINNING : CPU_SILENT;
	return span;
}

/* A CPU runs a task or is idle (pid 0). */
static enum cpu_doing state_of(int32_t pid)
{
	return pid ? CPU_RUNNING : CPU_IDLE;
}

struct drawing {
	struct stall *stall;
	bool lock_sleeps;
	size_t cap;
	struct cpu_span over;
};

/* The holder of a sleeping lock may be preempted. Its row shows the hold only where it runs between start and end. */
static int put_holder(struct drawing *d, struct cpu_span span)
{
	const struct bounds *at = &d->stall->at;
	struct cpu_span before = span, holding = span, after = span;
	int err;

	before.to = span.to < at->start ? span.to : at->start;
	holding.state = CPU_HOLDING;
	holding.from = span.from > at->start ? span.from : at->start;
	holding.to = span.to < at->end ? span.to : at->end;
	after.from = span.from > at->end ? span.from : at->end;
	err = put(d->stall, &d->cap, before);
	if (!err)
		err = put(d->stall, &d->cap, holding);
	return err ? err : put(d->stall, &d->cap, after);
}

/* Put @span, cut by the silence that lies over it. */
static int put_around(struct drawing *d, struct cpu_span span)
{
	struct cpu_span left = span, right = span;
	int err;

	if (d->lock_sleeps && span.pid == d->stall->cause_pid.v)
		return put_holder(d, span);
	if (d->over.state == CPU_UNKNOWN || d->over.cpu != span.cpu || d->over.from >= span.to || d->over.to <= span.from)
		return put(d->stall, &d->cap, span);
	left.to = d->over.from;
	right.from = d->over.to;
	err = put(d->stall, &d->cap, left);
	if (!err)
		err = put(d->stall, &d->cap, (struct cpu_span){
			.from = d->over.from > span.from ? d->over.from : span.from,
			.to = d->over.to < span.to ? d->over.to : span.to, .cpu = span.cpu, .state = d->over.state,
			.pid = d->over.pid, });
	if (!err && d->stall->nr_spans && d->stall->spans[d->stall->nr_spans - 1].state == d->over.state)
		memcpy(d->stall->spans[d->stall->nr_spans - 1].comm, d->over.comm, TASK_COMM_LEN);
	return err ? err : put(d->stall, &d->cap, right);
}

static int draw_cpu(struct drawing *d, const struct switch_log *log, const struct snapshot *snap, uint16_t cpu)
{
	const struct snapshot_cpu *c = &snap->cpus[cpu];
	struct cpu_span span = { .from = log->from, .cpu = cpu, .state = CPU_UNKNOWN };
	int err = 0;

	d->over = silence(log, snap, cpu, d->stall);
	if (c->seen && c->has_current && c->silent_from <= log->from)
		span.state = (uint8_t)state_of(c->current);
	for (size_t i = 0; !err && i < log->nr; i++) {
		if (log->marks[i].cpu != cpu)
			continue;
		span.to = log->marks[i].ts;
		err = put_around(d, span);
		span = (struct cpu_span){ .from = log->marks[i].ts, .cpu = cpu, .pid = log->marks[i].pid,
					   .state = (uint8_t)state_of(log->marks[i].pid) };
		memcpy(span.comm, log->marks[i].comm, sizeof(span.comm));
	}
	span.to = log->to;
	return err ? err : put_around(d, span);
}

int cpu_rows_draw(const struct switch_log *log, const struct snapshot *snap, struct stall *s)
{
	struct drawing d = { .stall = s, .lock_sleeps = snap->lock_sleeps };
	int err = 0;

	for (size_t i = 0; !err && i < snap->nr_cpus; i++)
		if (snap->cpus[i].seen || snap->cpus[i].signs)
			err = draw_cpu(&d, log, snap, (uint16_t)i);
	return err;
}
