// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_formats.c - do the format fixtures of each kernel match the kernel? */
#include "builder.h"
#include "readback.h"

#include <event-parse.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const kernels[] = { "4.15", "5.4", "5.10", "5.10-arm64", "5.15", "6.1", "6.1-arm64", "6.8", "6.12",
	"6.18" };
enum { NR_KERNELS = sizeof(kernels) / sizeof(*kernels) };

static char *read_file(const char *path)
{
	enum { LARGEST = 1 << 16 };
	char *text = calloc(1, LARGEST);
	FILE *f = fopen(path, "r");
	size_t len;

	assert_non_null(text);
	assert_non_null(f);
	len = fread(text, 1, LARGEST, f);
	assert_true(len > 0 && len < LARGEST);
	fclose(f);
	return text;
}

/* Fields follow each other without overlap, each at the offset that the compiler would choose. */
static void check_layout(const struct tep_event *event)
{
	const struct tep_format_field *f;
	int end = 8;

	for (f = event->format.fields; f; f = f->next) {
		int align = f->size < 8 && f->size ? f->size : 8;

		if (f->flags & TEP_FIELD_IS_ARRAY && !(f->flags & TEP_FIELD_IS_DYNAMIC))
			align = (int)f->elementsize;
		assert_int_equal(f->offset, (end + align - 1) / align * align);
		end = f->offset + f->size;
	}
}

/* nftw() passes no context, so it is global. */
static struct tep_handle *checking;
static int checked;

static int check_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct tep_event *event;
	const char *dot = strrchr(path, '.');
	char *text;

	(void)st;
	(void)ftw;
	if (type != FTW_F || !dot || strcmp(dot, ".format"))
		return 0;
	text = read_file(path);
	assert_non_null(strstr(text, "\nprint fmt: "));
	tep_parse_event(checking, text, strlen(text), "any");
	event = tep_find_event(checking, atoi(strstr(text, "ID: ") + 4));
	assert_non_null(event);
	/* if two files had the same id, it would be found under the first one's name */
	assert_memory_equal(
		path + strlen(path) - strlen(".format") - strlen(event->name), event->name, strlen(event->name));
	check_layout(event);
	checked++;
	free(text);
	return 0;
}

static void every_format_parses_and_is_laid_out(void **state)
{
	char dir[512];

	for (size_t k = 0; k < NR_KERNELS; k++) {
		checking = tep_alloc();
		tep_set_loglevel(TEP_LOG_NONE);
		tep_set_long_size(checking, 8);
		checked = 0;
		snprintf(dir, sizeof(dir), VMSTALL_FIXTURES "/formats/%s", kernels[k]);
		assert_int_equal(nftw(dir, check_file, 8, FTW_PHYS), 0);
		assert_true(checked > 40);
		tep_free(checking);
	}
	(void)state;
}

/* KERNEL-FACTS in short: a field or an event, and the first and last kernel that has it. */
static const struct change {
	const char *event, *field;
	int from, to;
} changes[] = {
	{ "vmscan:mm_vmscan_lru_isolate", "classzone_idx", 415, 504 },
	{ "vmscan:mm_vmscan_lru_isolate", "highest_zoneidx", 510, 618 },
	{ "vmscan:mm_vmscan_lru_isolate", "isolate_mode", 415, 601 },
	{ "vmscan:mm_vmscan_lru_isolate", "lru", 415, 618 },
	{ "vmscan:mm_vmscan_lru_shrink_inactive", "nr_activate", 415, 415 },
	{ "vmscan:mm_vmscan_lru_shrink_inactive", "nr_activate1", 504, 618 },
	{ "vmscan:mm_vmscan_wakeup_kswapd", "gfp_flags", 504, 618 },
	{ "vmscan:mm_vmscan_direct_reclaim_begin", "may_writepage", 415, 415 },
	{ "vmscan:mm_shrink_slab_start", "lru_pgs", 415, 415 },
	{ "vmscan:mm_shrink_slab_start", "priority", 504, 618 },
	{ "vmscan:mm_vmscan_node_reclaim_begin", NULL, 504, 618 },
	{ "vmscan:mm_vmscan_inactive_list_is_low", NULL, 415, 510 },
	{ "vmscan:mm_vmscan_throttled", NULL, 601, 618 },
	{ "vmscan:mm_vmscan_writepage", NULL, 415, 515 },
	{ "vmscan:mm_vmscan_write_folio", NULL, 601, 618 },
	{ "vmscan:mm_vmscan_reclaim_pages", NULL, 618, 618 },
	{ "writeback:writeback_congestion_wait", NULL, 415, 515 },
	{ "sched:sched_wakeup", "success", 415, 510 },
	{ "lock:contention_begin", "lock_addr", 601, 618 },
	{ "kmem:kmem_cache_free", "name", 515, 618 },
	{ "kmem:kmalloc", "node", 601, 618 },
	{ "kmem:kmem_cache_alloc", "name", 618, 618 },
	{ "kmem:rss_stat", NULL, 510, 618 },
};

static int version(const char *kernel)
{
	int major, minor;

	assert_int_equal(sscanf(kernel, "%d.%d", &major, &minor), 2);
	return major * 100 + minor;
}

static void count(void *data, const struct seen *seen)
{
	const struct change *c = ((void **)data)[0];
	bool *has = ((void **)data)[1];

	*has = !c->field || tep_find_any_field((struct tep_event *)seen->format, c->field);
}

/* Read a file with one such event through libtracecmd. */
static bool kernel_has(const char *kernel, const struct change *c)
{
	struct scene *s = scene_new(&(struct scene_options){ .kernel = kernel });
	const char *path = scratch_file("formats.dat");
	bool has = false;

	if (scene_knows(s, c->event)) {
		scene_event(s, ((struct scene_at){ .ts = 1 }), c->event);
		assert_int_equal(scene_write(s, path), 0);
		assert_true(read_back(path, count, (void *[]){ (void *)c, &has }));
		remove(path);
	}
	scene_free(s);
	return has;
}

static void each_kernel_has_its_own_fields(void **state)
{
	for (size_t k = 0; k < NR_KERNELS; k++) {
		if (strstr(kernels[k], "arm64"))
			continue; /* this one was recorded with fewer events */
		for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
			int v = version(kernels[k]);

			if (kernel_has(kernels[k], &changes[i]) != (v >= changes[i].from && v <= changes[i].to))
				fail_msg("%s: %s %s", kernels[k], changes[i].event,
					changes[i].field ? changes[i].field : "");
		}
	}
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_parses_and_is_laid_out),
		cmocka_unit_test(each_kernel_has_its_own_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
