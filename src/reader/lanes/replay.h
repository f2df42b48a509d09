/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* replay.h - what whoever asks for events gives: where to, and of which stretches of time */
#ifndef VMSTALL_REPLAY_H
#define VMSTALL_REPLAY_H

#include <stdint.h>

#include "vmstall/event.h"

/* Called for each event in time order, losses included as EVENT_LOST; borrows it. Non-zero ends the replay. */
typedef int event_fn(void *data, const struct event *ev);

/* A stretch of the recording, both ends included; several must be sorted and apart. */
struct time_window { uint64_t from, to; };

#endif
