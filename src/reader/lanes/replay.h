/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* replay.h - the callback for events, and the stretches of time to replay */
#ifndef VMSTALL_REPLAY_H
#define VMSTALL_REPLAY_H

#include <stdint.h>

#include "vmstall/event.h"

/* Called for each event in time order, losses included as EVENT_LOST. It borrows the event. Non-zero ends the replay. */
typedef int event_fn(void *data, const struct event *ev);

/* A stretch of the recording, both ends included. Several must be sorted and must not overlap. */
struct time_window { uint64_t from, to; };

#endif
