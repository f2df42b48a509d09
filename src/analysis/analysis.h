/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* analysis.h - one recording in, one report out: all that a verb has to call */
#ifndef VMSTALL_ANALYSIS_H
#define VMSTALL_ANALYSIS_H

#include "passes/common/pass.h"
#include "reader/recording.h"

/*
 * Raise it with every change that can change what is found. A fleet's database replaces the results of an older version.
 */
#define ANALYSIS_VERSION 3

/**
 * analyze_recording - open @path, run every pass, close it
 * @ret_report: zeroed by the caller, who must report_clear() it whatever is returned
 * @reterr_why: on failure one sentence; free() it
 *
 * Returns 0 or a negative errno (those of recording_open(), -ENOMEM, -EIO).
 */
int analyze_recording(const char *path, const struct recording_options *ropts, const struct analysis_options *aopts,
		      struct report *ret_report, char **reterr_why);

/* Fill in only the facts: what is in the file, and which analyses it allows. */
int inspect_recording(const char *path, const struct recording_options *ropts, struct report *ret_report,
		      char **reterr_why);

#endif
