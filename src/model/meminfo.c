// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * meminfo.c - where is all the memory, by the kernel's own count?
 *
 * No field counts the kernel's own memory: it is what remains after everything else is subtracted. Slab, page tables
 * and stacks are parts of it that are counted. Drivers took the rest directly (KERNEL-FACTS 11, report B).
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/leaks.h"
#include "util/text.h"

static const char *const fields[NR_MEMINFO_FIELDS] = {
	[MEM_TOTAL] = "MemTotal",
	[MEM_FREE] = "MemFree",
	[MEM_BUFFERS] = "Buffers",
	[MEM_CACHED] = "Cached",
	[MEM_SWAP_CACHED] = "SwapCached",
	[MEM_ANON] = "AnonPages",
	[MEM_SHMEM] = "Shmem",
	[MEM_SLAB] = "Slab",
	[MEM_SRECLAIMABLE] = "SReclaimable",
	[MEM_SUNRECLAIM] = "SUnreclaim",
	[MEM_KERNEL_STACK] = "KernelStack",
	[MEM_PAGE_TABLES] = "PageTables",
	[MEM_SEC_PAGE_TABLES] = "SecPageTables",
	[MEM_PERCPU] = "Percpu",
	[MEM_HUGETLB] = "Hugetlb",
};

static void take_line(struct meminfo *m, const char *line)
{
	char name[32];
	uint64_t kib;

	if (sscanf(line, "%31[^:]: %" SCNu64, name, &kib) != 2 || kib > UINT64_MAX / 1024)
		return;
	for (size_t i = 0; i < NR_MEMINFO_FIELDS; i++)
		if (!strcmp(name, fields[i])) {
			m->v[i] = kib * 1024;
			m->has |= 1U << i;
		}
}

int meminfo_read(const char *path, struct meminfo *ret, char **reterr_why)
{
	FILE *f = fopen(path, "re");
	struct meminfo m = { 0 };
	char line[256];

	if (!f)
		return fail(reterr_why, -errno, "%s: %s", path, strerror(errno));
	for (int i = 0; i < 1000 && fgets(line, sizeof(line), f); i++)
		take_line(&m, line);
	fclose(f);
	if (!(m.has >> MEM_TOTAL & 1) || !(m.has >> MEM_FREE & 1))
		return fail(reterr_why, -EBADMSG, "%s: not a copy of /proc/meminfo", path);
	*ret = m;
	return 0;
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* Cached includes Shmem. Huge pages are a separate reserve: they count as user memory, free or not. */
struct meminfo_split meminfo_split(const struct meminfo *m)
{
	struct meminfo_split s = { .total = m->v[MEM_TOTAL], .free = m->v[MEM_FREE], .shared = m->v[MEM_SHMEM] };

	s.user = m->v[MEM_ANON] + m->v[MEM_HUGETLB];
	s.cache = less(m->v[MEM_CACHED], m->v[MEM_SHMEM]) + m->v[MEM_BUFFERS] + m->v[MEM_SWAP_CACHED];
	s.kernel = less(s.total, s.user + s.shared + s.cache + s.free);
	s.accounted = m->v[MEM_SLAB] + m->v[MEM_KERNEL_STACK] + m->v[MEM_PAGE_TABLES] + m->v[MEM_SEC_PAGE_TABLES] +
		      m->v[MEM_PERCPU];
	s.unexplained = less(s.kernel, s.accounted);
	return s;
}

bool meminfo_of_use(const struct meminfo *m, enum leak_use use, uint64_t *ret)
{
	struct meminfo_split s = meminfo_split(m);

	*ret = use == USE_SLAB_PAGES	? m->v[MEM_SLAB] :
	       use == USE_PAGE_CACHE	? s.cache + s.shared :
	       use == USE_ANONYMOUS	? m->v[MEM_ANON] :
	       use == USE_PAGE_TABLES	? m->v[MEM_PAGE_TABLES] + m->v[MEM_SEC_PAGE_TABLES] :
	       use == USE_KERNEL_STACKS ? m->v[MEM_KERNEL_STACK] :
					  s.unexplained;
	return m->has && use != USE_SLAB_OBJECTS;
}
