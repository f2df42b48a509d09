// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * session_rows.c - what does KernelShark's own library find where a session's markers are?
 *
 * usage: session_rows SESSION.json
 * Prints how many rows there are, and of each marker: its row, and the times in ns of the row and the one behind it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kernelshark/libkshark.h>

static int print_marker(struct kshark_config_doc *session, const char *name, struct kshark_entry **rows, ssize_t nr)
{
	struct kshark_config_doc *markers = kshark_config_alloc(KS_CONFIG_JSON);
	struct json_object *mark, *row;
	int64_t at;

	if (!kshark_config_doc_get(session, "Markers", markers) || !kshark_type_check(markers, "kshark.config.markers"))
		return 1;
	if (!json_object_object_get_ex(markers->conf_doc, name, &mark) || !json_object_object_get_ex(mark, "row", &row)) {
		printf("%s none\n", name);
		free(markers);
		return 0;
	}
	at = json_object_get_int64(row);
	if (at < 0 || at >= nr)
		return 1;
	printf("%s %" PRId64 " %" PRId64 " %" PRId64 "\n", name, at, rows[at]->ts, at + 1 < nr ? rows[at + 1]->ts : INT64_MAX);
	free(markers);
	return 0;
}

int main(int argc, char **argv)
{
	struct kshark_config_doc *session;
	struct kshark_context *ctx = NULL;
	struct kshark_entry **rows = NULL;
	ssize_t nr;
	int err;

	if (argc != 2 || !kshark_instance(&ctx))
		return 2;
	session = kshark_open_config_file(argv[1], "kshark.config.session");
	if (!session)
		return 1;
	nr = kshark_import_all_dstreams(ctx, session, &rows);
	if (nr < 0)
		return 1;
	printf("rows %zd\n", nr);
	err = print_marker(session, "markA", rows, nr) || print_marker(session, "markB", rows, nr);
	for (ssize_t i = 0; i < nr; i++)
		free(rows[i]);
	free(rows);
	kshark_free_config_doc(session);
	kshark_free(ctx);
	return err;
}
