/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * builder.h - a scenario in C becomes a trace.dat
 *
 * Make a scene, add events in any order, write it. The field layout is the format text of the chosen kernel
 * (tests/fixtures/formats), so the same scenario can be told on 4.15 and on 6.18. A mistake in a scenario (an unknown
 * field, a value too large for it) says so on stderr and aborts: a test can't pass by accident.
 *
 *	struct scene *s = scene_new(&(struct scene_options){ .kernel = "5.15", .nr_cpus = 12 });
 *
 *	scene_event(s, ((struct scene_at){ .cpu = 5, .ts = T, .pid = 68 }), "vmscan:mm_vmscan_kswapd_wake",
 *		    INT("nid", 0), INT("order", 3));
 *	scene_write(s, path);
 *	scene_free(s);
 */
#ifndef VMSTALL_TEST_BUILDER_H
#define VMSTALL_TEST_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum scene_compression { SCENE_PLAIN, SCENE_ZSTD, SCENE_ZLIB };	/* zlib: stored blocks, valid and not smaller */

/* What is left zero gets the value in brackets. */
struct scene_options {
	const char *kernel;		/* a directory of tests/fixtures/formats ["5.15"] */
	unsigned int nr_cpus;		/* [4] */
	const char *clock;		/* ["mono"] */
	unsigned int version;		/* of the file: 6 or 7 [7] */
	enum scene_compression compression;	/* version 7 only */
	bool big_endian;
	unsigned int long_size;		/* of the kernel and its user space: 4 or 8 [8] */
	unsigned int page_size;		/* bytes of a sub-buffer [4096] */
	unsigned int page_events;	/* at most so many events in a sub-buffer [as fit] */
	const char *release;		/* as uname -r ["<kernel>.0"]; "": the file does not say */
	const char *machine;		/* ["x86_64"] */
	const char *kallsyms;		/* text of /proc/kallsyms [none] */
	bool no_cpustat;		/* as in a recording that was cut */
	bool extend_first;		/* sub-buffers begin with a TIME_EXTEND: libtraceevent drops loss marks there */
	uint32_t tsc_mult, tsc_shift;	/* a TSC2NSEC option, unless both are 0 */
	uint64_t tsc_offset;
	int64_t ts_offset;		/* an OFFSET option: ns that a reader adds */
};

/* Where an event happens. flags: enum event_flag of event.h. */
struct scene_at {
	uint64_t ts;
	unsigned int cpu;
	int32_t pid;
	uint8_t flags, preempt;
};

/*
 * A field's value: an integer, a string, or raw bytes for any other array.
 * The name may give alternatives, "highest_zoneidx|classzone_idx": the first that this kernel has. With a leading '?'
 * it is left out on kernels that don't have it.
 */
struct scene_field {
	const char *name, *string;
	const void *bytes;
	size_t len;
	int64_t number;
};
#define INT(name_, value)	 { .name = (name_), .number = (int64_t)(value) }
#define STR(name_, value)	 { .name = (name_), .string = (value) }
#define BYTES(name_, data, size) { .name = (name_), .bytes = (data), .len = (size) }

/* The loss counters of a CPU, as its stats file has them. */
struct scene_stat { uint64_t overrun, commit_overrun, dropped, entries; };

struct scene;

struct scene *scene_new(const struct scene_options *options);
/* NULL is fine; returns NULL. */
struct scene *scene_free(struct scene *s);
const struct scene_options *scene_options(const struct scene *s);

/* Add an event, "system:name"; fields not given are 0. */
#define scene_event(s, at, event, ...) \
	scene_add((s), (at), (event), (const struct scene_field[]){ __VA_ARGS__ __VA_OPT__(,) { .name = NULL } })
void scene_add(struct scene *s, struct scene_at at, const char *event, const struct scene_field *fields);

/* Does this kernel have the event? */
bool scene_knows(const struct scene *s, const char *event);
/* Was recorded though it may not occur: "system", all its events, or "system:name". Events that occur need no call. */
void scene_enable(struct scene *s, const char *events);

/* Records were lost before the CPU's next event: @count of them, or -1: unknown. Needs an event at or after @ts. */
void scene_lost(struct scene *s, unsigned int cpu, uint64_t ts, int64_t count);
/* What follows goes to the instance @name, made when new; NULL: the top buffer. */
void scene_buffer(struct scene *s, const char *name);
/* Of the current buffer. Without a call the counters are 0, except that overrun counts the losses of known number. */
void scene_cpustat(struct scene *s, unsigned int cpu, struct scene_stat stat);
/* A line of the saved cmdlines. */
void scene_comm(struct scene *s, int32_t pid, const char *comm);

/* Write the file; 0 or a negative errno. May be called again, after more events too. */
int scene_write(struct scene *s, const char *path);

#endif
