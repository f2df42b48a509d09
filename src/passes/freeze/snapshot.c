// SPDX-License-Identifier: LGPL-2.1-or-later
/* snapshot.c - take the state at the release, and note what happens next */
#include "passes/freeze/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BURST_NS 5000000	/* overdue interrupts run at once; emulated CPUs take some ms for a dozen */

static int take_cpus(struct scene *sc, const struct trackers *t, size_t nr_cpus)
{
	sc->cpus = calloc(nr_cpus ? nr_cpus : 1, sizeof(*sc->cpus));
	if (!sc->cpus)
		return -ENOMEM;
	sc->nr_cpus = nr_cpus;
	for (size_t i = 0; i < nr_cpus; i++) {
		const struct cpu_state *from = trackers_cpu(t, (unsigned int)i);
		struct scene_cpu *c = &sc->cpus[i];

		if (!from)
			continue;
		c->seen = true;
		c->silent_from = from->last;
		c->current = from->current;
		c->has_current = from->has_current;
		c->last_kind = from->last_kind;
	}
	return 0;
}

static bool has_pid(const void *suspects, uint32_t number, const void *pid)
{
	return ((const struct suspect *)suspects)[number - 1].task.pid == *(const int32_t *)pid;
}

struct suspect *scene_suspect(const struct scene *sc, int32_t pid)
{
	uint32_t number = table_find(&sc->by_pid, hash_add(0, (uint32_t)pid), has_pid, sc->suspects, &pid);

	return number ? &sc->suspects[number - 1] : NULL;
}

static int take_tasks(struct scene *sc, const struct trackers *t)
{
	sc->suspects = calloc(t->tasks.nr ? t->tasks.nr : 1, sizeof(*sc->suspects));
	if (!sc->suspects)
		return -ENOMEM;
	for (size_t i = 0; i < t->tasks.cap; i++) {
		const struct task *task = tasks_at(&t->tasks, i);
		struct suspect *s = &sc->suspects[sc->nr_suspects];

		if (!task || task->state == TASK_UNKNOWN || task->state == TASK_DEAD)
			continue;
		if (table_add(&sc->by_pid, hash_add(0, (uint32_t)task->pid), (uint32_t)++sc->nr_suspects))
			return -ENOMEM;
		s->task = *task;
		s->rhythm = rhythm_before(task, sc->release);
		s->waker = WAKER_UNKNOWN;
	}
	return 0;
}

int scene_take(struct scene *sc, const struct trackers *t, size_t nr_cpus)
{
	int err = take_cpus(sc, t, nr_cpus);

	sc->taken = true;
	sc->has_wakes = t->tasks.has_wakes;
	return err ? err : take_tasks(sc, t);
}

/* The last record of all, where the last one delivered was not that. */
static void date_silence(struct scene_cpu *c, uint64_t prev_ns, uint64_t release)
{
	if (prev_ns <= c->silent_from || prev_ns >= release)
		return;
	c->silent_from = prev_ns;
	c->last_kind = EVENT_OTHER;
}

static void follow_cpu(struct scene_cpu *c, const struct event *ev, uint64_t release)
{
	if (!c->resumed) {
		date_silence(c, ev->prev_ns, release);
		c->silent_to = ev->ts;
		c->resume = ref_to(ev);
		c->resumed = c->burst = true;
		c->lost = ev->kind == EVENT_LOST;
	}
	if (ev->kind == EVENT_SCHED_SWITCH || ev->ts - c->silent_to > BURST_NS)
		c->burst = false;
}

static void follow_wake(struct scene *sc, const struct event *ev, const struct scene_cpu *c)
{
	struct suspect *s = scene_suspect(sc, ev->wakeup.pid);

	if (!s || s->woken_at || s->ran_at)
		return;
	s->woken_at = ev->ts;
	s->woken_cpu = ev->cpu;
	s->waker = event_in_interrupt(ev) ? WAKER_INTERRUPT : ev->pid;
	s->woken = !event_in_interrupt(ev) ? WOKEN_BY_TASK : c->burst ? WOKEN_BURST : WOKEN_INTERRUPT;
}

void scene_follow(struct scene *sc, const struct event *ev)
{
	struct scene_cpu *c = ev->cpu < sc->nr_cpus ? &sc->cpus[ev->cpu] : NULL;
	struct suspect *s;

	if (!c)
		return;
	follow_cpu(c, ev, sc->release);
	if (ev->kind == EVENT_SCHED_WAKING || ev->kind == EVENT_SCHED_WAKEUP) {
		follow_wake(sc, ev, c);
	} else if (ev->kind == EVENT_SCHED_SWITCH) {
		s = scene_suspect(sc, ev->sw.next_pid);
		if (s && !s->ran_at)
			s->ran_at = ev->ts;
	}
}

static bool in_chain(const struct scene *sc, const struct hold *h)
{
	for (size_t i = 0; i < sc->chain.nr; i++)
		if (sc->chain.link[i].release == h->event.ts && sc->chain.link[i].cpu == h->cpu)
			return true;
	return false;
}

void scene_note_holders(struct scene *sc, const struct report *r)
{
	for (size_t i = 0; i < r->nr_holds; i++) {
		const struct hold *h = &r->holds[i];

		if (h->cpu < sc->nr_cpus && h->plausible && h->at.start < sc->release && h->event.ts > sc->release &&
		    h->event.ts - h->at.start >= sc->least_ns && !in_chain(sc, h))
			sc->cpus[h->cpu].own_hold = true;
	}
}

void scene_clear(struct scene *sc)
{
	free(sc->cpus);
	free(sc->suspects);
	table_clear(&sc->by_pid);
	*sc = (struct scene){ 0 };
}
