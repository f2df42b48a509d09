// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * plugin_vmscan.c - what do the vmscan tracepoints say?
 *
 * nr_scanned of an isolate event includes the skipped pages. nr_requested is the number of pages it wanted to look at, not
 * the number it freed. A large difference between the two is the stall.
 */
#include <inttypes.h>

#include "decode/plugin_front.h"
#include "decode/zones.h"

/* clang-format off */
static const struct field_spec isolate_fields[] = {
	FIELD(isolate, classzone,	"highest_zoneidx|classzone_idx",	HAS_CLASSZONE),
	FIELD(isolate, order,		"order",				HAS_ORDER),
	FIELD(isolate, nr_requested,	"nr_requested",				HAS_REQUESTED),
	FIELD(isolate, nr_scanned,	"nr_scanned",				0),
	FIELD(isolate, nr_skipped,	"nr_skipped",				HAS_SKIPPED),
	FIELD(isolate, nr_taken,	"nr_taken",				HAS_TAKEN),
	FIELD(isolate, lru,		"lru",					HAS_LRU),
};

static const struct field_spec shrink_inactive_fields[] = {
	FIELD(shrink, nid,		"nid",					HAS_NID),
	FIELD(shrink, nr_scanned,	"nr_scanned",				0),
	FIELD(shrink, nr_reclaimed,	"nr_reclaimed",				HAS_RECLAIMED),
	FIELD(shrink, priority,		"priority",				HAS_PRIORITY),
	FIELD(shrink, reclaim_flags,	"reclaim_flags",			HAS_FLAGS),
};

static const struct field_spec shrink_active_fields[] = {
	FIELD(shrink, nid,		"nid",					HAS_NID),
	FIELD(shrink, nr_taken,		"nr_taken",				HAS_TAKEN),
	FIELD(shrink, nr_deactivated,	"nr_deactivated",			0),
	FIELD(shrink, priority,		"priority",				HAS_PRIORITY),
	FIELD(shrink, reclaim_flags,	"reclaim_flags",			HAS_FLAGS),
};

static const struct field_spec kswapd_fields[] = {
	FIELD(kswapd, nid,		"nid",					0),
	FIELD(kswapd, zid,		"zid",					HAS_ZID),
	FIELD(kswapd, order,		"order",				HAS_ORDER),
	FIELD(kswapd, gfp_flags,	"gfp_flags",				HAS_GFP),
};

static const struct field_spec reclaim_begin_fields[] = {
	FIELD(reclaim, order,		"order",				HAS_ORDER),
	FIELD(reclaim, gfp_flags,	"gfp_flags",				HAS_GFP),
	FIELD(reclaim, nid,		"nid",					HAS_NID),
};

static const struct field_spec reclaim_end_fields[] = {
	FIELD(reclaim, nr_reclaimed,	"nr_reclaimed",				HAS_RECLAIMED),
};

static const struct field_spec slab_start_fields[] = {
	FIELD(slab_shrink, shrinker,	"shr",					0),
	FIELD(slab_shrink, shrink_fn,	"shrink",				0),
	FIELD(slab_shrink, nid,		"nid",					HAS_NID),
	FIELD(slab_shrink, total_scan,	"total_scan",				HAS_SIZE),
	FIELD(slab_shrink, priority,	"priority",				HAS_PRIORITY),
};

static const struct field_spec slab_end_fields[] = {
	FIELD(slab_shrink, shrinker,	"shr",					0),
	FIELD(slab_shrink, shrink_fn,	"shrink",				0),
	FIELD(slab_shrink, nid,		"nid",					HAS_NID),
	FIELD(slab_shrink, total_scan,	"total_scan",				HAS_SIZE),
	FIELD(slab_shrink, freed,	"retval",				HAS_FREED),
};

static const struct field_spec throttled_fields[] = {
	FIELD(throttled, nid,		"nid",					HAS_NID),
	FIELD(throttled, usec_timeout,	"usec_timeout",				0),
	FIELD(throttled, usec_delayed,	"usec_delayed",				0),
	FIELD(throttled, reason,	"reason",				HAS_REASON),
};

static const struct field_spec writeback_fields[] = {
	FIELD(writeback, pfn,		"pfn",					0),
	FIELD(writeback, reclaim_flags,	"reclaim_flags",			HAS_FLAGS),
};
/* clang-format on */

static void reclaim_fixup(struct event *ev, const struct event_spec *spec)
{
	ev->reclaim.type = (uint8_t)spec->tag;
}

/* The share is cut, not rounded: nearly all of ten million pages must not read as 100 %. */
static void print_share(struct trace_seq *s, const char *name, uint64_t part, uint64_t all)
{
	uint64_t milli;

	if (!all || part > all)
		return;
	milli = (uint64_t)((double)part / (double)all * 100000);
	trace_seq_printf(s, " %s=%" PRIu64 ".%03" PRIu64 "%%", name, milli / 1000, milli % 1000);
}

static void print_bytes(struct trace_seq *s, const char *name, double bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
	unsigned int unit = 0;

	for (; bytes >= 1024 && unit < ARRAY_LEN(units) - 1; unit++)
		bytes /= 1024;
	trace_seq_printf(s, " %s=%.4g%s", name, bytes, units[unit]);
}

static void print_zone(struct trace_seq *s, struct tep_handle *tep, int32_t zone)
{
	const char *name = zone_symbol(tep, zone);

	if (name)
		trace_seq_printf(s, " zone=%s", name);
}

static int print_isolate(struct trace_seq *s, const struct event *ev, struct tep_event *format)
{
	const struct ev_lru_isolate *e = &ev->isolate;
	bool assumed;
	double bytes = (double)e->nr_scanned * page_size_load(format->tep, &assumed);
	/* Only the multi-generation LRU asks for more than SWAP_CLUSTER_MAX. It skips what it could not isolate, in any zone. */
	bool by_generations = event_has(ev, HAS_REQUESTED) && e->nr_requested > 32;

	if (event_has(ev, HAS_SKIPPED))
		print_share(s, by_generations ? "not_isolated" : "skipped", e->nr_skipped, e->nr_scanned);
	if (event_has(ev, HAS_REQUESTED) && e->nr_requested)
		trace_seq_printf(s, " amplification=%.1fx", (double)e->nr_scanned / (double)e->nr_requested);
	print_bytes(s, "walked", bytes);
	if (assumed)
		trace_seq_puts(s, "(if pages are 4KiB)");
	if (event_has(ev, HAS_CLASSZONE))
		print_zone(s, format->tep, e->classzone);
	return 0;
}

static int print_shrink_inactive(struct trace_seq *s, const struct event *ev, struct tep_event *format)
{
	(void)format;
	if (event_has(ev, HAS_RECLAIMED))
		print_share(s, "reclaimed", ev->shrink.nr_reclaimed, ev->shrink.nr_scanned);
	return 0;
}

/* The kernel's text leaves out the zone, which the record has. */
static int print_kswapd(struct trace_seq *s, const struct event *ev, struct tep_event *format)
{
	if (!event_has(ev, HAS_ZID))
		return 0;
	trace_seq_printf(s, " zid=%d", ev->kswapd.zid);
	print_zone(s, format->tep, ev->kswapd.zid);
	return 0;
}

/*
 * Names the reasons itself. The names in the format's own table are unresolved, so the library prints all four for bit 0
 * and none for the other bits.
 */
static int print_throttled(struct trace_seq *s, const struct event *ev, struct tep_event *format)
{
	static const char *const reasons[] = { "writeback", "isolated", "noprogress", "congested" };
	const char *delim = " because=";

	(void)format;
	for (unsigned int i = 0; i < ARRAY_LEN(reasons) && event_has(ev, HAS_REASON); i++) {
		if (!(ev->throttled.reason & 1u << i))
			continue;
		trace_seq_printf(s, "%s%s", delim, reasons[i]);
		delim = "|";
	}
	return 0;
}

/* clang-format off */
#define VMSCAN(kind_, name_, fields_, ...) \
	{ .kind = kind_, .system = "vmscan", .name = name_, FIELDS(fields_), __VA_ARGS__ }
#define BEGIN(name_, type_) \
	VMSCAN(EVENT_RECLAIM_BEGIN, name_, reclaim_begin_fields, .fixup = reclaim_fixup, .tag = type_)
#define END(name_, type_) \
	VMSCAN(EVENT_RECLAIM_END, name_, reclaim_end_fields, .fixup = reclaim_fixup, .tag = type_)

static const struct event_spec specs[] = {
	VMSCAN(EVENT_LRU_ISOLATE, "mm_vmscan_lru_isolate", isolate_fields, .print = print_isolate),
	VMSCAN(EVENT_LRU_SHRINK_INACTIVE, "mm_vmscan_lru_shrink_inactive", shrink_inactive_fields,
	       .print = print_shrink_inactive),
	VMSCAN(EVENT_LRU_SHRINK_ACTIVE, "mm_vmscan_lru_shrink_active", shrink_active_fields),
	VMSCAN(EVENT_KSWAPD_WAKE, "mm_vmscan_kswapd_wake", kswapd_fields, .print = print_kswapd),
	VMSCAN(EVENT_KSWAPD_SLEEP, "mm_vmscan_kswapd_sleep", kswapd_fields),
	VMSCAN(EVENT_WAKEUP_KSWAPD, "mm_vmscan_wakeup_kswapd", kswapd_fields, .print = print_kswapd),
	BEGIN("mm_vmscan_direct_reclaim_begin", RECLAIM_DIRECT),
	BEGIN("mm_vmscan_memcg_reclaim_begin", RECLAIM_MEMCG),
	BEGIN("mm_vmscan_memcg_softlimit_reclaim_begin", RECLAIM_SOFTLIMIT),
	BEGIN("mm_vmscan_node_reclaim_begin", RECLAIM_NODE),
	END("mm_vmscan_direct_reclaim_end", RECLAIM_DIRECT),
	END("mm_vmscan_memcg_reclaim_end", RECLAIM_MEMCG),
	END("mm_vmscan_memcg_softlimit_reclaim_end", RECLAIM_SOFTLIMIT),
	END("mm_vmscan_node_reclaim_end", RECLAIM_NODE),
	VMSCAN(EVENT_SHRINK_SLAB_START, "mm_shrink_slab_start", slab_start_fields),
	VMSCAN(EVENT_SHRINK_SLAB_END, "mm_shrink_slab_end", slab_end_fields),
	VMSCAN(EVENT_THROTTLED, "mm_vmscan_throttled", throttled_fields, .print = print_throttled),
	VMSCAN(EVENT_RECLAIM_WRITEBACK, "mm_vmscan_writepage", writeback_fields),
	VMSCAN(EVENT_RECLAIM_WRITEBACK, "mm_vmscan_write_folio", writeback_fields),
};
/* clang-format on */

VMSTALL_PLUGIN("page reclaim: who scanned how much, for whom", specs)
