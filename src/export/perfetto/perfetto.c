// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * perfetto.c - the recording and its findings, for ui.perfetto.dev
 *
 * First come the clock and the kernel, because the other packets cannot be interpreted without them. Then come the
 * report's own tracks, and last the packets that the pass streamed.
 */
#include "export/perfetto/perfetto.h"

#include <stdlib.h>

#include "export/perfetto/clock.h"
#include "model/writer.h"
#include "util/spool.h"
#include "util/text.h"

enum { SYSTEM_UTSNAME = 1, UTSNAME_SYSNAME = 1, UTSNAME_RELEASE = 3, UTSNAME_MACHINE = 4 };	/* of SystemInfo, Utsname */

static void put_system(struct protobuf *b, const struct recording_facts *f)
{
	size_t packet = pb_begin(b, TRACE_PACKET), system, utsname;

	pb_uint(b, PACKET_SEQUENCE, SEQUENCE_HEAD);
	system = pb_begin(b, PACKET_SYSTEM_INFO);
	utsname = pb_begin(b, SYSTEM_UTSNAME);
	pb_text(b, UTSNAME_SYSNAME, "Linux");
	if (f->kernel)
		pb_text(b, UTSNAME_RELEASE, f->kernel);
	if (f->machine)
		pb_text(b, UTSNAME_MACHINE, f->machine);
	pb_end(b, utsname);
	pb_end(b, system);
	pb_end(b, packet);
}

/* Say what is missing from the display, because the user must know it as well. */
static char *about(const struct report *r)
{
	struct text t = { 0 };

	text_add(&t, "vmstall " VMSTALL_VERSION ". Times are those of the recording's clock, \"%s\".",
		r->facts.clock ? r->facts.clock : "?");
	for (size_t i = 0; i < r->nr_coverage; i++)
		if (!r->coverage[i].possible)
			text_add(&t, " Not analysed: %s (%s: %s).", r->coverage[i].analysis,
				r->coverage[i].missing ? "not recorded" : "not known whether recorded",
				r->coverage[i].missing ? r->coverage[i].missing : r->coverage[i].unknown);
	for (size_t i = 0; i < r->nr_notes; i++)
		if (r->notes[i].level != QUALITY_INFO)
			text_add(&t, " %s.", r->notes[i].text);
	return text_take(&t);
}

static void put_head(struct drawing *d)
{
	const struct recording_facts *f = &d->r->facts;
	struct trace_clock clock = trace_clock_of(f);
	char *help = about(d->r);

	packet_clock(&d->b, &clock, f->first_ns <= PACKET_MAX_NS ? f->first_ns : 0);
	put_system(&d->b, f);
	d->b.failed |= !help;
	packet_group(&d->b, GROUP_ALL, "vmstall", help);
	free(help);
}

static int write_perfetto(const struct report *r, const struct writer_options *opts, FILE *out)
{
	struct drawing d = { .r = r, .out = out };
	int err;

	put_head(&d);
	err = drawing_flush(&d);
	if (!err)
		err = drawing_tracks(&d);
	if (!err && opts->stream)
		err = spool_copy(opts->stream, out);
	pb_free(&d.b);
	free(d.source);
	free(d.stall_of);
	return err;
}

const struct writer perfetto_writer = {
	.name	 = "perfetto",
	.about	 = "the recording and its stalls, for ui.perfetto.dev",
	.write	 = write_perfetto,
	.streams = true,
	.explains = true,
};
