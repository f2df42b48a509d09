// SPDX-License-Identifier: LGPL-2.1-or-later
/* gfp.c - allocations in the wrong context: a row for each place, context, flags and stack */
#include <inttypes.h>

#include "export/csv/csv.h"
#include "model/gfp_audit.h"
#include "model/writer.h"

static const char columns[] =
	"recording, severity, context, event, site_function, site_offset, stack, comms, count, gfp_flags, first_ns, "
	"last_ns, confidence";

/* A place without a known function name is written as its address. */
static void put_site(struct csv *c, const struct gfp_finding *f)
{
	char address[24] = "";

	if (f->site.is)
		snprintf(address, sizeof(address), "0x%" PRIx64, (uint64_t)f->site.v);
	csv_text(c, f->function ? f->function : address);
	if (f->function)
		csv_unsigned(c, f->offset);
	else
		csv_empty(c);
}

static void put_finding(struct csv *c, const struct report *r, const struct gfp_finding *f)
{
	csv_text(c, r->facts.path);
	csv_text(c, gfp_severity_name(f->severity));
	csv_text(c, gfp_context_name(f->context));
	csv_text(c, f->event);
	put_site(c, f);
	csv_text(c, f->stack);
	csv_text(c, f->comms);
	csv_unsigned(c, f->count);
	csv_text(c, f->gfp);
	csv_unsigned(c, f->first_ns);
	csv_unsigned(c, f->last_ns);
	csv_text(c, confidence_name(f->confidence));
	csv_end(c);
}

static int write_gfp_csv(const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct csv c = csv_begin(out, opts);

	csv_header(&c, columns);
	for (size_t i = 0; r->gfp && i < r->gfp->nr_findings; i++)
		put_finding(&c, r, &r->gfp->findings[i]);
	return csv_status(&c);
}

const struct writer gfp_csv_writer = {
	.name	= "csv",
	.about	= "the allocations in the wrong context as CSV",
	.write	= write_gfp_csv,
};
