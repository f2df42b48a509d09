// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test_preempt_rt.c - where lru_lock sleeps: its holder is preempted, its waiters are off their CPUs
 *
 * As recorded on Debian's 6.1 and 6.12 with PREEMPT_RT: kswapd0 scans with migration disabled and is preempted now and
 * then; who waits is in uninterruptible sleep; the unlock wakes the first of them, that one's next unlock the next.
 */
#include "ask.h"
#include "small.h"
#include "vmstall/event.h"

enum { FIRST = 901, SECOND, READER, IO };

#define UNLOCKED (HOLD_TO + 4500 * US)

static struct task kswapd(void)
{
	return TASK("kswapd0", KSWAPD0);
}

/* It goes to sleep on CPU 1 within the hold. */
static void sleeps(struct scene *s, struct task task, uint64_t after, int64_t state)
{
	story_switch(s, 1, HOLD_FROM + after - 50 * US, idle_task(1), task, TASK_ST_RUNNABLE);
	story_switch(s, 1, HOLD_FROM + after, task, idle_task(1), state);
}

/* @waker, which runs on @cpu, wakes it at @ts; it runs on CPU 1 for a while. */
static void woken(struct scene *s, struct task waker, unsigned int cpu, uint64_t ts, struct task task, uint8_t flags)
{
	story_waking(s, (struct scene_at){ .ts = ts, .cpu = cpu, .pid = waker.pid, .flags = flags }, 1, task);
	story_switch(s, 1, ts + 50 * US, idle_task(1), task, TASK_ST_RUNNABLE);
}

static void stops(struct scene *s, struct task task, uint64_t ts)
{
	story_switch(s, 1, ts, task, idle_task(1), TASK_ST_INTERRUPTIBLE);
}

/* kswapd0 on CPU 0: preempted at times, with the lock even between its event and the unlock. @pins: as since 5.15. */
static void hold(struct scene *s, bool pins)
{
	const struct task other = TASK("rcu_preempt", HOG);
	const struct isolate i = small_scan();
	const struct scene_at at = { .ts = HOLD_TO, .cpu = 0, .pid = KSWAPD0 };

	forget_records(s, 0, HOLD_FROM - MS, END);
	story_switch(s, 0, HOLD_FROM - 20 * US, idle_task(0), kswapd(), TASK_ST_RUNNABLE);
	story_kswapd_wake(s, (struct scene_at){ .ts = HOLD_FROM - 10 * US, .cpu = 0, .pid = KSWAPD0 }, 0, 0);
	for (uint64_t ts = HOLD_FROM + 30 * MS; ts < HOLD_TO; ts += 30 * MS) {
		story_waking(s, (struct scene_at){ .ts = ts, .cpu = 0, .pid = KSWAPD0, .flags = EVENT_FL_HARDIRQ }, 0, other);
		story_switch(s, 0, ts + 10 * US, kswapd(), other, TASK_ST_RUNNABLE);
		story_switch(s, 0, ts + 90 * US, other, kswapd(), TASK_ST_INTERRUPTIBLE);
	}
	scene_event(s, at, "vmscan:mm_vmscan_lru_isolate", INT("highest_zoneidx", i.classzone),
		INT("nr_requested", i.requested), INT("nr_scanned", i.scanned), INT("nr_skipped", i.skipped),
		INT("nr_taken", i.taken), INT("lru", i.lru));
	story_switch(s, 0, HOLD_TO + 40 * US, kswapd(), other, TASK_ST_RUNNABLE);
	story_switch(s, 0, HOLD_TO + 4400 * US, other, kswapd(), TASK_ST_INTERRUPTIBLE);
	if (pins)
		pin_task(s, KSWAPD0, HOLD_FROM, UNLOCKED - US);
}

static struct scene *machine_of_sleepers(bool pins)
{
	struct scene *s = small_scene("6.1");

	machine_play(small_machine(s, NULL));
	forget_records(s, 1, HOLD_FROM - MS, END);
	hold(s, pins);
	return s;
}

static struct scene *scene_of_sleepers(bool pins)
{
	struct scene *s = machine_of_sleepers(pins);
	const struct task first = TASK("map_worker", FIRST), second = TASK("log_writer", SECOND),
			  reader = TASK("reader", READER), io = TASK("io", IO);

	sleeps(s, first, 5 * MS, TASK_ST_UNINTERRUPTIBLE);
	sleeps(s, second, 8 * MS, TASK_ST_UNINTERRUPTIBLE);
	sleeps(s, io, 9 * MS, TASK_ST_UNINTERRUPTIBLE);
	sleeps(s, reader, 10 * MS, TASK_ST_INTERRUPTIBLE);
	woken(s, kswapd(), 0, UNLOCKED, first, EVENT_FL_IRQS_OFF);
	story_waking(s, (struct scene_at){ .ts = UNLOCKED + 90 * US, .cpu = 1, .pid = FIRST, .flags = EVENT_FL_IRQS_OFF }, 1,
		second);
	stops(s, first, UNLOCKED + 100 * US);
	story_switch(s, 1, UNLOCKED + 140 * US, idle_task(1), second, TASK_ST_RUNNABLE);
	stops(s, second, UNLOCKED + 200 * US);
	woken(s, TASK("pub2", PUB + 2), 2, UNLOCKED + 300 * US, io, EVENT_FL_HARDIRQ);
	stops(s, io, UNLOCKED + 400 * US);
	woken(s, kswapd(), 0, UNLOCKED + 500 * US, reader, EVENT_FL_IRQS_OFF);
	stops(s, reader, UNLOCKED + 700 * US);
	story_switch(s, 0, UNLOCKED + 600 * US, kswapd(), idle_task(0), TASK_ST_INTERRUPTIBLE);
	return s;
}

static struct report *ask_of_sleepers(bool pins)
{
	return analyse(scene_of_sleepers(pins));
}

static void who_slept_until_the_unlock_is_frozen_and_so_is_whom_that_one_kept(void **state)
{
	(void)state;
	for (int pins = 0; pins < 2; pins++) {
		struct report *r = ask_of_sleepers(pins);
		const struct stall *st = only_stall(r, CAUSE_LRU_LOCK_HOLD);
		const struct victim *first = assert_victim(r, st, FIRST, VICTIM_BLOCKED);
		const struct victim *second = assert_victim(r, st, SECOND, VICTIM_BLOCKED);

		assert_int_equal(st->confidence, CONFIDENCE_HIGH);
		assert_true(st->lock_sleeps);
		assert_int_equal(st->cpus_frozen.v, 0);
		assert_int_equal(first->waits_for_pid.v, KSWAPD0);
		assert_int_equal(first->from, HOLD_FROM + 5 * MS);
		assert_int_equal(first->to, UNLOCKED + 50 * US);
		assert_int_equal(second->waits_for_pid.v, FIRST);
		assert_true(has_note(r, "PREEMPT_RT"));
		done(r);
	}
}

/* A device woke the one; the other slept interruptibly, as who has nothing to do. */
static void who_was_asleep_for_another_reason_is_not_named(void **state)
{
	struct report *r = ask_of_sleepers(true);
	const struct stall *st = only_stall(r, CAUSE_LRU_LOCK_HOLD);

	(void)state;
	assert_null(victim_of(r, st, IO));
	assert_null(victim_of(r, st, READER));
	for (size_t i = 0; i < r->nr_victims; i++)
		assert_int_not_equal(r->victims[i].kind, VICTIM_SPINNING);
	done(r);
}

static void preemptions_and_interrupts_neither_begin_nor_end_the_hold(void **state)
{
	(void)state;
	for (int pins = 0; pins < 2; pins++) {
		struct report *r = ask_of_sleepers(pins);
		const struct hold *h = &r->holds[0];

		assert_int_equal(r->nr_holds, 1);
		assert_false(h->irqs_off);
		assert_int_equal(h->at.start, HOLD_FROM - 10 * US);
		assert_int_equal(h->at.start_rule, BOUND_OWN_EVENT);
		assert_int_equal(h->at.start_latest, HOLD_FROM + 5 * MS);	/* somebody slept for it by then */
		assert_int_equal(h->at.end, UNLOCKED);
		assert_int_equal(h->at.end_rule, BOUND_RELEASE);
		assert_truth(&h->at, HOLD_FROM, UNLOCKED);
		done(r);
	}
}

/* The one that waited for a device cannot be told from them: it is named, too, and none for sure. */
static void without_wake_ups_who_slept_on_until_the_release_is_named_without_certainty(void **state)
{
	struct scene *s = scene_of_sleepers(true);
	const struct stall *st;
	struct report *r;

	(void)state;
	forget_event(s, "sched_waking");
	forget_event(s, "sched_wakeup");
	r = analyse(s);
	st = only_stall(r, CAUSE_LRU_LOCK_HOLD);
	assert_int_equal(st->confidence, CONFIDENCE_LOW);
	assert_int_equal(assert_victim(r, st, FIRST, VICTIM_BLOCKED)->confidence, CONFIDENCE_MEDIUM);
	assert_int_equal(assert_victim(r, st, SECOND, VICTIM_BLOCKED)->confidence, CONFIDENCE_MEDIUM);
	assert_false(victim_of(r, st, FIRST)->waits_for_pid.is);
	assert_null(victim_of(r, st, READER));
	done(r);
}

/* Nobody is woken: it is still held when it runs again after its preemption, as its records say since 5.15. */
static void a_holder_preempted_after_its_event_holds_on_until_it_runs_again(void **state)
{
	struct scene *s = machine_of_sleepers(true);
	struct report *r;

	(void)state;
	story_switch(s, 0, UNLOCKED + 600 * US, kswapd(), idle_task(0), TASK_ST_INTERRUPTIBLE);
	r = analyse(s);
	assert_int_equal(r->holds[0].ran_on_ns, HOLD_TO + 4400 * US);
	assert_in_range(r->holds[0].at.end, HOLD_TO + 4400 * US, HOLD_TO + 4420 * US);
	assert_int_equal(r->holds[0].at.end_latest, UNLOCKED + 600 * US);
	assert_int_equal(only_stall(r, CAUSE_LRU_LOCK_HOLD)->confidence, CONFIDENCE_LOW);
	done(r);
}

/* The timeline shows the holder where it ran, and who ran in between. */
static void its_lane_is_cut_where_it_was_preempted(void **state)
{
	struct report *r = ask_of_sleepers(true);
	const struct stall *st = only_stall(r, CAUSE_LRU_LOCK_HOLD);
	size_t holding = 0;

	(void)state;
	for (size_t i = 0; i < st->nr_spans; i++) {
		if (st->spans[i].state != CPU_HOLDING)
			continue;
		assert_int_equal(st->spans[i].pid, KSWAPD0);
		assert_true(st->spans[i].from >= st->at.start && st->spans[i].to <= st->at.end);
		holding++;
	}
	assert_in_range(holding, 20, 40);
	done(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_slept_until_the_unlock_is_frozen_and_so_is_whom_that_one_kept),
		cmocka_unit_test(who_was_asleep_for_another_reason_is_not_named),
		cmocka_unit_test(preemptions_and_interrupts_neither_begin_nor_end_the_hold),
		cmocka_unit_test(without_wake_ups_who_slept_on_until_the_release_is_named_without_certainty),
		cmocka_unit_test(a_holder_preempted_after_its_event_holds_on_until_it_runs_again),
		cmocka_unit_test(its_lane_is_cut_where_it_was_preempted),
	};

	return cmocka_run_group_tests_name("where lru_lock sleeps", tests, NULL, NULL);
}
