// SPDX-License-Identifier: LGPL-2.1-or-later
/* feed.c - which thread fills which block, and when */
#include "reader/lanes/feed.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#define RING	    4
#define MEMORY	    (16 << 20)	/* for all rings together */
#define MIN_BLOCK   32
#define MAX_BLOCK   1024
#define MAX_WORKERS 64

struct ring {
	struct lane *lane;
	struct event *events;		/* RING blocks */
	int filled[RING];		/* what fill() returned */
	size_t head, full;		/* the oldest full block, how many are full */
	bool taken;			/* the caller holds the block before head */
	bool queued, ended;		/* a worker fills it or is about to; the lane is at its end */
};

struct feed {
	struct ring *rings;
	size_t nr, block;
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	size_t *queue, queue_head, queue_len;	/* rings with a free block, first come first served */
	pthread_t workers[MAX_WORKERS];
	unsigned int nr_workers;
	struct unpacker unpacker;	/* the merge's own */
	bool stop;
};

static struct event *block_of(const struct feed *f, const struct ring *r, size_t i)
{
	return r->events + (i % RING) * f->block;
}

static bool has_room(const struct ring *r)
{
	return !r->ended && r->full + r->taken < RING;
}

static void enqueue(struct feed *f, size_t i)
{
	if (f->rings[i].queued || !has_room(&f->rings[i]))
		return;
	f->rings[i].queued = true;
	f->queue[(f->queue_head + f->queue_len++) % f->nr] = i;
	pthread_cond_signal(&f->work);
}

/* Fill one block. The lock is not held meanwhile, because the ring belongs to the worker. */
static void fill_one(struct feed *f, struct ring *r, struct unpacker *u)
{
	size_t at = r->head + r->full;
	int got;

	pthread_mutex_unlock(&f->lock);
	got = r->lane->ops->fill(r->lane, u, block_of(f, r, at), f->block);
	pthread_mutex_lock(&f->lock);
	r->filled[at % RING] = got;
	r->full++;
	r->ended = got <= 0;
}

/* Fill a block of the ring that has waited longest. False: no ring waits. */
static bool fill_next(struct feed *f, struct unpacker *u)
{
	size_t i;

	if (!f->queue_len)
		return false;
	i = f->queue[f->queue_head];
	f->queue_head = (f->queue_head + 1) % f->nr;
	f->queue_len--;
	fill_one(f, &f->rings[i], u);
	f->rings[i].queued = false;
	enqueue(f, i);
	return true;
}

static void *work(void *arg)
{
	struct unpacker u = { 0 };
	struct feed *f = arg;

	pthread_mutex_lock(&f->lock);
	while (!f->stop) {
		if (fill_next(f, &u))
			pthread_cond_signal(&f->done);
		else
			pthread_cond_wait(&f->work, &f->lock);
	}
	pthread_mutex_unlock(&f->lock);
	unpacker_clear(&u);
	return NULL;
}

static int start_workers(struct feed *f, unsigned int jobs)
{
	for (size_t i = 0; i < f->nr; i++)
		enqueue(f, i);
	while (f->nr_workers < jobs - 1 && f->nr_workers < MAX_WORKERS && f->nr_workers < f->nr) {
		if (pthread_create(&f->workers[f->nr_workers], NULL, work, f))
			return f->nr_workers ? 0 : -ENOMEM;
		f->nr_workers++;
	}
	return 0;
}

static size_t block_size(size_t nr_lanes)
{
	size_t fits = MEMORY / (nr_lanes * RING * sizeof(struct event));

	return fits < MIN_BLOCK ? MIN_BLOCK : fits > MAX_BLOCK ? MAX_BLOCK : fits;
}

int feed_open(struct lane **lanes, size_t nr_lanes, unsigned int jobs, struct feed **ret)
{
	struct feed *f = calloc(1, sizeof(*f));
	int err = 0;

	if (!f)
		return -ENOMEM;
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->work, NULL);
	pthread_cond_init(&f->done, NULL);
	f->block = block_size(nr_lanes ? nr_lanes : 1);
	f->rings = calloc(nr_lanes ? nr_lanes : 1, sizeof(*f->rings));
	f->queue = calloc(nr_lanes ? nr_lanes : 1, sizeof(*f->queue));
	for (size_t i = 0; f->rings && f->queue && i < nr_lanes; i++) {
		f->rings[i].lane = lanes[i];
		f->rings[i].events = calloc((jobs > 1 ? RING : 1) * f->block, sizeof(struct event));
		f->nr++;
		err = f->rings[i].events ? err : -ENOMEM;
	}
	if (!f->rings || !f->queue)
		err = -ENOMEM;
	if (!err && jobs > 1)
		err = start_workers(f, jobs);
	if (err)
		return feed_close(f), err;
	*ret = f;
	return 0;
}

static int take_ready(struct feed *f, size_t i, struct event **ret_events)
{
	struct ring *r = &f->rings[i];
	int got;

	pthread_mutex_lock(&f->lock);
	r->taken = false;
	enqueue(f, i);
	while (!r->full && !(r->ended && !r->queued))
		if (!fill_next(f, &f->unpacker))
			pthread_cond_wait(&f->done, &f->lock);
	got = r->full ? r->filled[r->head % RING] : 0;
	if (r->full) {
		*ret_events = block_of(f, r, r->head);
		r->head++;
		r->full--;
		r->taken = true;
		enqueue(f, i);
	}
	pthread_mutex_unlock(&f->lock);
	return got;
}

int feed_take(struct feed *f, size_t i, struct event **ret_events)
{
	struct ring *r = &f->rings[i];

	if (f->nr_workers)
		return take_ready(f, i, ret_events);
	*ret_events = r->events;
	return r->lane->ops->fill(r->lane, &f->unpacker, r->events, f->block);
}

struct feed *feed_close(struct feed *f)
{
	if (!f)
		return NULL;
	pthread_mutex_lock(&f->lock);
	f->stop = true;
	pthread_cond_broadcast(&f->work);
	pthread_mutex_unlock(&f->lock);
	while (f->nr_workers)
		pthread_join(f->workers[--f->nr_workers], NULL);
	for (size_t i = 0; i < f->nr; i++)
		free(f->rings[i].events);
	free(f->rings);
	free(f->queue);
	unpacker_clear(&f->unpacker);
	pthread_cond_destroy(&f->done);
	pthread_cond_destroy(&f->work);
	pthread_mutex_destroy(&f->lock);
	free(f);
	return NULL;
}
