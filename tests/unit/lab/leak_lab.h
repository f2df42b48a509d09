/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * leak_lab.h - the leak analysis on events made by a test
 *
 * Only one lab at a time. The gfp flags are those of kernel 6.1. Functions lie at the addresses that at() gives, 64 KiB
 * each, and have the names below.
 */
#ifndef VMSTALL_TEST_LEAK_LAB_H
#define VMSTALL_TEST_LEAK_LAB_H

#include "events.h"
#include "model/leaks.h"
#include "passes/common/pass.h"

/* Functions of the made-up kernel, in the order of their addresses. */
enum function { F_BUSY, F_RARE, F_OTHER, F_XAS_ALLOC, F_VM_AREA_DUP, F_COPY_PROCESS, F_KMALLOC, F_KMEMDUP, F_DRIVER, F_IOCTL,
	F_ALLOC_PID, F_COPY_PROCESS_PART, F_OTHER_DRIVER, F_NO_NAME, NR_FUNCTIONS };
uint64_t at(enum function f);

/* Flags of 6.1. */
#define KERNEL	0xcc0	/* GFP_KERNEL */
#define ATOMIC	0xa20
#define MOVABLE	0x140cca
#define DMA32	4

void leak_begin(void);
/* Pids whose name the file saved. */
enum { CMAIDAD = 272, TRACE_CMD = 300 };
/* In time order. */
void leak_push(struct event ev);
/* The report of the analysis; valid until leak_clear(). */
const struct leak_report *leak_end(void);
struct report *leak_whole_report(void);	/* to change facts before leak_end() */
void leak_clear(void);
/* A test with a lab of its own. */
#define LEAK_TEST(name) cmocka_unit_test_setup_teardown(name, leak_setup, leak_teardown)
int leak_setup(void **state);
int leak_teardown(void **state);

/* The site with this name, or NULL; or the only site of pages of @order without a name. */
const struct leak_site *leak_site(const struct leak_report *l, const char *function);
const struct leak_site *leak_pages(const struct leak_report *l, int64_t order, uint64_t live);

#define PTR	UINT64_C(0xffff888000100000)	/* of a first object */
/* Allocated at @ts, freed @keep ns later. */
void use(uint64_t ts, enum function f, uint64_t ptr, uint64_t keep);
/* drv_busy frees all of its 5000 objects. drv_rare takes 500 objects and forgets one in @forgets. */
void busy_and_rare(unsigned int forgets);

struct event slab_alloc(uint64_t ts, enum function f, uint64_t ptr, uint64_t bytes);
struct event slab_free(uint64_t ts, uint64_t ptr);
struct event page_alloc(uint64_t ts, uint64_t pfn, uint32_t order, uint64_t gfp);
struct event page_free(uint64_t ts, uint64_t pfn, uint32_t order);
struct event stack_event(uint64_t ts, unsigned int nr, const enum function *functions);
struct event on_cpu(struct event ev, unsigned int cpu);
struct event by_pid(struct event ev, int32_t pid);
struct event in_softirq(struct event ev);

#endif
