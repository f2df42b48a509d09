// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * scenes.c - recordings for perfetto.py, each with something that a writer of traces may get wrong
 *
 * usage: scenes DIRECTORY
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "small.h"
#include "vmstall/event.h"

static struct scene *scene_on(const struct scene_options *given)
{
	struct scene_options o = *given;

	o.kernel = o.kernel ? o.kernel : "5.15";
	o.nr_cpus = SMALL_CPUS;
	return scene_new(&o);
}

static struct machine *frozen_machine(struct scene *s)
{
	struct machine *m = small_machine(s, NULL);

	small_hold(m);
	small_spin(m, 1);
	return m;
}

static struct scene *usual(const struct scene_options *o)
{
	struct scene *s = scene_on(o);

	machine_play(frozen_machine(s));
	return s;
}

/* Names that are no UTF-8, or act on who shows them. */
static struct scene *names(void)
{
	static const char *const hostile[] = { "\xff\xfe\xc0\x80", "=cmd|'/C calc'!", "\x1b[2J\x1b[31mred", "<script>alert()",
		"a,\"b\"\r\n;c", "%s%n%s%n", "\xe3\x82\xab\xe3\x83", "\xed\xa0\x80x" };
	struct scene *s = scene_on(&(struct scene_options){ 0 });
	struct machine *m = frozen_machine(s);

	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		struct task task = { .pid = 900 + (int32_t)i, .prio = 120 };

		memcpy(task.comm, hostile[i], strlen(hostile[i]) + 1);
		machine_periodic(m, 1, task, 20 * MS, 2 * i * MS, MS);
		story_reclaim_begin(s, (struct scene_at){ .ts = BEGIN + 2 * i * MS, .cpu = 2, .pid = task.pid }, "direct", 0, 0xcc0);
		story_reclaim_end(s, (struct scene_at){ .ts = BEGIN + (2 * i + 1) * MS, .cpu = 2, .pid = task.pid }, "direct", 32);
	}
	machine_play(m);
	return s;
}

static struct scene_at at(uint64_t ms, int32_t pid)
{
	return (struct scene_at){ .ts = BEGIN + ms * MS, .cpu = 3, .pid = pid };
}

/* Begins without ends, ends without begins, one inside another, one lost inside another, kswapd woken while awake. */
static struct scene *reclaim(void)
{
	struct scene *s = usual(&(struct scene_options){ 0 });

	story_reclaim_end(s, at(1, 700), "direct", 7);			/* began before the recording */
	story_reclaim_begin(s, at(2, 701), "direct", 0, 0xcc0);
	story_reclaim_begin(s, at(3, 701), "direct", 1, 0xcc0);		/* the end between was lost */
	story_reclaim_end(s, at(5, 701), "direct", 11);
	story_reclaim_begin(s, at(6, 702), "memcg", 0, 0xcc0);
	story_reclaim_begin(s, at(7, 702), "memcg_softlimit", 0, 0xcc0);
	story_reclaim_end(s, at(8, 702), "memcg_softlimit", 1);
	story_reclaim_end(s, at(9, 702), "memcg", 2);
	story_reclaim_begin(s, at(10, 703), "memcg", 0, 0xcc0);
	story_reclaim_begin(s, at(11, 703), "memcg_softlimit", 0, 0xcc0);
	story_reclaim_end(s, at(12, 703), "memcg", 3);			/* the inner end was lost */
	story_kswapd_wake(s, at(13, 704), 2, 0);
	story_kswapd_wake(s, at(14, 704), 2, 3);
	story_kswapd_sleep(s, at(15, 704));
	story_reclaim_begin(s, at(4000, 705), "direct", 2, 0xcc0);	/* goes on when the recording ends */
	return s;
}

/* More tasks in reclaim at a time than there is memory for. */
static struct scene *flood(void)
{
	struct scene *s = usual(&(struct scene_options){ 0 });

	for (int32_t i = 0; i < 20000; i++)
		story_reclaim_begin(s, (struct scene_at){ .ts = BEGIN + (uint64_t)i * 10 * US, .cpu = 3, .pid = 1000 + i },
			"direct", 0, 0xcc0);
	return s;
}

/* Two tasks that reclaim at a time: two stalls at a time. */
static struct scene *overlap(void)
{
	struct scene *s = usual(&(struct scene_options){ 0 });

	for (int32_t i = 0; i < 2; i++) {
		story_switch(s, 3, BEGIN + (500 + 300 * (uint64_t)i) * MS, idle_task(3), numbered("greedy", 710, (unsigned int)i), 0);
		story_reclaim_begin(s, at(501 + 300 * (uint64_t)i, 710 + i), "direct", 0, 0xcc0);
		story_reclaim_end(s, at(1300 + 300 * (uint64_t)i, 710 + i), "direct", 1);
	}
	return s;
}

static struct scene *losses(void)
{
	struct scene *s = usual(&(struct scene_options){ 0 });

	story_reclaim_begin(s, at(100, 706), "direct", 0, 0xcc0);
	scene_lost(s, 3, BEGIN + 200 * MS, 42);
	scene_lost(s, 3, BEGIN + 300 * MS, -1);
	scene_lost(s, 2, BEGIN + 300 * MS, 1);
	story_reclaim_end(s, at(400, 706), "direct", 5);
	return s;
}

/* Both buffers have the same switches and scans. */
static struct scene *two_buffers(void)
{
	struct scene *s = usual(&(struct scene_options){ 0 });

	scene_buffer(s, "again");
	machine_play(frozen_machine(s));
	scene_buffer(s, NULL);
	return s;
}

static struct scene *empty(void)
{
	struct scene *s = scene_on(&(struct scene_options){ 0 });

	scene_enable(s, "sched:sched_switch");
	return s;
}

static int save(const char *dir, const char *name, struct scene *s)
{
	char path[512];
	int err;

	snprintf(path, sizeof(path), "%s/%s.dat", dir, name);
	err = scene_write(s, path);
	if (err)
		fprintf(stderr, "%s: %s\n", path, strerror(-err));
	scene_free(s);
	return err;
}

static int save_clocks(const char *dir)
{
	static const char *const clocks[] = { "boot", "mono", "mono_raw", "local", "global", "perf", "tai" };
	char name[32];
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		snprintf(name, sizeof(name), "clock-%s", clocks[i]);
		err = save(dir, name, usual(&(struct scene_options){ .clock = clocks[i] }));
	}
	return err ? err : save(dir, "clock-moved", usual(&(struct scene_options){ .ts_offset = 1700000000 * (int64_t)SEC }));
}

int main(int argc, char **argv)
{
	const char *dir = argv[1];

	if (argc != 2)
		return 2;
	return save_clocks(dir) || save(dir, "names", names()) || save(dir, "reclaim", reclaim()) || save(dir, "flood", flood()) ||
	       save(dir, "losses", losses()) || save(dir, "overlap", overlap()) ||
	        save(dir, "two-buffers", two_buffers()) || save(dir, "empty", empty()) ||
	       save(dir, "old-kernel", usual(&(struct scene_options){ .kernel = "4.15" })) ||
	       save(dir, "no-release", usual(&(struct scene_options){ .release = "" })) ||
	       save(dir, "big-endian", usual(&(struct scene_options){ .big_endian = true, .long_size = 4 }));
}
