/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * chain.h - which holds of the same lock followed right after this one?
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
 * @likely:  only its scan's cost says that it waited for the hold before
 * @apart:   it, or a link before it, did not wait but began a moment later. A CPU still queued then may have waited for
 *           this hold, too
 */
struct chain_link { uint64_t release; uint16_t cpu; bool likely, apart; };

struct chain { struct chain_link link[MAX_CHAIN]; size_t nr; };

struct chain chain_after(const struct report *r, const struct stall *s);

#endif
