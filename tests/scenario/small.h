/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * small.h - a machine of four CPUs with a 30 Hz publisher on each, and one hold that a test may add
 *
 *	struct scene *s = small_scene("5.15");
 *	struct machine *m = small_machine(s, NULL);
 *
 *	small_hold(m);
 *	small_spin(m, 1);
 *	machine_play(m);
 */
#ifndef VMSTALL_TEST_SMALL_H
#define VMSTALL_TEST_SMALL_H

#include "machine.h"

enum { SMALL_CPUS = 4 };
/* pids; with a CPU's number added. */
enum { KSWAPD0 = 68, PUB = 300, WORKER = 400, HOG = 500, SUB = 600 };

#define BEGIN	  (100 * SEC)
#define HOLD_FROM (102 * SEC)
#define HOLD_TO	  (103 * SEC)
#define END	  (105 * SEC)

struct scene *small_scene(const char *kernel);
/* Recorded from BEGIN to END; pub0 to pub3 on their CPUs, every 33 ms. @ret_pub: SMALL_CPUS of them; NULL is fine. */
struct machine *small_machine(struct scene *s, struct machine_task **ret_pub);
struct task numbered(const char *name, int32_t pid, unsigned int cpu);	/* "pub3", 303 */

/* kswapd0 on CPU 0 holds the lock from HOLD_FROM to HOLD_TO. */
void small_hold(struct machine *m);
struct isolate small_scan(void);
/* worker<cpu> waits for it, from 20 ms after HOLD_FROM on, 20 ms later on each next CPU. */
void small_spin(struct machine *m, unsigned int cpu);
/* All of it: the small machine plays the hold, and the first @waiters CPUs after CPU 0 wait for it. */
void small_stall(struct scene *s, unsigned int waiters);
/* Each CPU is busy with a task of its own, burner<cpu>, that computes all the time. */
void small_burners(struct machine *m);

/* Every stamp of the CPU is this much later: its clock is wrong. */
void skew_cpu(struct scene *s, unsigned int cpu, int64_t ns);
/* Forget what the CPU wrote in [from, to). */
void forget_records(struct scene *s, unsigned int cpu, uint64_t from, uint64_t to);
/* The same of every CPU. */
void forget_all_records(struct scene *s, uint64_t from, uint64_t to);
/* Nobody recorded @event. */
void forget_event(struct scene *s, const char *event);
/* What @pid wrote in [from, to) it wrote with migration disabled. */
void pin_task(struct scene *s, int32_t pid, uint64_t from, uint64_t to);
/* Records of @event no longer say what @field was: the recording's format has it under another name. Before writing. */
void hide_field(struct scene *s, const char *event, const char *field);

#endif
