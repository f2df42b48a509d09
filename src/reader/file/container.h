/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * container.h - where in a trace.dat each CPU's sub-buffers lie
 *
 * Our own, bounds-checked walk through versions 6 and 7 of the file (trace-cmd.dat.v6(5), .v7(5)), mapped into memory.
 * Every offset and size comes from the file, and the file may be hostile.
 */
#ifndef VMSTALL_CONTAINER_H
#define VMSTALL_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reader/file/unpack.h"
#include "util/strings.h"

#define MAX_CPUS 8192	/* NR_CPUS of the largest kernels; a file with more CPUs is damaged */

/*
 * The bytes of one CPU in one buffer: sub-buffers, or, compressed, chunks of sub-buffers. @plain_offset is where the
 * library counts the unpacked sub-buffers to begin. tracecmd_read_at() takes such record offsets.
 */
struct extent {
	uint32_t cpu;
	uint64_t offset, size, plain_offset;
	bool torn;		/* its end, or all of it, is not in the file */
	bool uncounted;		/* compressed, and the number of chunks is not known */
	bool astray;		/* its place is not known */
};

/*
 * The parts that the library reads: formats, symbols, names. The numbers are those of the options in version 7, from
 * 16 on.
 */
enum { FIRST_PART = 16 };
enum part { PART_HEADER, PART_FTRACE, PART_FORMATS, PART_KALLSYMS, PART_PRINTK, PART_CMDLINES, NR_PARTS };

/*
 * @from, @to: the part of the file that holds its lanes; @open: once there were lanes beyond that. @guessed: the file
 * does not
 * say which CPU wrote which lane (identity.h). @headless: the file does not describe the lanes, and they begin at @phase
 * past a multiple of the page size.
 */
struct buffer_map {
	char *name, *clock;	/* "" is the top buffer; clock: NULL before version 7 */
	uint32_t page_size;
	bool compressed, open, guessed, headless;
	uint64_t from, to, phase;
	struct extent *lanes;
	size_t nr_lanes;
};

/**
 * struct container - one mapped file
 * @map, @size:  all of it, read only
 * @ts_offset:   to be added to every time stamp, ns (options DATE and OFFSET)
 * @tsc_mult, @tsc_shift: convert cycles to ns (option TSC2NSEC); @tsc_mult 0: none
 * @parts:       where each part of the metadata begins: its section, or @bare bytes of content; 0: there is none
 * @clock, @uname, @cpustat: texts of the options, NULL: not in the file; clock: the name alone
 * @cpus:        number of CPUs of the machine, 0: not in the file
 * @salvaged:    the file is cut or damaged, and libtracecmd would refuse it; @losses: what is missing, a sentence each
 * @headers:     a sibling, at @headers_path, for formats that the file lost; NULL: none. The caller closes it
 * @time_shift:  a guest's times follow a table (option TIME_SHIFT), which the library has to apply
 */
struct container {
	const unsigned char *map;
	size_t size;
	bool swap, big_endian;		/* swap: the file's byte order differs from this machine's */
	uint32_t version, page_size, long_size;
	enum codec codec;
	char codec_name[16];		/* "none" or a name; "" before version 7 */
	struct buffer_map *buffers;
	size_t nr_buffers;
	uint64_t parts[NR_PARTS], bare[NR_PARTS];
	int64_t ts_offset;
	uint32_t tsc_mult, tsc_shift;
	char *clock, *uname, *cpustat;
	uint32_t cpus;
	bool time_shift, salvaged;
	struct strings losses;
	const struct container *headers;
	const char *headers_path;
};

/*
 * A file that is cut or damaged is searched for its records: @ret->salvaged. Returns 0, or a negative errno with one
 * sentence: -ENOENT, -EACCES, -EISDIR, -ENODATA (empty), -EBADMSG (not a trace.dat, or no record is left in it),
 * -EPROTONOSUPPORT (a version that cannot be read), -ENOMEM. container_close() @ret in any case.
 */
int container_open(const char *path, struct container *ret, char **reterr_why);
/*
 * The same with a sibling of the same kernel and layout, which must stay open as long as @ret. The sibling tells the
 * form of the records where the file does not. A sibling of another layout gives -EBADMSG.
 */
int container_open_with(const char *path, const struct container *headers, const char *headers_path, struct container *ret,
			char **reterr_why);
void container_close(struct container *c);

/* Unpack a part of the metadata into new memory. *@ret is NULL: it is missing or damaged. Returns 0 or -ENOMEM. */
int container_part(const struct container *c, enum part part, unsigned char **ret, size_t *ret_size);
/* Record a sentence on what is missing. Returns 0 or -ENOMEM. */
int container_lacks(struct container *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
