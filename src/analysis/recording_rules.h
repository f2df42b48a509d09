/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* recording_rules.h - by which rules is this recording judged, and how does the report say so? */
#ifndef VMSTALL_RECORDING_RULES_H
#define VMSTALL_RECORDING_RULES_H

#include "analysis/runner.h"

/*
 * Give the report its rules, and begin to sample what the recording says about them. Until the recording has told which
 * profile fits, the wider limits hold, those of the emulated profile: what is too much is dropped after the scan.
 */
void rules_begin(struct runner *run);
/* All events of the scan were seen: choose the profile, and learn. Call it before the passes finish. */
void rules_settle(struct runner *run);
/* The passes have finished the scan, and may have added samples: learn again, stop, and say so. Returns 0 or -ENOMEM. */
int rules_end(struct runner *run);

#endif
