// SPDX-License-Identifier: LGPL-2.1-or-later
/* facts.c - what is this file: kernel, clock, CPUs, buffers, events, losses? */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <event-parse.h>

#include "decode/zones.h"
#include "reader/file/cpustat.h"
#include "reader/recording_private.h"
#include "util/clock.h"

/* UNAME is "sysname nodename release machine". */
static int read_uname(const struct recording *rec, struct recording_facts *f)
{
	const char *uname = rec->container.uname;
	char release[130] = "", machine[66] = "";

	if (!uname || sscanf(uname, "%*s %*s %129s %65s", release, machine) < 1)
		return 0;
	f->kernel = strdup(release);
	f->machine = machine[0] ? strdup(machine) : NULL;
	return f->kernel && (f->machine || !machine[0]) ? 0 : -ENOMEM;
}

static const char *clock_name(const struct recording *rec)
{
	const struct container *c = &rec->container;
	const char *clock = c->nr_buffers && c->buffers[0].clock ? c->buffers[0].clock : c->clock;

	return clock && *clock ? clock : "local";
}

/* Is the clock's unit ns, or does the reader convert its stamps to ns (KERNEL-FACTS 9)? */
bool recording_has_time(const struct recording *rec)
{
	const char *clock = clock_name(rec);
	bool cycles = strstr(clock, "tsc") || !strcmp(clock, "ppc-tb");

	return strcmp(clock, "counter") && strcmp(clock, "uptime") && !(cycles && !rec->container.tsc_mult);
}

static int read_clock(const struct recording *rec, struct recording_facts *f)
{
	f->clock = strdup(clock_name(rec));
	if (!f->clock)
		return -ENOMEM;
	f->clock_is_time = recording_has_time(rec);
	f->clock_is_global = strcmp(f->clock, "local") != 0;
	f->clock_moved = rec->container.ts_offset || rec->container.time_shift;
	return 0;
}

static int read_buffers(const struct recording *rec, struct report *r)
{
	for (size_t i = 0; i < rec->nr_buffers; i++) {
		const struct buffer *b = &rec->buffers[i];

		r->facts.unfinished |= rec->container.buffers[i].headless;
		if (strings_add(&r->facts.buffers, "%s", b->name))
			return -ENOMEM;
		if (b->other_clock && report_note(r, QUALITY_LOSS,
			    "buffer \"%s\" runs on another clock than the top one and was not read", b->name))
			return -ENOMEM;
	}
	return 0;
}

static void add_lane(struct cpu_quality *cpu, const struct lane *lane)
{
	cpu->lost += lane->lost;
	cpu->lost_marks += lane->lost_marks;
	if (!lane->events)
		return;
	cpu->first_ns = !cpu->has_events || lane->first_ns < cpu->first_ns ? lane->first_ns : cpu->first_ns;
	cpu->last_ns = !cpu->has_events || lane->last_ns > cpu->last_ns ? lane->last_ns : cpu->last_ns;
	cpu->events += lane->events;
	cpu->has_events = true;
}

static int note_torn(const struct lane *lane, struct report *r)
{
	uint64_t us = rounded_us(lane->last_ns);

	if (!lane->torn)
		return 0;
	r->facts.cpus[lane->cpu].torn = true;
	if (!lane->events)
		return report_note(r, QUALITY_ERROR, "CPU %u: none of its records are in the file", lane->cpu);
	return report_note(r, QUALITY_ERROR, "CPU %u: what it wrote after %" PRIu64 ".%06" PRIu64 " is not in the file, or "
			   "cannot be read", lane->cpu, us / 1000000, us % 1000000);
}

static int note_damage(const struct lane *lane, struct report *r)
{
	int err = 0;

	if (lane->bad_pages)
		err = report_note(r, QUALITY_ERROR, "CPU %u: %" PRIu64 " damaged sub-buffer%s: what could not be read of %s "
				  "is lost", lane->cpu, lane->bad_pages, lane->bad_pages > 1 ? "s" : "",
				  lane->bad_pages > 1 ? "them" : "it");
	if (!err && lane->bad_bytes)
		err = report_note(r, QUALITY_ERROR, "CPU %u: %" PRIu64 " bytes of compressed records are damaged and lost",
				  lane->cpu, lane->bad_bytes);
	return err;
}

static int read_lanes(const struct recording *rec, struct report *r)
{
	for (size_t i = 0; i < rec->nr_lanes; i++) {
		const struct lane *lane = rec->lanes[i];

		add_lane(&r->facts.cpus[lane->cpu], lane);
		r->facts.partial |= lane->torn || lane->bad_pages || lane->bad_bytes;
		if (note_torn(lane, r) || note_damage(lane, r))
			return -ENOMEM;
		if (lane->backward && report_note(r, QUALITY_ERROR,
			    "CPU %u: %" PRIu64 " records are older than the record before them; they were given its time", lane->cpu,
			    lane->backward))
			return -ENOMEM;
		if (lane->undecodable && report_note(r, QUALITY_ERROR,
			    "CPU %u: %" PRIu64 " records are shorter than their format says; counted, not decoded",
			    lane->cpu, lane->undecodable))
			return -ENOMEM;
	}
	return 0;
}

static void sum_cpus(struct recording_facts *f)
{
	bool any = false;

	for (uint32_t i = 0; i < f->nr_cpus; i++) {
		const struct cpu_quality *c = &f->cpus[i];

		f->events += c->events;
		if (!c->has_events)
			continue;
		f->first_ns = !any || c->first_ns < f->first_ns ? c->first_ns : f->first_ns;
		f->last_ns = !any || c->last_ns > f->last_ns ? c->last_ns : f->last_ns;
		any = true;
	}
}

static int read_cpus(const struct recording *rec, struct report *r)
{
	const char *stats = rec->container.cpustat;
	uint32_t declared = rec->container.cpus;
	struct recording_facts *f = &r->facts;
	int err;

	f->nr_cpus = rec->nr_cpus;
	if (declared > f->nr_cpus && declared <= MAX_CPUS)
		f->nr_cpus = declared;
	f->cpus = calloc(f->nr_cpus ? f->nr_cpus : 1, sizeof(*f->cpus));
	if (!f->cpus)
		return -ENOMEM;
	if (stats)
		cpustat_parse(stats, f->cpus, f->nr_cpus);
	err = read_lanes(rec, r);
	sum_cpus(f);
	return err;
}

static int by_count(const void *a, const void *b)
{
	const struct event_count *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->name, y->name);
}

uint64_t recording_count(const struct recording *rec, size_t slot)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < rec->nr_lanes; i++)
		sum += rec->lanes[i]->counts[slot];
	return sum;
}

static int read_counts(const struct recording *rec, struct recording_facts *f)
{
	f->counts = calloc(rec->decoder.nr_slots, sizeof(*f->counts));
	if (!f->counts)
		return -ENOMEM;
	for (size_t slot = 0; slot < rec->decoder.nr_slots; slot++) {
		int id = rec->decoder.slot_ids[slot];
		const struct tep_event *format = slot ? tep_find_event(rec->tep, id) : NULL;
		struct event_count *c = &f->counts[f->nr_counts];

		c->count = recording_count(rec, slot);
		if (!c->count)
			continue;
		c->system = strdup(format && format->system ? format->system : "?");
		c->name = strdup(format && format->name ? format->name : "(no format)");
		c->decoded = slot && rec->decoder.ids[id].binding != 0;
		f->nr_counts++;
		if (!c->system || !c->name)
			return -ENOMEM;
	}
	qsort(f->counts, f->nr_counts, sizeof(*f->counts), by_count);
	return 0;
}

/* A format of another generation is no damage. It only matters where such records occur. */
static int note_unusable(const struct recording *rec, const struct unusable *u, struct report *r)
{
	uint64_t count = recording_count(rec, rec->decoder.ids[u->id].slot);

	if (!count)
		return 0;
	return report_note(r, QUALITY_INFO, "%s:%s: %" PRIu64 " record%s not decoded: the format has no readable field %s",
			   u->spec->system, u->spec->name, count, count > 1 ? "s are" : " is", u->field);
}

static int read_notes(const struct recording *rec, struct report *r)
{
	size_t nr;
	const char *const *notes = plugin_set_notes(rec->plugins, &nr);
	int err = 0;

	for (size_t i = 0; !err && i < nr; i++)
		err = report_note(r, QUALITY_INFO, "%s", notes[i]);
	for (size_t i = 0; !err && i < rec->decoder.nr_unusable; i++)
		err = note_unusable(rec, &rec->decoder.unusable[i], r);
	return err;
}

/* List what is missing from the file as a whole. */
static int read_losses(const struct recording *rec, struct report *r)
{
	const struct container *c = &rec->container;
	int err = 0;

	r->facts.partial = c->salvaged;
	for (size_t i = 0; !err && i < c->losses.nr; i++)
		err = report_note(r, QUALITY_ERROR, "%s", c->losses.s[i]);
	return err;
}

static int read_compression(const struct recording *rec, struct recording_facts *f)
{
	const char *name = rec->container.codec_name;
	bool any = name[0] && strcmp(name, "none");

	f->compression = any ? strdup(name) : NULL;
	return f->compression || !any ? 0 : -ENOMEM;
}

int recording_about(const struct recording *rec, struct report *report)
{
	struct recording_facts *f = &report->facts;
	int err;

	f->path = strdup(rec->path);
	f->bytes = rec->container.size;
	f->file_version = rec->container.version;
	f->big_endian = rec->container.big_endian;
	f->long_size = rec->decoder.layout.long_size;
	f->page_size = page_size_load(rec->tep, &f->page_size_assumed);
	err = f->path ? read_compression(rec, f) : -ENOMEM;
	if (!err)
		err = read_uname(rec, f);
	if (!err)
		err = read_losses(rec, report);
	if (!err)
		err = read_clock(rec, f);
	return err ? err : read_buffers(rec, report);
}

/* Between 5.15 and 6.1 the event of what reclaim writes out was renamed from pages to folios (KERNEL-FACTS 1.2). */
static struct known read_folios(const struct recording *rec)
{
	if (tep_find_event_by_name(rec->tep, "vmscan", "mm_vmscan_write_folio"))
		return KNOWN(1);
	return tep_find_event_by_name(rec->tep, "vmscan", "mm_vmscan_writepage") ? KNOWN(0) : UNKNOWN;
}

int recording_facts(const struct recording *rec, struct report *report)
{
	struct recording_facts *f = &report->facts;
	int err = f->path ? 0 : recording_about(rec, report);

	if (!err)
		err = read_cpus(rec, report);
	if (!err)
		err = read_counts(rec, f);
	if (!err)
		err = zone_names_load(rec->tep, &f->zone_names, &f->nr_zones);
	f->has_folios = read_folios(rec);
	if (!err)
		err = read_notes(rec, report);
	return err;
}
