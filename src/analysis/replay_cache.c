// SPDX-License-Identifier: LGPL-2.1-or-later
/* replay_cache.c - blocks of events: the last ones stay in memory, those around a possible stall are kept for good */
#include "analysis/replay_cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/replay_code.h"
#include "util/array.h"
#include "util/search.h"
#include "util/spool.h"

enum {
	BLOCK = 1 << 16,	/* bytes */
	IN_MEMORY = 128,	/* blocks; 8 MiB */
};

/**
 * struct block - a stretch of the stream
 * @from, @to: times of its first event and of its last
 * @data:      its bytes in memory; NULL: they are in the spool, at @at
 * @seq:       its number; it is one more than that of the block right before
 * @kept:      it is kept for good
 */
struct block { uint64_t from, to, at, seq; unsigned char *data; uint32_t len; bool kept; };

/* When a CPU's last event was kept, and whether the next event bounds a hold. */
struct cpu_life { uint64_t taken; bool alert; };

struct replay_cache {
	uint64_t early, late;		/* how much is kept before and after a possible stall, ns */
	uint64_t wants, keep_until, nr_ever, spool_len;
	struct block *blocks;		/* in time order: first those in the spool, then those in memory */
	size_t nr, cap, nr_spooled;
	struct replay_code code;		/* of the last block */
	struct cpu_life *cpus;
	size_t nr_cpus, cap_cpus;
	struct spool *spool;
	int err;
};

struct replay_cache *replay_cache_new(const struct rules *rules, uint64_t wants)
{
	struct replay_cache *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->wants = wants;
	t->early = rule_ns(rules, RULE_RUN_UP) + rule_ns(rules, RULE_SUSPECTED);
	t->late = rule_ns(rules, RULE_RECOVERY) + rule_ns(rules, RULE_SUSPECTED);
	return t;
}

static int to_spool(struct replay_cache *t, struct block *b)
{
	int err = t->spool ? 0 : spool_open(NULL, &t->spool);

	if (err)
		return err;
	spool_write(t->spool, b->data, b->len);
	b->at = t->spool_len;
	b->data = NULL;
	t->spool_len += b->len;
	t->nr_spooled++;
	return 0;
}

/* Memory for a block: new, or that of the oldest block, which is dropped or goes to the spool. */
static int make_room(struct replay_cache *t, unsigned char **ret)
{
	struct block *oldest;

	if (t->nr - t->nr_spooled < IN_MEMORY) {
		*ret = malloc(BLOCK + REPLAY_CODE_MOST);
		return *ret ? 0 : -ENOMEM;
	}
	oldest = &t->blocks[t->nr_spooled];
	*ret = oldest->data;
	if (oldest->kept)
		return to_spool(t, oldest);
	t->nr--;
	memmove(oldest, oldest + 1, (t->nr - t->nr_spooled) * sizeof(*oldest));
	return 0;
}

static int begin_block(struct replay_cache *t, uint64_t ts)
{
	struct block *bigger = grow(t->blocks, &t->cap, t->nr, sizeof(*bigger));
	unsigned char *data;
	int err;

	if (!bigger)
		return -ENOMEM;
	t->blocks = bigger;
	err = make_room(t, &data);
	if (err)
		return err;
	memset(&t->code, 0, sizeof(t->code));
	t->blocks[t->nr++] = (struct block){ .from = ts, .seq = t->nr_ever++, .data = data, .kept = ts <= t->keep_until };
	return 0;
}

static struct cpu_life *life_of(struct replay_cache *t, unsigned int cpu)
{
	while (t->nr_cpus <= cpu) {
		struct cpu_life *bigger = grow(t->cpus, &t->cap_cpus, t->nr_cpus, sizeof(*bigger));

		if (!bigger)
			return NULL;
		t->cpus = bigger;
		bigger[t->nr_cpus++] = (struct cpu_life){ .alert = true };
	}
	return &t->cpus[cpu];
}

static bool is_wanted(const struct replay_cache *t, struct cpu_life *cpu, const struct event *ev)
{
	if (!(t->wants >> ev->kind & 1) && !cpu->alert && !shows_life(ev->ts, ev->prev_ns, cpu->taken))
		return false;
	cpu->taken = ev->ts;
	cpu->alert = ev->kind == EVENT_LRU_ISOLATE || ev->kind == EVENT_LOST || (cpu->alert && event_within_lock(ev));
	return true;
}

static int add(struct replay_cache *t, const struct event *ev)
{
	struct cpu_life *cpu = life_of(t, ev->cpu);
	struct block *last = t->nr ? &t->blocks[t->nr - 1] : NULL;
	int err = 0;

	if (!cpu)
		return -ENOMEM;
	if (!is_wanted(t, cpu, ev))
		return 0;
	if (!last || last->len > BLOCK - REPLAY_CODE_MOST)
		err = begin_block(t, ev->ts);
	if (err)
		return err;
	last = &t->blocks[t->nr - 1];
	last->len += (uint32_t)replay_encode(&t->code, ev, last->data + last->len);
	last->to = ev->ts;
	return 0;
}

void replay_cache_add(struct replay_cache *t, const struct event *ev)
{
	if (!t->err)
		t->err = add(t, ev);
}

void replay_cache_keep(struct replay_cache *t, uint64_t from, uint64_t to)
{
	if (!t)
		return;
	from = from > t->early ? from - t->early : 0;
	to = to < UINT64_MAX - t->late ? to + t->late : UINT64_MAX;
	t->keep_until = to > t->keep_until ? to : t->keep_until;
	for (size_t i = t->nr; i-- > t->nr_spooled && t->blocks[i].to >= from;)
		t->blocks[i].kept = true;
}

static bool over_before(const void *blocks, size_t i, uint64_t time)
{
	return ((const struct block *)blocks)[i].to < time;
}

/* The first block that has an event at @time or later. */
static size_t block_at(const struct replay_cache *t, uint64_t time)
{
	return count_before(t->blocks, t->nr, over_before, time);
}

static bool follows(const struct replay_cache *t, size_t i)
{
	return t->blocks[i].seq == (i ? t->blocks[i - 1].seq + 1 : 0);
}

bool replay_cache_holds(struct replay_cache *t, struct time_window window)
{
	size_t i = t ? block_at(t, window.from) : 0;

	if (!t || t->err || (t->spool && spool_flush(t->spool)))
		return false;
	if (i < t->nr && t->blocks[i].from > window.from && !follows(t, i))
		return false;
	while (i + 1 < t->nr && t->blocks[i].to <= window.to && follows(t, i + 1))
		i++;
	return i + 1 >= t->nr || t->blocks[i].to > window.to;
}

struct playback { struct time_window window; event_fn *fn; void *data; bool *seen; };

/* Deliver @ev as a replay of the recording would: nothing is known from before the window. */
static int deliver(const struct playback *p, const struct event *ev)
{
	struct event first;

	if (ev->ts < p->window.from)
		return 0;
	if (p->seen[ev->cpu])
		return p->fn(p->data, ev);
	p->seen[ev->cpu] = true;
	if (ev->prev_ns >= p->window.from)
		return p->fn(p->data, ev);
	first = *ev;
	first.first = true;
	first.prev_ns = ev->ts;
	return p->fn(p->data, &first);
}

static int play_block(struct replay_cache *t, const struct block *b, const unsigned char *data, const struct playback *p)
{
	struct event *ev;
	int ret = 0;

	memset(&t->code, 0, sizeof(t->code));
	for (size_t at = 0; !ret && at < b->len;) {
		at += replay_decode(&t->code, data + at, &ev);
		if (ev->ts > p->window.to)
			break;
		ret = deliver(p, ev);
	}
	return ret;
}

int replay_cache_replay(struct replay_cache *t, struct time_window window, event_fn *fn, void *data)
{
	struct playback p = { .window = window, .fn = fn, .data = data, .seen = calloc(t->nr_cpus + 1, sizeof(bool)) };
	unsigned char *room = malloc(BLOCK + REPLAY_CODE_MOST);
	int ret = p.seen && room ? 0 : -ENOMEM;

	for (size_t i = block_at(t, window.from); !ret && i < t->nr && t->blocks[i].from <= window.to; i++) {
		const struct block *b = &t->blocks[i];

		if (!b->data)
			ret = spool_read(t->spool, b->at, room, b->len);
		if (!ret)
			ret = play_block(t, b, b->data ? b->data : room, &p);
	}
	free(p.seen);
	free(room);
	return ret;
}

struct replay_cache *replay_cache_free(struct replay_cache *t)
{
	if (!t)
		return NULL;
	for (size_t i = t->nr_spooled; i < t->nr; i++)
		free(t->blocks[i].data);
	free(t->blocks);
	free(t->cpus);
	spool_close(t->spool);
	free(t);
	return NULL;
}
