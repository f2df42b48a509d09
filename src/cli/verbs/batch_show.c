// SPDX-License-Identifier: LGPL-2.1-or-later
/* batch_show.c - print progress, findings and failures of a batch */
#include "cli/verbs/batch_show.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/common/log.h"
#include "export/json/values.h"
#include "util/text.h"

#define BAR 24

static double seconds_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

void batch_show_wipe(struct batch_show *s)
{
	if (s->shown)
		fputs("\r\033[K", stderr);
	s->shown = false;
}

void batch_show_path(struct batch_show *s, const char *path, const char *what)
{
	batch_show_wipe(s);
	cli_log("%s: %s", path, what);
}

static void add_left(struct text *t, double seconds)
{
	if (seconds < 100)
		text_add(t, ", %.0f s left", seconds);
	else if (seconds < 100 * 60)
		text_add(t, ", %.0f min left", seconds / 60);
	else
		text_add(t, ", %.0f h %02.0f min left", seconds / 3600 - 0.5, (double)((long)(seconds / 60) % 60));
}

/* "[####....] 120 of 400 files, 1.2 of 3.4 GiB, 40 s left, 14 stalls" */
static char *bar_text(const struct batch_show *s, const struct batch_counts *c)
{
	double share = c->bytes ? (double)c->done_bytes / (double)c->bytes : 0, took = seconds_since(&s->since);
	double unit = c->bytes >= UINT64_C(1) << 30 ? 1 << 30 : 1 << 20;
	int full = (int)(share * BAR);
	struct text t = { 0 };

	text_add(&t, "[%.*s%.*s] %zu of %zu files, %.1f of %.1f %s", full, "########################", BAR - full,
		"........................", c->done, c->to_do, (double)c->done_bytes / unit, (double)c->bytes / unit,
		unit > 1 << 20 ? "GiB" : "MiB");
	if (share > 0.005 && took > 1)
		add_left(&t, took / share - took);
	text_add(&t, ", %zu stall%s", c->stalls, c->stalls == 1 ? "" : "s");
	return text_take(&t);
}

/* Keep the line narrower than the terminal, because a line that wraps cannot be wiped. */
static void tick(void *data, const struct batch_counts *c)
{
	struct batch_show *s = data;
	struct winsize size = { .ws_col = 80 };
	char *text;

	if (!s->bar)
		return;
	ioctl(STDERR_FILENO, TIOCGWINSZ, &size);
	text = bar_text(s, c);
	if (text)
		fprintf(stderr, "\r%.*s\033[K", size.ws_col > 1 ? size.ws_col - 1 : 79, text);
	fflush(stderr);
	s->shown = text != NULL;
	free(text);
}

static void begun(void *data, const struct batch_counts *c)
{
	struct batch_show *s = data;

	clock_gettime(CLOCK_MONOTONIC, &s->since);
	if (s->verbose >= 0 && c->fresh)
		cli_log("%zu of %zu files are as they were when they were analysed", c->fresh, c->files);
}

static void put_json(const struct batch_counts *c, const struct batch_file *f)
{
	json_t *o = json_pack("{s:o, s:o, s:s, s:b, s:o, s:o, s:o, s:I, s:I}", "recording", json_text(f->path), "sha256",
		json_text(f->sha256), "status", f->status, "known", (int)f->known, "error", json_text(f->error), "stalls",
		json_known(f->stalls), "worst_ns", json_known(f->worst_ns), "done", (json_int_t)c->done, "to_do",
		(json_int_t)c->to_do);

	if (!o || json_dumpf(o, stdout, JSON_COMPACT | JSON_ENSURE_ASCII))
		cli_log("out of memory");
	json_decref(o);
	putchar('\n');
	fflush(stdout);
}

static void put_line(const struct batch_counts *c, const struct batch_file *f)
{
	struct text t = { 0 };
	char *text;

	if (f->error)
		text_add(&t, "%s: %s", f->status, f->error);
	else if (f->known)
		text_add(&t, "content known");
	else
		text_add(&t, "%s", f->status);
	if (f->stalls.is && f->stalls.v)
		text_add(&t, ": %lld stall%s, worst %.3f s", (long long)f->stalls.v, f->stalls.v == 1 ? "" : "s",
			(double)f->worst_ns.v / 1e9);
	text = text_take(&t);
	cli_log("[%zu/%zu] %s: %s", c->done, c->to_do, f->path, text ? text : f->status);
	free(text);
}

/* On a terminal the bar counts the files that went well, so they get no line. */
static void file(void *data, const struct batch_counts *c, const struct batch_file *f)
{
	struct batch_show *s = data;

	if (s->jsonl)
		put_json(c, f);
	if (f->error || s->verbose > 0 || (s->verbose == 0 && !s->bar && !s->jsonl)) {
		batch_show_wipe(s);
		put_line(c, f);
	}
}

struct batch_watch batch_show_begin(struct batch_show *s, int verbose, bool jsonl)
{
	*s = (struct batch_show){ .verbose = verbose, .jsonl = jsonl, .bar = verbose >= 0 && isatty(STDERR_FILENO) };
	return (struct batch_watch){ .begun = begun, .file = file, .tick = tick, .data = s };
}
