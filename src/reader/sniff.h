/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sniff.h - is it a trace.dat that can be read, and is all of it there? Our own look, before any library's */
#ifndef VMSTALL_SNIFF_H
#define VMSTALL_SNIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sniffed {
	uint64_t bytes;
	uint32_t version, page_size;	/* page_size: as written, the size of a sub-buffer */
	uint8_t long_size;
	bool big_endian;
	char compression[16];		/* "none" or a name; "" before version 7 */
};

/**
 * sniff - read the head of @path and, from version 7 on, walk its options
 *
 * Returns 0, or a negative errno with one sentence: -ENOENT, -EACCES, -EISDIR, -ENODATA (empty),
 * -EBADMSG (not a trace.dat, or cut), -EPROTONOSUPPORT (a version that cannot be read).
 */
int sniff(const char *path, struct sniffed *ret, char **reterr_why);

#endif
