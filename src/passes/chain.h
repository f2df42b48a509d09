/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * chain.h - who held the same lock right after this one, and after that?
 *
 * A CPU that queued behind several holds goes on only after the last of them.
 */
#ifndef VMSTALL_CHAIN_H
#define VMSTALL_CHAIN_H

#include "vmstall/report.h"

#define MAX_CHAIN 8

/* The holds that followed a stall's, each waiting for the one before: where, and when their scan ended. */
struct chain {
	struct { uint64_t release; uint16_t cpu; bool likely; } link[MAX_CHAIN];	/* likely: by its cost only */
	size_t nr;
};

struct chain chain_after(const struct report *r, const struct stall *s);

#endif
