// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * args.c - which argument of a print format holds the table?
 *
 * `(REC->gfp_flags) ? __print_flags(...) : "none"` is an operator with an operator beneath it, so the arguments are a
 * forest. The file decides how deep the forest is, so the search has a limit.
 */
#include "decode/args.h"

#include <stddef.h>

#include <traceevent/event-parse.h>

#define MAX_DEPTH 64

static const struct tep_print_arg *search(const struct tep_print_arg *arg, arg_test *test, int depth);

static const struct tep_print_arg *search_list(const struct tep_print_arg *arg, arg_test *test, int depth)
{
	const struct tep_print_arg *found = NULL;

	for (; arg && !found; arg = arg->next)
		found = search(arg, test, depth);
	return found;
}

static const struct tep_print_arg *search_below(const struct tep_print_arg *arg, arg_test *test, int depth)
{
	const struct tep_print_arg *found;

	switch (arg->type) {
	case TEP_PRINT_TYPE:
		return search(arg->typecast.item, test, depth);
	case TEP_PRINT_FLAGS:
		return search(arg->flags.field, test, depth);
	case TEP_PRINT_SYMBOL:
		return search(arg->symbol.field, test, depth);
	case TEP_PRINT_FUNC:
		return search_list(arg->func.args, test, depth);
	case TEP_PRINT_OP:
		found = search(arg->op.left, test, depth);
		return found ? found : search(arg->op.right, test, depth);
	default:
		return NULL;
	}
}

static const struct tep_print_arg *search(const struct tep_print_arg *arg, arg_test *test, int depth)
{
	if (!arg || depth > MAX_DEPTH)
		return NULL;
	return test(arg) ? arg : search_below(arg, test, depth + 1);
}

/* If the library could not parse a format to its end, its arguments may be incomplete, so they are not searched. */
const struct tep_print_arg *find_arg(const struct tep_event *format, arg_test *test)
{
	if (!format || (unsigned int)format->flags & TEP_EVENT_FL_FAILED)
		return NULL;
	return search_list(format->print_fmt.args, test, 0);
}

const struct tep_print_arg *find_arg_anywhere(struct tep_handle *tep, arg_test *test)
{
	const struct tep_print_arg *found = NULL;
	struct tep_event *format;

	for (int i = 0; !found && (format = tep_get_event(tep, i)); i++)
		found = find_arg(format, test);
	return found;
}
