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

static int is_plugin(const struct dirent *file)
{
	size_t len = strlen(file->d_name);

	return len >= 3 && !strcmp(file->d_name + len - 3, ".so");
}

/* Order as strcmp() does, because alphasort() depends on the user's language. */
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
		added = added && strings_add(ret, "%s", files[i]->d_name) == 0;
		free(files[i]);
	}
	free(files);
	return added ? 0 : -ENOMEM;
}

/* Find the file that holds this code: libvmstall.so, or else the program. False: it is not known. */
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

int plugin_dir_defaults(struct strings *ret)
{
	static const char *const below[] = { "plugins", VMSTALL_PLUGINS_FROM_BIN, VMSTALL_PLUGINS_FROM_LIB };
	char dir[PATH_MAX];
	int err = 0;

	*ret = (struct strings){ 0 };
	if (our_dir(dir))
		for (size_t i = 0; !err && i < sizeof(below) / sizeof(below[0]); i++)
			err = strings_add(ret, "%s/%s", dir, below[i]);
	return err ? err : strings_add(ret, "%s", VMSTALL_PLUGIN_DIR);
}
