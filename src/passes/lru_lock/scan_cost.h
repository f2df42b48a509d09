/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* scan_cost.h - how long does a scan of so many pages take on this machine? */
#ifndef VMSTALL_SCAN_COST_H
#define VMSTALL_SCAN_COST_H

#include "model/report.h"

/**
 * struct scan_cost - ns per page, from this recording's own large scans
 * @rules:    their priors stand in where there are too few scans
 * @nr:       number of large scans; 0: none, @typical and @cheapest say nothing
 * @low:      no scan of this recording was cheaper, with room to spare; 0: too few scans tell
 * @typical:  the median
 * @cheapest: the lowest: most likely the scan that waited least
 * @steady:   the large scans agree: their entries were of about one size
 */
struct scan_cost { const struct rules *rules; size_t nr; double low, cheapest, typical; bool steady; };

/* @rules: borrowed for as long as the result is used. Returns 0 or -ENOMEM. */
int scan_cost_fit(const struct rules *rules, const struct hold *holds, size_t nr, struct scan_cost *ret);

/*
 * May an entry of the list that @h scanned be a folio of many pages? nr_scanned counts pages, and the scan walks entries.
 * Files have large folios since 5.18 (XFS) and 6.16 (ext4), anonymous and shared memory since huge pages exist
 * (KERNEL-FACTS 11). The recording's events tell, else its release; where nothing tells, yes.
 */
bool scan_has_folios(const struct hold *h, const struct recording_facts *facts);

/* The pages that @h scanned; 0: not known. */
double scan_pages(const struct hold *h);
/* Did @h scan so many pages that its length tells what a page costs? */
bool scan_is_large(const struct rules *rules, const struct hold *h);
/* The least time in ns that the scan of @h takes. */
double scan_least_ns(const struct scan_cost *cost, const struct hold *h);
/* The longest time in ns that the scan of @h explains. */
double scan_most_ns(const struct scan_cost *cost, const struct hold *h);
/* Does no machine walk as many pages as @h names within @ns? Then the count is damaged. */
bool scan_impossible(const struct rules *rules, const struct hold *h, uint64_t ns);

#endif
