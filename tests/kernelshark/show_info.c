// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * show_info.c - how does KernelShark's library show the events whose text has a word in it?
 *
 * usage: show_info RECORDING.dat WORD
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kernelshark/libkshark.h>

int main(int argc, char **argv)
{
	struct kshark_context *ctx = NULL;
	struct kshark_entry **rows = NULL;
	ssize_t nr;

	if (argc != 3 || !kshark_instance(&ctx) || kshark_open(ctx, argv[1]) < 0)
		return 2;
	nr = kshark_load_all_entries(ctx, &rows);
	for (ssize_t i = 0; i < nr; i++) {
		char *info = kshark_get_info(rows[i]);

		if (info && strstr(info, argv[2]))
			puts(info);
		free(info);
		free(rows[i]);
	}
	free(rows);
	kshark_free(ctx);
	return nr < 0;
}
