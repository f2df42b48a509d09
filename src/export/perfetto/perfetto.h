/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* perfetto.h - the parts of the Perfetto writer: what stands where, and what is said of it */
#ifndef VMSTALL_WRITERS_PERFETTO_H
#define VMSTALL_WRITERS_PERFETTO_H

#include <stdio.h>

#include "export/perfetto/packet.h"
#include "model/report.h"

/**
 * struct drawing - the report on its way to packets
 * @source: by stall: its hold's index, from where its flows begin; SIZE_MAX: from the stall itself
 * @stall_of: by hold: the stall that it is; SIZE_MAX: none
 * @tracks: how many were used; each is a sequence of its own
 */
struct drawing {
	const struct report *r;
	FILE *out;
	struct protobuf b;
	size_t *source, *stall_of;
	uint32_t tracks;
};

/* perfetto_tracks.c: stalls, holds, frozen tasks, with a flow from each hold to whom it froze. 0 or a negative errno. */
int drawing_tracks(struct drawing *d);
/* perfetto_flows.c: fill @source and @stall_of. 0 or -ENOMEM. */
int drawing_sources(struct drawing *d);
/* What is in the buffer, to the file. */
int drawing_flush(struct drawing *d);

/* perfetto_notes.c: what is shown of a slice. */
void notes_of_stall(struct protobuf *b, const struct report *r, const struct stall *s);
void notes_of_hold(struct protobuf *b, const struct report *r, const struct hold *h);
void notes_of_victim(struct protobuf *b, const struct victim *v);

#endif
