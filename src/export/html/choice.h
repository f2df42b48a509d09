/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* choice.h - which stalls does a page of bounded size tell in full, tell in short, or only count? */
#ifndef VMSTALL_WRITERS_HTML_CHOICE_H
#define VMSTALL_WRITERS_HTML_CHOICE_H

#include <stddef.h>

#include "model/report.h"

enum telling { TOLD_NOT, TOLD_SHORT, TOLD_FULL };

/**
 * struct choice - how each stall is told: the longest ones in full, as far as the page's size allows
 * @how:     enum telling, by index in report.stalls
 * @victims: the most rows of a stall that is told in full; some of each kind are shown in any case
 */
struct choice { unsigned char *how; size_t victims; };

/* Returns 0 or -ENOMEM. */
int choose_stalls(const struct report *r, struct choice *ret);
void choice_clear(struct choice *c);

/* The length of the @n-th longest hold of @r, ns. 0: there are fewer holds. Returns 0 or -ENOMEM. */
int nth_longest_hold(const struct report *r, size_t n, uint64_t *ret_ns);

#endif
