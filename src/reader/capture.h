/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* capture.h - keep what a library prints away from the user, and use it as the reason */
#ifndef VMSTALL_CAPTURE_H
#define VMSTALL_CAPTURE_H

#include <stddef.h>

struct capture { int out, err, sink; };

/* Collect what the process writes to stdout and stderr, until capture_end(). */
void capture_begin(struct capture *c);
/* Restore both streams. @line gets the last line that was written, made printable; "" if there was none. */
void capture_end(struct capture *c, char *line, size_t len);

#endif
