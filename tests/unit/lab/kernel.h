/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * kernel.h - the formats of one kernel, and records of these formats, made byte by byte
 *
 * No trace.dat and no root: tep_parse_event() reads the format files of tests/fixtures, or a text of the test itself.
 */
#ifndef VMSTALL_TEST_KERNEL_H
#define VMSTALL_TEST_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/bind.h"

struct tep_handle;
struct tep_event;

/* All kernels of tests/fixtures/formats. NULL-terminated. */
extern const char *const all_kernels[];

/*
 * A handle with the page header and all the formats of @kernel. "5.10/vmscan" gives the formats of one system, "" gives
 * none.
 */
struct tep_handle *kernel_open(const char *kernel, bool big_endian);
struct tep_event *kernel_event(struct tep_handle *tep, const char *system, const char *name);
/* Add a format with these fields, one a line: "int nid; offset:8; size:4; signed:1;". */
struct tep_event *kernel_add(struct tep_handle *tep, const char *fields, const char *print_fmt);

/* A record of @format with id, pid 42, flags 1 and preempt 3; zero otherwise. */
struct bytes_of {
	unsigned char data[512];
	size_t size;
	struct tep_event *format;
};
struct bytes_of record_of(struct tep_event *format);
/* Values are stored in the byte order of the file. A field that the format lacks fails the test. */
void put(struct bytes_of *r, const char *field, int64_t value);
void put_string(struct bytes_of *r, const char *field, const char *s);

#endif
