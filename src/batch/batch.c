// SPDX-License-Identifier: LGPL-2.1-or-later
/* batch.c - give the children their work, and store what they find */
#include "batch/batch.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "batch/work/pool.h"
#include "batch/work/work.h"
#include "util/text.h"

#define TICK_MS 100

/* The work of one slot of the pool. @out: the file that its child writes. */
struct task { const struct found *file; int out; };

struct run {
	const struct batch_order *order;
	struct store *store;
	struct store_key key;
	struct digests known;
	struct pool *pool;
	struct task *tasks;
	struct work_shared *shared;
	const struct found **queue;
	size_t next;
	struct batch_counts c;
	int sig;
	char *why;
};

static int label_file(const struct run *r, const struct found *f, struct labels *ret)
{
	int err = 0;

	if (r->order->pattern)
		err = label_pattern_match(r->order->pattern, f->path, ret);
	for (size_t i = 0; err >= 0 && r->order->labels && i < r->order->labels->nr; i++)
		err = labels_set(ret, r->order->labels->all[i].name, r->order->labels->all[i].value);
	return err < 0 ? err : 0;
}

static void judge(struct run *r, enum outcome_status status)
{
	r->c.bad += status > OUTCOME_UNANSWERED;
	r->c.cut += status == OUTCOME_PARTIAL;
	r->c.unanswered += status == OUTCOME_UNANSWERED;
}

static int look_at(struct run *r, const struct found *f)
{
	struct labels labels = { 0 };
	struct store_file file = { f->path, f->stamp, &labels };
	enum outcome_status status;
	int fresh = store_is_fresh(r->store, &file, &r->key, r->order->retry, &status, &r->why), err = 0;

	if (fresh > 0) {
		r->c.fresh++;
		judge(r, status);
		err = label_file(r, f, &labels);
		if (!err)
			err = store_label(r->store, &file, &r->why);
	} else if (!fresh) {
		r->queue[r->c.to_do++] = f;
		r->c.bytes += (uint64_t)f->stamp.bytes;
	}
	labels_clear(&labels);
	return fresh < 0 ? fresh : err;
}

/* Find the files that must be analysed. The others get their labels meanwhile, in one transaction. */
static int look_at_all(struct run *r, const struct find *files)
{
	int err = store_digests(r->store, &r->key, r->order->retry, &r->known, &r->why);

	if (!err)
		err = store_begin(r->store, &r->why);
	for (size_t i = 0; !err && i < files->nr; i++)
		err = look_at(r, &files->all[i]);
	r->c.files = files->nr;
	return err ? err : store_commit(r->store, &r->why);
}

static int start_one(struct run *r, int slot)
{
	struct task *t = &r->tasks[slot];
	struct work w = {
		.known = &r->known, .recording = r->order->recording, .analysis = r->order->analysis,
		.memory = r->order->memory, .shared = &r->shared[slot],
	};
	int err;

	/* Each child has one thread. If there are fewer recordings than jobs, the spare jobs are shared out. */
	w.recording.jobs = r->order->jobs > r->c.to_do ? r->order->jobs / (unsigned int)r->c.to_do : 1;
	t->file = r->queue[r->next];
	t->out = memfd_create("vmstall", MFD_CLOEXEC);
	if (t->out < 0)
		return fail(&r->why, -errno, "a file in memory: %s", strerror(errno));
	atomic_store(&w.shared->done, 0);
	w.path = t->file->path;
	w.out = t->out;
	err = pool_start(r->pool, slot, work_on, &w);
	if (err) {
		close(t->out);
		return fail(&r->why, err, "a child to analyse %s: %s", t->file->path, error_text(err));
	}
	r->next++;
	return 0;
}

/* If there is no room for one more child, wait for those that run instead of failing. */
static int start_some(struct run *r)
{
	int slot, err = 0;

	while (!err && r->next < r->c.to_do && (slot = pool_slot(r->pool)) >= 0)
		err = start_one(r, slot);
	if (err && !pool_idle(r->pool)) {
		free(r->why);
		r->why = NULL;
		err = 0;
	}
	return err;
}

/* A child that runs out of memory mostly crashes on a NULL from malloc(). So a crash near the limit counts as that. */
static bool took_all(const struct run *r, const struct pool_event *e)
{
	return r->order->memory && e->peak >= r->order->memory / 10 * 9;
}

/* Explain how a child ended that could not report it itself. */
static int explain(const struct run *r, const struct pool_event *e, struct outcome *o)
{
	struct text t = { 0 };

	if (!e->late && e->result.end == CHILD_DONE && (o->known || o->status != OUTCOME_CRASHED))
		return 0;
	o->status = e->late ? OUTCOME_TIMEOUT : OUTCOME_CRASHED;
	if (e->late)
		text_add(&t, "not done after %g s", (double)r->order->timeout_ms / 1000);
	else if (e->result.end == CHILD_CRASHED)
		text_add(&t, "damaged: the reading library crashed on it (SIG%s)", sigabbrev_np(e->result.sig));
	else if (e->result.end == CHILD_KILLED)
		text_add(&t, "killed by signal %d (%s)%s", e->result.sig, strsignal(e->result.sig),
			e->result.sig == SIGKILL ? ": the machine may have run out of memory" : "");
	else
		text_add(&t, "the analysis ended early, with status %d", e->result.status);
	if (!e->late && took_all(r, e))
		text_add(&t, ", with its limit of %" PRIu64 " MiB of memory taken", r->order->memory >> 20);
	free(o->error);
	o->error = text_take(&t);
	return o->error ? 0 : -ENOMEM;
}

static int stored(void *data, const struct store_row *row)
{
	struct batch_file *f = data;

	f->status = outcome_name(outcome_status_of(row_text(row, 0)));
	f->stalls = row_int(row, 1);
	f->worst_ns = row_int(row, 2);
	return 0;
}

/* Read what is stored of the recording now. For a known recording this is the earlier result. */
static int recall(struct run *r, const struct outcome *o, struct batch_file *ret)
{
	const struct store_param params[] = { { .text = o->sha256 } };

	return store_query(r->store, "SELECT status, stalls, worst_ns FROM recordings WHERE sha256 = ?1", params, 1, stored, ret,
		&r->why);
}

static void count(struct run *r, const struct outcome *o, const struct batch_file *f)
{
	r->c.done++;
	judge(r, outcome_status_of(f->status));
	if (!o->sha256[0]) {
		r->c.unreadable++;
	} else if (o->known) {
		r->c.known++;
	} else {
		r->c.of[o->status]++;
		r->c.stalls += f->stalls.is ? (size_t)f->stalls.v : 0;
	}
}

static int tell(struct run *r, const struct found *f, const struct outcome *o)
{
	struct batch_file file = { .path = f->path, .sha256 = o->sha256[0] ? o->sha256 : NULL, .known = o->known,
		.status = outcome_name(o->status), .error = o->error };
	int err = o->sha256[0] ? recall(r, o, &file) : 0;

	if (err)
		return err;
	count(r, o, &file);
	if (r->order->watch.file)
		r->order->watch.file(r->order->watch.data, &r->c, &file);
	return 0;
}

static int store_outcome(struct run *r, const struct found *f, struct outcome *o)
{
	struct labels labels = { 0 };
	struct store_file file = { f->path, o->sha256[0] ? o->stamp : f->stamp, &labels };
	int err = label_file(r, f, &labels);

	if (!err)
		err = store_put(r->store, &file, &r->key, o, &r->why);
	if (!err && o->sha256[0])
		err = digests_add(&r->known, o->sha256);
	labels_clear(&labels);
	if (err)
		return err;
	r->c.done_bytes += (uint64_t)f->stamp.bytes;
	return tell(r, f, o);
}

/* Was this process told to stop too? Ctrl-C reaches the children as well, and a shutdown may signal them first. */
static bool told_as_well(void)
{
	sigset_t pending;

	return !sigpending(&pending) && (sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM) || sigismember(&pending, SIGHUP));
}

/* A child that was told to end has no result. The next run analyses its recording. */
static int take_stopped(struct run *r, const struct found *f, const struct pool_event *e)
{
	struct batch_file file = { .path = f->path, .status = "stopped" };
	char *error = NULL;

	if (told_as_well())
		return 0;
	r->c.stopped++;
	fail(&error, 0, "told to end by signal %d (%s): not stored, the next run has it", e->result.sig, strsignal(e->result.sig));
	file.error = error;
	if (error && r->order->watch.file)
		r->order->watch.file(r->order->watch.data, &r->c, &file);
	free(error);
	return error ? 0 : -ENOMEM;
}

static int take_outcome(struct run *r, const struct found *f, const struct pool_event *e, struct outcome *o)
{
	int err;

	if (!e->late && e->result.end == CHILD_ASKED)
		return take_stopped(r, f, e);
	if (o->untried) {
		r->why = o->error;
		o->error = NULL;
		return -ENOPKG;
	}
	err = explain(r, e, o);
	return err ? err : store_outcome(r, f, o);
}

static int take_ended(struct run *r, const struct pool_event *e)
{
	struct task *t = &r->tasks[e->slot];
	const struct found *f = t->file;
	struct outcome o;
	int err;

	t->file = NULL;
	err = outcome_read(t->out, &o);
	if (!err)
		err = take_outcome(r, f, e, &o);
	outcome_clear(&o);
	return err;
}

static void tick(struct run *r)
{
	struct batch_counts c = r->c;

	if (!r->order->watch.tick)
		return;
	for (unsigned int i = 0; i < r->order->jobs; i++)
		if (r->tasks[i].file)
			c.done_bytes += (uint64_t)r->tasks[i].file->stamp.bytes * atomic_load(&r->shared[i].done) / WORK_WHOLE;
	r->order->watch.tick(r->order->watch.data, &c);
}

static int work_all(struct run *r)
{
	struct pool_event e;
	int err = 0;

	while (!err && !r->sig) {
		err = start_some(r);
		if (err || pool_idle(r->pool))
			break;
		switch (pool_wait(r->pool, TICK_MS, &e)) {
		case POOL_ENDED:
			err = take_ended(r, &e);
			break;
		case POOL_SIGNAL:
			r->sig = e.sig;
			break;
		case POOL_NOTHING:
			break;
		}
		tick(r);
	}
	return err;
}

static int prepare(struct run *r, const struct find *files)
{
	size_t shared = r->order->jobs * sizeof(*r->shared);
	void *map;

	r->tasks = calloc(r->order->jobs, sizeof(*r->tasks));
	r->queue = calloc(files->nr + 1, sizeof(const struct found *));
	if (!r->tasks || !r->queue)
		return -ENOMEM;
	map = mmap(NULL, shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	r->shared = map == MAP_FAILED ? NULL : map;
	return r->shared ? pool_open(r->order->jobs, r->order->timeout_ms, &r->pool) : -ENOMEM;
}

static void clean_up(struct run *r)
{
	r->pool = pool_close(r->pool);
	for (unsigned int i = 0; r->tasks && i < r->order->jobs; i++)
		if (r->tasks[i].file)
			close(r->tasks[i].out);
	if (r->shared)
		munmap(r->shared, r->order->jobs * sizeof(*r->shared));
	free(r->tasks);
	free(r->queue);
	digests_clear(&r->known);
}

int batch_run(const struct batch_order *order, const struct find *files, struct store *store, struct batch_counts *ret,
	      int *ret_signal, char **reterr_why)
{
	struct run r = { .order = order, .store = store,
		.key = { ANALYSIS_VERSION, (int64_t)order->analysis.min_stall_ns } };
	int err = prepare(&r, files);

	if (!err)
		err = look_at_all(&r, files);
	if (!err && order->watch.begun)
		order->watch.begun(order->watch.data, &r.c);
	if (!err)
		err = work_all(&r);
	clean_up(&r);
	*ret = r.c;
	*ret_signal = r.sig;
	*reterr_why = r.why;
	return err;
}

int batch_unreadable(struct store *store, const char *path, const char *error, char **reterr_why)
{
	struct outcome o = { .status = OUTCOME_FAILED, .error = strdup(error) };
	struct store_file file = { .path = path };
	int err = o.error ? store_put(store, &file, &(struct store_key){ 0 }, &o, reterr_why) : -ENOMEM;

	outcome_clear(&o);
	return err;
}
