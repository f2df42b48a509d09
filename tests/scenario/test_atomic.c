// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test_atomic.c - an allocation that may sleep under a spinlock, recorded by every kernel: is it found, and told in
 * every output?
 */
#include <stdio.h>
#include <stdlib.h>

#include "analysis/coverage.h"
#include "analysis/passes.h"
#include "ask.h"
#include "export/text/text.h"
#include "export/writers.h"
#include "model/gfp_audit.h"
#include "model/writer.h"
#include "small.h"
#include "vmstall/event.h"

enum { DRIVER = 272, LOCKED = 7, USUAL = 100 };

#define TABLE_GROW UINT64_C(0xffffffffc0537160)
#define FOPS_WRITE UINT64_C(0xffffffffc0537260)
#define VFS_WRITE  UINT64_C(0xffffffff81370000)
#define KMALLOC	   UINT64_C(0xffffffff812b8b00)

static const char symbols[] =
	"ffffffff812b8b00 T kmalloc_trace\n"
	"ffffffff81370000 T vfs_write\n"
	"ffffffff81380000 T ksys_write\n"
	"ffffffffc0537160 t cma_table_grow\t[leakmod]\n"
	"ffffffffc05371b0 t cma_dma_get\t[leakmod]\n"
	"ffffffffc0537260 t cma_write\t[leakmod]\n"
	"ffffffffc0537380 t cma_open\t[leakmod]\n";

/* The same request is another number on 4.15. */
struct flags { uint64_t kernel, atomic, dma; };

static struct flags flags_of(const char *kernel)
{
	return strcmp(kernel, "4.15") ? (struct flags){ 0xcc0, 0xa20, 1 } : (struct flags){ 0x14000c0, 0x1080020, 1 };
}

static struct scene *driver_scene(const char *kernel)
{
	struct scene *s = scene_new(&(struct scene_options){ .kernel = kernel, .nr_cpus = 2, .kallsyms = symbols });

	scene_comm(s, DRIVER, "cmaidad");
	return s;
}

static struct scene_at driver_at(uint64_t ts, uint8_t preempt)
{
	return (struct scene_at){ .ts = ts, .cpu = 1, .pid = DRIVER, .preempt = preempt };
}

static void kmalloc(struct scene *s, struct scene_at at, uint64_t gfp)
{
	scene_event(s, at, "kmem:kmalloc", INT("call_site", TABLE_GROW + 0x28), INT("ptr", 0x1000 + at.ts), INT("bytes_req", 1024),
		INT("bytes_alloc", 1024), INT("gfp_flags", gfp));
}

/* Ordinary allocations, LOCKED ones under a spinlock, and an atomic one in a softirq. */
static struct scene *life(const char *kernel)
{
	struct scene *s = driver_scene(kernel);
	struct flags gfp = flags_of(kernel);
	struct scene_at softirq = driver_at(BEGIN + 900 * MS, 1);

	for (uint64_t i = 0; i < USUAL; i++)
		kmalloc(s, driver_at(BEGIN + i * MS, 0), gfp.kernel);
	for (uint64_t i = 0; i < LOCKED; i++)
		kmalloc(s, driver_at(BEGIN + (200 + i) * MS, 1), gfp.kernel);
	softirq.flags = EVENT_FL_SOFTIRQ;
	kmalloc(s, softirq, gfp.atomic);
	return s;
}

static struct report *audit_of(struct scene *s)
{
	struct report *r = analyse_with(s,
		&(struct analysis_options){ .to_ns = UINT64_MAX, .passes = gfp_passes, .questions = gfp_questions });

	assert_non_null(r->gfp);
	return r;
}

static void it_is_found_on_every_kernel(void **state)
{
	static const char *const kernels[] = { "4.15", "5.4", "5.10", "5.15", "6.1", "6.8", "6.12", "6.18" };

	(void)state;
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		struct report *r = audit_of(life(kernels[i]));
		const struct gfp_finding *f = r->gfp->findings;

		assert_int_equal(r->gfp->nr_findings, 1);
		assert_int_equal(f->severity, GFP_CERTAIN);
		assert_int_equal(f->confidence, CONFIDENCE_HIGH);
		assert_int_equal(f->context, GFP_PREEMPT_OFF);
		assert_int_equal(f->count, LOCKED);
		assert_string_equal(f->event, "kmalloc");
		assert_string_equal(f->function, "cma_table_grow");
		assert_int_equal(f->offset, 0x28);
		assert_string_equal(f->gfp, "GFP_KERNEL");
		assert_string_equal(f->comms, "cmaidad");	/* no sched event: by the names that the file saved */
		assert_int_equal(f->first_ns, BEGIN + 200 * MS);
		assert_int_equal(f->last_ns, BEGIN + 206 * MS);
		assert_int_equal(r->gfp->checked, USUAL + LOCKED);
		assert_int_equal(r->gfp->atomic, 1);
		done(r);
	}
}

/* One record of each of the calls that a kernel has. */
static void every_call_is_known_by_its_name(void **state)
{
	static const struct { const char *kernel, *call; } cases[] = {
		{ "5.10", "kmalloc_node" }, { "5.10", "kmem_cache_alloc" }, { "5.10", "kmem_cache_alloc_node" },
		{ "6.1", "kmem_cache_alloc" }, { "6.18", "kmem_cache_alloc" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene *s = driver_scene(cases[i].kernel);
		struct scene_at irq = driver_at(BEGIN, 1);
		char event[64];
		struct report *r;

		irq.flags = EVENT_FL_HARDIRQ;
		snprintf(event, sizeof(event), "kmem:%s", cases[i].call);
		scene_event(s, irq, event, INT("call_site", TABLE_GROW), INT("ptr", 0x1000), INT("bytes_req", 8),
			INT("bytes_alloc", 8), INT("gfp_flags", 0xcc0));
		r = audit_of(s);
		assert_int_equal(r->gfp->nr_findings, 1);
		assert_string_equal(r->gfp->findings[0].event, cases[i].call);
		assert_int_equal(r->gfp->findings[0].context, GFP_IN_HARDIRQ);
		done(r);
	}
}

static void stack(struct scene *s, struct scene_at at)
{
	const uint64_t callers[8] = { KMALLOC + 0x8c, TABLE_GROW + 0x28, FOPS_WRITE + 0x40, VFS_WRITE + 0x10 };

	scene_event(s, at, "ftrace:kernel_stack", INT("size", 4), BYTES("caller", callers, sizeof(callers)));
}

static struct report *with_stacks(void)
{
	struct scene *s = life("6.1");

	for (uint64_t i = 0; i < LOCKED; i++)
		stack(s, driver_at(BEGIN + (200 + i) * MS + US, 1));
	return audit_of(s);
}

static void the_text_says_what_where_and_what_to_do(void **state)
{
	struct report *r = with_stacks();
	char *text = written(r, write_gfp_text);

	(void)state;
	assert_says(text, "One place allocates with flags that may sleep where it must not");
	assert_says(text, "certain  kmalloc at cma_table_grow+0x28, GFP_KERNEL, 7 times with preemption off, 1 deep");
	assert_says(text, "100.200000 .. 100.206000, by cmaidad");
	assert_says(text, "cma_table_grow < cma_write < vfs_write");
	assert_says(text, "GFP_NOIO and GFP_NOFS may sleep");
	assert_says(text, "1 allocation from the emergency reserves");
	assert_says(text, "not analysed: who takes pages of the low zones; missing: kmem:mm_page_alloc");
	free(text);
	done(r);
}

static void the_csv_has_the_columns_of_the_design(void **state)
{
	struct report *r = with_stacks();
	char *csv = written(r, gfp_writers[0]->write);

	(void)state;
	assert_says(csv, "recording,severity,context,event,site_function,site_offset,stack,comms,count,gfp_flags,first_ns,"
		"last_ns,confidence\r\n");
	assert_says(csv, ",certain,preempt_off,kmalloc,cma_table_grow,40,cma_table_grow;cma_write;vfs_write,cmaidad,7,GFP_KERNEL,"
		"100200000000,100206000000,high\r\n");
	free(csv);
	done(r);
}

static void the_json_tells_it_too(void **state)
{
	struct report *r = with_stacks();
	char *json = written(r, gfp_writers[2]->write);

	(void)state;
	assert_says(json, "\"gfp\": {\"flags_known\":true,\"checked\":107,\"atomic\":1,");
	assert_says(json, "\"severity\":\"certain\",\"confidence\":\"high\",\"context\":\"preempt_off\",\"event\":\"kmalloc\"");
	assert_says(json, "\"isolate_events\":null");
	free(json);
	done(r);
}

/* Without kallsyms, an address is still a place. */
static void without_symbols_the_address_stands_for_the_place(void **state)
{
	struct scene *s = scene_new(&(struct scene_options){ .kernel = "6.1", .nr_cpus = 2 });
	struct scene_at irq = driver_at(BEGIN, 0);
	struct report *r;
	char *csv;

	(void)state;
	irq.flags = EVENT_FL_IRQS_OFF;
	kmalloc(s, irq, 0xcc0);
	r = audit_of(s);
	csv = written(r, gfp_writers[0]->write);
	assert_null(r->gfp->findings[0].function);
	assert_says(csv, ",certain,irqs_off,kmalloc,0xffffffffc0537188,,,272,1,GFP_KERNEL,");
	free(csv);
	done(r);
}

static void page(struct scene *s, struct scene_at at, uint64_t pfn, uint64_t gfp)
{
	scene_event(s, at, "kmem:mm_page_alloc", INT("pfn", pfn), INT("gfp_flags", gfp));
}

static void who_takes_the_low_zones_pages_is_told_on_every_kernel(void **state)
{
	static const char *const kernels[] = { "4.15", "5.15", "6.18" };

	(void)state;
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		struct scene *s = driver_scene(kernels[i]);
		struct flags gfp = flags_of(kernels[i]);
		struct report *r;
		char *text, *csv;

		scene_comm(s, 300, "big_reader");
		page(s, driver_at(BEGIN, 0), 0x900, gfp.kernel | gfp.dma);
		for (uint64_t k = 1; k <= 9; k++)
			page(s, (struct scene_at){ .ts = BEGIN + k * MS, .pid = 300 }, 0x10 + k, gfp.kernel);
		r = audit_of(s);
		text = written(r, write_gfp_text);
		csv = written(r, gfp_writers[1]->write);
		assert_int_equal(r->gfp->nr_zones, 1);
		assert_int_equal(r->gfp->nr_findings, 0);
		assert_says(text, "Zone DMA: 10 pages taken below pfn 0x901 (9.0 MiB), 10.0 % of them by requests for this zone");
		assert_says(csv, "recording,zone,end_pfn,comm,pid,gfp_flags,allocs,pages,first_ns,last_ns\r\n");
		assert_says(csv, ",DMA,2305,big_reader,300,GFP_KERNEL,9,9,100001000000,100009000000\r\n");
		assert_says(csv, ",DMA,2305,cmaidad,272,GFP_KERNEL|GFP_DMA,1,1,100000000000,100000000000\r\n");
		free(text);
		free(csv);
		done(r);
	}
}

static void an_innocent_recording_is_told_to_be_so_as_far_as_it_goes(void **state)
{
	struct scene *s = driver_scene("6.1");
	struct report *r;
	char *text;

	(void)state;
	for (uint64_t i = 0; i < USUAL; i++)
		kmalloc(s, driver_at(BEGIN + i * MS, 0), 0xcc0);
	r = audit_of(s);
	text = written(r, write_gfp_text);
	assert_says(text, "No allocation that may sleep in an interrupt or with interrupts off, of 100 checked");
	assert_says(text, "this kernel keeps none, or nothing ran with preemption off");
	free(text);
	done(r);
}

static void nothing_recorded_is_not_nothing_wrong(void **state)
{
	struct scene *s = small_scene("6.1");
	struct report *r;
	char *text;

	(void)state;
	story_switch(s, 1, BEGIN, idle_task(1), TASK("pub", PUB), TASK_ST_RUNNABLE);
	r = audit_of(s);
	text = written(r, write_gfp_text);
	assert_says(text, "Cannot tell whether an allocation may sleep where it must not");
	assert_null(strstr(text, "No allocation that"));
	free(text);
	done(r);
	s = small_scene("6.1");
	scene_enable(s, "kmem:kmalloc");	/* one event alone may be silent: it has a filter, or nobody allocates */
	story_switch(s, 1, BEGIN, idle_task(1), TASK("pub", PUB), TASK_ST_RUNNABLE);
	r = audit_of(s);
	text = written(r, write_gfp_text);
	assert_says(text, "Nothing to check: no allocation occurs");
	free(text);
	done(r);
}

/* A task's name is what its owner made it. */
static void hostile_names_neither_act_nor_calculate(void **state)
{
	struct scene *s = scene_new(&(struct scene_options){ .kernel = "6.1", .nr_cpus = 2 });
	struct scene_at at = driver_at(BEGIN, 0);
	struct report *r;
	char *text, *csv;

	(void)state;
	scene_comm(s, DRIVER, "=1+1\033[2J");
	at.flags = EVENT_FL_IRQS_OFF;
	kmalloc(s, at, 0xcc0);
	r = audit_of(s);
	text = written(r, write_gfp_text);
	csv = written(r, gfp_writers[0]->write);
	assert_null(strchr(text, '\033'));
	assert_null(strchr(csv, '\033'));
	assert_says(csv, ",'=1+1[2J,");
	free(text);
	free(csv);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_found_on_every_kernel),
		cmocka_unit_test(every_call_is_known_by_its_name),
		cmocka_unit_test(the_text_says_what_where_and_what_to_do),
		cmocka_unit_test(the_csv_has_the_columns_of_the_design),
		cmocka_unit_test(the_json_tells_it_too),
		cmocka_unit_test(without_symbols_the_address_stands_for_the_place),
		cmocka_unit_test(who_takes_the_low_zones_pages_is_told_on_every_kernel),
		cmocka_unit_test(an_innocent_recording_is_told_to_be_so_as_far_as_it_goes),
		cmocka_unit_test(nothing_recorded_is_not_nothing_wrong),
		cmocka_unit_test(hostile_names_neither_act_nor_calculate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
