// SPDX-License-Identifier: LGPL-2.1-or-later
/* work.c - what does a child find out about one recording, and in which form does it report that? */
#include "batch/work/work.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "batch/work/tables.h"
#include "export/json/values.h"
#include "model/answer.h"
#include "util/text.h"

#define LINES_MAX (UINT64_C(1) << 30)	/* bytes; more findings than anybody can read */

/* A line that could not be written is missing. The parent notices, because the last line is then missing too. */
static int put_line(FILE *out, json_t *line)
{
	int err = line ? json_dumpf(line, out, JSON_COMPACT) : -1;

	json_decref(line);
	putc('\n', out);
	return err || ferror(out) ? -EIO : 0;
}

static int put_end(FILE *out, const char *status, const char *error)
{
	return put_line(out, json_pack("{s:s, s:o}", "status", status, "error", json_text(error)));
}

static int failed(FILE *out, const char *error)
{
	return put_end(out, outcome_name(OUTCOME_FAILED), error);
}

/* Say what is wrong with a partial recording: the first error of its report. */
static const char *damage(const struct report *r)
{
	for (size_t i = 0; i < r->nr_notes; i++)
		if (r->notes[i].level == QUALITY_ERROR)
			return r->notes[i].text;
	return "cut or damaged, read as far as possible";
}

static int tell_unanswered(const struct report *r, FILE *out)
{
	char *why = report_why_unanswered(r);
	int err = why ? put_end(out, outcome_name(OUTCOME_UNANSWERED), why) : -ENOMEM;

	free(why);
	return err;
}

static int tell_report(const struct work *w, const struct report *r, FILE *out)
{
	char *why = NULL;
	int err = tables_write(r, w->analysis.min_stall_ns, out);

	if (err)
		return err;
	if (r->time_refused) {
		fail(&why, 0, "its clock, \"%s\", is not in seconds", r->facts.clock ? r->facts.clock : "?");
		err = failed(out, why);
		free(why);
		return err;
	}
	if (!stalls_answered(r))
		return tell_unanswered(r, out);
	return put_end(out, outcome_name(r->facts.partial ? OUTCOME_PARTIAL : OUTCOME_OK),
		r->facts.partial ? damage(r) : NULL);
}

/* Without the file name, which is stored beside it. */
static const char *without_path(const struct work *w, const char *why)
{
	size_t n = strlen(w->path);

	return !strncmp(why, w->path, n) && !strncmp(why + n, ": ", 2) ? why + n + 2 : why;
}

static int tell_failure(const struct work *w, int err, const char *why, FILE *out)
{
	char *text = NULL;

	if (err == -ENOPKG)
		return put_end(out, WORK_UNTRIED, why);
	if (err == -ENOMEM && w->memory)
		fail(&text, 0, "the analysis needs more memory than its limit of %" PRIu64 " MiB", w->memory >> 20);
	err = failed(out, text ? text : why ? without_path(w, why) : error_text(err));
	free(text);
	return err;
}

#define DIGEST_PART (WORK_WHOLE / 5)	/* the share of the whole time, roughly */

static void set_done(const struct work *w, double share, double from, double to)
{
	share = share > 1 ? 1 : share;
	atomic_store_explicit(&w->shared->done, (uint32_t)(from + share * (to - from)), memory_order_relaxed);
}

static void tell_digest(void *data, uint64_t bytes, uint64_t total_bytes)
{
	set_done(data, total_bytes ? (double)bytes / (double)total_bytes : 1, 0, DIGEST_PART);
}

static void tell_analysis(void *data, uint64_t bytes, uint64_t total_bytes, uint64_t events)
{
	(void)events;
	set_done(data, total_bytes ? (double)bytes / (double)total_bytes : 1, DIGEST_PART, WORK_WHOLE);
}

static int analyse(struct work *w, FILE *out)
{
	struct recording_options recording = w->recording;
	struct report r = { 0 };
	char *why = NULL;
	int err;

	recording.progress = tell_analysis;
	recording.progress_data = w;
	err = analyze_recording(w->path, &recording, &w->analysis, &r, &why);
	err = err ? tell_failure(w, err, why, out) : tell_report(w, &r, out);
	report_clear(&r);
	free(why);
	return err;
}

/* The sixth field of /proc/self/statm: data and stack in pages, which is what RLIMIT_DATA counts. */
static uint64_t data_bytes(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f && fscanf(f, "%*u %*u %*u %*u %*u %lu", &pages) != 1)
		pages = 0;
	if (f)
		fclose(f);
	return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* RLIMIT_DATA, because a mapped file, however large, does not count towards it. */
static void limit(const struct work *w)
{
	rlim_t most = (rlim_t)(data_bytes() + w->memory);

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ LINES_MAX, LINES_MAX });
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
	if (w->memory)
		setrlimit(RLIMIT_DATA, &(struct rlimit){ most, most });
}

static int work_into(struct work *w, FILE *out)
{
	char hex[DIGEST_HEX];
	struct stamp stamp;
	int err = digest_file(w->path, tell_digest, w, hex, &stamp);
	bool known = !err && digests_have(w->known, hex);

	if (err)
		return failed(out, err == -ESTALE ? "it changed while it was read" : error_text(err));
	err = put_line(out, json_pack("{s:s, s:b, s:I, s:I, s:I}", "sha256", hex, "known", (int)known, "bytes",
		(json_int_t)stamp.bytes, "mtime_ns", (json_int_t)stamp.mtime_ns, "ctime_ns", (json_int_t)stamp.ctime_ns));
	if (!err && fflush(out))	/* write it first: it is then known even if the analysis crashes */
		err = -errno;
	return err || known ? err : analyse(w, out);
}

int work_on(void *data)
{
	struct work *w = data;
	FILE *out = fdopen(w->out, "w");
	int err;

	if (!out)
		return 1;
	limit(w);
	err = work_into(w, out);
	return fclose(out) || err;
}
