// SPDX-License-Identifier: LGPL-2.1-or-later
/* plugin_compaction.c - when is memory being compacted, and for how long? */
#include "decode/plugin_front.h"

/* clang-format off */
static const struct field_spec fields[] = {
	FIELD(compaction, zone_start,	"zone_start",	0),
	FIELD(compaction, zone_end,	"zone_end",	0),
	FIELD(compaction, sync,		"sync",		HAS_FLAGS),
	FIELD(compaction, status,	"status",	HAS_STATUS),
};
/* clang-format on */

#define COMPACTION(kind_, name_)                                                     \
	{                                                                            \
		.kind = kind_, .system = "compaction", .name = name_, FIELDS(fields) \
	}

static const struct event_spec specs[] = {
	COMPACTION(EVENT_COMPACTION_BEGIN, "mm_compaction_begin"),
	COMPACTION(EVENT_COMPACTION_END, "mm_compaction_end"),
};

VMSTALL_PLUGIN("compaction: begin and end", specs)
