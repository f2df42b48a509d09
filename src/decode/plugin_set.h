/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plugin_set.h - the event tables that can be used, and where they came from
 *
 * Tables are loaded with dlopen(3) from vmstall's plugin directory and --plugin-dir only, never from $HOME or a directory
 * in the environment. So the same recording gives the same result everywhere.
 */
#ifndef VMSTALL_DECODE_PLUGIN_SET_H
#define VMSTALL_DECODE_PLUGIN_SET_H

#include <stddef.h>

#include "vmstall/event.h"

struct plugin_set;

/**
 * plugin_set_load - load every table
 * @dir: a directory to search before the default one; a file there hides ours of the same name. NULL: only the default
 *       one: `plugins` beside the program, or else the installed one
 * @reterr_why: on failure one sentence that says where it looked; free() it
 *
 * The files of a directory are loaded in the order of their names. The first spec of a tracepoint hides later ones.
 * Returns 0, -ENOPKG (no usable table, or @dir has none), -ENOMEM.
 */
int plugin_set_load(const char *dir, struct plugin_set **ret, char **reterr_why);

/* NULL is fine; returns NULL. The specs are gone afterwards, so every binding made from them is invalid. */
struct plugin_set *plugin_set_free(struct plugin_set *set);

/* All specs, one for each tracepoint. */
const struct event_spec *const *plugin_set_specs(const struct plugin_set *set, size_t *ret_nr);

/* NULL: no plugin decodes it. */
const struct event_spec *plugin_set_find(const struct plugin_set *set, const char *system, const char *name);

/* Sentences about files that were not used and specs that were hidden. */
const char *const *plugin_set_notes(const struct plugin_set *set, size_t *ret_nr);

#endif
