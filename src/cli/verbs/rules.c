// SPDX-License-Identifier: LGPL-2.1-or-later
/* rules.c - vmstall rules: which thresholds and priors decide the findings? */
#include "cli/options/table.h"
#include "cli/options/term.h"
#include "cli/run/output.h"
#include "cli/verbs/verbs.h"
#include "export/text/text.h"

struct rules_order { bool markdown; };

static int set_markdown(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	struct rules_order *order = o->own;

	(void)row, (void)value, (void)reterr_why;
	order->markdown = true;
	return 0;
}

static const struct row rows[] = {
	{ "markdown", NULL, "as the page docs/HEURISTICS.md", 0, 0, set_markdown, NULL },
	{ 0 },
};

static const struct verb rules = {
	.name	  = "rules",
	.about	  = "List every threshold and prior that decides a finding, with its reason and where it was measured.",
	.groups	  = OPTIONS_COMMON,
	.rows	  = rows,
	.operands = "",
	.exits	  = "\nExit status: 0 done, 2 usage, 4 the list could not be written.",
};

int cmd_rules(int argc, char **argv)
{
	struct rules_order order = { 0 };
	struct writer_options w;
	struct options o;
	int status = options_parse_own(&rules, &order, argc, argv, &o);

	if (status >= 0)
		return status;
	if (o.nr_operands) {
		cli_log("rules: what is '%s'? It takes no recording (vmstall rules --help)", o.operands[0]);
		return EXIT_USAGE;
	}
	w = term_options(&o);
	if (order.markdown)
		write_rules_markdown(stdout);
	else
		write_rules(&w, stdout);
	return stdout_finish();
}
