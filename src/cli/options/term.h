/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* term.h - how wide and how colourful stdout is */
#ifndef VMSTALL_CLI_TERM_H
#define VMSTALL_CLI_TERM_H

#include "cli/options/options.h"

struct writer_options term_options(const struct options *o);

#endif
