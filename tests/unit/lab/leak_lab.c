// SPDX-License-Identifier: LGPL-2.1-or-later
/* leak_lab.c - the work of analysis.c for vmstall leaks, without a recording */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <traceevent/event-parse.h>

#include "analysis/passes.h"
#include "analysis/runner.h"
#include "decode/gfp.h"
#include "kernel.h"
#include "leak_lab.h"

#define TEXT UINT64_C(0xffffffff81000000)

static struct {
	struct report report;
	struct analysis_options opts;
	struct runner run;
	struct names names;
	struct gfp_table *gfp;
} lab;

static const char *const functions[NR_FUNCTIONS] = {
	[F_BUSY] = "drv_busy", [F_RARE] = "drv_rare", [F_OTHER] = "drv_other", [F_XAS_ALLOC] = "xas_alloc",
	[F_VM_AREA_DUP] = "vm_area_dup", [F_COPY_PROCESS] = "copy_process", [F_KMALLOC] = "__kmalloc",
	[F_KMEMDUP] = "kmemdup", [F_DRIVER] = "drv_attr_clone", [F_IOCTL] = "drv_ioctl",
	[F_ALLOC_PID] = "alloc_pid", [F_COPY_PROCESS_PART] = "copy_process.part.35", [F_OTHER_DRIVER] = "gpu_buffer_new",
};

uint64_t at(enum function f)
{
	return TEXT + ((uint64_t)f << 16) + 0x20;
}

static const char *symbol(const void *data, uint64_t address, uint64_t *ret_offset)
{
	uint64_t i = (address - TEXT) >> 16;

	(void)data;
	*ret_offset = address & 0xffff;
	return i < NR_FUNCTIONS ? functions[i] : NULL;
}

static const char *comm(const void *data, int32_t pid)
{
	(void)data;
	return pid == CMAIDAD ? "cmaidad" : pid == TRACE_CMD ? "trace-cmd" : NULL;
}

void leak_begin(void)
{
	struct tep_handle *tep = kernel_open("6.1/kmem", false);
	struct pass_ctx ctx = { .opts = &lab.opts, .report = &lab.report, .names = &lab.names, .recorded = ~UINT64_C(0) };

	lab.opts = (struct analysis_options){ .to_ns = UINT64_MAX, .passes = leak_passes };
	lab.names = (struct names){ .symbol = symbol, .comm = comm };
	lab.report.facts.page_size = 4096;
	assert_int_equal(gfp_table_load(tep, &lab.gfp), 0);
	tep_free(tep);
	ctx.gfp = lab.gfp;
	assert_int_equal(runner_init(&lab.run, &ctx), 0);
}

void leak_push(struct event ev)
{
	lab.report.facts.events++;
	assert_int_equal(runner_event(&lab.run, &ev), 0);
}

const struct leak_report *leak_end(void)
{
	assert_int_equal(runner_finish_scan(&lab.run), 0);
	assert_non_null(lab.report.leaks);
	return lab.report.leaks;
}

struct report *leak_whole_report(void)
{
	return &lab.report;
}

void leak_clear(void)
{
	runner_clear(&lab.run);
	report_clear(&lab.report);
	gfp_table_free(lab.gfp);
}

int leak_setup(void **state)
{
	(void)state;
	leak_begin();
	return 0;
}

int leak_teardown(void **state)
{
	(void)state;
	leak_clear();
	return 0;
}

const struct leak_site *leak_site(const struct leak_report *l, const char *function)
{
	for (size_t i = 0; i < l->nr_sites; i++)
		if (l->sites[i].function && !strcmp(l->sites[i].function, function))
			return &l->sites[i];
	return NULL;
}

const struct leak_site *leak_pages(const struct leak_report *l, int64_t order, uint64_t live)
{
	for (size_t i = 0; i < l->nr_sites; i++)
		if (l->sites[i].layer == LEAK_PAGE && l->sites[i].order.v == order && l->sites[i].live == live)
			return &l->sites[i];
	return NULL;
}

struct event slab_alloc(uint64_t ts, enum function f, uint64_t ptr, uint64_t bytes)
{
	struct event ev = any_event(EVENT_SLAB_ALLOC, 0, ts, 272);

	ev.present = HAS_GFP;
	ev.slab = (struct ev_slab){ .call_site = at(f), .ptr = ptr, .bytes_req = bytes, .bytes_alloc = bytes,
		.gfp_flags = KERNEL };
	return ev;
}

struct event slab_free(uint64_t ts, uint64_t ptr)
{
	struct event ev = any_event(EVENT_SLAB_FREE, 0, ts, 272);

	ev.slab.ptr = ptr;
	return ev;
}

struct event page_alloc(uint64_t ts, uint64_t pfn, uint32_t order, uint64_t gfp)
{
	struct event ev = any_event(EVENT_PAGE_ALLOC, 0, ts, 272);

	ev.present = HAS_GFP | HAS_ORDER;
	ev.page = (struct ev_page){ .pfn = pfn, .order = order, .gfp_flags = gfp };
	return ev;
}

struct event page_free(uint64_t ts, uint64_t pfn, uint32_t order)
{
	struct event ev = any_event(EVENT_PAGE_FREE, 0, ts, 272);

	ev.present = HAS_ORDER;
	ev.page = (struct ev_page){ .pfn = pfn, .order = order };
	return ev;
}

struct event stack_event(uint64_t ts, unsigned int nr, const enum function *list)
{
	struct event ev = any_event(EVENT_KERNEL_STACK, 0, ts, 272);

	ev.stack.nr = nr;
	for (unsigned int i = 0; i < nr; i++)
		ev.stack.callers[i] = at(list[i]);
	return ev;
}

struct event on_cpu(struct event ev, unsigned int cpu)
{
	ev.cpu = (uint16_t)cpu;
	return ev;
}

struct event by_pid(struct event ev, int32_t pid)
{
	ev.pid = pid;
	return ev;
}

struct event in_softirq(struct event ev)
{
	ev.flags |= EVENT_FL_SOFTIRQ;
	return ev;
}

void use(uint64_t ts, enum function f, uint64_t ptr, uint64_t keep)
{
	leak_push(slab_alloc(ts, f, ptr, 512));
	leak_push(slab_free(ts + keep, ptr));
}

void busy_and_rare(unsigned int forgets)
{
	for (unsigned int i = 0; i < 5000; i++) {
		uint64_t ts = SEC + i * 2 * MS;

		use(ts, F_BUSY, PTR, 20 * US);
		if (i % 10)
			continue;
		if (forgets && i / 10 % forgets == 0)
			leak_push(slab_alloc(ts + MS, F_RARE, PTR + 4096 + (uint64_t)i * 512, 512));
		else
			use(ts + MS, F_RARE, PTR + 512, 50 * US);
	}
}
