// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * plugin_writeback.c - who was made to wait for writeback?
 *
 * The reclaim throttle of kernels up to 5.15; its successor is vmscan:mm_vmscan_throttled.
 */
#include "decode/plugin_front.h"

/* clang-format off */
static const struct field_spec fields[] = {
	FIELD(throttled, usec_timeout,	"usec_timeout",	0),
	FIELD(throttled, usec_delayed,	"usec_delayed",	0),
};
/* clang-format on */

#define WRITEBACK(name_)                                                                      \
	{                                                                                     \
		.kind = EVENT_THROTTLED, .system = "writeback", .name = name_, FIELDS(fields) \
	}

static const struct event_spec specs[] = {
	WRITEBACK("writeback_congestion_wait"),
	WRITEBACK("writeback_wait_iff_congested"),
};

VMSTALL_PLUGIN("writeback: tasks throttled", specs)
