// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * advice.c - what does a diagnosis mean, what can be done, and which source says so?
 *
 * The text says whether a remedy was tried on a machine or only follows from the kernel's code.
 */
#include "model/report.h"

#include <string.h>

#define FIX_RESERVE_DMA \
	"sysctl -w vm.lowmem_reserve_ratio=\"30 30 30 0\" reserves a part of the low zone for requests that need " \
	"that zone: 1/30 of the memory above it (by default 1/256). Ordinary allocations leave that part alone.\n"
#define FIX_RESERVE \
	"If zone DMA ran dry: sysctl -w vm.lowmem_reserve_ratio=\"30 30 30 0\" reserves a part of it for " \
	"requests that need DMA: 1/30 of the memory above it (by default 1/256). For another zone, lower that " \
	"zone's entry.\n"
#define FIX_CAP \
	"Bound the scan: kernel 6.14 or later, or a backport of \"mm/vmscan: fix hard LOCKUP in function " \
	"isolate_lru_folios\", which ends the skipping at 32768 folios.\n"
#define FIX_MGLRU \
	"Use the multi-generation LRU, which keeps its lists per zone (6.1 or later, CONFIG_LRU_GEN): echo y " \
	">/sys/kernel/mm/lru_gen/enabled. Tried on 6.12, in an emulated machine: no scan walked more than 4096 " \
	"folios, but tasks were in direct reclaim for seconds; vmstall reclaim shows whether yours are.\n"
#define FIX_CGROUP \
	"Put the tasks that fill the page cache into a cgroup with memory.high or memory.max: reclaim for a " \
	"cgroup wants pages of any zone and skips none.\n"
#define FIX_DMA \
	"Ask for less from the low zone: a 64-bit DMA mask in the driver, the IOMMU on, or a pool set aside at " \
	"boot."
#define FIX_MOVABLE \
	"Do without the higher zone, if it is Movable: no movablecore= or kernelcore=, no hotplug with " \
	"online_movable."
#define SRC_ZONE \
	"lowmem_reserve_ratio: admin-guide/sysctl/vm.rst; it cured the published freeze of a Jetson Orin (Linux " \
	"5.15), where it was found by trial. The cap: mm/vmscan.c since 6.14. Lists per zone: " \
	"admin-guide/mm/multigen_lru.rst. The others follow from mm/vmscan.c and were not measured."

#define FIX_HOST \
	"In a virtual machine: look at steal time, and give the virtual CPUs cores of their own. On hardware: " \
	"look for firmware interrupts with the kernel's hwlat tracer."
#define SRC_PAUSE \
	"Reasoning from the recording: the CPU executed nothing it would have recorded."
#define FIX_DIRTY \
	"Keep fewer dirty pages waiting: lower vm.dirty_background_bytes and vm.dirty_bytes, so that reclaim " \
	"finds clean pages."

#define WHY_MISMATCH(held) \
	"The reclaim wanted pages of a low zone, but the list held almost only pages of higher zones. Skipped " \
	"pages do not count towards the number that a scan may look at, so one scan walked on and on. All that " \
	"time it held lru_lock " held "."
#define WHY_EXHAUSTED(held) \
	"No page on the list was of a zone that the reclaim could use. The scan walked and skipped all of them " \
	"and took nothing. All that time it held lru_lock " held ". The next scan of that list costs as much again."
#define WHY_CAP \
	"The scan skipped pages of higher zones until it met the limit of 32768 folios that kernels since 6.14 " \
	"have. The limit bounds one hold; many of them in a row still add up."

static const struct advice advices[NR_DIAGNOSES] = {
	[DIAGNOSIS_NONE] = {
		.why = "What was recorded does not say why.",
		.remedy = "",
		.source = "",
	},
	[DIAGNOSIS_CMA_SKIP] = {
		.why =
			"Every zone was allowed, and still the scan skipped pages: CMA pages. Some kernels (about 6.5 to "
			"6.10, and vendor backports) skip CMA pages without a limit when direct reclaim works for an "
			"unmovable allocation.",
		.remedy =
			"Use a kernel without \"mm: skip CMA pages when they are not available\": it was reverted in "
			"6.11.\n"
			FIX_CAP
			"Make the CMA area smaller (cma= on the kernel command line).",
		.source = "mm/vmscan.c of 6.8 and 6.12; mainline commits 5da226dbfce3 and, its revert, bfe0857c20c6.",
	},
	[DIAGNOSIS_BUSY_PAGES] = {
		.why =
			"The scan looked at many pages that it could not take: busy, mapped, used again, or about to be "
			"freed. This is not a matter of zones.",
		.remedy =
			"Keep the list shorter: bound the page cache of the writers (memory.high on their cgroup), "
			"or write past the page cache (O_DIRECT).",
		.source = "Reasoning from mm/vmscan.c; no single setting is known to cure it.",
	},
	[DIAGNOSIS_LONG_LIST] = {
		.why =
			"One scan looked at unusually many pages and took them. A scan is normally asked for 32 pages; "
			"the multi-generation LRU asks for up to 4096 folios.",
		.remedy = "Record lock:contention_begin and lock:contention_end as well, to see who waited for whom.",
		.source = "Reasoning from mm/vmscan.c.",
	},
	[DIAGNOSIS_HOLDER_PAUSED] = {
		.why =
			"The scan was short and its hold long: the CPU that held lru_lock was not executing "
			"meanwhile. Something beneath the kernel stopped it: a hypervisor, or firmware.",
		.remedy = FIX_HOST,
		.source = SRC_PAUSE,
	},
	[DIAGNOSIS_RECLAIM_PRESSURE] = {
		.why =
			"The task had to reclaim memory itself before its allocations could succeed: free memory was "
			"below the min watermark, and kswapd did not keep up.",
		.remedy =
			"Wake kswapd earlier: raise vm.watermark_scale_factor (10 means 0.1 % of memory), or "
			"vm.min_free_kbytes.\n"
			"Bound those who fill the memory: memory.high on their cgroup.",
		.source = "admin-guide/sysctl/vm.rst; admin-guide/cgroup-v2.rst.",
	},
	[DIAGNOSIS_MEMCG_LIMIT] = {
		.why =
			"The task's cgroup was at its memory limit, so the task had to reclaim pages of that cgroup "
			"before it could get a new one.",
		.remedy =
			"Give the cgroup more memory: raise memory.max (or memory.high, where that is the limit in "
			"use).\n"
			FIX_DIRTY,
		.source =
			"admin-guide/cgroup-v2.rst. Measured on 6.1: dirty page cache on a slow disk made 1.87 s out "
			"of 18 such reclaims.",
	},
	[DIAGNOSIS_SLOW_SHRINKER] = {
		.why =
			"A cache's shrinker took the time: reclaim called it to free kernel objects, and it did not "
			"come back soon.",
		.remedy =
			"See which shrinker it was (its function is in the event; needs the kernel's symbols), and "
			"look for the owner of that cache: a file system, a driver.",
		.source = "mm/vmscan.c: shrink_slab.",
	},
	[DIAGNOSIS_COMPACTION] = {
		.why =
			"An allocation wanted contiguous pages, and the kernel had to move others out of the way "
			"first.",
		.remedy =
			"Compact in the background: vm.compaction_proactiveness (5.9 or later).\n"
			"Keep huge pages from waiting for it: echo defer >/sys/kernel/mm/transparent_hugepage/defrag",
		.source = "admin-guide/sysctl/vm.rst; admin-guide/mm/transhuge.rst.",
	},
	[DIAGNOSIS_THROTTLED] = {
		.why =
			"Reclaim put the task to sleep: the pages it found were under writeback, or taken off the "
			"list by others.",
		.remedy = FIX_DIRTY,
		.source = "admin-guide/sysctl/vm.rst; mm/vmscan.c: reclaim_throttle, before 5.16 congestion_wait.",
	},
	[DIAGNOSIS_LOCK_OTHER] = {
		.why =
			"CPUs waited for a lock with interrupts off, and no recorded scan held lru_lock for that "
			"long.",
		.remedy =
			"Record lock:contention_begin and lock:contention_end with kernel stacks (trace-cmd record "
			"-T), to see which lock.",
		.source = "Reasoning from the recording.",
	},
	[DIAGNOSIS_MACHINE_PAUSED] = {
		.why =
			"All CPUs fell silent in the same instant and went on together, and nothing recorded held "
			"them: the machine itself was paused by a hypervisor, by firmware, or by suspend.",
		.remedy = FIX_HOST,
		.source = SRC_PAUSE,
	},
	[DIAGNOSIS_STOP_MACHINE] = {
		.why =
			"Every CPU switched to its stopper thread (migration/N) and waited for the others: the "
			"kernel stopped the machine on purpose, as it does to patch code or to take a CPU offline.",
		.remedy =
			"See who asked for it: record with kernel stacks (trace-cmd record -T), and the cpuhp and "
			"module events.",
		.source = "Reasoning from the recording; kernel/stop_machine.c.",
	},
	[DIAGNOSIS_GENERATIONS] = {
		.why =
			"A scan of the multi-generation LRU looked at up to 4096 folios in one hold and took few. The others were "
			"of a higher zone than the reclaim could use, used again, or busy: the event does not tell these apart.",
		.remedy =
			FIX_RESERVE
			"Keep the list shorter: bound the page cache of the writers (memory.high on their cgroup), "
			"or write past the page cache (O_DIRECT).",
		.source = "mm/vmscan.c of 6.12 and 7.2: scan_folios, sort_folio, isolate_folio. Not measured.",
	},
	[DIAGNOSIS_LOCK_TURNS] = {
		.why =
			"While these CPUs waited, others scanned one after the other, and each held lru_lock for a short "
			"time. A waiter gets its turn late, and very late where a hypervisor does not run it when its "
			"turn comes.",
		.remedy =
			"Have fewer tasks reclaim at once: wake kswapd earlier (vm.watermark_scale_factor), or bound "
			"those who fill the memory (memory.high on their cgroup, which since 5.11 has a lock of its "
			"own).\n"
			"In a virtual machine give the virtual CPUs cores of their own.\n"
			"To be sure of the lock, record lock:contention_begin and lock:contention_end.",
		.source =
			"Reasoning from the recording; seen on 6.12 with the multi-generation LRU, where the waits were "
			"measured on the lock. admin-guide/sysctl/vm.rst; admin-guide/cgroup-v2.rst.",
	},
};

/* The remedy depends on the zone, where the zone is known: a reserve helps DMA, but not a zone right below Movable. */
enum zone_kind { ANY_ZONE, DMA_ZONE, NORMAL_ZONE, NR_ZONE_KINDS };

#define ZONE_ADVICE(held, reserve, others) { \
	[DIAGNOSIS_ZONE_MISMATCH]  = { WHY_MISMATCH(held), reserve FIX_CAP FIX_MGLRU FIX_CGROUP others, SRC_ZONE }, \
	[DIAGNOSIS_LIST_EXHAUSTED] = { WHY_EXHAUSTED(held), reserve FIX_CAP FIX_MGLRU FIX_CGROUP others, SRC_ZONE }, \
	[DIAGNOSIS_SKIP_CAP]	   = { WHY_CAP, reserve FIX_MGLRU FIX_CGROUP others, SRC_ZONE }, \
}
#define ZONE_ADVICES(held) { \
	[ANY_ZONE]    = ZONE_ADVICE(held, FIX_RESERVE, FIX_DMA "\n" FIX_MOVABLE), \
	[DMA_ZONE]    = ZONE_ADVICE(held, FIX_RESERVE_DMA, FIX_DMA), \
	[NORMAL_ZONE] = ZONE_ADVICE(held, "", FIX_MOVABLE), \
}

/* The first index says whether the lock sleeps. */
static const struct advice zone_advices[2][NR_ZONE_KINDS][DIAGNOSIS_SKIP_CAP + 1] = {
	ZONE_ADVICES("with interrupts off"),
	ZONE_ADVICES("while the waiters slept"),
};

static bool is_of_zones(enum diagnosis diagnosis)
{
	return diagnosis >= DIAGNOSIS_ZONE_MISMATCH && diagnosis <= DIAGNOSIS_SKIP_CAP;
}

const struct advice *diagnosis_advice(enum diagnosis diagnosis)
{
	if (is_of_zones(diagnosis))
		return &zone_advices[false][ANY_ZONE][diagnosis];
	return &advices[(size_t)diagnosis < NR_DIAGNOSES ? diagnosis : DIAGNOSIS_NONE];
}

static enum zone_kind kind_of(const char *zone)
{
	return !strncmp(zone, "DMA", 3) ? DMA_ZONE : !strcmp(zone, "Normal") ? NORMAL_ZONE : ANY_ZONE;
}

const struct advice *stall_advice(const struct recording_facts *facts, const struct stall *s)
{
	char number[24];

	if (!is_of_zones(s->diagnosis))
		return diagnosis_advice(s->diagnosis);
	return &zone_advices[s->lock_sleeps]
			    [s->classzone.is ? kind_of(zone_name(facts, s->classzone.v, number, sizeof(number))) : ANY_ZONE]
			    [s->diagnosis];
}
