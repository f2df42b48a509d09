// SPDX-License-Identifier: LGPL-2.1-or-later
/* term.c - width and colours of stdout */
#include "cli/options/term.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* An exported COLUMNS wins over the width of the terminal. 0: not known. */
static unsigned int width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	if (columns && atoi(columns) > 0)
		return (unsigned int)atoi(columns);
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

static bool color(enum color_mode mode)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (mode != COLOR_AUTO)
		return mode == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no && *no) && !(term && !strcmp(term, "dumb"));
}

struct writer_options term_options(const struct options *o)
{
	return (struct writer_options){
		.width		= width(),
		.color		= color(o->color),
		.unicode	= !strcmp(nl_langinfo(CODESET), "UTF-8"),
		.verbose	= o->verbose,
		.min_stall_ns	= o->analysis.min_stall_ns,
		.stream		= o->analysis.stream,
	};
}
