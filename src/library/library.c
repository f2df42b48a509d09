// SPDX-License-Identifier: LGPL-2.1-or-later
/* library.c - the functions of vmstall.h for other programs: analyse, read the rows, write */
#include "library/library.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "export/writers.h"
#include "model/writer.h"
#include "util/text.h"

/* The caller was built with a newer vmstall.h, and uses fields that this library does not know. */
static bool is_beyond_us(const struct vmstall_options *o)
{
	for (size_t i = sizeof(*o); i < o->size; i++)
		if (((const char *)o)[i])
			return true;
	return false;
}

/* A caller with an older vmstall.h lacks the newer fields. They stay 0, which is the default. */
static int take_options(const struct vmstall_options *from, struct vmstall_options *ret, char **why)
{
	*ret = (struct vmstall_options){ .size = sizeof(*ret) };
	if (!from)
		return 0;
	if (from->size < sizeof(from->size))
		return fail(why, -EINVAL, "options: size is not set");
	if (is_beyond_us(from))
		return fail(why, -EINVAL, "options: one of them is not known to libvmstall " VMSTALL_VERSION);
	memcpy(ret, from, from->size < sizeof(*ret) ? from->size : sizeof(*ret));
	if (ret->to_ns && ret->from_ns > ret->to_ns)
		return fail(why, -EINVAL, "options: from_ns is after to_ns");
	return 0;
}

static int analyze(const char *path, const struct vmstall_options *o, struct vmstall_report *report, char **why)
{
	struct rules rules = rules_of(PROFILE_EMULATED);
	struct recording_options recording = { .jobs = o->jobs, .plugin_dir = o->plugin_dir, .leave_streams = true };
	struct analysis_options analysis = {
		.min_stall_ns = o->min_stall_ns ? o->min_stall_ns : rule_ns(&rules, RULE_STALL),
		.from_ns = o->from_ns,
		.to_ns = o->to_ns ? o->to_ns : UINT64_MAX,
		.keep_all_holds = o->all_holds,
		.rules = &rules,
	};
	int err = analyze_recording(path, &recording, &analysis, &report->inner, why);

	report->min_stall_ns = analysis.min_stall_ns;
	return err ? err : rows_make(report);
}

int vmstall_analyze(const char *path, const struct vmstall_options *options, struct vmstall_report **ret_report,
		    char **reterr_why)
{
	struct vmstall_options o;
	struct vmstall_report *report = calloc(1, sizeof(*report));
	char *why = NULL;
	int err = report ? take_options(options, &o, &why) : -ENOMEM;

	if (!err)
		err = analyze(path, &o, report, &why);
	if (!err) {
		*ret_report = report;
		return 0;
	}
	vmstall_report_free(report);
	if (!why)
		fail(&why, err, "%s: %s", path, error_text(err));
	if (reterr_why)
		*reterr_why = why;
	else
		free(why);
	return err;
}

struct vmstall_report *vmstall_report_free(struct vmstall_report *report)
{
	if (report) {
		rows_clear(report);
		report_clear(&report->inner);
	}
	free(report);
	return NULL;
}

const struct vmstall_facts *vmstall_get_facts(const struct vmstall_report *report)
{
	return &report->facts;
}

const struct vmstall_stall *vmstall_get_stall(const struct vmstall_report *report, size_t i)
{
	return i < report->inner.nr_stalls ? &report->stalls[i] : NULL;
}

const struct vmstall_victim *vmstall_get_victim(const struct vmstall_report *report, const struct vmstall_stall *stall,
						size_t i)
{
	const struct victim *first = report->inner.victims;
	size_t n = report->inner.nr_victims;

	if (stall)
		n = report_victims(&report->inner, (size_t)(stall - report->stalls), &first);
	return i < n ? &report->victims[(size_t)(first - report->inner.victims) + i] : NULL;
}

const struct vmstall_hold *vmstall_get_hold(const struct vmstall_report *report, size_t i)
{
	return i < report->inner.nr_holds ? &report->holds[i] : NULL;
}

const struct vmstall_note *vmstall_get_note(const struct vmstall_report *report, size_t i)
{
	return i < report->inner.nr_notes ? &report->notes[i] : NULL;
}

const struct vmstall_coverage *vmstall_get_coverage(const struct vmstall_report *report, size_t i)
{
	return i < report->inner.nr_coverage ? &report->coverage[i] : NULL;
}

int vmstall_write(const struct vmstall_report *report, const char *format, FILE *out)
{
	const struct writer *writer = writer_by_name(format);
	struct writer_options opts = { .min_stall_ns = report->min_stall_ns };

	return writer ? writer->write(&report->inner, &opts, out) : -EINVAL;
}

const char *vmstall_version(void)
{
	return VMSTALL_VERSION;
}
