/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* writers.h - the formats of each verb; a new format is a line here, and a file that defines NAME_writer */
#ifndef VMSTALL_WRITERS_H
#define VMSTALL_WRITERS_H

#include "model/writer.h"

#define ALL_WRITERS(WRITER)	\
	WRITER(stalls_csv)	\
	WRITER(victims_csv)	\
	WRITER(holds_csv)	\
	WRITER(json)		\
	WRITER(html)		\
	WRITER(perfetto)	\
	WRITER(kernelshark)

#define LEAK_WRITERS(WRITER)	\
	WRITER(leaks_csv)	\
	WRITER(layers_csv)	\
	WRITER(leaks_json)	\
	WRITER(leaks_html)

#define RECLAIM_WRITERS(WRITER)	\
	WRITER(reclaim_csv)	\
	WRITER(reclaim_json)	\
	WRITER(reclaim_html)

#define GFP_WRITERS(WRITER)	\
	WRITER(gfp_csv)		\
	WRITER(zones_csv)	\
	WRITER(gfp_json)	\
	WRITER(gfp_html)

#define DECLARE_WRITER(name) extern const struct writer name##_writer;
ALL_WRITERS(DECLARE_WRITER)
LEAK_WRITERS(DECLARE_WRITER)
RECLAIM_WRITERS(DECLARE_WRITER)
GFP_WRITERS(DECLARE_WRITER)

/* Those of analyze, and of the other verbs; NULL-terminated. */
extern const struct writer *const all_writers[], *const leak_writers[], *const reclaim_writers[], *const gfp_writers[];
/* Find one of analyze's writers by name; NULL: there is none. */
const struct writer *writer_by_name(const char *name);

#endif
