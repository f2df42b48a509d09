// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * plugin_kmem.c - who allocates and frees kernel memory?
 *
 * libtraceevent's own kmem plugin prints the slab events already (with the function of the call site), so they have no
 * print here. It does not print the page events, and libtraceevent fails to parse their format on arm64.
 */
#include "decode/gfp.h"
#include "decode/plugin_front.h"

/* clang-format off */
static const struct field_spec page_fields[] = {
	FIELD(page, pfn,		"pfn",		0),
	FIELD(page, order,		"order",	HAS_ORDER),
	FIELD(page, migratetype,	"migratetype",	HAS_MIGRATETYPE),
	FIELD(page, gfp_flags,		"gfp_flags",	HAS_GFP),
};

static const struct field_spec slab_alloc_fields[] = {
	FIELD(slab, call_site,		"call_site",	0),
	FIELD(slab, ptr,		"ptr",		0),
	FIELD(slab, bytes_req,		"bytes_req",	0),
	FIELD(slab, bytes_alloc,	"bytes_alloc",	0),
	FIELD(slab, gfp_flags,		"gfp_flags",	HAS_GFP),
	FIELD(slab, node,		"node",		HAS_NID),
	FIELD_STR(slab, cache,		"name",		HAS_CACHE),
};

static const struct field_spec slab_free_fields[] = {
	FIELD(slab, call_site,		"call_site",	0),
	FIELD(slab, ptr,		"ptr",		0),
	FIELD_STR(slab, cache,		"name",		HAS_CACHE),
};
/* clang-format on */

/* A failed allocation has pfn -1UL, which a 32-bit kernel writes in four bytes. */
static void page_fixup(struct event *ev, const struct event_spec *spec)
{
	if (ev->page.pfn == UINT32_MAX)
		ev->page.pfn = UINT64_MAX;
	ev->page.batched = spec->tag;
}

static void slab_fixup(struct event *ev, const struct event_spec *spec)
{
	ev->slab.call = (uint8_t)spec->tag;
}

/* The kernel's own text has the names of the flags, so add them only where the library could not parse that text. */
static int print_page(struct trace_seq *s, const struct event *ev, struct tep_event *format)
{
	if (!((unsigned int)format->flags & TEP_EVENT_FL_FAILED))
		return 0;
	if (event_has(ev, HAS_GFP)) {
		trace_seq_puts(s, " gfp=");
		gfp_print(s, format->tep, ev->page.gfp_flags);
	}
	if (ev->page.pfn == UINT64_MAX)
		trace_seq_puts(s, " (failed)");
	return 0;
}

/* There is nothing to add: all fields of the event were printed already. */
static int print_fields_only(struct trace_seq *s, const struct event *ev, struct tep_event *format)
{
	(void)s, (void)ev, (void)format;
	return 0;
}

#define KMEM(kind_, name_, ...)                                             \
	{                                                                   \
		.kind = kind_, .system = "kmem", .name = name_, __VA_ARGS__ \
	}

static const struct event_spec specs[] = {
	KMEM(EVENT_PAGE_ALLOC, "mm_page_alloc", FIELDS(page_fields), .fixup = page_fixup, .print = print_page),
	KMEM(EVENT_PAGE_FREE, "mm_page_free", FIELDS(page_fields), .fixup = page_fixup, .print = print_page),
	KMEM(EVENT_PAGE_FREE, "mm_page_free_batched", FIELDS(page_fields), .fixup = page_fixup, .print = print_page,
		.tag = 1),
	KMEM(EVENT_SLAB_ALLOC, "kmalloc", FIELDS(slab_alloc_fields), .fixup = slab_fixup, .tag = SLAB_KMALLOC),
	KMEM(EVENT_SLAB_ALLOC, "kmalloc_node", FIELDS(slab_alloc_fields), .fixup = slab_fixup,
		.tag = SLAB_KMALLOC_NODE),
	KMEM(EVENT_SLAB_ALLOC, "kmem_cache_alloc", FIELDS(slab_alloc_fields), .fixup = slab_fixup,
		.tag = SLAB_CACHE_ALLOC),
	KMEM(EVENT_SLAB_ALLOC, "kmem_cache_alloc_node", FIELDS(slab_alloc_fields), .fixup = slab_fixup,
		.tag = SLAB_CACHE_ALLOC_NODE),
	KMEM(EVENT_SLAB_FREE, "kfree", FIELDS(slab_free_fields)),
	KMEM(EVENT_SLAB_FREE, "kmem_cache_free", FIELDS(slab_free_fields)),
	/* These are only printed, not decoded. */
	KMEM(EVENT_OTHER, "mm_page_alloc_extfrag", .print = print_fields_only),
	KMEM(EVENT_OTHER, "mm_page_alloc_zone_locked", .print = print_fields_only),
	KMEM(EVENT_OTHER, "mm_page_pcpu_drain", .print = print_fields_only),
};

VMSTALL_PLUGIN("kernel memory: pages and slab objects, allocated and freed", specs)
