// SPDX-License-Identifier: LGPL-2.1-or-later
/* gfp.c - the audit of allocations, as JSON */
#include "export/json/values.h"
#include "model/gfp_audit.h"
#include "model/writer.h"

static size_t count_findings(const struct report *r)
{
	return r->gfp ? r->gfp->nr_findings : 0;
}

static json_t *finding(const struct report *r, size_t i)
{
	const struct gfp_finding *f = &r->gfp->findings[i];

	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"severity", gfp_severity_name(f->severity),
		"confidence", confidence_name(f->confidence),
		"context", gfp_context_name(f->context),
		"event", f->event,
		"doubt", json_text(gfp_doubt_text(f->doubt)),
		"site", f->site.is ? json_unsigned((uint64_t)f->site.v) : json_null(),
		"function", json_text(f->function),
		"offset", f->function ? json_unsigned(f->offset) : json_null(),
		"stack", json_text(f->stack),
		"comms", json_text(f->comms),
		"gfp_flags", json_text(f->gfp),
		"count", json_unsigned(f->count),
		"depth", json_unsigned(f->depth),
		"max_order", json_unsigned(f->max_order),
		"first_ns", json_unsigned(f->first_ns),
		"last_ns", json_unsigned(f->last_ns),
		"first", json_ref(&f->first));
}

static json_t *user(const struct zone_user *u)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"comm", json_text(u->comm),
		"pid", u->pid < 0 ? json_null() : json_integer(u->pid),
		"gfp_flags", json_text(u->gfp),
		"allocs", json_unsigned(u->allocs),
		"pages", json_unsigned(u->pages),
		"first_ns", json_unsigned(u->first_ns),
		"last_ns", json_unsigned(u->last_ns));
}

static size_t count_zones(const struct report *r)
{
	return r->gfp ? r->gfp->nr_zones : 0;
}

static json_t *zone(const struct report *r, size_t i)
{
	const struct low_zone *z = &r->gfp->zones[i];
	json_t *users = json_array(), *spans = json_array();

	for (size_t k = 0; k < z->nr_users; k++)
		json_append(&users, user(&z->users[k]));
	for (size_t k = 0; k < LOW_ZONE_SPANS; k++)
		json_append(&spans, json_unsigned(z->spans[k]));
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o}",
		"zone", z->name,
		"end_pfn", json_unsigned(z->end_pfn),
		"allocs", json_unsigned(z->allocs),
		"pages", json_unsigned(z->pages),
		"asked_pages", json_unsigned(z->asked),
		"from_ns", json_unsigned(z->from_ns),
		"span_ns", json_unsigned(z->span_ns),
		"pages_by_span", spans,
		"floor", (int)z->cut,
		"users", users);
}

static json_t *audit(const struct report *r, size_t i)
{
	const struct gfp_report *g = r->gfp;

	(void)i;
	if (!g)
		return json_null();
	return json_pack("{s:b, s:o, s:o, s:o, s:o, s:b, s:b}",
		"flags_known", (int)g->flags_known,
		"checked", json_unsigned(g->checked),
		"atomic", json_unsigned(g->atomic),
		"atomic_high_order", json_unsigned(g->atomic_high_order),
		"preempt_base", json_known(g->preempt_base),
		"preempt_kept", (int)g->preempt_kept,
		"floor", (int)g->cut);
}

const struct json_list json_gfp_lists[] = {
	{ "gfp", NULL, audit },
	{ "gfp_findings", count_findings, finding },
	{ "low_zones", count_zones, zone },
	{ 0 },
};

static int write_gfp_json(const struct report *r, const struct writer_options *opts, FILE *out)
{
	return json_document(r, opts, json_gfp_lists, out);
}

const struct writer gfp_json_writer = {
	.name	= "json",
	.about	= "the whole audit as JSON",
	.write	= write_gfp_json,
	.explains = true,
};
