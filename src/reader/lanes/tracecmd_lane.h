/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tracecmd_lane.h - a lane read record by record through libtracecmd: the reference reader */
#ifndef VMSTALL_TRACECMD_LANE_H
#define VMSTALL_TRACECMD_LANE_H

#include "reader/lanes/lane.h"

struct tracecmd_input;

/* Make @lane, whose cpu and decoder are set, read from @handle, which outlives it. Returns 0 or -ENOMEM. */
int tracecmd_lane_init(struct lane *lane, struct tracecmd_input *handle);

#endif
