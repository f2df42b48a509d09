// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * load.c - the work of a small robot, and the pressure that freezes it
 *
 *	load SECONDS DISK DIRECTORY PIPES
 *
 * Publishers write to their subscribers 30 or 100 times a second, workers map, fork, read and write; pipe_hog fills pipes,
 * whose pages may not be moved, so that reclaim wants the zone below ZONE_MOVABLE. Each keeps its own clock: /out/gaps has a
 * file of each, with every gap between two messages of more than two periods, and every operation of more than 50 ms.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096
#define MOST_PIPES 4096		/* of 1 MiB; PIPES of them are most of what is below ZONE_MOVABLE */
#define LOG_BYTES (1 << 20)	/* written to its file at the end only: nobody's diary may wait for the disk */

static volatile sig_atomic_t over;	/* the recording has ended: to the diaries */

static void end_it(int signal)
{
	(void)signal;
	over = 1;
}

struct diary {
	const char *name;
	char *text;
	size_t len;
	long count;
	double last;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what)
{
	perror(what);
	_exit(1);
}

static struct diary begin(const char *name)
{
	struct diary d = { .name = name, .text = malloc(LOG_BYTES), .last = now() };

	if (!d.text)
		die(name);
	memset(d.text, 0, LOG_BYTES);
	prctl(PR_SET_NAME, name);
	mlockall(MCL_CURRENT);
	return d;
}

/* One more; it took from @from until now, which is worth a line when it took longer than @limit. */
static void note(struct diary *d, const char *what, double from, double limit)
{
	double to = now();

	d->count++;
	d->last = to;
	if (to - from > limit && LOG_BYTES - d->len > 100)
		d->len += (size_t)sprintf(d->text + d->len, "%s start_s=%.6f end_s=%.6f ms=%.3f\n", what, from, to,
					  (to - from) * 1e3);
}

/* @unit: "messages" and "loops" tell of every gap, "ops" only of slow ones. */
static void end(const struct diary *d, const char *unit)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/out/gaps/%s.txt", d->name);
	f = fopen(path, "w");
	if (!f)
		die(path);
	fprintf(f, "name=%s pid=%d %s=%ld\n", d->name, getpid(), unit, d->count);
	fwrite(d->text, 1, d->len, f);
	fclose(f);
	_exit(0);
}

static void subscribe(int from, const char *publisher, double period)
{
	char name[32], message[64];
	struct diary d;

	snprintf(name, sizeof(name), "%s_sub", publisher);
	d = begin(name);
	while (read(from, message, sizeof(message)) > 0)
		note(&d, "gap", d.last, 2 * period);
	note(&d, "gap", d.last, 2 * period);	/* the one that the end cut */
	end(&d, "messages");
}

static void touch(size_t pages)
{
	char *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (p != MAP_FAILED)
		munmap(p, pages * PAGE);
}

static void publish(const char *name, long period_us, size_t pages, int rt_prio)
{
	const struct sched_param rt = { .sched_priority = rt_prio };
	char message[64] = "";
	struct timespec next;
	struct diary d;
	int ends[2];

	if (pipe(ends))
		die("pipe");
	if (!fork()) {
		close(ends[1]);
		subscribe(ends[0], name, (double)period_us / 1e6);
	}
	close(ends[0]);
	d = begin(name);
	if (rt_prio && sched_setscheduler(0, SCHED_FIFO, &rt))
		die("sched_setscheduler");
	clock_gettime(CLOCK_MONOTONIC, &next);
	while (!over) {
		next.tv_nsec += period_us * 1000;
		next.tv_sec += next.tv_nsec / 1000000000;
		next.tv_nsec %= 1000000000;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
		if (pages)
			touch(pages);
		if (write(ends[1], message, sizeof(message)) < 0)
			break;
		note(&d, "gap", d.last, 2 * (double)period_us / 1e6);
	}
	note(&d, "gap", d.last, 2 * (double)period_us / 1e6);
	end(&d, "messages");
}

/* Never in the kernel by its own will: it stands still only when its CPU does. */
static void burn(const char *name, size_t cpu)
{
	struct diary d = begin(name);
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) || setpriority(PRIO_PROCESS, 0, 10))
		die(name);
	while (!over) {
		for (volatile int i = 0; i < 20000; i++)
			;
		note(&d, "gap", d.last, 0.005);
	}
	note(&d, "gap", d.last, 0.005);
	end(&d, "loops");
}

struct job { const char *name; void (*once)(struct job *); const char *path; int fd; long count, most; };

static void work(struct job *job)
{
	struct diary d = begin(job->name);

	while (!over) {
		double from = now();

		job->once(job);
		note(&d, "slowop", from, 0.05);
	}
	end(&d, "ops");
}

static void map_once(struct job *job)
{
	(void)job;
	touch(64);
	usleep(2000);
}

static void fork_once(struct job *job)
{
	pid_t child = fork();

	(void)job;
	if (!child) {
		touch(200);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	usleep(3000);
}

static void log_once(struct job *job)
{
	static char lines[16 * PAGE];

	if (write(job->fd, lines, sizeof(lines)) < 0 || ++job->count % 3000 == 0)
		lseek(job->fd, 0, SEEK_SET);
	usleep(20000);
}

static void read_once(struct job *job)
{
	static char bytes[16 * PAGE];

	if (read(job->fd, bytes, sizeof(bytes)) <= 0)
		lseek(job->fd, 0, SEEK_SET);
	usleep(500);
}

static void fill(int fd)
{
	static char bytes[16 * PAGE];

	fcntl(fd, F_SETPIPE_SZ, 1 << 20);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (write(fd, bytes, sizeof(bytes)) > 0)
		;
}

/* Fill six pipes; when there are enough, let some go after a while. */
static void hog_once(struct job *job)
{
	static int ends[MOST_PIPES][2];

	for (int i = 0; i < 6 && job->count < job->most; i++) {
		if (pipe(ends[job->count]))
			die("pipe");
		fill(ends[job->count++][1]);
	}
	usleep(1000);
	if (job->count < job->most)
		return;
	usleep(500000);
	while (job->count > job->most * 7 / 10) {
		job->count--;
		close(ends[job->count][0]);
		close(ends[job->count][1]);
	}
}

int main(int argc, char **argv)
{
	static const struct { const char *name; long period_us; size_t pages; int rt_prio; } publishers[] = {
		{ "cam_front", 33333, 4, 0 }, { "cam_rear", 33333, 4, 0 }, { "lidar_pub", 33333, 16, 0 },
		{ "radar0", 33333, 0, 0 }, { "imu_pub", 10000, 0, 0 }, { "encoder0", 10000, 1, 0 },
		{ "can_bridge", 10000, 0, 1 },
	};
	char log[64];
	struct job jobs[] = {
		{ .name = "map_worker0", .once = map_once }, { .name = "map_worker1", .once = map_once },
		{ .name = "forker", .once = fork_once }, { .name = "log_writer", .once = log_once, .path = log },
		{ .name = "bdev_reader", .once = read_once, .path = argv[2] },
		{ .name = "pipe_hog", .once = hog_once, .most = argc == 5 ? atoi(argv[4]) : 0 },
	};
	const struct rlimit files = { 4 * MOST_PIPES, 4 * MOST_PIPES };

	if (argc != 5 || atoi(argv[4]) > MOST_PIPES || setrlimit(RLIMIT_NOFILE, &files))
		die("load SECONDS DISK DIRECTORY PIPES");
	snprintf(log, sizeof(log), "%s/log", argv[3]);
	setpgid(0, 0);
	signal(SIGTERM, end_it);
	for (size_t i = 0; i < sizeof(publishers) / sizeof(publishers[0]); i++)
		if (!fork())
			publish(publishers[i].name, publishers[i].period_us, publishers[i].pages, publishers[i].rt_prio);
	for (size_t cpu = 2; cpu < 4; cpu++)
		if (!fork())
			burn(cpu == 2 ? "burner1" : "burner0", cpu);
	for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		if (fork())
			continue;
		jobs[i].fd = jobs[i].path ? open(jobs[i].path, jobs[i].once == log_once ? O_RDWR | O_CREAT : O_RDONLY, 0644) : 0;
		if (jobs[i].fd < 0)
			die(jobs[i].path);
		work(&jobs[i]);
	}
	sleep((unsigned int)atoi(argv[1]));
	kill(0, SIGTERM);
	return 0;	/* ends the recording, before any of them has gone */
}
