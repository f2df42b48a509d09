// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_kernels.c - the founding incident, recorded by other kernels and in other files: is it the same stall each time? */
#include "ask.h"
#include "founding.h"

static size_t nr_kind(const struct report *r, enum victim_kind kind)
{
	size_t nr = 0;

	for (size_t i = 0; i < r->nr_victims; i++)
		nr += r->victims[i].kind == kind;
	return nr;
}

static void assert_founding(const struct report *r)
{
	const struct stall *s = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	assert_truth(&s->at, FOUNDING_FROM, FOUNDING_TO);
	assert_int_equal(s->cause_pid.v, KSWAPD);
	assert_int_equal(s->cause_cpu.v, KSWAPD_CPU);
	assert_int_equal(s->nr_scanned.v, 9911718);
	assert_int_equal(s->nr_skipped.v, 9911686);
	assert_int_equal(s->lru.v, LRU_INACTIVE_FILE);
	assert_int_equal(s->classzone.v, 0);
	assert_int_equal(s->cpus_frozen.v, 11);
	assert_int_equal(nr_kind(r, VICTIM_SPINNING), 10);
	assert_int_equal(nr_kind(r, VICTIM_TIMER_LATE), 11);
	assert_int_equal(nr_kind(r, VICTIM_RUNNABLE), 3);
	assert_int_equal(nr_kind(r, VICTIM_DEPENDENT), 1);
	assert_int_equal(r->nr_victims, 25);
	assert_int_equal(s->confidence, CONFIDENCE_HIGH);
	assert_int_equal(r->isolate_events, 1);
	assert_true(s->nr_trigger >= 1);
}

static void assert_founding_with(struct scene_options o)
{
	struct scene *s;
	struct report *r;

	o.nr_cpus = FOUNDING_CPUS;
	s = scene_new(&o);
	tell_founding(s);
	r = analyse(s);
	assert_founding(r);
	assert_int_equal(r->facts.big_endian, o.big_endian);
	assert_int_equal(r->facts.long_size, o.long_size ? o.long_size : 8);
	done(r);
}

static void it_is_the_same_stall_on_every_kernel(void **state)
{
	static const char *const kernels[] = { "4.15", "5.4", "5.10", "5.10-arm64", "5.15", "6.1", "6.1-arm64", "6.8",
		"6.12", "6.18" };

	(void)state;
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		print_message("# %s\n", kernels[i]);
		assert_founding_with((struct scene_options){ .kernel = kernels[i] });
	}
}

static void it_is_the_same_stall_in_a_version_6_file(void **state)
{
	(void)state;
	assert_founding_with((struct scene_options){ .kernel = "5.15", .version = 6 });
}

static void it_is_the_same_stall_in_a_compressed_file(void **state)
{
	(void)state;
	assert_founding_with((struct scene_options){ .kernel = "5.15", .compression = SCENE_ZSTD });
}

static void it_is_the_same_stall_from_a_big_endian_machine(void **state)
{
	(void)state;
	assert_founding_with((struct scene_options){ .kernel = "5.15", .big_endian = true });
	assert_founding_with((struct scene_options){ .kernel = "5.15", .big_endian = true, .version = 6 });
}

static void it_is_the_same_stall_from_a_32_bit_machine(void **state)
{
	(void)state;
	assert_founding_with((struct scene_options){ .kernel = "5.15", .long_size = 4 });
	assert_founding_with((struct scene_options){ .kernel = "5.10", .long_size = 4, .big_endian = true });
}

static void it_is_the_same_stall_with_large_and_with_tiny_sub_buffers(void **state)
{
	(void)state;
	assert_founding_with((struct scene_options){ .kernel = "5.15", .page_size = 65536 });
	assert_founding_with((struct scene_options){ .kernel = "5.15", .page_events = 1 });
}

static void it_is_the_same_stall_in_a_second_buffer(void **state)
{
	struct scene *s = scene_new(&(struct scene_options){ .kernel = "5.15", .nr_cpus = FOUNDING_CPUS });
	struct report *r;

	(void)state;
	scene_buffer(s, "car");
	tell_founding(s);
	r = analyse(s);
	assert_founding(r);
	assert_int_equal(r->facts.buffers.nr, 2);
	done(r);
}

/* The instance has the vmscan events too; its stamps are a little later. */
static void an_event_in_two_buffers_is_one_event(void **state)
{
	struct scene *s = scene_new(&(struct scene_options){ .kernel = "5.15", .nr_cpus = FOUNDING_CPUS });
	const struct scene_at again = { .ts = FOUNDING_TO - 1 * US + 300, .cpu = KSWAPD_CPU, .pid = KSWAPD };
	struct report *r;

	(void)state;
	tell_founding(s);
	scene_buffer(s, "reclaim");
	story_isolate(s, again, founding_scan());
	r = analyse(s);
	assert_founding(r);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_same_stall_on_every_kernel),
		cmocka_unit_test(it_is_the_same_stall_in_a_version_6_file),
		cmocka_unit_test(it_is_the_same_stall_in_a_compressed_file),
		cmocka_unit_test(it_is_the_same_stall_from_a_big_endian_machine),
		cmocka_unit_test(it_is_the_same_stall_from_a_32_bit_machine),
		cmocka_unit_test(it_is_the_same_stall_with_large_and_with_tiny_sub_buffers),
		cmocka_unit_test(it_is_the_same_stall_in_a_second_buffer),
		cmocka_unit_test(an_event_in_two_buffers_is_one_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
