// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * symbols.c - which function is at this address, which task has this pid?
 *
 * libtraceevent takes whatever symbol is the last one before an address. For one in a module that was loaded
 * after the symbols were saved that is another module's last, far below: better no name than a wrong one.
 */
#include <string.h>

#include <event-parse.h>

#include "reader/recording_private.h"

/* A function may be longer than FAR where its end is known: the next symbol is not LONGEST behind its start. */
enum { FAR = 4096, LONGEST = 32768 };

const char *recording_symbol(const struct recording *rec, uint64_t address, uint64_t *ret_offset)
{
	unsigned long long start = 0;
	unsigned long size = 0;
	const char *name = NULL;

	if (!tep_find_function_info(rec->tep, address, &name, &start, &size) || !name || !*name || start > address)
		return NULL;
	if (address - start >= FAR && (!size || size > LONGEST))
		return NULL;
	*ret_offset = address - start;
	return name;
}

const char *recording_comm(const struct recording *rec, int32_t pid)
{
	const char *comm = pid > 0 && tep_is_pid_registered(rec->tep, pid) ? tep_data_comm_from_pid(rec->tep, pid) : NULL;

	return comm && *comm && strcmp(comm, "<...>") ? comm : NULL;
}
