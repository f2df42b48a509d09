// SPDX-License-Identifier: LGPL-2.1-or-later
/* batch.c - vmstall batch: a directory of recordings into a database */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/passes.h"
#include "batch/batch.h"
#include "cli/options/batch.h"
#include "cli/run/guard.h"
#include "cli/run/output.h"
#include "cli/verbs/batch_show.h"
#include "cli/verbs/fleet.h"
#include "cli/verbs/verbs.h"
#include "util/text.h"

static const struct verb batch = {
	.name	  = "batch",
	.about	  = "Analyse many recordings and store the results in a database. Recordings that are in it and have not\n"
		    "changed are left alone, so the same command goes on where it was stopped. In directories it takes\n"
		    "*.dat and files that begin as a trace.dat.",
	.groups	  = OPTIONS_COMMON | OPTIONS_READING,
	.rows	  = batch_rows,
	.passes	  = fleet_passes,
	.operands = "PATH...",
	.exits	  = "\nExit status: 0 done, 2 usage or no database, 3 no recording that could be analysed\n"
		    "and can tell whether anything stalled, 4 some are cut or damaged, failed, or could not be stored.",
};

/* Record each path that cannot be read: that is a result too. */
struct search { struct batch_show *show; struct store *store; size_t unreadable; int err; char *why; bool quiet; };

static void on_unreadable(void *data, const char *path, int err)
{
	struct search *s = data;
	const char *words = err == -EINVAL ? "not a file" : error_text(err);

	batch_show_path(s->show, path, words);
	s->unreadable++;
	if (!s->err)
		s->err = batch_unreadable(s->store, path, words, &s->why);
}

static void on_note(void *data, const char *path, const char *what)
{
	struct search *s = data;
	char *text = NULL;

	if (s->quiet)
		return;
	fail(&text, 0, "%s: left alone", what);
	batch_show_path(s->show, path, text ? text : what);
	free(text);
}

static int find_in_list(struct find *f, const char *name, char end)
{
	FILE *list = strcmp(name, "-") ? fopen(name, "re") : stdin;
	int err = list ? find_list(f, list, end) : -errno;

	if (list && list != stdin)
		fclose(list);
	if (err)
		cli_log("batch: --files-from: %s: %s", name, error_text(err));
	return err;
}

static void keep_shard(struct find *f, const struct shard *shard)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->nr; i++) {
		if (shard_has(shard, f->all[i].path + f->all[i].key))
			f->all[kept++] = f->all[i];
		else
			free(f->all[i].path);
	}
	f->nr = kept;
}

static int find_all(const struct options *o, const struct batch_options *b, struct search *s, struct find *f)
{
	int err = 0;

	*f = (struct find){ .unreadable = on_unreadable, .note = on_note, .data = s };
	for (size_t i = 0; !s->err && i < o->nr_operands; i++)
		s->err = store_forget(s->store, o->operands[i], &s->why);
	for (size_t i = 0; !err && i < b->nr_files_from; i++)
		if (find_in_list(f, b->files_from[i], b->files_end))
			return EXIT_USAGE;
	for (size_t i = 0; !err && i < o->nr_operands; i++)
		err = find_add(f, o->operands[i]);
	if (err || s->err) {
		cli_log("%s", s->why ? s->why : "out of memory");
		return EXIT_UNREADABLE;
	}
	find_sort(f);
	if (f->others && o->verbose >= 0)
		cli_log("%llu files that are no recordings were left alone", (unsigned long long)f->others);
	keep_shard(f, &b->shard);
	return EXIT_DONE;
}

struct exporting { struct store *store; const struct export *what; char *why; };

static int fill_export(void *data, FILE *out)
{
	struct exporting *e = data;

	return export_csv(e->store, e->what, out, &e->why);
}

/* Returns EXIT_DONE, or EXIT_PARTIAL after an error was printed. */
static int write_csv_dir(const char *dir, struct store *store)
{
	int status = EXIT_DONE;

	for (const struct export *e = exports; e->file; e++) {
		struct exporting exporting = { .store = store, .what = e };
		char *path = NULL;
		int err = asprintf(&path, "%s/%s", dir, e->file) < 0 ? -ENOMEM : file_write(path, fill_export, &exporting);

		if (err) {
			cli_log("%s/%s: not written: %s", dir, e->file, exporting.why ? exporting.why : error_text(err));
			status = EXIT_PARTIAL;
		}
		free(exporting.why);
		free(path);
	}
	return status;
}

static void conclude(const struct batch_options *b, const struct batch_counts *c, int sig)
{
	size_t failed = c->of[OUTCOME_FAILED] + c->of[OUTCOME_TIMEOUT] + c->of[OUTCOME_CRASHED] + c->unreadable;

	if (sig)
		cli_log("stopped by %s: %zu of %zu files are done and stored in %s; the same command goes on from there",
			sig == SIGINT ? "Ctrl-C" : strsignal(sig), c->done, c->to_do, b->db);
	else
		cli_log("%zu files: %zu analysed (%zu stalls), %zu unchanged or known, %zu partial, %zu cannot tell, %zu failed; "
			"stored in %s", c->files, c->of[OUTCOME_OK] + c->of[OUTCOME_PARTIAL], c->stalls, c->fresh + c->known,
			c->of[OUTCOME_PARTIAL], c->of[OUTCOME_UNANSWERED], failed, b->db);
}

static int status_of(const struct batch_counts *c, const struct search *s)
{
	if (c->files + s->unreadable && c->bad + c->unanswered == c->files)
		return EXIT_UNREADABLE;
	return c->bad || c->cut || c->stopped || s->unreadable ? EXIT_PARTIAL : EXIT_DONE;
}

static int run_on(const struct options *o, const struct batch_options *b, struct store *store, struct batch_show *show,
		  const struct batch_watch *watch, int *ret_signal)
{
	struct batch_order order = { .recording = o->recording, .analysis = o->analysis, .labels = &b->labels,
		.pattern = b->pattern, .jobs = b->jobs, .timeout_ms = b->timeout_ms, .memory = b->memory,
		/* A recording that failed without a sibling may be readable with one. */
		.retry = b->retry || o->recording.headers_from,
		.watch = *watch };
	struct search s = { .show = show, .store = store, .quiet = o->verbose < 0 };
	struct batch_counts c = { 0 };
	struct find files;
	char *why = NULL;
	int status = find_all(o, b, &s, &files), err = 0;

	if (!status)
		err = batch_run(&order, &files, store, &c, ret_signal, &why);
	batch_show_wipe(show);
	if (err) {
		cli_log("%s", why ? why : error_text(err));
		if (err != -ENOPKG)
			cli_log("%zu of %zu files are done and stored; the same command goes on from there", c.done, c.to_do);
		status = err == -ENOPKG ? EXIT_USAGE : EXIT_PARTIAL;
	} else if (!status) {
		if (o->verbose >= 0 || *ret_signal)
			conclude(b, &c, *ret_signal);
		status = status_of(&c, &s);
	}
	free(why);
	free(s.why);
	find_clear(&files);
	return status;
}

/* Write the outputs other than the database. A failed recording outranks a failed output in the exit status. */
static int hand_out(const struct options *o, const struct batch_options *b, struct store *store, int status)
{
	int other = b->csv_dir ? write_csv_dir(b->csv_dir, store) : EXIT_DONE;

	if (!b->jsonl && o->verbose >= 0 && fleet_tell(store, b->db, o))
		other = EXIT_PARTIAL;
	if (stdout_finish())
		other = EXIT_PARTIAL;
	return status ? status : other;
}

static int run(const struct options *o, const struct batch_options *b)
{
	struct batch_show show;
	struct batch_watch watch = batch_show_begin(&show, o->verbose, b->jsonl);
	struct store *store = NULL;
	char *why = NULL;
	int status, sig = 0;

	signal(SIGXFSZ, SIG_IGN);	/* exceeding a quota shall be an error and not kill the process */
	if (store_open(b->db, STORE_WRITE, (unsigned int)b->wait_ms, &store, &why)) {
		cli_log("%s", why ? why : "out of memory");
		free(why);
		return EXIT_USAGE;
	}
	status = run_on(o, b, store, &show, &watch, &sig);
	if (!sig)
		status = hand_out(o, b, store, status);
	store_close(store);
	return sig ? follow(sig) : status;
}

/* Check the outputs first: the user should learn of an error before an hour's work and not after it. */
static int check_csv_dir(const char *dir)
{
	struct stat st;

	if (!stat(dir, &st) && !S_ISDIR(st.st_mode))
		errno = ENOTDIR;
	else if ((!mkdir(dir, 0777) || errno == EEXIST) && !access(dir, W_OK))
		return -1;
	cli_log("batch: --csv-dir: %s: %s", dir, strerror(errno));
	return EXIT_USAGE;
}

/* Returns -1 to go on, else the exit status. */
static int check(const struct options *o, struct batch_options *b)
{
	char *why = NULL;
	int found = 0;

	if (!o->nr_operands && !b->nr_files_from) {
		cli_log("batch: which recordings? name files or directories (vmstall batch --help)");
		return EXIT_USAGE;
	}
	if (!b->shard.n)
		found = shard_from_environment(&b->shard, &why);
	if (found > 0 && o->verbose >= 0)
		cli_log("part %u of %u, as this machine's job says", b->shard.k, b->shard.n);
	if (found < 0)
		cli_log("batch: %s", why ? why : "out of memory");
	free(why);
	if (found < 0)
		return EXIT_USAGE;
	return b->csv_dir ? check_csv_dir(b->csv_dir) : -1;
}

int cmd_batch(int argc, char **argv)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct batch_options b = { .db = "fleet.sqlite", .files_end = '\n', .jobs = cpus > 1 ? (unsigned int)cpus : 1,
		.timeout_ms = 600000, .memory = UINT64_C(2) << 30, .wait_ms = 60000 };
	struct options o;
	int status = options_parse_own(&batch, &b, argc, argv, &o);

	if (status < 0)
		status = check(&o, &b);
	if (status < 0)
		status = run(&o, &b);
	label_pattern_free(b.pattern);
	labels_clear(&b.labels);
	return status;
}
