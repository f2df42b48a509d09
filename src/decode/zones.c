// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * zones.c - what is zone 0 called here, and how big is a page?
 *
 * A recording states neither. But print formats that happen to be in it were compiled with the answer.
 */
#include "decode/zones.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <traceevent/event-parse.h>

#include "decode/args.h"

static bool is_zone_table(const struct tep_print_arg *arg)
{
	if (arg->type != TEP_PRINT_SYMBOL)
		return false;
	for (const struct tep_print_flag_sym *sym = arg->symbol.symbols; sym; sym = sym->next) {
		if (strcmp(sym->str, "Normal") == 0)
			return true;
	}
	return false;
}

static const struct tep_print_flag_sym *zone_table(struct tep_handle *tep)
{
	static const char *const holders[][2] = {
		{ "oom", "reclaim_retry_zone" },
		{ "compaction", "mm_compaction_suitable" },
		{ "compaction", "mm_compaction_finished" },
		{ "compaction", "mm_compaction_kcompactd_wake" },
		{ "compaction", "mm_compaction_wakeup_kcompactd" },
		{ "compaction", "mm_compaction_deferred" },
	};
	const struct tep_print_arg *arg = NULL;

	for (size_t i = 0; i < sizeof(holders) / sizeof(holders[0]) && !arg; i++)
		arg = find_arg(tep_find_event_by_name(tep, holders[i][0], holders[i][1]), is_zone_table);
	return arg ? arg->symbol.symbols : NULL;
}

const char *zone_symbol(struct tep_handle *tep, int64_t index)
{
	for (const struct tep_print_flag_sym *sym = zone_table(tep); sym; sym = sym->next) {
		if (strtoll(sym->value, NULL, 0) == index)
			return sym->str;
	}
	return NULL;
}

int zone_names_load(struct tep_handle *tep, char ***ret, size_t *ret_nr)
{
	char **names = calloc(MAX_ZONES, sizeof(*names));
	const char *name;
	size_t nr = 0;

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < MAX_ZONES; i++) {
		name = zone_symbol(tep, (int64_t)i);
		if (!name)
			continue;
		names[i] = strdup(name);
		if (!names[i])
			goto no_memory;
		nr = i + 1;
	}
	if (!nr) {
		free(names);
		names = NULL;
	}
	*ret = names;
	*ret_nr = nr;
	return 0;

no_memory:
	for (size_t i = 0; i < MAX_ZONES; i++)
		free(names[i]);
	free(names);
	return -ENOMEM;
}

static bool is_op(const struct tep_print_arg *arg, const char *op)
{
	return arg->type == TEP_PRINT_OP && strcmp(arg->op.op, op) == 0;
}

/* The right operand as a page shift; 0: it cannot be a page shift. */
static uint32_t right_shift_of(const struct tep_print_arg *arg)
{
	const struct tep_print_arg *right = arg->op.right;
	unsigned long v;

	if (!right || right->type != TEP_PRINT_ATOM)
		return 0;
	v = strtoul(right->atom.atom, NULL, 0);
	return v == 12 || v == 13 || v == 14 || v == 16 || v == 18 ? (uint32_t)v : 0;
}

/* filemap: `ofs=%lu", REC->index << PAGE_SHIFT` */
static bool is_index_shift(const struct tep_print_arg *arg)
{
	const struct tep_print_arg *left;

	if (!is_op(arg, "<<"))
		return false;
	left = arg->op.left;
	return left && left->type == TEP_PRINT_FIELD && strcmp(left->field.name, "index") == 0 && right_shift_of(arg);
}

/* kmem: `pageblock_order=%d", (PMD_SHIFT - PAGE_SHIFT)`, in many spellings */
static bool is_order_of_block(const struct tep_print_arg *arg)
{
	return is_op(arg, "-") && right_shift_of(arg);
}

static uint32_t page_shift_in(struct tep_handle *tep, const char *system, const char *name, arg_test *test)
{
	const struct tep_print_arg *arg = find_arg(tep_find_event_by_name(tep, system, name), test);

	return arg ? right_shift_of(arg) : 0;
}

static uint32_t page_shift(struct tep_handle *tep)
{
	uint32_t shift = page_shift_in(tep, "filemap", "mm_filemap_add_to_page_cache", is_index_shift);

	if (!shift)
		shift = page_shift_in(tep, "filemap", "mm_filemap_delete_from_page_cache", is_index_shift);
	if (!shift)
		shift = page_shift_in(tep, "kmem", "mm_page_alloc_extfrag", is_order_of_block);
	return shift;
}

/* A sub-buffer is at least a page long. So one of 4096 bytes proves the page size; a larger one may have been set so. */
uint32_t page_size_load(struct tep_handle *tep, bool *ret_assumed)
{
	uint32_t shift = page_shift(tep);
	int sub_buffer = tep_get_sub_buffer_size(tep);

	*ret_assumed = !shift && sub_buffer != 4096;
	if (shift)
		return UINT32_C(1) << shift;
	if (sub_buffer == 16384 || sub_buffer == 65536)
		return (uint32_t)sub_buffer;
	return 4096;
}
