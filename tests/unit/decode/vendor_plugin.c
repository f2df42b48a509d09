// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * vendor_plugin.c - a plugin such as another vendor would write, and broken variants of it
 *
 * Built several times. VENDOR_ABI, VENDOR_OFFSET and VENDOR_NO_TABLE select the defect.
 */
#include "decode/plugin_front.h"

#ifndef VENDOR_NO_TABLE

#ifndef VENDOR_ABI
#define VENDOR_ABI EVENT_TABLE_ABI
#endif
#ifndef VENDOR_OFFSET
#define VENDOR_OFFSET offsetof(struct event, reclaim.order)
#endif

static const struct field_spec fields[] = {
	{ "order", VENDOR_OFFSET, sizeof(int32_t), FIELD_INT, 0 },
};

static const struct event_spec specs[] = {
	{ .kind = EVENT_RECLAIM_BEGIN, .system = "vendor", .name = "reclaim_begin", FIELDS(fields), .tag = 77 },
	{ .kind = EVENT_RECLAIM_BEGIN,
		.system = "vmscan",
		.name = "mm_vmscan_direct_reclaim_begin",
		FIELDS(fields),
		.tag = 77 },
	{ .kind = EVENT_OTHER, .system = "vendor", .name = "printed_only" },
};

extern const struct event_table vmstall_event_table;
PLUGIN_EXPORT const struct event_table vmstall_event_table = { VENDOR_ABI, sizeof(struct event), "a vendor's", specs,
	3 };

#endif

int TEP_PLUGIN_LOADER(struct tep_handle *tep);
PLUGIN_EXPORT int TEP_PLUGIN_LOADER(struct tep_handle *tep)
{
	(void)tep;
	return 0;
}
