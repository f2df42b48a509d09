/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plugin_dir.h - which directories hold plugins, and which files are in them */
#ifndef VMSTALL_DECODE_PLUGIN_DIR_H
#define VMSTALL_DECODE_PLUGIN_DIR_H

#include "util/strings.h"

/* List the names of the plugins in @dir, sorted; none when @dir is not a directory. Returns 0 or -ENOMEM. */
int plugin_dir_list(const char *dir, struct strings *ret);

/*
 * The directories to search when the user names none: beside the program or libvmstall.so, in its libdir, and the installed
 * one. Returns 0 or -ENOMEM.
 */
int plugin_dir_defaults(struct strings *ret);

#endif
