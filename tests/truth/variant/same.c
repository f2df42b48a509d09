// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * same.c - how would the same recording be, had the machine begun at another time, or numbered and named otherwise?
 *
 * Each of these changes but skew and regroup is its own inverse, or nearly: tests/truth/metamorph.py undoes it.
 */
#include "variant.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIDS = 1000000, COMM_LEN = 16 };

/* How a machine is told anew; what is NULL or 0 stays. */
struct words {
	uint32_t (*pid)(uint32_t pid);
	void (*name)(char *name, size_t size);
	unsigned int nr_cpus;	/* CPU n becomes nr_cpus - 1 - n */
	uint64_t later;		/* ns */
};

/* --- text of the file's options --- */

static void replace(struct bytes *text, const char *new)
{
	text->len = 0;
	bytes_string(text, new);
}

/* The loss counters of a CPU, as "CPU: 3\n...oldest event ts:   10.000001\n". */
static void change_stat_line(const struct words *w, const char *line, char *out, size_t room)
{
	const char *colon = strstr(line, "ts: ");
	unsigned int cpu;
	double seconds;

	if (w->nr_cpus && sscanf(line, "CPU: %u", &cpu) == 1)
		snprintf(out, room, "CPU: %u", w->nr_cpus - 1 - cpu);
	else if (w->later && colon && strchr(colon, '.') && sscanf(colon + 4, "%lf", &seconds) == 1)
		snprintf(out, room, "%.*s %12.6f", (int)(colon + 3 - line), line, seconds + (double)w->later / 1e9);
	else
		snprintf(out, room, "%s", line);
}

static void change_stat(const struct words *w, struct bytes *text)
{
	char out[4096] = "", line[256], *rest = (char *)text->p, *save;

	for (char *s = strtok_r(rest, "\n", &save); s; s = strtok_r(NULL, "\n", &save)) {
		change_stat_line(w, s, line, sizeof(line));
		strncat(out, line, sizeof(out) - strlen(out) - 2);
		strcat(out, "\n");
	}
	replace(text, out);
}

/* The saved names: u64 size, then "pid comm\n" of each. */
static void change_cmdlines(const struct words *w, struct bytes *data)
{
	struct bytes out = { 0 };
	char *text = strndup((char *)data->p + 8, data->len - 8), *save, line[64], name[COMM_LEN + 1] = "";
	unsigned int pid;

	for (char *s = strtok_r(text, "\n", &save); s; s = strtok_r(NULL, "\n", &save)) {
		memset(name, 0, sizeof(name));
		if (sscanf(s, "%u %16[^\n]", &pid, name) < 1)
			continue;
		if (w->name)
			w->name(name, sizeof(name));
		snprintf(line, sizeof(line), "%u %s\n", w->pid ? w->pid(pid) : pid, name);
		bytes_add(&out, line, strlen(line));
	}
	data->len = 0;
	bytes_number(data, out.len, 8);
	bytes_add(data, out.p, out.len);
	bytes_free(&out);
	free(text);
}

/* --- records --- */

/* "swapper/3", and others that are named after their CPU. */
static void rename_for_cpu(const struct words *w, char *name, size_t size)
{
	static const char *const named[] = { "swapper/", "migration/", "ksoftirqd/", "cpuhp/", "rcuc/", "ktimers/" };
	char new[COMM_LEN] = "";
	unsigned int cpu;

	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++) {
		size_t len = strlen(named[i]);

		if (strncmp(name, named[i], len) || sscanf(name + len, "%u", &cpu) != 1 || cpu >= w->nr_cpus)
			continue;
		snprintf(new, sizeof(new), "%s%u", named[i], w->nr_cpus - 1 - cpu);
		if (strlen(new) < size)
			strcpy(name, new);
	}
}

static void change_field(const struct words *w, const struct edit_field *f, const struct scene_record *r)
{
	bool number = f->kind == EDIT_PID || f->kind == EDIT_CPU;
	unsigned char *p = f->kind ? edit_place(f, r) : NULL;
	uint64_t value = number ? edit_get(p, 4) : 0;
	size_t size = p && f->dynamic ? strlen((char *)p) + 1 : f->size;

	if (f->kind == EDIT_PID && w->pid)
		edit_put(p, w->pid((uint32_t)value), 4);
	if (f->kind == EDIT_CPU && w->nr_cpus && value < w->nr_cpus)
		edit_put(p, w->nr_cpus - 1 - value, 4);
	if (f->kind == EDIT_NAME && w->name)
		w->name((char *)p, size);
	if (f->kind == EDIT_NAME && w->nr_cpus)
		rename_for_cpu(w, (char *)p, size);
}

static void change_lane(const struct edit *e, const struct words *w, struct edit_lane *lane)
{
	if (w->nr_cpus)
		lane->cpu = w->nr_cpus - 1 - lane->cpu;
	for (size_t i = 0; i < lane->records.nr; i++) {
		struct scene_record *r = &lane->records.records[i];
		const struct edit_event *event = e->events[edit_id(r)];

		r->ts += w->later;
		for (size_t f = 0; event && f < event->nr; f++)
			change_field(w, &event->fields[f], r);
	}
}

static int by_cpu(const void *a, const void *b)
{
	const struct edit_lane *x = a, *y = b;

	return (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

static void tell_anew(struct edit *e, struct words w)
{
	struct edit_section *cmdlines = edit_section(e, OPT_CMDLINES);

	for_each_lane(e, b, l)
		change_lane(e, &w, l);
	for (size_t b = 0; b < e->nr_buffers; b++)
		qsort(e->buffers[b].lanes, e->buffers[b].nr_lanes, sizeof(*e->buffers[b].lanes), by_cpu);
	for (size_t i = 0; i < e->nr_other; i++)
		if (e->other[i].id == OPT_CPUSTAT)
			change_stat(&w, &e->other[i].data);
	if (cmdlines && cmdlines->data.len > 8)
		change_cmdlines(&w, &cmdlines->data);
}

/* --- the changes --- */

void shift_time(struct edit *e, const char *seconds)
{
	tell_anew(e, (struct words){ .later = strtoull(seconds, NULL, 10) * 1000000000 });
}

void swap_cpus(struct edit *e, const char *none)
{
	(void)none;
	tell_anew(e, (struct words){ .nr_cpus = edit_nr_cpus(e) });
}

static uint32_t other_pid(uint32_t pid)
{
	return pid && pid < PIDS ? PIDS - pid : pid;
}

void swap_pids(struct edit *e, const char *none)
{
	(void)none;
	tell_anew(e, (struct words){ .pid = other_pid });
}

/* The kernel's own threads are called what they are. */
static bool kernels_own(const char *name)
{
	static const char *const own[] = { "swapper", "kswapd", "kworker", "migration/", "ksoftirqd/", "kcompactd",
		"khugepaged", "rcu", "cpuhp/", "ktimers/", "irq/", "jbd2/", "idle_inject/", "trace-cmd", "<" };

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (!strncmp(name, own[i], strlen(own[i])))
			return true;
	return false;
}

/* Letters are turned by 13 places. */
static void other_name(char *name, size_t size)
{
	if (kernels_own(name))
		return;
	for (size_t i = 0; i < size && name[i]; i++)
		if (isalpha((unsigned char)name[i]) && isascii((unsigned char)name[i]))
			name[i] = (char)(tolower(name[i]) < 'n' ? name[i] + 13 : name[i] - 13);
}

void swap_names(struct edit *e, const char *none)
{
	(void)none;
	tell_anew(e, (struct words){ .name = other_name });
}

/* Every other CPU's clock is ahead, as clocks of one CPU each may be. */
void skew_clocks(struct edit *e, const char *microseconds)
{
	uint64_t ahead = strtoull(microseconds, NULL, 10) * 1000;
	size_t kept = 0;

	for_each_lane(e, b, l)
		for (size_t i = 0; l->cpu & 1 && i < l->records.nr; i++)
			l->records.records[i].ts += ahead;
	for (size_t b = 0; b < e->nr_buffers; b++) {
		free(e->buffers[b].clock);
		e->buffers[b].clock = strdup("local");
	}
	for (size_t i = 0; i < e->nr_other; i++) {	/* TRACECLOCK says it again */
		if (e->other[i].id == OPT_TRACECLOCK)
			bytes_free(&e->other[i].data);
		else
			e->other[kept++] = e->other[i];
	}
	e->nr_other = kept;
}

void regroup_pages(struct edit *e, const char *records)
{
	e->options.page_events = (unsigned int)strtoul(records, NULL, 10);
	for_each_lane(e, b, l)
		for (size_t i = 0; i < l->records.nr; i++)
			l->records.records[i].starts = false;
}
