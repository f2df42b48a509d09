// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * plugin_dir.c - where are plugins, and which?
 *
 * libtraceevent's loader also walks $TRACEEVENT_PLUGIN_DIR and $HOME; it tells the callback the directory,
 * and what is not ours is passed over. It calls in the order of readdir(), so the names are sorted.
 */
#include "decode/plugin_dir.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <traceevent/event-parse.h>

#include "util/array.h"
#include "util/text.h"

bool strings_add(struct strings *list, char *s)
{
	char **bigger = s ? grow(list->s, &list->cap, list->nr, sizeof(*bigger)) : NULL;

	if (!bigger) {
		free(s);
		return false;
	}
	list->s = bigger;
	list->s[list->nr++] = s;
	return true;
}

bool strings_have(const struct strings *list, const char *s)
{
	for (size_t i = 0; i < list->nr; i++) {
		if (strcmp(list->s[i], s) == 0)
			return true;
	}
	return false;
}

void strings_free(struct strings *list)
{
	for (size_t i = 0; i < list->nr; i++)
		free(list->s[i]);
	free(list->s);
	*list = (struct strings){ 0 };
}

struct listing {
	const char *dir;
	struct strings *names;
	bool failed;
};

/* The loader's callback can only take notice. */
static void list_file(struct tep_handle *tep, const char *path, const char *name, void *data)
{
	struct listing *l = data;

	(void)tep;
	if (strcmp(path, l->dir) == 0 && !strings_have(l->names, name) && !strings_add(l->names, strdup(name)))
		l->failed = true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int plugin_dir_list(const char *dir, struct strings *ret)
{
	struct listing l = { .dir = dir, .names = ret };
	struct tep_handle *tep = tep_alloc();
	char *copy = strdup(dir);

	*ret = (struct strings){ 0 };
	l.failed = !tep || !copy || tep_add_plugin_path(tep, copy, TEP_PLUGIN_FIRST) < 0;
	if (!l.failed) {
		tep_set_flag(tep, TEP_DISABLE_SYS_PLUGINS);
		tep_load_plugins_hook(tep, ".so", list_file, &l);
	}
	free(copy);
	tep_free(tep);
	if (ret->nr)
		qsort(ret->s, ret->nr, sizeof(*ret->s), by_name);
	return l.failed ? -ENOMEM : 0;
}

/* The file that this code is in: libvmstall.so, or else the program; false: it is not known. */
static bool our_file(char ret[PATH_MAX])
{
	struct link_map *map = NULL;
	Dl_info info;
	ssize_t len;

	if (dladdr1((const void *)plugin_dir_defaults, &info, (void **)&map, RTLD_DL_LINKMAP) && map && map->l_name[0])
		return realpath(map->l_name, ret);
	len = readlink("/proc/self/exe", ret, PATH_MAX - 1);
	ret[len > 0 ? len : 0] = '\0';
	return len > 0;
}

static bool our_dir(char ret[PATH_MAX])
{
	char *slash = our_file(ret) ? strrchr(ret, '/') : NULL;

	if (slash)
		*slash = '\0';
	return slash;
}

static bool add_below(struct strings *list, const char *dir, const char *path)
{
	struct text t = { 0 };

	text_add(&t, "%s/%s", dir, path);
	return strings_add(list, text_take(&t));
}

int plugin_dir_defaults(struct strings *ret)
{
	char dir[PATH_MAX];
	bool added = true;

	*ret = (struct strings){ 0 };
	if (our_dir(dir))
		added = add_below(ret, dir, "plugins") && add_below(ret, dir, VMSTALL_PLUGINS_FROM_BIN) &&
			add_below(ret, dir, VMSTALL_PLUGINS_FROM_LIB);
	return added && strings_add(ret, strdup(VMSTALL_PLUGIN_DIR)) ? 0 : -ENOMEM;
}
