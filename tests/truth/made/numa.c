// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * numa.c - a machine of two nodes
 *
 * Each node has its kswapd, its lock and its askers. While one kswapd scans, the other wakes too, and often scans at the
 * same time: neither waits for the other, and each was asked by somebody else.
 */
#include "lot.h"

enum { KSWAPD0 = 68, ZONE_DMA = 0, GFP_KERNEL_DMA = 0xcc1, NODES = 2 };

static uint64_t pages_in(struct lot *l, uint64_t ns)
{
	return ns / (l->page_ns + draw(l, l->page_ns / 4));
}

static struct task kswapd(int node)
{
	return node ? TASK("kswapd1", KSWAPD0 + 1) : TASK("kswapd0", KSWAPD0);
}

/* A task of its own on a CPU that has no other asks for pages of @node. */
static struct task ask(struct lot *l, int node, uint64_t at)
{
	unsigned int cpu = l->nr_cpus - NODES + (unsigned int)node;
	struct task who = reclaimer(l, node ? "far" : "near");

	machine_periodic(l->m, cpu, who, 1000 * SEC, at - BEGIN, 300 * US);
	scene_event(l->s, ((struct scene_at){ .ts = at + 50 * US, .cpu = cpu, .pid = who.pid }),
		    "vmscan:mm_vmscan_wakeup_kswapd", INT("nid", node), INT("zid", ZONE_DMA), INT("order", 0),
		    INT("?gfp_flags", GFP_KERNEL_DMA));
	return who;
}

/* The kswapd of @node wakes on @cpu just before it falls silent there at @from. */
static void wake(struct lot *l, int node, unsigned int cpu, uint64_t from)
{
	scene_event(l->s, ((struct scene_at){ .ts = from - 3 * US, .cpu = cpu, .pid = kswapd(node).pid }),
		    "vmscan:mm_vmscan_kswapd_wake", INT("nid", node), INT("zid", ZONE_DMA), INT("order", 0));
}

/* Asked at @at; it scans until the time returned. */
static uint64_t scan_node(struct lot *l, int node, unsigned int cpu, uint64_t at, uint64_t length)
{
	struct task asker = ask(l, node, at);
	uint64_t from = at + 200 * US + draw(l, MS), to = from + length;

	wake(l, node, cpu, from);
	hold(l, cpu, kswapd(node), from, from + draw_length(l, US, 8), to);
	asked_for(l, asker, to - US);
	return to;
}

/* The kswapd of @node wakes on @cpu, finds little to do, and sleeps again. */
static void wake_briefly(struct lot *l, int node, unsigned int cpu, uint64_t at)
{
	ask(l, node, at);
	machine_freeze(l->m, cpu, kswapd(node), at + 200 * US, at + 300 * US);
	wake(l, node, cpu, at + 200 * US);
}

static uint64_t add_nodes(struct lot *l, uint64_t at)
{
	int first = (int)draw(l, NODES), other = 1 - first;
	unsigned int cpus = l->nr_cpus - NODES, cpu = (unsigned int)draw(l, cpus), next = (cpu + 1) % cpus;
	bool both = chance(l, 60);
	uint64_t start[NODES], end[NODES];

	start[first] = at + 2 * MS;
	end[first] = scan_node(l, first, cpu, at, draw_length(l, 80 * MS, 4));
	start[other] = at + 3 * MS + draw(l, 20 * MS);
	end[other] = end[first];
	if (both)
		end[other] = scan_node(l, other, next, start[other] - 2 * MS, draw_length(l, 80 * MS, 4));
	else
		wake_briefly(l, other, next, start[other] - 2 * MS);
	for (unsigned int c = 0; c < cpus; c++) {
		int node = both ? (int)draw(l, NODES) : first;
		uint64_t since = start[node] + 10 * MS + draw(l, (end[node] - start[node]) / 3);

		if (c == cpu || c == next || chance(l, 30))
			continue;
		struct task who = reclaimer(l, "worker");

		machine_freeze(l->m, c, who, since, end[node] + (2 + draw(l, l->slowest_resume)) * US);
		wait_for_it(l, c, who, since, end[node] + 2 * US);
	}
	return end[0] > end[1] ? end[0] : end[1];
}

void make_numa(struct lot *l)
{
	static const char *const kernels[] = { "4.15", "5.4", "5.10", "5.15", "6.1", "6.8", "6.12" };
	const char *kernel = kernels[draw(l, sizeof(kernels) / sizeof(kernels[0]))];
	uint64_t at = BEGIN + 3 * SEC, incidents = 1 + draw(l, 4);

	l->page_ns = 40 + draw(l, 80);
	l->pages_in = pages_in;
	l->slowest_resume = 19;
	lot_begin(l, (struct scene_options){ .kernel = kernel, .nr_cpus = 5 + (unsigned int)draw(l, MAX_CPUS - 4) },
		  4 + incidents * 4);
	l->nr_cpus -= NODES;
	add_tasks(l);
	l->nr_cpus += NODES;
	for (uint64_t i = 0; i < incidents; i++)
		at = add_nodes(l, at) + (300 + draw(l, 2000)) * MS;
}
