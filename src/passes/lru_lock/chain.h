/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * chain.h - who held the same lock right after this one, and after that?
 *
 * A CPU that queued behind several holds goes on only after the last of them.
 */
#ifndef VMSTALL_CHAIN_H
#define VMSTALL_CHAIN_H

#include "model/report.h"

#define MAX_CHAIN 8

/**
 * struct chain_link - a hold that followed
 * @release: when its scan ended, on @cpu
 * @likely:  that it waited for the one before is known by its cost only
 * @apart:   it did not wait, but began a moment later: who was still queued then may have met it, too
 */
struct chain_link { uint64_t release; uint16_t cpu; bool likely, apart; };

struct chain { struct chain_link link[MAX_CHAIN]; size_t nr; };

struct chain chain_after(const struct report *r, const struct stall *s);

#endif
