// SPDX-License-Identifier: LGPL-2.1-or-later
/* gfp_audit.c - the words of the audit, and how it is freed */
#include "model/gfp_audit.h"

#include <stdlib.h>

static void finding_clear(struct gfp_finding *f)
{
	free(f->function);
	free(f->stack);
	free(f->comms);
	free(f->gfp);
}

static void zone_clear(struct low_zone *z)
{
	for (size_t i = 0; i < z->nr_users; i++)
		free(z->users[i].gfp);
	free(z->users);
}

struct gfp_report *gfp_report_free(struct gfp_report *g)
{
	if (!g)
		return NULL;
	for (size_t i = 0; i < g->nr_findings; i++)
		finding_clear(&g->findings[i]);
	for (size_t i = 0; i < g->nr_zones; i++)
		zone_clear(&g->zones[i]);
	free(g->findings);
	free(g);
	return NULL;
}

const char *gfp_severity_name(enum gfp_severity severity)
{
	static const char *const names[NR_GFP_SEVERITIES] = {
		[GFP_POSSIBLE] = "possible", [GFP_LIKELY] = "likely", [GFP_CERTAIN] = "certain",
	};

	return names[severity];
}

const char *gfp_context_name(enum gfp_context context)
{
	static const char *const names[NR_GFP_CONTEXTS] = {
		[GFP_IN_HARDIRQ]	= "hardirq",
		[GFP_IN_SOFTIRQ]	= "softirq",
		[GFP_IN_NMI]		= "nmi",
		[GFP_IRQS_OFF]		= "irqs_off",
		[GFP_PREEMPT_OFF]	= "preempt_off",
		[GFP_ATOMIC_NOT_NEEDED] = "atomic_not_needed",
	};

	return names[context];
}

const char *gfp_doubt_text(enum gfp_doubt doubt)
{
	static const char *const texts[NR_GFP_DOUBTS] = {
		[GFP_NO_DOUBT]	    = "",
		[GFP_DOUBT_PAGE]    = "only the page allocation was seen: its flags may not be the caller's",
		[GFP_DOUBT_BH]	    = "softirqs alone were off, and what that forbids depends on the kernel",
		[GFP_DOUBT_IDLE]    = "in the idle task, which may sleep while the kernel boots or brings up a CPU",
		[GFP_DOUBT_SUSPEND] = "while the machine suspended or resumed, where the kernel allows it",
		[GFP_DOUBT_BASE]    = "too few allocations to know the preempt count of plain task context",
		[GFP_DOUBT_SHARE]   = "half of all allocations carry this flag, so it hardly means that here",
		[GFP_DOUBT_UNSEEN]  = "an RCU read section would need it, and leaves no trace",
	};

	return texts[doubt];
}
