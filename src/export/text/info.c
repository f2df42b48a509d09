// SPDX-License-Identifier: LGPL-2.1-or-later
/* info.c - what is in this recording, and which questions can it answer? */
#include "export/text/text.h"

#include <inttypes.h>

enum { EVENTS_SHOWN = 30 };

static void say_file(struct pen *p, const struct recording_facts *f)
{
	pen_field(p, "File", "%s: %s, trace.dat version %" PRIu32 ", %s, %s-endian, %" PRIu32 "-bit, pages of %s%s",
		f->path ? pen_clean(p, f->path) : "?", pen_bytes(p, f->bytes), f->file_version,
		f->compression ? pen_slot(p, "compressed with %s", pen_clean(p, f->compression)) : "not compressed",
		f->big_endian ? "big" : "little", f->long_size * 8, pen_bytes(p, f->page_size),
		f->page_size_assumed ? " (assumed)" : "");
	if (f->partial)
		pen_field(p, "", S_RED "cut or damaged; read as far as possible" S_END);
}

static void say_machine(struct pen *p, const struct recording_facts *f)
{
	pen_field(p, "Kernel", "%s%s%s", f->kernel ? pen_clean(p, f->kernel) : "not in the file",
		f->machine ? ", " : "", f->machine ? pen_clean(p, f->machine) : "");
	pen_field(p, "Clock", "%s%s%s", f->clock ? pen_clean(p, f->clock) : "not in the file",
		f->clock_is_time ? "" : ": not in seconds, no duration can be taken from it",
		f->clock_is_time && !f->clock_is_global ? ": each CPU's own, CPUs may be skewed" : "");
	if (f->events)
		pen_field(p, "Span", "%s .. %s, %s", pen_time(p, f->first_ns), pen_time(p, f->last_ns),
			pen_span(p, span_of(f->first_ns, f->last_ns)));
}

static void say_buffers(struct pen *p, const struct recording_facts *f)
{
	for (size_t i = 0; i < f->buffers.nr; i++)
		pen_field(p, i ? "" : "Buffers", "%s",
			f->buffers.s[i] && *f->buffers.s[i] ? pen_clean(p, f->buffers.s[i]) : "(top)");
	for (size_t i = 0; i < f->nr_zones; i++)
		if (f->zone_names[i])
			pen_field(p, "Zone", "%zu is %s%s", i, pen_clean(p, f->zone_names[i]),
				f->zones_inferred ? ", by the requests for it" : "");
}

static const char *loss(struct pen *p, const struct cpu_quality *q)
{
	if (q->lost_marks)
		return pen_slot(p, "%s+%s?", pen_count(p, q->lost), pen_count(p, q->lost_marks));
	return pen_count(p, q->lost);
}

static const char *cpustat(struct pen *p, struct known v)
{
	return v.is ? pen_known(p, v) : "-";
}

static void say_cpus(struct pen *p, const struct recording_facts *f)
{
	pen_line(p);
	pen_row(p, 2, 6, S_BOLD "%3s %11s %13s %13s %9s %8s %7s %7s" S_END, "CPU", "events", "first", "last", "lost",
		"overrun", "commit", "dropped");
	for (uint32_t i = 0; f->cpus && i < f->nr_cpus; i++) {
		const struct cpu_quality *q = &f->cpus[i];

		pen_row(p, 2, 6, "%3" PRIu32 " %11s %13s %13s %9s %8s %7s %7s", i, pen_count(p, q->events),
			q->has_events ? pen_time(p, q->first_ns) : "-", q->has_events ? pen_time(p, q->last_ns) : "-",
			loss(p, q), cpustat(p, q->overrun), cpustat(p, q->commit_overrun), cpustat(p, q->dropped));
	}
}

static void say_events(struct pen *p, const struct recording_facts *f)
{
	size_t most = p->verbose > 0 || f->nr_counts < EVENTS_SHOWN ? f->nr_counts : EVENTS_SHOWN;

	pen_line(p);
	pen_row(p, 2, 6, S_BOLD "%13s  %-7s  %s" S_END, "events", "decoded", pen_many(p, f->nr_counts, "kind"));
	for (size_t i = 0; i < most; i++) {
		const struct event_count *c = &f->counts[i];

		pen_row(p, 2, 6, "%13s  %-7s  %s%s%s", pen_count(p, c->count), c->decoded ? "yes" : "no",
			c->system ? pen_clean(p, c->system) : "", c->system ? ":" : "",
			c->name ? pen_clean(p, c->name) : "?");
	}
	if (most < f->nr_counts)
		pen_say(p, 2, 2, S_DIM "and %zu more kinds: -v" S_END, f->nr_counts - most);
}

int write_info(const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct pen p;

	pen_begin(&p, r, opts, out);
	say_file(&p, &r->facts);
	say_machine(&p, &r->facts);
	say_buffers(&p, &r->facts);
	say_cpus(&p, &r->facts);
	say_events(&p, &r->facts);
	text_coverage(&p, r);
	text_quality(&p, r);
	return pen_end(&p);
}
