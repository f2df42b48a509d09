/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* twins.h - an event that two buffers recorded is one event */
#ifndef VMSTALL_TWINS_H
#define VMSTALL_TWINS_H

#include <stdbool.h>
#include <stdint.h>

#include "vmstall/event.h"

#define TWINS 5	/* so many events of a buffer may come before those of another that are as old */

/* The last events of one CPU. */
struct twins {
	struct { uint64_t ts, hash; uint16_t lane; } last[TWINS];
	unsigned int next;
};

/* Was @ev, the next of its CPU, there already, within @ns and from another buffer? If not, it is one of the last now. */
bool twins_have(struct twins *t, const struct event *ev, uint64_t ns);

#endif
