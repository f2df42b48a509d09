/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* audit_lab.h - allocations made by hand, pushed directly into the passes of vmstall gfp */
#ifndef VMSTALL_TEST_AUDIT_LAB_H
#define VMSTALL_TEST_AUDIT_LAB_H

#include "lab.h"
#include "model/gfp_audit.h"

enum { TASK = 42, SITE = 0x5000, OTHER_SITE = 0x6000, KERNEL = 0xcc0, ATOMIC = 0xa20, NOWAIT = 0x800, NOIO = 0xc00, DMA = 1 };

#define T0 (10 * SEC)

struct bench {
	struct lab lab;
	struct gfp_table *gfp;
	struct names names;
	uint64_t now;
};

struct bench *begin_as(const char *kernel, bool stacks);
struct bench *begin(void);
const struct gfp_report *end(struct bench *b);
void done(struct bench *b);
struct event slab(uint64_t gfp, uint8_t flags, uint8_t preempt);
struct event page(uint64_t gfp, uint8_t flags, uint8_t preempt, uint32_t order);
struct event stack_of(uint64_t site, uint8_t flags);
/* Each event is 1 us after the one before. */
void push(struct bench *b, struct event ev);
void push_many(struct bench *b, struct event ev, int nr);
/* Ordinary events, of which any recording has many. */
void push_usual(struct bench *b);
const struct gfp_finding *only(const struct gfp_report *g);
void assert_finding(const struct gfp_finding *f, enum gfp_context context, enum gfp_severity severity,
			   enum confidence confidence);

#endif
