/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * answer.h - does the recording answer what a verb asks?
 *
 * If it does not, finding nothing means nothing: every output says so, and no output looks like that of a healthy machine.
 */
#ifndef VMSTALL_ANSWER_H
#define VMSTALL_ANSWER_H

#include "model/report.h"

/* Whether anything stalled: a stall was found, or one would have been. */
bool stalls_answered(const struct report *r);
/* The same, for the question of the verb that made the report. */
bool report_answered(const struct report *r);
/* That question, after "cannot tell": "whether anything stalled". A static string. */
const char *report_question(const struct report *r);
/* Why it is not answered, one sentence without a full stop; free() it. NULL: out of memory. */
char *report_why_unanswered(const struct report *r);

/* Were the events recorded that stalls of @cause show in? */
bool cause_answered(const struct report *r, enum cause cause);
/* Has one of the questions an answer that decide? */
bool question_decided(const struct report *r);

#endif
