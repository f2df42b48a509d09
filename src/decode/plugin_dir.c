// SPDX-License-Identifier: LGPL-2.1-or-later
/* plugin_dir.c - where are plugins, and which? */
#include "decode/plugin_dir.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static int is_plugin(const struct dirent *file)
{
	size_t len = strlen(file->d_name);

	return len >= 3 && !strcmp(file->d_name + len - 3, ".so");
}

/* As strcmp(): alphasort() would go by the user's language. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int plugin_dir_list(const char *dir, struct strings *ret)
{
	struct dirent **files = NULL;
	int nr = scandir(dir, &files, is_plugin, by_name);
	bool added = nr >= 0 || errno != ENOMEM;

	*ret = (struct strings){ 0 };
	for (int i = 0; i < nr; i++) {
		added = added && strings_add(ret, strdup(files[i]->d_name));
		free(files[i]);
	}
	free(files);
	return added ? 0 : -ENOMEM;
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
