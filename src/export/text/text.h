/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* text.h - the parts of the report for people, each in its own file */
#ifndef VMSTALL_WRITERS_TEXT_H
#define VMSTALL_WRITERS_TEXT_H

#include "export/text/pen.h"

/* Whole reports, for the terminal. They are not file formats, so the list of writers does not have them. */
int write_text(const struct report *r, const struct writer_options *opts, FILE *out);
int write_gfp_text(const struct report *r, const struct writer_options *opts, FILE *out);
int write_leaks_text(const struct report *r, const struct writer_options *opts, FILE *out);
int write_reclaim_text(const struct report *r, const struct writer_options *opts, FILE *out);
/* The table of rules, for people and as Markdown. 0 or a negative errno. */
int write_rules(const struct writer_options *opts, FILE *out);
int write_rules_markdown(FILE *out);
int write_info(const struct report *r, const struct writer_options *opts, FILE *out);

/* Choose the stalls to print if there are too many: the longest, and among equals the earlier ones. */
enum { LONGEST_MAX = 20 };
struct longest { uint64_t least; size_t ties; };
struct longest longest_of(const struct report *r, size_t n);
bool is_longest(struct longest *l, const struct stall *s);	/* ask once for each stall, in order */

/* The recording's name, and a line with its span, CPUs, kernel, clock and events. */
const char *text_recording_name(struct pen *p);
void text_input(struct pen *p);
const char *text_who_froze_whom(struct pen *p, const struct stall *s);	/* one sentence, or two */
const char *text_covered(struct pen *p);				/* "5.274 s on 4 CPUs" */
const char *text_least(struct pen *p, uint64_t min_stall_ns);	/* " of 10 ms or more" */
void text_verdict(struct pen *p, const struct report *r, uint64_t min_stall_ns);
void text_no_stall(struct pen *p, const struct report *r, uint64_t min_stall_ns);
void text_unanswered(struct pen *p, const struct report *r);
void text_window(struct pen *p, const struct report *r);
void text_refused(struct pen *p, const struct report *r);
void text_stall(struct pen *p, const struct report *r, size_t stall);
void text_victims(struct pen *p, const struct report *r, size_t stall);
void text_cpu_rows(struct pen *p, const struct stall *s);
void text_coverage(struct pen *p, const struct report *r);
void text_quality(struct pen *p, const struct report *r);

struct leak_report;
void text_layers(struct pen *p, const struct leak_report *l);

#endif
