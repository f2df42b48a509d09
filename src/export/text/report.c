// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * report.c - the parts of the report, in the order in which a tired engineer needs them
 *
 * First the verdict, then its evidence, then the questions that stay open. --quiet prints the verdict alone.
 */
#include "export/text/text.h"

enum { TOLD = 5 };	/* stalls told in full */

/* Find the @n longest stalls in one pass, keeping the longest lengths in order. */
struct longest longest_of(const struct report *r, size_t n)
{
	uint64_t top[LONGEST_MAX] = { 0 };
	struct longest l = { .ties = n };

	for (size_t i = 0; i < r->nr_stalls; i++) {
		uint64_t length = span_of(r->stalls[i].at.start, r->stalls[i].at.end);

		for (size_t k = 0; k < n; k++) {
			uint64_t less = top[k];

			if (length <= less)
				continue;
			top[k] = length;
			length = less;
		}
	}
	l.least = top[n - 1];
	for (size_t k = 0; k < n; k++)
		l.ties -= top[k] > l.least;
	return l;
}

bool is_longest(struct longest *l, const struct stall *s)
{
	uint64_t length = span_of(s->at.start, s->at.end);

	if (length != l->least)
		return length > l->least;
	if (!l->ties)
		return false;
	l->ties--;
	return true;
}

static void stalls_in_full(struct pen *p, const struct report *r)
{
	struct longest longest = longest_of(r, TOLD);
	size_t told = 0;

	for (size_t i = 0; i < r->nr_stalls; i++) {
		if (p->verbose <= 0 && !is_longest(&longest, &r->stalls[i]))
			continue;
		text_stall(p, r, i);
		told++;
	}
	if (told < r->nr_stalls)
		pen_say(p, 0, 0,
			S_DIM
			"\nThe longest %zu of %zu stalls are told in full; -v tells all, --csv FILE lists them." S_END,
			told, r->nr_stalls);
}

int write_text(const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct pen p;

	pen_begin(&p, r, opts, out);
	if (r->time_refused)
		text_refused(&p, r);
	else
		text_verdict(&p, r, opts->min_stall_ns);
	if (p.verbose >= 0) {
		stalls_in_full(&p, r);
		text_coverage(&p, r);
		text_quality(&p, r);
	}
	return pen_end(&p);
}
