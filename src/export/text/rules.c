// SPDX-License-Identifier: LGPL-2.1-or-later
/* rules.c - every threshold that decides a finding, as a table for people and as the page docs/HEURISTICS.md */
#include "export/text/text.h"

#include <errno.h>

struct words { char emulated[48], real[48], where[192]; };

static const struct words *words_of(enum rule_id id, struct words *w)
{
	const struct rule *r = rule_about(id);

	rule_words(id, r->prior[PROFILE_EMULATED], w->emulated, sizeof(w->emulated));
	rule_words(id, r->prior[PROFILE_REAL], w->real, sizeof(w->real));
	snprintf(w->where, sizeof(w->where), "%s%s%s", rule_source_name(r->source), *r->where ? ": " : "", r->where);
	return w;
}

static bool differ(const struct rule *r)
{
	return r->prior[PROFILE_EMULATED] < r->prior[PROFILE_REAL] || r->prior[PROFILE_EMULATED] > r->prior[PROFILE_REAL];
}

int write_rules(const struct writer_options *opts, FILE *out)
{
	static const struct report none;
	struct words w;
	struct pen p;

	pen_begin(&p, &none, opts, out);
	for (enum rule_id id = 0; id < NR_RULES; id++) {
		const struct rule *r = rule_about(id);

		words_of(id, &w);
		if (rule_section(id))
			pen_say(&p, 0, 0, "%s" S_BOLD "%s" S_END, id ? "\n" : "", rule_section(id));
		pen_row(&p, 2, 4, "%-16s %s%s", r->name, w.emulated,
			differ(r) ? pen_slot(&p, " (%s on real machines)", w.real) : "");
		pen_say(&p, 4, 4, "%s " S_DIM "(%s)" S_END, r->reason, w.where);
		if (r->least)
			pen_say(&p, 4, 4, S_DIM "Learnt in the profile \"real\", from %zu samples on: %g times their %uth percentile."
				S_END, r->least, r->times, r->percent);
	}
	return pen_end(&p);
}

static void row_as_markdown(enum rule_id id, FILE *out)
{
	const struct rule *r = rule_about(id);
	struct words w;

	words_of(id, &w);
	if (rule_section(id))
		fprintf(out, "\n## %s\n\n| rule | emulated | real | reason | from |\n| --- | --- | --- | --- | --- |\n", rule_section(id));
	fprintf(out, "| `%s` | %s | %s", r->name, w.emulated, w.real);
	if (r->least)
		fprintf(out, "; learnt: %g × the %uth percentile of %zu or more", r->times, r->percent, r->least);
	fprintf(out, " | %s | %s |\n", r->reason, w.where);
}

int write_rules_markdown(FILE *out)
{
	fputs("# HEURISTICS: the rules by which vmstall decides\n\n"
	      "This page is made of `src/model/rules.def` by `vmstall rules --markdown`; do not edit it. `--rule NAME=VALUE` sets a\n"
	      "rule for one run, and the report says so. `--rule profile=real` takes the priors of real machines, and learns from\n"
	      "the recording what it can tell itself. The default is the profile `emulated`.\n", out);
	for (enum rule_id id = 0; id < NR_RULES; id++)
		row_as_markdown(id, out);
	return ferror(out) ? -EIO : 0;
}
