// SPDX-License-Identifier: LGPL-2.1-or-later
/* names.c - which function is at this address, which task has this pid? By the tables that the file saved */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event-parse.h>

#include "reader/recording_private.h"

enum { COUNT = 4 };	/* bytes before the text, which hold its length */

static void load_symbols(const struct recording *rec)
{
	unsigned char *part;
	size_t size, len;

	if (container_part(&rec->container, PART_KALLSYMS, &part, &size)) {
		symbols_fail(rec->symbols);
		return;
	}
	len = size > COUNT ? size - COUNT : 0;
	symbols_load(rec->symbols, len ? (const char *)part + COUNT : "", len);
	free(part);
}

int recording_names_status(const struct recording *rec)
{
	return symbols_have_failed(rec->symbols) ? -ENOMEM : 0;
}

const char *recording_symbol(const struct recording *rec, uint64_t address, uint64_t *ret_offset)
{
	if (!symbols_are_loaded(rec->symbols))
		load_symbols(rec);
	return symbols_find(rec->symbols, address, ret_offset);
}

const char *recording_comm(const struct recording *rec, int32_t pid)
{
	const char *comm = pid > 0 && tep_is_pid_registered(rec->tep, pid) ? tep_data_comm_from_pid(rec->tep, pid) : NULL;

	return comm && *comm && strcmp(comm, "<...>") ? comm : NULL;
}
