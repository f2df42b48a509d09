// SPDX-License-Identifier: LGPL-2.1-or-later
/* readback.c - what does libtracecmd make of a recording? */
#include "readback.h"

#include <errno.h>
#include <event-parse.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <trace-cmd.h>

#include "bytes.h"

int64_t seen_number(const struct seen *seen, const char *field)
{
	struct tep_format_field *f = tep_find_any_field((struct tep_event *)seen->format, field);
	unsigned long long value;

	if (!f || tep_read_number_field(f, seen->record->data, &value))
		scene_oops("%s has no number %s", seen->format->name, field);
	if (f->flags & TEP_FIELD_IS_SIGNED && f->size < 8)
		value = (unsigned long long)((long long)(value << (64 - 8 * f->size)) >> (64 - 8 * f->size));
	return (int64_t)value;
}

const char *seen_string(const struct seen *seen, const char *field)
{
	struct tep_format_field *f = tep_find_any_field((struct tep_event *)seen->format, field);
	unsigned long long where;

	if (!f)
		scene_oops("%s has no string %s", seen->format->name, field);
	if (!(f->flags & TEP_FIELD_IS_DYNAMIC))
		return (const char *)seen->record->data + f->offset;
	where = tep_read_number(seen->format->tep, (const char *)seen->record->data + f->offset, f->size);
	return (const char *)seen->record->data + (where & 0xffff);
}

static void read_buffer(struct tracecmd_input *in, const char *name, seen_fn *fn, void *data)
{
	struct tep_handle *tep = tracecmd_get_tep(in);
	struct tep_record *rec;

	for (int cpu = 0; cpu < tep_get_cpus(tep); cpu++)
		while ((rec = tracecmd_read_data(in, cpu))) {
			struct seen seen = {
				.buffer = name,
				.format = tep_find_event_by_record(tep, rec),
				.record = rec,
				.ts = rec->ts,
				.missed = rec->missed_events,
				.cpu = cpu,
				.pid = tep_data_pid(tep, rec),
				.flags = tep_data_flags(tep, rec),
				.preempt = tep_data_preempt_count(tep, rec),
			};

			fn(data, &seen);
			tracecmd_free_record(rec);
		}
}

bool read_back(const char *path, seen_fn *fn, void *data)
{
	struct tracecmd_input *in = tracecmd_open(path, TRACECMD_FL_LOAD_NO_PLUGINS), *buffer;

	if (!in)
		return false;
	read_buffer(in, "", fn, data);
	for (int i = 0; i < tracecmd_buffer_instances(in); i++) {
		buffer = tracecmd_buffer_instance_handle(in, i);
		if (!buffer)
			scene_oops("buffer %d of %s can't be read", i, path);
		read_buffer(buffer, tracecmd_buffer_instance_name(in, i), fn, data);
		tracecmd_close(buffer);
	}
	tracecmd_close(in);
	return true;
}

const char *scratch_file(const char *name)
{
	static char path[256];

	mkdir("scratch", 0777);
	snprintf(path, sizeof(path), "scratch/%s.%s", program_invocation_short_name, name);	/* tests run side by side */
	return path;
}
