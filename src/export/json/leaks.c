// SPDX-License-Identifier: LGPL-2.1-or-later
/* leaks.c - memory that the kernel takes and does not give back, for programs */
#include <math.h>

#include "export/json/values.h"
#include "model/leaks.h"
#include "model/writer.h"

static json_t *real(bool is, double v)
{
	return is && isfinite(v) ? json_real(v) : json_null();
}

static json_t *rate(const struct leak_rate *r)
{
	if (!r->is)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:b}", "mean", real(true, r->mean), "low", real(true, r->low), "high", real(true, r->high),
		"steady", (int)r->steady);
}

static json_t *lost(uint64_t nr)
{
	return nr == UINT64_MAX ? json_null() : json_unsigned(nr);
}

static json_t *tasks(const struct leak_site *s)
{
	json_t *all = json_array();

	for (size_t i = 0; i < s->nr_tasks; i++)
		json_append(&all, json_pack("{s:o, s:o, s:o}", "comm", json_text(s->tasks[i].comm), "pid",
			s->tasks[i].pid < 0 ? json_null() : json_integer(s->tasks[i].pid), "live",
			json_unsigned(s->tasks[i].live)));
	return all;
}

static json_t *place(const struct leak_site *s)
{
	char address[24];

	snprintf(address, sizeof(address), "0x%llx", (unsigned long long)s->address);
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o}",
		"function", json_text(s->function),
		"offset", s->function ? json_unsigned(s->offset) : json_null(),
		"address", s->address ? json_string(address) : json_null(),
		"cache", json_text(s->cache),
		"order", json_known(s->order),
		"gfp", json_text(s->gfp),
		"interrupt", (int)s->interrupt,
		"stack", json_strings(&s->frames),
		"stacks", json_unsigned(s->nr_stacks));
}

static json_t *figures(const struct leak_site *s)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"allocs", json_unsigned(s->allocs),
		"frees", json_unsigned(s->frees),
		"freed_unseen", json_unsigned(s->unseen),
		"live", json_unsigned(s->live),
		"live_bytes", json_unsigned(s->live_bytes),
		"live_sure", json_unsigned(s->live_sure),
		"live_sure_bytes", json_unsigned(s->live_sure_bytes),
		"old", json_unsigned(s->old),
		"old_never_freed", json_unsigned(s->old_live),
		"old_never_freed_sure", json_unsigned(s->old_live_sure),
		"oldest_ns", json_known(s->oldest_ns),
		"median_lifetime_ns", json_known(s->median_lifetime_ns),
		"p99_lifetime_ns", json_known(s->usual_ns),
		"allocs_per_s", real(true, s->allocs_per_s),
		"bytes_per_hour", rate(&s->growth),
		"bytes_per_day", real(s->has_projection, s->bytes_per_day),
		"bytes_per_day_low", real(s->has_projection, s->day_low),
		"bytes_per_day_high", real(s->has_projection, s->day_high));
}

static json_t *site(const struct report *r, size_t i)
{
	const struct leak_site *s = &r->leaks->sites[i];

	return json_pack("{s:I, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o}",
		"rank", (json_int_t)i + 1,
		"layer", leak_layer_name(s->layer),
		"use", leak_use_name(s->use),
		"place", place(s),
		"tasks", tasks(s),
		"figures", figures(s),
		"retries_never_freed", json_unsigned(s->retries),
		"outlived_owner", json_unsigned(s->outlived),
		"pattern", json_text(leak_pattern_name(s->pattern)),
		"verdict", leak_verdict_name(s->verdict),
		"confidence", json_text(confidence_name(s->confidence)),
		"because", json_strings(&s->why),
		"lost_in_window", lost(s->lost_in_window));
}

static size_t count_sites(const struct report *r)
{
	return r->leaks ? r->leaks->nr_sites : 0;
}

static json_t *of_use(const struct meminfo *m, enum leak_use use)
{
	uint64_t bytes;

	return meminfo_of_use(m, use, &bytes) ? json_unsigned(bytes) : json_null();
}

static json_t *uses(const struct leak_report *l)
{
	json_t *all = json_array();

	for (int i = 0; i < NR_LEAK_USES; i++) {
		const struct leak_use_sum *u = &l->uses[i];

		json_append(&all, json_pack("{s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "use",
			leak_use_name((enum leak_use)i), "recorded", (int)u->seen,
			"allocs", u->seen ? json_unsigned(u->allocs) : json_null(),
			"bytes", u->seen ? json_unsigned(u->alloc_bytes) : json_null(),
			"freed_bytes", u->seen ? json_unsigned(u->freed_bytes) : json_null(),
			"balance_bytes", u->seen ? json_integer(u->balance_bytes) : json_null(),
			"bytes_per_hour", u->seen ? rate(&u->growth) : json_null(),
			"meminfo_before", of_use(&l->before, (enum leak_use)i), "meminfo_after", of_use(&l->after, (enum leak_use)i)));
	}
	return all;
}

static json_t *meminfo(const struct meminfo *m)
{
	struct meminfo_split s = meminfo_split(m);

	if (!m->has)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"total", json_unsigned(s.total), "user", json_unsigned(s.user), "kernel", json_unsigned(s.kernel),
		"shared", json_unsigned(s.shared), "cache", json_unsigned(s.cache), "free", json_unsigned(s.free),
		"accounted", json_unsigned(s.accounted), "unexplained", json_unsigned(s.unexplained));
}

static json_t *summary(const struct report *r, size_t i)
{
	const struct leak_report *l = r->leaks;

	(void)i;
	if (!l)
		return json_null();
	return json_pack("{s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o}",
		"slab_analysed", (int)l->analysed[LEAK_SLAB], "pages_analysed", (int)l->analysed[LEAK_PAGE],
		"stacks", (int)l->has_stacks,
		"slab_frees_of_unknown", json_unsigned(l->unknown_frees[LEAK_SLAB]),
		"page_frees_of_unknown", json_unsigned(l->unknown_frees[LEAK_PAGE]),
		"page_frees_of_unknown_bytes", json_unsigned(l->unknown_page_bytes),
		"slab_freed_unseen", json_unsigned(l->unseen[LEAK_SLAB]),
		"pages_freed_unseen", json_unsigned(l->unseen[LEAK_PAGE]),
		"any_loss", (int)l->any_loss, "lost", lost(l->lost), "uses", uses(l), "blind_spots", json_strings(&l->blind),
		"meminfo_before", meminfo(&l->before), "meminfo_after", meminfo(&l->after));
}

const struct json_list json_leak_lists[] = { { "leaks", NULL, summary }, { "sites", count_sites, site }, { 0 } };

static int write_leaks_json(const struct report *r, const struct writer_options *opts, FILE *out)
{
	return json_document(r, opts, json_leak_lists, out);
}

const struct writer leaks_json_writer = {
	.name	= "json",
	.about	= "the whole analysis as JSON",
	.write	= write_leaks_json,
	.explains = true,
};
