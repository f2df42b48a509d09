// SPDX-License-Identifier: LGPL-2.1-or-later
/* more.c - how would the recording be with more in it that says nothing new? */
#include "variant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmstall/event.h"

enum { EVERY = 5, TWICE_LATER = 200, COMMON = 8, COMMON_FLAGS = 2, PERIOD = 2000000000, RUN = 30000, WORKERS = 900000, IDLE_WORKER = 0x80 };

/* The formats are: u32 systems; of each its name, u32 events; of each u64 size and text. One more system is appended. */
static void add_format(struct edit *e, unsigned int id)
{
	struct edit_section *formats = edit_section(e, OPT_EVENT_FORMATS);
	char text[1024];

	snprintf(text, sizeof(text),
		"name: hum\nID: %u\nformat:\n"
		"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
		"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
		"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
		"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
		"\tfield:u32 note;\toffset:8;\tsize:4;\tsigned:0;\n\nprint fmt: \"note=%%u\", REC->note\n", id);
	if (!formats)
		scene_oops("the file has no formats");
	bytes_put(&formats->data, 0, edit_get(formats->data.p, 4) + 1, 4);
	bytes_string(&formats->data, "hum");
	bytes_number(&formats->data, 1, 4);
	bytes_number(&formats->data, strlen(text), 8);
	bytes_add(&formats->data, text, strlen(text));
}

static unsigned int unused_id(const struct edit *e)
{
	unsigned int id = 20000;

	while (e->events[id])
		id++;
	return id;
}

/*
 * After some records an event of a system that nobody knows, by the same task at the same time. With @within also where
 * interrupts are off: it says no more than that whoever has them off still has.
 */
static void add_noise_to(struct edit *e, struct edit_lane *lane, unsigned int id, bool within)
{
	struct scene_lane old = lane->records;
	unsigned char hum[COMMON + 4] = { 0 };

	lane->records = (struct scene_lane){ 0 };
	for (size_t i = 0; i < old.nr; i++) {
		lane->records.records = scene_grow(lane->records.records, &lane->records.cap, lane->records.nr, sizeof(*old.records));
		lane->records.records[lane->records.nr++] = old.records[i];
		if (i % EVERY || (!within && old.records[i].data[COMMON_FLAGS] & EVENT_FL_IRQS_OFF))
			continue;
		memcpy(hum, old.records[i].data, COMMON);
		edit_put(hum, id, 2);
		edit_put(hum + COMMON, i, 4);
		edit_append(e, lane, old.records[i].ts, hum, sizeof(hum));
	}
	free(old.records);
}

void add_noise(struct edit *e, const char *where)
{
	unsigned int id = unused_id(e);

	add_format(e, id);
	for_each_lane(e, b, l)
		add_noise_to(e, l, id, !strcmp(where, "any"));
}

/* A second buffer that recorded these events, too, each a moment later. */
void add_twice(struct edit *e, const char *names)
{
	struct edit_buffer *again = edit_new_buffer(e, "again"), *top = e->buffers;
	bool *ids = edit_ids(e, names);

	for (size_t l = 0; l < top->nr_lanes; l++) {
		const struct scene_lane *from = &top->lanes[l].records;
		struct edit_lane *to = edit_new_lane(again, top->lanes[l].cpu);

		for (size_t i = 0; i < from->nr; i++) {
			const struct scene_record *r = &from->records[i];

			if (!ids[edit_id(r)])
				continue;
			edit_append(e, to, r->ts + TWICE_LATER, r->data, r->len);
			to->records.records[to->records.nr - 1].lost = r->lost;
		}
	}
	free(ids);
}

/* --- CPUs that sleep --- */

static void set_number(const struct edit_event *event, unsigned char *data, const char *name, uint64_t value)
{
	const struct edit_field *f = edit_field(event, name);

	if (f)
		edit_put(data + f->offset, value, f->size);
}

static void set_text(const struct edit_event *event, unsigned char *data, const char *name, const char *value)
{
	const struct edit_field *f = edit_field(event, name);

	if (f)
		snprintf((char *)data + f->offset, f->size, "%s", value);
}

/* The idle task gives way to a worker, or gets its CPU back; by this machine's format. */
static void add_switch(struct edit *e, struct edit_lane *lane, const struct edit_event *event, uint64_t ts, bool to_worker)
{
	unsigned char data[256] = { 0 };
	char idle[16], worker[16];
	uint32_t pid = WORKERS + lane->cpu;
	size_t end = 0;

	for (size_t i = 0; i < event->nr; i++)
		if (event->fields[i].offset + event->fields[i].size > end)
			end = event->fields[i].offset + event->fields[i].size;
	snprintf(idle, sizeof(idle), "swapper/%u", lane->cpu);
	snprintf(worker, sizeof(worker), "kworker/%u:0", lane->cpu);
	set_number(event, data, "common_type", event->id);
	set_number(event, data, "common_flags", 1);
	set_number(event, data, "common_pid", to_worker ? 0 : pid);
	set_number(event, data, "prev_pid", to_worker ? 0 : pid);
	set_number(event, data, "next_pid", to_worker ? pid : 0);
	set_number(event, data, "prev_prio", 120);
	set_number(event, data, "next_prio", 120);
	set_number(event, data, "prev_state", to_worker ? 0 : IDLE_WORKER);
	set_text(event, data, "prev_comm", to_worker ? idle : worker);
	set_text(event, data, "next_comm", to_worker ? worker : idle);
	edit_append(e, lane, ts, data, (end + 3) / 4 * 4);
}

static void span_of(struct edit *e, uint64_t *first, uint64_t *last)
{
	*first = UINT64_MAX;
	*last = 0;
	for_each_lane(e, b, l) {
		if (!l->records.nr)
			continue;
		*first = l->records.records[0].ts < *first ? l->records.records[0].ts : *first;
		if (l->records.records[l->records.nr - 1].ts > *last)
			*last = l->records.records[l->records.nr - 1].ts;
	}
}

static void count_cpus(struct edit *e, unsigned int nr)
{
	for (size_t i = 0; i < e->nr_other; i++)
		if (e->other[i].id == OPT_CPUCOUNT)
			bytes_put(&e->other[i].data, 0, nr, 4);
}

/* Half of them record nothing; the others a worker every 2 s. */
void add_idle_cpus(struct edit *e, const char *how_many)
{
	unsigned int before = edit_nr_cpus(e), nr = (unsigned int)strtoul(how_many, NULL, 10);
	const struct edit_event *event = edit_event(e, "sched_switch");
	uint64_t first, last;

	span_of(e, &first, &last);
	for (unsigned int cpu = before; cpu < before + nr; cpu++) {
		struct edit_lane *lane = edit_new_lane(&e->buffers[0], cpu);

		for (uint64_t ts = first + cpu * 1000003; event && cpu % 2 && ts + RUN < last; ts += PERIOD) {
			add_switch(e, lane, event, ts, true);
			add_switch(e, lane, event, ts + RUN, false);
		}
	}
	count_cpus(e, before + nr);
}
