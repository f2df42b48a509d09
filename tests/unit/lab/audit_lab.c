// SPDX-License-Identifier: LGPL-2.1-or-later
/* audit_lab.c - a machine with two daemons that allocate */
#include "audit_lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <traceevent/event-parse.h>

#include "analysis/passes.h"
#include "decode/gfp.h"
#include "kernel.h"

/* "f5" is from 0x5000 on; the allocators are below 0x3000, the tracer below 0x2000. */
static const char *symbol(const void *data, uint64_t address, uint64_t *ret_offset)
{
	static const char *const names[] = {
		NULL, "trace_event_raw_event_kmalloc", "kmalloc_trace", "f3", "f4", "f5", "f6", "f7"
	};

	(void)data;
	*ret_offset = address & 0xfff;
	return address >> 12 < 8 ? names[address >> 12] : NULL;
}

static const char *comm(const void *data, int32_t pid)
{
	(void)data;
	return pid == TASK ? "cmaidad" : pid == TASK + 1 ? "cmaeventd" : NULL;
}

struct bench *begin_as(const char *kernel, bool stacks)
{
	struct bench *b = calloc(1, sizeof(*b));
	uint64_t kinds = KIND(EVENT_SLAB_ALLOC) | KIND(EVENT_PAGE_ALLOC) | (stacks ? KIND(EVENT_KERNEL_STACK) : 0);
	struct tep_handle *tep = kernel ? kernel_open(kernel, false) : NULL;

	assert_non_null(b);
	if (tep)
		assert_int_equal(gfp_table_load(tep, &b->gfp), 0);
	tep_free(tep);
	b->names = (struct names){ .symbol = symbol, .comm = comm };
	b->now = T0;
	lab_begin_as(&b->lab, 4, gfp_passes,
		&(struct pass_ctx){ .gfp = b->gfp, .names = &b->names, .recorded = kinds });
	return b;
}

struct bench *begin(void)
{
	return begin_as("6.1", false);
}

const struct gfp_report *end(struct bench *b)
{
	lab_end(&b->lab);
	assert_non_null(b->lab.report.gfp);
	return b->lab.report.gfp;
}

void done(struct bench *b)
{
	lab_clear(&b->lab);
	gfp_table_free(b->gfp);
	free(b);
}

struct event slab(uint64_t gfp, uint8_t flags, uint8_t preempt)
{
	struct event ev = any_event(EVENT_SLAB_ALLOC, 1, 0, TASK);

	ev.present = HAS_GFP;
	ev.flags = flags;
	ev.preempt = preempt;
	ev.slab = (struct ev_slab){ .call_site = SITE, .ptr = 0x1000, .bytes_req = 64, .bytes_alloc = 64, .gfp_flags = gfp };
	return ev;
}

struct event page(uint64_t gfp, uint8_t flags, uint8_t preempt, uint32_t order)
{
	struct event ev = any_event(EVENT_PAGE_ALLOC, 1, 0, TASK);

	ev.present = HAS_GFP;
	ev.flags = flags;
	ev.preempt = preempt;
	ev.page = (struct ev_page){ .pfn = 0x9000, .order = order, .gfp_flags = gfp };
	return ev;
}

struct event stack_of(uint64_t site, uint8_t flags)
{
	struct event ev = any_event(EVENT_KERNEL_STACK, 1, 0, TASK);

	ev.flags = flags;
	ev.stack = (struct ev_stack){ .nr = 4, .callers = { 0x1010, 0x2020, site + 0x28, 0x7040 } };
	return ev;
}

void push(struct bench *b, struct event ev)
{
	ev.ts = b->now += US;
	lab_push(&b->lab, ev);
}

void push_many(struct bench *b, struct event ev, int nr)
{
	while (nr--)
		push(b, ev);
}

void push_usual(struct bench *b)
{
	push_many(b, slab(KERNEL, 0, 0), 100);
	push(b, slab(NOWAIT, EVENT_FL_IRQS_OFF, 2));
}

const struct gfp_finding *only(const struct gfp_report *g)
{
	assert_int_equal(g->nr_findings, 1);
	return g->findings;
}

void assert_finding(const struct gfp_finding *f, enum gfp_context context, enum gfp_severity severity,
			   enum confidence confidence)
{
	assert_string_equal(gfp_context_name(f->context), gfp_context_name(context));
	assert_string_equal(gfp_severity_name(f->severity), gfp_severity_name(severity));
	assert_string_equal(confidence_name(f->confidence), confidence_name(confidence));
}
