/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * readback.h - what libtracecmd, the reference reader, finds in a recording
 */
#ifndef VMSTALL_TEST_READBACK_H
#define VMSTALL_TEST_READBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tep_event;
struct tep_record;

struct seen {
	const char *buffer;		/* "" is the top one */
	const struct tep_event *format;	/* NULL: the file has none for it */
	const struct tep_record *record;
	uint64_t ts;
	int64_t missed;
	int cpu, pid, flags, preempt;
};

typedef void seen_fn(void *data, const struct seen *seen);

/* The integer in a field; a string in the record. Without such a field the test ends. */
int64_t seen_number(const struct seen *seen, const char *field);
const char *seen_string(const struct seen *seen, const char *field);

/* Call @fn for each record: buffer by buffer, CPU by CPU, in file order. False: the library can't open the file. */
bool read_back(const char *path, seen_fn *fn, void *data);

/* A file for the test @name under the build directory; static storage, valid until the next call. */
const char *scratch_file(const char *name);

#endif
