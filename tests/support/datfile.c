// SPDX-License-Identifier: LGPL-2.1-or-later
/* datfile.c - what do both versions of trace.dat say about the machine, and in which bytes? */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void scene_initial(const struct scene *s, struct bytes *out)
{
	bytes_add(out, "\x17\x08\x44tracing", 10);
	bytes_string(out, s->o.version == 6 ? "6" : "7");
	bytes_number(out, s->o.big_endian, 1);
	bytes_number(out, s->o.long_size, 1);
	bytes_number(out, s->o.page_size, 4);
}

static void add_text64(struct bytes *out, const char *text)
{
	bytes_number(out, strlen(text), 8);
	bytes_add(out, text, strlen(text));
}

void scene_text32(struct bytes *out, const char *text, size_t len)
{
	bytes_number(out, len, 4);
	bytes_add(out, text, len);
}

void scene_header_info(const struct scene *s, struct bytes *out)
{
	static const char *const names[] = { "header_page", "header_event" };

	for (size_t i = 0; i < 2; i++) {
		char *text = scene_header(s, names[i]);

		bytes_string(out, names[i]);
		add_text64(out, text);
		free(text);
	}
}

static bool first_of_system(const struct scene *s, size_t i)
{
	for (size_t before = 0; before < i; before++)
		if (!strcmp(s->formats[before].system, s->formats[i].system))
			return false;
	return true;
}

void scene_event_formats(const struct scene *s, struct bytes *out)
{
	size_t systems_at = out->len, systems = 0, events_at, events;

	bytes_number(out, 0, 4);
	for (size_t i = 0; i < s->nr_formats; i++) {
		if (!first_of_system(s, i))
			continue;
		systems++;
		bytes_string(out, s->formats[i].system);
		events_at = out->len;
		events = 0;
		bytes_number(out, 0, 4);
		for (size_t k = i; k < s->nr_formats; k++) {
			if (strcmp(s->formats[k].system, s->formats[i].system))
				continue;
			add_text64(out, s->formats[k].text);
			events++;
		}
		bytes_put(out, events_at, events, 4);
	}
	bytes_put(out, systems_at, systems, 4);
}

void scene_add_option(struct bytes *out, uint16_t id, const void *data, size_t len)
{
	bytes_number(out, id, 2);
	bytes_number(out, len, 4);
	bytes_add(out, data, len);
}

static void add_text_option(struct bytes *out, uint16_t id, const char *text)
{
	scene_add_option(out, id, text, strlen(text) + 1);
}

static void add_clock(const struct scene *s, struct bytes *out)
{
	static const char *const clocks[] = { "local", "global", "counter", "uptime", "perf", "mono", "mono_raw",
		"boot", "x86-tsc" };
	struct bytes text = { 0 };
	char chosen[80];
	bool found = false;

	snprintf(chosen, sizeof(chosen), "[%s] ", s->o.clock);
	for (size_t i = 0; i < sizeof(clocks) / sizeof(*clocks); i++) {
		bool is = !strcmp(clocks[i], s->o.clock);

		bytes_add(&text, is ? chosen : clocks[i], strlen(is ? chosen : clocks[i]));
		bytes_add(&text, " ", !is);
		found |= is;
	}
	if (!found)
		bytes_add(&text, chosen, strlen(chosen));
	text.p[text.len - 1] = '\n';
	bytes_add(&text, "", 1);
	scene_add_option(out, OPT_TRACECLOCK, text.p, text.len);
	bytes_free(&text);
}

/* As a CPU's stats file: seconds on a clock of nanoseconds, else the raw number. */
static void stat_time(const struct scene *s, const char *what, uint64_t ts, char *line, size_t len)
{
	if (!strcmp(s->o.clock, "counter") || strstr(s->o.clock, "tsc"))
		snprintf(line, len, "%s: %llu", what, (unsigned long long)ts);
	else
		snprintf(line, len, "%s: %5llu.%06llu", what, (unsigned long long)(ts / 1000000000),
			(unsigned long long)(ts / 1000 % 1000000));
}

static void add_cpustat(const struct scene *s, const struct scene_lane *lane, unsigned int cpu, struct bytes *out)
{
	struct scene_stat st = lane->has_stat ? lane->stat : (struct scene_stat){ .overrun = scene_losses(lane) };
	uint64_t last = lane->nr ? lane->records[lane->nr - 1].ts + 1000000 : 0;
	char text[512], oldest[64], now[64];

	stat_time(s, "oldest event ts", lane->nr ? lane->records[0].ts : 0, oldest, sizeof(oldest));
	stat_time(s, "now ts", last, now, sizeof(now));
	snprintf(text, sizeof(text),
		"CPU: %u\nentries: %llu\noverrun: %llu\ncommit overrun: %llu\nbytes: 0\n%s\n%s\n"
		"dropped events: %llu\nread events: %zu\n",
		cpu, (unsigned long long)st.entries, (unsigned long long)st.overrun,
		(unsigned long long)st.commit_overrun, oldest, now, (unsigned long long)st.dropped, lane->nr);
	add_text_option(out, OPT_CPUSTAT, text);
}

static void add_cpustats(const struct scene *s, struct bytes *out)
{
	char line[128];

	for (size_t b = 0; b < s->nr_buffers; b++) {
		snprintf(line, sizeof(line), "\nBuffer: %s\n\n", s->buffers[b].name);
		if (*s->buffers[b].name)
			add_text_option(out, OPT_CPUSTAT, line);
		for (unsigned int cpu = 0; cpu < s->o.nr_cpus; cpu++)
			add_cpustat(s, &s->buffers[b].lanes[cpu], cpu, out);
	}
}

static void add_tsc(const struct scene *s, struct bytes *out)
{
	struct bytes data = { .big_endian = s->o.big_endian };

	bytes_number(&data, s->o.tsc_mult, 4);
	bytes_number(&data, s->o.tsc_shift, 4);
	bytes_number(&data, s->o.tsc_offset, 8);
	scene_add_option(out, OPT_TSC2NSEC, data.p, data.len);
	bytes_free(&data);
}

void scene_metadata_options(const struct scene *s, struct bytes *out)
{
	char text[128];

	add_clock(s, out);
	if (*s->o.release) {
		snprintf(text, sizeof(text), "Linux car %s %s", s->o.release, s->o.machine);
		add_text_option(out, OPT_UNAME, text);
	}
	add_text_option(out, OPT_VERSION, "3.1.6 scene");
	if (s->o.ts_offset) {
		snprintf(text, sizeof(text), "%lld", (long long)s->o.ts_offset);
		add_text_option(out, OPT_OFFSET, text);
	}
	if (s->o.tsc_mult || s->o.tsc_shift)
		add_tsc(s, out);
	if (!s->o.no_cpustat)
		add_cpustats(s, out);
}
