// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * make_hostile.c - a recording of a stall whose tasks have names that want to be something else in a page
 *
 *	make_hostile FILE
 */
#include <stdio.h>
#include <string.h>

#include "small.h"

/* As long as a comm may be: 15 bytes. */
static const char *const names[] = {
	"</script><b>x", "<!--<script>", "\xe2\x80\xa8\xe2\x80\xa9 nl", "<img src=x:x>", "\"];alert(1)//", "${alert(1)}",
	"__proto__", "constructor", "\\u003c\\\\", "&lt;&#60;b>", "\xff\xfe\xc0\x80", "\x1b[31m\r\n", "</pre></nosc", "{{data}}",
};

int main(int argc, char **argv)
{
	struct scene_options o = { .kernel = "5.15", .nr_cpus = SMALL_CPUS };
	struct machine *m;
	struct scene *s;
	int err;

	if (argc != 2)
		return 2;
	s = scene_new(&o);
	m = small_machine(s, NULL);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct task task = { .pid = 900 + (int32_t)i, .prio = 120 };

		memcpy(task.comm, names[i], strlen(names[i]) + 1);
		machine_periodic(m, 1, task, 20 * MS, 2 * i * MS, MS);
	}
	small_hold(m);
	small_spin(m, 1);
	machine_play(m);
	err = scene_write(s, argv[1]);
	scene_free(s);
	return err != 0;
}
