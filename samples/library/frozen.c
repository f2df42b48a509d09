// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * frozen.c - libvmstall in a program of your own: who was frozen, for how long, and what to do about it
 *
 *	cc -o frozen frozen.c $(pkg-config --cflags --libs libvmstall)
 *	./frozen trace.dat
 */
#include <inttypes.h>
#include <stdio.h>

#include <vmstall/vmstall.h>

static double seconds(uint64_t ns)
{
	return (double)ns / 1e9;
}

static void show(const struct vmstall_report *report, const struct vmstall_stall *s)
{
	const struct vmstall_victim *v;

	printf("%.6f %.3f s of %s by %s, %" PRIu32 " tasks frozen [%s, %s confidence]\n", seconds(s->at.start_ns),
	       seconds(s->at.end_ns - s->at.start_ns), s->cause, s->cause_comm, s->tasks_frozen, s->evidence,
	       s->confidence);
	if (s->nr_scanned.known && s->nr_skipped.known)
		printf("  %" PRId64 " of %" PRId64 " pages skipped: %s\n", s->nr_skipped.v, s->nr_scanned.v, s->diagnosis);
	for (size_t i = 0; (v = vmstall_get_victim(report, s, i)); i++)
		printf("  %-16s %6" PRId32 " %-10s %.3f s\n", v->comm, v->pid, v->kind,
		       seconds(v->frozen_to_ns - v->frozen_from_ns));
	printf("%s", s->remedy);
}

int main(int argc, char **argv)
{
	struct vmstall_options options = { .size = sizeof(options), .min_stall_ns = 20000000 };
	const struct vmstall_coverage *c;
	const struct vmstall_stall *s;
	const struct vmstall_note *n;
	struct vmstall_report *report;
	char *why;

	if (argc != 2 || vmstall_analyze(argv[1], &options, &report, &why) < 0) {
		fprintf(stderr, "frozen: %s\n", argc == 2 ? why : "name a trace.dat file");
		return 1;
	}
	for (size_t i = 0; (s = vmstall_get_stall(report, i)); i++)
		show(report, s);
	for (size_t i = 0; (n = vmstall_get_note(report, i)); i++)
		printf("%s: %s\n", n->level, n->text);
	for (size_t i = 0; (c = vmstall_get_coverage(report, i)); i++)
		if (!c->possible)
			printf("cannot say: %s (%s)\n", c->analysis, c->missing);
	vmstall_report_free(report);
	return 0;
}
