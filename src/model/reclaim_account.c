// SPDX-License-Identifier: LGPL-2.1-or-later
/* reclaim_account.c - ratios from the account's sums, the words for its classes, and how it is freed */
#include "model/reclaim_account.h"

#include <stdlib.h>

struct reclaim_account *reclaim_account_free(struct reclaim_account *a)
{
	if (a) {
		free(a->tasks);
		free(a->kswapds);
	}
	free(a);
	return NULL;
}

const char *reclaim_class_name(enum reclaim_class c)
{
	static const char *const names[NR_RECLAIM_CLASSES] = {
		[RECLAIM_BY_DIRECT] = "direct",
		[RECLAIM_BY_MEMCG]  = "memcg",
		[RECLAIM_BY_NODE]   = "node",
		[RECLAIM_BY_KSWAPD] = "kswapd",
		[RECLAIM_BY_OTHER]  = "other",
	};

	return names[c];
}

bool reclaim_efficiency(const struct reclaim_account *a, const struct reclaim_pages *p, double *ret)
{
	uint64_t inactive = p->scanned - p->scanned_active;

	if (!a->has_scans || !a->has_reclaimed || !inactive)
		return false;
	*ret = (double)p->reclaimed / (double)inactive;
	return true;
}

bool reclaim_skip_ratio(const struct reclaim_account *a, const struct reclaim_pages *p, double *ret)
{
	if (!a->has_scans || !p->scanned)
		return false;
	*ret = (double)p->skipped / (double)p->scanned;
	return true;
}
