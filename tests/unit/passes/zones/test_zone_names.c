// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_zone_names.c - which zone does a request ask for, and which index has that zone? By each kernel's own flags */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <traceevent/event-parse.h>

#include "decode/gfp.h"
#include "kernel.h"
#include "lab.h"
#include "passes/zones/zone_reach.h"

static struct gfp_table *table_of(const char *kernel)
{
	struct tep_handle *tep = kernel_open(kernel, false);
	struct gfp_table *table = NULL;

	assert_int_equal(gfp_table_load(tep, &table), 0);
	tep_free(tep);
	return table;
}

static uint64_t flag(const struct gfp_table *table, const char *name)
{
	uint64_t value = 0;

	if (!gfp_value(table, name, &value))
		fail_msg("no %s", name);
	return value;
}

static void the_flags_of_every_kernel_lead_to_their_zone(void **unused)
{
	(void)unused;
	for (size_t i = 0; all_kernels[i]; i++) {
		struct gfp_table *table = table_of(all_kernels[i]);
		struct zone_bits bits = zone_bits_of(table);

		assert_true(bits.known);
		assert_int_equal(zone_reach(&bits, 0), REACH_NORMAL);
		assert_int_equal(zone_reach(&bits, flag(table, "GFP_KERNEL")), REACH_NORMAL);
		assert_int_equal(zone_reach(&bits, bits.dma | flag(table, "GFP_KERNEL")), REACH_DMA);
		assert_int_equal(zone_reach(&bits, bits.dma32), REACH_DMA32);
		assert_int_equal(zone_reach(&bits, flag(table, "GFP_HIGHUSER_MOVABLE")), REACH_MOVABLE);
		assert_int_equal(zone_reach(&bits, bits.highmem), REACH_NORMAL);
		gfp_table_free(table);
	}
}

static void without_a_table_no_zone_is_known(void **unused)
{
	(void)unused;
	assert_false(zone_bits_of(NULL).known);
}

static void every_reach_has_a_name(void **unused)
{
	(void)unused;
	assert_string_equal(zone_reach_name(REACH_DMA), "DMA");
	assert_string_equal(zone_reach_name(REACH_MOVABLE), "Movable");
}

static struct lab *lab(void)
{
	static struct lab l;

	return &l;
}

/* The scan of a recording in which @gfp woke kswapd for zone @zid. */
static const struct recording_facts *asked(const struct gfp_table *table, int32_t zid, uint64_t gfp, uint32_t present)
{
	struct pass_ctx ctx = { .opts = &lab()->opts, .report = &lab()->report, .recorded = ~UINT64_C(0), .gfp = table };
	struct event ev = any_event(EVENT_WAKEUP_KSWAPD, 0, 1 * SEC, 300);

	lab_begin(lab(), 1);
	runner_clear(&lab()->run);
	assert_int_equal(runner_init(&lab()->run, &ctx), 0);
	ev.present = present;
	ev.kswapd = (struct ev_kswapd){ .zid = zid, .gfp_flags = gfp };
	lab_push(lab(), ev);
	lab_end(lab());
	return &lab()->report.facts;
}

static void a_request_names_the_zone_it_leads_to(void **unused)
{
	struct gfp_table *table = table_of("6.1");
	const struct recording_facts *f = asked(table, 1, zone_bits_of(table).dma32, HAS_ZID | HAS_GFP);
	char number[24];

	(void)unused;
	assert_true(f->zones_inferred);
	assert_string_equal(zone_name(f, 1, number, sizeof(number)), "DMA32");
	assert_string_equal(zone_name(f, 0, number, sizeof(number)), "0");	/* no request asked for this zone */
	lab_clear(lab());
	gfp_table_free(table);
}

static void a_request_that_says_too_little_names_none(void **unused)
{
	static const struct { int32_t zid; uint32_t present; } cases[] = {
		{ 1, HAS_GFP }, { 1, HAS_ZID }, { -1, HAS_ZID | HAS_GFP }, { INT32_MAX, HAS_ZID | HAS_GFP },
	};
	struct gfp_table *table = table_of("6.1");

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct recording_facts *f = asked(table, cases[i].zid, zone_bits_of(table).dma, cases[i].present);

		for (size_t zone = 0; zone < f->nr_zones; zone++)
			assert_null(f->zone_names[zone]);
		lab_clear(lab());
	}
	gfp_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_flags_of_every_kernel_lead_to_their_zone),
		cmocka_unit_test(without_a_table_no_zone_is_known),
		cmocka_unit_test(every_reach_has_a_name),
		cmocka_unit_test(a_request_names_the_zone_it_leads_to),
		cmocka_unit_test(a_request_that_says_too_little_names_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
