/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plugin_front.h - what every plugin is made of: one table, two front doors
 *
 * A plugin file consists of its fields, its specs, functions to print them, and VMSTALL_PLUGIN(). vmstall reads the table.
 * trace-cmd and KernelShark call the loader, which registers a handler for each tracepoint that has a print.
 * libtraceevent opens plugins RTLD_GLOBAL, so nothing but the table, the loader and the unloader may be visible.
 */
#ifndef VMSTALL_DECODE_PLUGIN_FRONT_H
#define VMSTALL_DECODE_PLUGIN_FRONT_H

#include <traceevent/event-parse.h>
#include <traceevent/trace-seq.h>

#include "vmstall/event.h"

#define ARRAY_LEN(a)  (sizeof(a) / sizeof((a)[0]))
#define FIELDS(a)     .fields = (a), .nr_fields = ARRAY_LEN(a)
#define PLUGIN_EXPORT __attribute__((visibility("default")))

int plugin_front_load(struct tep_handle *tep, const struct event_table *table);
int plugin_front_unload(struct tep_handle *tep, const struct event_table *table);

/* The loader must use its own table_: with many plugins in a process, the exported name is the first plugin's table. */
#define VMSTALL_PLUGIN(about_, specs_)                                                                               \
	static const struct event_table table_ = { EVENT_TABLE_ABI, sizeof(struct event), about_, specs_,            \
		ARRAY_LEN(specs_) };                                                                                 \
	extern const struct event_table vmstall_event_table __attribute__((alias("table_"), visibility("default"))); \
	PLUGIN_EXPORT int TEP_PLUGIN_LOADER(struct tep_handle *tep);                                                 \
	PLUGIN_EXPORT int TEP_PLUGIN_UNLOADER(struct tep_handle *tep);                                               \
	int TEP_PLUGIN_LOADER(struct tep_handle *tep)                                                                \
	{                                                                                                            \
		return plugin_front_load(tep, &table_);                                                              \
	}                                                                                                            \
	int TEP_PLUGIN_UNLOADER(struct tep_handle *tep)                                                              \
	{                                                                                                            \
		return plugin_front_unload(tep, &table_);                                                            \
	}

#endif
