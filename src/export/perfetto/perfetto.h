/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* perfetto.h - the parts of the Perfetto writer: tracks, flows and notes */
#ifndef VMSTALL_WRITERS_PERFETTO_H
#define VMSTALL_WRITERS_PERFETTO_H

#include <stdio.h>

#include "export/perfetto/packet.h"
#include "model/report.h"

/**
 * struct drawing - the report while it is turned into packets
 * @source: by stall: index of the hold where its flows begin; SIZE_MAX: they begin at the stall itself
 * @stall_of: by hold: index of its stall; SIZE_MAX: it is not a stall
 * @tracks: number of tracks used so far; each is a sequence of its own
 */
struct drawing {
	const struct report *r;
	FILE *out;
	struct protobuf b;
	size_t *source, *stall_of;
	uint32_t tracks;
};

/* tracks.c: stalls, holds, frozen tasks, with a flow from each hold to the tasks that it froze. 0 or a negative errno. */
int drawing_tracks(struct drawing *d);
/* flows.c: fill @source and @stall_of. 0 or -ENOMEM. */
int drawing_sources(struct drawing *d);
/* Write the buffer to the file. */
int drawing_flush(struct drawing *d);

/* notes.c: the details of a slice. */
void notes_of_stall(struct protobuf *b, const struct report *r, const struct stall *s);
void notes_of_hold(struct protobuf *b, const struct report *r, const struct hold *h);
void notes_of_victim(struct protobuf *b, const struct victim *v);

#endif
