/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* release.h - which kernel is newer? By its release: "5.10.0-30-amd64" */
#ifndef VMSTALL_RELEASE_H
#define VMSTALL_RELEASE_H

#include <stdint.h>
#include <stdio.h>

/* A number that grows with the release; never 0. */
#define RELEASE(major, minor) (((uint64_t)(major) << 32 | (minor)) + 1)

/* RELEASE() of @text, which may be NULL; 0: not known. */
static inline uint64_t release_of(const char *text)
{
	unsigned int major, minor;

	return text && sscanf(text, "%u.%u", &major, &minor) == 2 ? RELEASE(major, minor) : 0;
}

#endif
