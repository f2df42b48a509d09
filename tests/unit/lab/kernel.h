/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * kernel.h - the formats of one kernel, and records made of them byte by byte
 *
 * No trace.dat, no root: tep_parse_event() on the format files of tests/fixtures, or on text of the test's own.
 */
#ifndef VMSTALL_TEST_KERNEL_H
#define VMSTALL_TEST_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/bind.h"

struct tep_handle;
struct tep_event;

/* All that tests/fixtures/formats has. NULL-terminated. */
extern const char *const all_kernels[];

/* A handle with the page header and all the formats of @kernel; with "5.10/vmscan" one system's formats; "": nothing. */
struct tep_handle *kernel_open(const char *kernel, bool big_endian);
struct tep_event *kernel_event(struct tep_handle *tep, const char *system, const char *name);
/* Add a format with these fields, one a line: "int nid; offset:8; size:4; signed:1;". */
struct tep_event *kernel_add(struct tep_handle *tep, const char *fields, const char *print_fmt);

/* A record of @format: its id, pid 42, flags 1, preempt 3; zeroed otherwise. */
struct bytes_of {
	unsigned char data[512];
	size_t size;
	struct tep_event *format;
};
struct bytes_of record_of(struct tep_event *format);
/* Values are stored as the file's byte order wants; a field that the format lacks fails the test. */
void put(struct bytes_of *r, const char *field, int64_t value);
void put_string(struct bytes_of *r, const char *field, const char *s);

#endif
