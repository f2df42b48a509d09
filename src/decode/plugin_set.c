// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * plugin_set.c - which tracepoints can be decoded, and which plugin says how?
 *
 * A table comes from another build, perhaps a vendor's. So its offsets into struct event are checked before anything is
 * written there.
 */
#include "decode/plugin_set.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "decode/bind.h"
#include "decode/plugin_dir.h"
#include "util/array.h"
#include "util/text.h"

struct plugin_set {
	const struct event_spec **specs;
	size_t nr_specs, cap_specs;
	void **handles;
	size_t nr_handles, cap_handles;
	struct strings files; /* names seen, so that an earlier directory hides a later one */
	struct strings notes;
};

static int note(struct plugin_set *set, const char *file, const char *what)
{
	return strings_add(&set->notes, "plugin %s: %s", file, what);
}

const struct event_spec *plugin_set_find(const struct plugin_set *set, const char *system, const char *name)
{
	for (size_t i = 0; i < set->nr_specs; i++) {
		if (strcmp(set->specs[i]->name, name) == 0 && strcmp(set->specs[i]->system, system) == 0)
			return set->specs[i];
	}
	return NULL;
}

static bool field_fits(const struct field_spec *f)
{
	size_t end = offsetof(struct event, slab) + sizeof(struct ev_slab);	/* the longest payload but the stack */

	if (f->names && f->type == FIELD_STACK)
		return f->offset == offsetof(struct event, stack) && f->size == sizeof(struct ev_stack);
	if (!f->names || f->offset < offsetof(struct event, lost) || (size_t)f->offset + f->size > end)
		return false;
	if (f->type == FIELD_STRING)
		return f->size > 0;
	return f->size == 1 || f->size == 2 || f->size == 4 || f->size == 8;
}

static bool spec_fits(const struct event_spec *spec)
{
	if (!spec->system || !spec->name || spec->kind >= EVENT_NR_KINDS || spec->nr_fields > BINDING_MAX_FIELDS ||
		(spec->nr_fields && !spec->fields))
		return false;
	for (uint32_t i = 0; i < spec->nr_fields; i++) {
		if (!field_fits(&spec->fields[i]))
			return false;
	}
	return true;
}

/* Why the table cannot be used; NULL: it can. */
static const char *table_fault(const struct event_table *table)
{
	if (!table)
		return "no " EVENT_TABLE_SYMBOL ", so not one of vmstall's";
	if (table->abi != EVENT_TABLE_ABI || table->event_size != sizeof(struct event))
		return "built for another version of vmstall";
	for (uint32_t i = 0; i < table->nr_specs; i++) {
		if (!spec_fits(&table->specs[i]))
			return "an entry of its table does not fit struct event";
	}
	return NULL;
}

static int note_hidden(struct plugin_set *set, const char *file, const struct event_spec *spec)
{
	struct text t = { 0 };
	char *what;
	int err;

	text_add(&t, "%s:%s is decoded by an earlier plugin", spec->system, spec->name);
	what = text_take(&t);
	err = what ? note(set, file, what) : -ENOMEM;
	free(what);
	return err;
}

static int add_spec(struct plugin_set *set, const char *file, const struct event_spec *spec)
{
	const struct event_spec **bigger;

	if (spec->kind == EVENT_OTHER)
		return 0; /* the spec only prints */
	if (plugin_set_find(set, spec->system, spec->name))
		return note_hidden(set, file, spec);
	bigger = grow(set->specs, &set->cap_specs, set->nr_specs, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	set->specs = bigger;
	bigger[set->nr_specs++] = spec;
	return 0;
}

static int keep_handle(struct plugin_set *set, void *handle)
{
	void **bigger = grow(set->handles, &set->cap_handles, set->nr_handles, sizeof(*bigger));

	if (!bigger)
		return -ENOMEM;
	set->handles = bigger;
	bigger[set->nr_handles++] = handle;
	return 0;
}

static int load_file(struct plugin_set *set, const char *path)
{
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	const struct event_table *table;
	const char *fault;
	int err;

	if (!handle)
		return note(set, path, dlerror());
	table = dlsym(handle, EVENT_TABLE_SYMBOL);
	fault = table_fault(table);
	err = fault ? note(set, path, fault) : keep_handle(set, handle);
	if (fault || err) {
		dlclose(handle);
		return err;
	}
	for (uint32_t i = 0; i < table->nr_specs && !err; i++)
		err = add_spec(set, path, &table->specs[i]);
	return err;
}

static int load_named(struct plugin_set *set, const char *dir, const char *name)
{
	struct text path = { 0 };
	char *s;
	int err;

	if (strings_have(&set->files, name))
		return 0;
	if (strings_add(&set->files, "%s", name))
		return -ENOMEM;
	text_add(&path, "%s/%s", dir, name);
	s = text_take(&path);
	err = s ? load_file(set, s) : -ENOMEM;
	free(s);
	return err;
}

/* @ret_nr: how many plugin files are in @dir, usable or not. */
static int load_dir(struct plugin_set *set, const char *dir, size_t *ret_nr)
{
	struct strings names;
	int err = plugin_dir_list(dir, &names);

	for (size_t i = 0; i < names.nr && !err; i++)
		err = load_named(set, dir, names.s[i]);
	*ret_nr = names.nr;
	strings_free(&names);
	return err;
}

/* Load the first of @dirs that holds any plugin file. */
static int load_first_of(struct plugin_set *set, const struct strings *dirs)
{
	size_t nr = 0;
	int err = 0;

	for (size_t i = 0; i < dirs->nr && !nr && !err; i++)
		err = load_dir(set, dirs->s[i], &nr);
	return err;
}

static int nothing_found(const struct plugin_set *set, const struct strings *dirs, char **reterr_why)
{
	struct text t = { 0 };

	text_add(&t, "no vmstall plugins found; looked in");
	for (size_t i = 0; i < dirs->nr; i++)
		text_add(&t, "%s %s", i ? "," : "", dirs->s[i]);
	for (size_t i = 0; i < set->notes.nr; i++)
		text_add(&t, "; %s", set->notes.s[i]);
	*reterr_why = text_take(&t);
	return -ENOPKG;
}

static int load_default(struct plugin_set *set, char **reterr_why)
{
	struct strings dirs;
	int err = plugin_dir_defaults(&dirs);

	if (!err)
		err = load_first_of(set, &dirs);
	if (!err && !set->nr_specs)
		err = nothing_found(set, &dirs, reterr_why);
	strings_free(&dirs);
	return err;
}

/* A directory that the user named and that holds no plugin is a mistake, even where the default one has all. */
static int load_all(struct plugin_set *set, const char *dir, char **reterr_why)
{
	size_t nr;
	int err = dir ? load_dir(set, dir, &nr) : 0;

	if (!err && dir && !set->nr_specs)
		return nothing_found(set, &(struct strings){ .s = (char *[]){ (char *)dir }, .nr = 1 }, reterr_why);
	return err ? err : load_default(set, reterr_why);
}

int plugin_set_load(const char *dir, struct plugin_set **ret, char **reterr_why)
{
	struct plugin_set *set = calloc(1, sizeof(*set));
	int err;

	*reterr_why = NULL;
	err = set ? load_all(set, dir, reterr_why) : -ENOMEM;
	if (!err) {
		*ret = set;
		return 0;
	}
	plugin_set_free(set);
	return *reterr_why ? err : fail(reterr_why, err, "plugins could not be loaded: %s", error_text(err));
}

struct plugin_set *plugin_set_free(struct plugin_set *set)
{
	if (!set)
		return NULL;
	for (size_t i = 0; i < set->nr_handles; i++)
		dlclose(set->handles[i]);
	free(set->handles);
	free(set->specs);
	strings_free(&set->files);
	strings_free(&set->notes);
	free(set);
	return NULL;
}

const struct event_spec *const *plugin_set_specs(const struct plugin_set *set, size_t *ret_nr)
{
	*ret_nr = set->nr_specs;
	return set->specs;
}

const char *const *plugin_set_notes(const struct plugin_set *set, size_t *ret_nr)
{
	*ret_nr = set->notes.nr;
	return (const char *const *)set->notes.s;
}
