// SPDX-License-Identifier: LGPL-2.1-or-later
/* output.c - write a report so that its file is whole or does not appear */
#include "cli/run/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/answer.h"
#include "util/spool.h"
#include "util/text.h"

/*
 * A file that is being written. @tmp is its temporary name; NULL: it is written in place, because it is a pipe, a
 * terminal or /dev/null. With @tmp, Ctrl-C is blocked until the file is whole or removed. @before: the signal mask
 * before that.
 */
struct draft { FILE *f; char *tmp, *place; sigset_t before; };

static bool is_stdout(const struct output *out)
{
	return !strcmp(out->path, "-");
}

bool outputs_use_stdout(const struct options *o)
{
	for (size_t i = 0; i < o->nr_outputs; i++)
		if (is_stdout(&o->outputs[i]))
			return true;
	return false;
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return !strcmp(a, b) || (!stat(a, &x) && !stat(b, &y) && S_ISREG(x.st_mode) && x.st_dev == y.st_dev &&
				 x.st_ino == y.st_ino);
}

static int check_place(const char *path, char **reterr_why)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	struct stat st;
	int err = 0;

	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		err = EISDIR;
	else if (!dir)
		err = ENOMEM;
	else if (stat(path, &st) ? access(dir, W_OK) : S_ISREG(st.st_mode) ? access(dir, W_OK) : access(path, W_OK))
		err = errno;
	free(dir);
	return err ? fail(reterr_why, -EINVAL, "%s: cannot be written: %s", path, error_text(-err)) : 0;
}

int outputs_check(const struct options *o, char **reterr_why)
{
	for (size_t i = 0; i < o->nr_outputs; i++) {
		const struct output *out = &o->outputs[i];

		for (size_t k = 0; k < i; k++)
			if (same_file(out->path, o->outputs[k].path))
				return fail(reterr_why, -EINVAL, "--%s and --%s both go to '%s'",
					o->outputs[k].writer->name, out->writer->name, out->path);
		if (is_stdout(out))
			continue;
		if (same_file(out->path, o->file))
			return fail(reterr_why, -EINVAL, "%s: --%s would overwrite the recording", out->path,
				out->writer->name);
		if (check_place(out->path, reterr_why))
			return -EINVAL;
	}
	return 0;
}

int outputs_open_stream(struct options *o, char **reterr_why)
{
	for (size_t i = 0; i < o->nr_outputs && !o->analysis.stream; i++) {
		const struct output *out = &o->outputs[i];
		int err = out->writer->streams ? spool_open(out->path, &o->analysis.stream) : 0;

		if (err)
			return fail(reterr_why, err, "%s: cannot be written: %s", out->path, error_text(err));
	}
	return 0;
}

void outputs_close(struct options *o)
{
	o->analysis.stream = spool_close(o->analysis.stream);
}

/* mkstemp() sets stricter permissions than open(). Set those that open() would give; an existing file keeps its mode. */
static mode_t wanted_mode(const struct stat *old)
{
	mode_t mask = umask(0);

	umask(mask);
	return old ? old->st_mode & 07777 : 0666 & ~mask;
}

static void hold_signals(sigset_t *ret_before)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGHUP);
	sigprocmask(SIG_BLOCK, &stop, ret_before);
}

static int draft_temporary(struct draft *d, const struct stat *old)
{
	int fd;

	if (asprintf(&d->tmp, "%s.XXXXXX", d->place) < 0) {
		d->tmp = NULL;
		return -ENOMEM;
	}
	hold_signals(&d->before);
	fd = mkstemp(d->tmp);
	if (fd < 0) {
		fd = -errno;
		sigprocmask(SIG_SETMASK, &d->before, NULL);
		free(d->tmp);
		d->tmp = NULL;
		return fd;
	}
	(void)fchmod(fd, wanted_mode(old));	/* a file system without modes is no error */
	d->f = fdopen(fd, "w");
	if (d->f)
		return 0;
	close(fd);
	return -ENOMEM;
}

static int draft_begin(struct draft *d, const char *path)
{
	struct stat st;
	bool exists = !stat(path, &st);

	if (exists && !S_ISREG(st.st_mode)) {
		d->f = fopen(path, "w");
		return d->f ? 0 : -errno;
	}
	d->place = exists ? realpath(path, NULL) : strdup(path);	/* replace a link's target, not the link */
	if (!d->place)
		return -ENOMEM;
	return draft_temporary(d, exists ? &st : NULL);
}

/* Move the file to its place, or remove it after an error. @err: the error so far. */
static int draft_end(struct draft *d, int err)
{
	if (d->f && fclose(d->f) && !err)
		err = -errno;
	if (d->tmp && !err && rename(d->tmp, d->place))
		err = -errno;
	if (d->tmp && err)
		unlink(d->tmp);
	if (d->tmp)
		sigprocmask(SIG_SETMASK, &d->before, NULL);
	free(d->tmp);
	free(d->place);
	return err;
}

/* The errno of the stream is lost when a writer returns. Flushing sets it again, at least for a full disk. */
int file_write(const char *path, int (*fill)(void *data, FILE *out), void *data)
{
	struct draft d = { 0 };
	int err;

	if (!strcmp(path, "-"))
		return fill(data, stdout);
	err = draft_begin(&d, path);
	if (!err)
		err = fill(data, d.f);
	if (!err && fflush(d.f))
		err = -errno;
	return draft_end(&d, err);
}

struct filling { const struct writer *writer; const struct report *r; const struct writer_options *w; };

static int fill_report(void *data, FILE *out)
{
	const struct filling *f = data;

	return f->writer->write(f->r, f->w, out);
}

int outputs_write(const struct options *o, const struct report *r, const struct writer_options *w)
{
	bool answered = report_answered(r);
	int status = EXIT_DONE;

	for (size_t i = 0; i < o->nr_outputs; i++) {
		const struct output *out = &o->outputs[i];
		struct filling f = { out->writer, r, w };
		int err = answered || out->writer->explains ? file_write(out->path, fill_report, &f) : 0;

		if (!err || (is_stdout(out) && err == -EIO))	/* stdout_finish() reports it */
			continue;
		cli_log("%s: not written: %s", out->path, error_text(err));
		status = EXIT_PARTIAL;
	}
	return status;
}

int stdout_finish(void)
{
	bool failed;

	errno = 0;
	failed = fflush(stdout) || ferror(stdout);
	if (!failed || errno == EPIPE)
		return EXIT_DONE;
	cli_log("standard output: %s", errno ? strerror(errno) : "could not be written");
	return EXIT_PARTIAL;
}

int stdout_told(const struct options *o, int err)
{
	int status = stdout_finish();

	if (err == -ENOMEM)
		cli_log_file(o->file, err, NULL);
	return err == -ENOMEM ? EXIT_PARTIAL : status;
}
