/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* scene.h - what a scene consists of; for the builder's own files only */
#ifndef VMSTALL_TEST_SCENE_H
#define VMSTALL_TEST_SCENE_H

#include "builder.h"
#include "bytes.h"

struct tep_event;
struct tep_handle;

/* A format file that the recording includes. */
struct scene_format {
	char *system, *name, *text;
	struct tep_event *tep;		/* of the scene's handle */
};

struct scene_record {
	uint64_t ts;
	size_t order;			/* as added: ties keep their order */
	unsigned char *data;
	size_t len;
	int64_t lost;			/* records lost just before it: 0 none, -1 unknown number */
	bool starts;			/* a sub-buffer, as it did where it was read from */
};

/* The ring buffer of one CPU in one buffer. */
struct scene_lane {
	struct scene_record *records;
	size_t nr, cap;
	struct scene_loss { uint64_t ts; int64_t count; } *losses;
	size_t nr_losses, cap_losses;
	struct scene_stat stat;
	bool has_stat;
};

struct scene_instance {
	char *name;			/* "" is the top buffer */
	struct scene_lane *lanes;	/* nr_cpus */
};

struct scene {
	struct scene_options o;
	struct tep_handle *tep;
	struct scene_format *formats;
	size_t nr_formats, cap_formats;
	struct scene_instance *buffers;
	size_t nr_buffers, current, added;
	struct bytes cmdlines;
	char release[64];
};

/* Make room for one more element of @size bytes. */
void *scene_grow(void *array, size_t *cap, size_t used, size_t size);

/* formats.c: the kernel's format files. */
struct scene_format *scene_format(struct scene *s, const char *event);	/* aborts when the kernel has none */
char *scene_header(const struct scene *s, const char *name);		/* "header_page", "header_event" */

/* encode.c: the record of one event; free its bytes. */
struct bytes scene_encode(const struct scene *s, const struct scene_format *format, const struct scene_at *at,
	const struct scene_field *fields);

/* ring.c: the records in order, losses with them; then the sub-buffers of a lane. */
void scene_sort(struct scene_lane *lane);
void scene_pages(const struct scene *s, const struct scene_lane *lane, struct bytes *out);
uint64_t scene_losses(const struct scene_lane *lane);			/* of known number */

/* compress.c: a section's or a chunk's data. */
void scene_compress(const struct scene *s, const void *data, size_t len, struct bytes *out);

/* datfile.c, dat6.c, dat7.c: the file around them. */
void scene_initial(const struct scene *s, struct bytes *out);
void scene_header_info(const struct scene *s, struct bytes *out);
void scene_event_formats(const struct scene *s, struct bytes *out);
void scene_text32(struct bytes *out, const char *text, size_t len);	/* a u32 of its size, then the text */
void scene_add_option(struct bytes *out, uint16_t id, const void *data, size_t len);
void scene_metadata_options(const struct scene *s, struct bytes *out);
void scene_dat6(struct scene *s, struct bytes *out);
void scene_dat7(struct scene *s, struct bytes *out);

/* Options of the file, as trace-cmd.dat(5) numbers them. */
enum scene_option_id {
	OPT_DONE, OPT_DATE, OPT_CPUSTAT, OPT_BUFFER, OPT_TRACECLOCK, OPT_UNAME, OPT_HOOK, OPT_OFFSET, OPT_CPUCOUNT,
	OPT_VERSION, OPT_TSC2NSEC = 14, OPT_STRINGS, OPT_HEADER_INFO, OPT_FTRACE_EVENTS, OPT_EVENT_FORMATS,
	OPT_KALLSYMS, OPT_PRINTK, OPT_CMDLINES,
};

#endif
