// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * plugin_front.c - how does trace-cmd print what our tables decode?
 *
 * The kernel's own text comes first, word for word, then the text that print() adds. The handler has only its spec. It binds
 * the spec anew for each record, because a plugin may serve several recordings at a time.
 */
#include "decode/plugin_front.h"

#include "decode/decode.h"

static bool decode(
	const struct event_spec *spec, const struct tep_record *record, struct tep_event *format, struct event *ret)
{
	struct event_binding b;

	*ret = (struct event){ .ts = record->ts, .offset = record->offset, .cpu = (uint16_t)record->cpu };
	return record->size >= 0 && event_bind(format->tep, format, spec, &b, NULL) == 0 &&
	       event_decode(&b, record->data, (size_t)record->size, ret);
}

/* The library can't parse the print format of some events (mm_page_alloc, arm64). Of these, print every field as it is. */
static void print_kernel_text(struct trace_seq *s, struct tep_record *record, struct tep_event *format)
{
	const int flags = format->flags;

	if ((unsigned int)flags & TEP_EVENT_FL_FAILED) {
		tep_print_fields(s, record->data, record->size, format);
		return;
	}
	format->flags |= (int)TEP_EVENT_FL_NOHANDLE;
	tep_print_event(format->tep, s, record, "%s", TEP_PRINT_INFO);
	format->flags = flags;
}

/* Returns non-zero when it printed nothing. The library then prints the record in its own way. */
static int print_record(struct trace_seq *s, struct tep_record *record, struct tep_event *format, void *context)
{
	const struct event_spec *spec = context;
	struct event ev;

	if (!decode(spec, record, format, &ev))
		return 1;
	print_kernel_text(s, record, format);
	spec->print(s, &ev, format);
	return 0;
}

int plugin_front_load(struct tep_handle *tep, const struct event_table *table)
{
	const struct event_spec *spec;

	for (uint32_t i = 0; i < table->nr_specs; i++) {
		spec = &table->specs[i];
		if (spec->print &&
			tep_register_event_handler(tep, -1, spec->system, spec->name, print_record, (void *)spec) < 0)
			return -1;
	}
	return 0;
}

int plugin_front_unload(struct tep_handle *tep, const struct event_table *table)
{
	const struct event_spec *spec;

	for (uint32_t i = 0; i < table->nr_specs; i++) {
		spec = &table->specs[i];
		if (spec->print)
			tep_unregister_event_handler(tep, -1, spec->system, spec->name, print_record, (void *)spec);
	}
	return 0;
}
