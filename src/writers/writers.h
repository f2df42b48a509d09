/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* writers.h - the formats there are; one line here and in writers.c for each */
#ifndef VMSTALL_WRITERS_WRITERS_H
#define VMSTALL_WRITERS_WRITERS_H

#include "vmstall/writer.h"

extern const struct writer stalls_csv_writer, victims_csv_writer, holds_csv_writer, json_writer, html_writer, perfetto_writer,
	kernelshark_writer, leaks_html_writer, gfp_html_writer, reclaim_html_writer, reclaim_csv_writer, reclaim_json_writer,
	leaks_csv_writer, layers_csv_writer, leaks_json_writer, gfp_csv_writer, zones_csv_writer, gfp_json_writer;

#endif
