// SPDX-License-Identifier: LGPL-2.1-or-later
/* edit_fields.c - which bytes of a record are a pid, a CPU or a name? The recording's own formats say it. */
#include "edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t edit_get(const unsigned char *p, size_t size)
{
	uint64_t value = 0;

	memcpy(&value, p, size);
	return value;
}

void edit_put(unsigned char *p, uint64_t value, size_t size)
{
	memcpy(p, &value, size);
}

unsigned int edit_id(const struct scene_record *r)
{
	return (unsigned int)edit_get(r->data, 2);
}

unsigned char *edit_place(const struct edit_field *f, const struct scene_record *r)
{
	return r->data + (f->dynamic ? edit_get(r->data + f->offset, 2) : f->offset);
}

const struct edit_event *edit_event(const struct edit *e, const char *name)
{
	for (size_t i = 0; i < sizeof(e->events) / sizeof(*e->events); i++)
		if (e->events[i] && !strcmp(e->events[i]->name, name))
			return e->events[i];
	return NULL;
}

const struct edit_field *edit_field(const struct edit_event *event, const char *name)
{
	for (size_t i = 0; i < event->nr; i++)
		if (!strcmp(event->fields[i].name, name))
			return &event->fields[i];
	return NULL;
}

static bool ends_with(const char *s, const char *end)
{
	size_t len = strlen(s), tail = strlen(end);

	return len >= tail && !strcmp(s + len - tail, end);
}

static enum edit_field_kind kind_of(const struct edit_field *f, bool array)
{
	static const char *const cpus[] = { "cpu", "target_cpu", "orig_cpu", "dest_cpu", "src_cpu", "dst_cpu", "cpu_id" };

	if (ends_with(f->name, "comm") && (array || f->dynamic))
		return EDIT_NAME;
	if (ends_with(f->name, "pid") && f->size == 4)
		return EDIT_PID;
	for (size_t i = 0; f->size == 4 && i < sizeof(cpus) / sizeof(*cpus); i++)
		if (!strcmp(f->name, cpus[i]))
			return EDIT_CPU;
	return EDIT_OTHER;
}

/* "\tfield:char prev_comm[16];\toffset:8;\tsize:16;\tsigned:0;": the name is the last word before any bracket. */
static void note_field(struct edit_event *event, const char *line)
{
	struct edit_field f = { 0 };
	char decl[128], *bracket, *name;

	if (sscanf(line, "\tfield:%127[^;];\toffset:%u;\tsize:%u;", decl, &f.offset, &f.size) != 3)
		return;
	f.dynamic = !strncmp(decl, "__data_loc", 10);
	bracket = f.dynamic ? NULL : strchr(decl, '[');
	if (bracket)
		*bracket = '\0';
	name = strrchr(decl, ' ');
	snprintf(f.name, sizeof(f.name), "%.39s", name ? name + 1 : decl);
	f.kind = kind_of(&f, bracket);
	event->fields = scene_grow(event->fields, &event->cap, event->nr, sizeof(*event->fields));
	event->fields[event->nr++] = f;
}

static void note_event(struct edit *e, const char *text, size_t len)
{
	struct edit_event event = { 0 }, *new;
	char *copy = strndup(text, len), *save, *line = strtok_r(copy, "\n", &save);

	for (; line; line = strtok_r(NULL, "\n", &save)) {
		sscanf(line, "name: %63s", event.name);
		sscanf(line, "ID: %u", &event.id);
		note_field(&event, line);
	}
	free(copy);
	if (event.id >= sizeof(e->events) / sizeof(*e->events) || e->events[event.id])
		scene_oops("two events of one number, or a number too large: %u", event.id);
	new = scene_alloc(NULL, 1, sizeof(*new));
	*new = event;
	e->events[event.id] = new;
}

/* u32 systems; of each its name, u32 events; of each u64 size and text. */
void edit_learn_events(struct edit *e)
{
	const struct edit_section *formats = edit_section(e, OPT_EVENT_FORMATS);
	const unsigned char *p = formats ? formats->data.p : NULL;
	uint64_t systems = p ? edit_get(p, 4) : 0, events;

	for (p += p ? 4 : 0; systems; systems--) {
		p += strlen((const char *)p) + 1;
		events = edit_get(p, 4);
		for (p += 4; events; events--) {
			note_event(e, (const char *)p + 8, edit_get(p, 8));
			p += 8 + edit_get(p, 8);
		}
	}
}

bool *edit_ids(const struct edit *e, const char *list)
{
	const size_t nr = sizeof(e->events) / sizeof(*e->events);
	bool *ids = scene_alloc(NULL, nr, sizeof(*ids));

	memset(ids, 0, nr);
	for (size_t i = 0; i < nr; i++)
		for (const char *s = list; e->events[i] && *s; s += strcspn(s, ","), s += *s == ',')
			ids[i] |= !strncmp(e->events[i]->name, s, strcspn(s, ","));
	return ids;
}
