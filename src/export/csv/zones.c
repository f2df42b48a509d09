// SPDX-License-Identifier: LGPL-2.1-or-later
/* zones.c - allocations in the low zones: a row for each zone, task and flags */
#include "export/csv/csv.h"
#include "model/gfp_audit.h"
#include "model/writer.h"

static const char columns[] = "recording, zone, end_pfn, comm, pid, gfp_flags, allocs, pages, first_ns, last_ns";

static void put_user(struct csv *c, const struct report *r, const struct low_zone *z, const struct zone_user *u)
{
	csv_text(c, r->facts.path);
	csv_text(c, z->name);
	csv_unsigned(c, z->end_pfn);
	csv_text(c, u->comm);
	if (u->pid < 0)
		csv_empty(c);
	else
		csv_int(c, u->pid);
	csv_text(c, u->gfp);
	csv_unsigned(c, u->allocs);
	csv_unsigned(c, u->pages);
	csv_unsigned(c, u->first_ns);
	csv_unsigned(c, u->last_ns);
	csv_end(c);
}

static int write_zones(const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct csv c = csv_begin(out, opts);

	csv_header(&c, columns);
	for (size_t i = 0; r->gfp && i < r->gfp->nr_zones; i++)
		for (size_t k = 0; k < r->gfp->zones[i].nr_users; k++)
			put_user(&c, r, &r->gfp->zones[i], &r->gfp->zones[i].users[k]);
	return csv_status(&c);
}

const struct writer zones_csv_writer = {
	.name	= "zones",
	.about	= "who took pages of the low zones as CSV",
	.write	= write_zones,
};
