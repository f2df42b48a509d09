// SPDX-License-Identifier: LGPL-2.1-or-later
// lanes.js - who was on which CPU when? From the cells of the whole recording, and switch by switch around the stalls.
'use strict';

const LANE = { HOLDING: 3, SPINNING: 4, FROZEN: 5, SILENT: 6 };
const UNKNOWN = 0, IDLE = 1, NAMED = 3;		// of activity.tasks
const CELL_UNKNOWN = 255;

// [-1] unknown, [0] idle, [busy, task, share]: html_activity.c
function decodeCells(flat, slots) {
	const busy = new Uint8Array(slots).fill(CELL_UNKNOWN), top = new Uint16Array(slots), share = new Uint8Array(slots);

	for (let i = 0, at = 0; i < slots && at < flat.length; i++) {
		const b = flat[at++];

		if (b < 0)
			continue;
		busy[i] = b;
		if (b) {
			top[i] = flat[at++];
			share[i] = flat[at++];
		}
	}
	return { busy, top, share };
}

// us since the switch before, task, ... of each CPU: into times of ns, with an end for the last one.
function decodeCloseUp(c) {
	if (!c.decoded)
		c.decoded = c.cpus.map(flat => {
			const ts = [], task = [];
			let us = 0;

			for (let i = 0; i < flat.length; i += 2) {
				us += flat[i];
				ts.push(c.from_ns + us * US);
				task.push(flat[i + 1]);
			}
			ts.push(c.to_ns);
			return { ts, task };
		});
	return c.decoded;
}

// The last of sorted @ts that is not after @t; -1: none.
function lastAt(ts, t) {
	let low = 0, high = ts.length;

	while (low < high) {
		const mid = (low + high) >> 1;

		if (ts[mid] <= t)
			low = mid + 1;
		else
			high = mid;
	}
	return low - 1;
}

class Lanes {
	constructor(report) {
		const a = report.activity;

		this.activity = a;
		this.tasks = a ? a.tasks : [];
		report.stalls.forEach(s => this.unfold(s));
		this.from = report.input.first_ns || 0;
		this.to = Math.max(report.input.last_ns || 0, this.from + 1);
		this.stalls = report.stalls;
		this.holds = report.holds;
		this.pauses = report.pauses;
		this.cells = new Map();
		for (const c of a && a.has_switches ? report.cpus : [])
			this.cells.set(c.cpu, decodeCells(c.cells, a.slots));
		this.cpus = this.listCpus(report);
	}

	// What html_stalls.c wrote in short, once more in full: times of ns, tasks with their names.
	unfold(s) {
		const named = t => typeof t === 'number' ? this.tasks[t] : t, start = s.bounds.start_ns;

		s.victims = s.victims && s.victims.map(([t, cpu, kind, from, us, confidence, missed, period, waits]) => ({
			pid: named(t)[0], comm: named(t)[1], cpu, kind, from: start + from * US, to: start + (from + us) * US, confidence,
			missed: missed || 0, period: (period || 0) * US, waits: waits === undefined ? null : waits,
		}));
		s.silences = (s.silences || []).map(([cpu, state, from, us, t]) => ({
			cpu, state, from: start + from * US, to: start + (from + us) * US, pid: named(t)[0], comm: named(t)[1],
		}));
	}

	listCpus(report) {
		const seen = new Set(this.cells.keys());

		for (const s of report.stalls) {
			s.silences.forEach(l => seen.add(l.cpu));
			if (s.cause.cpu !== null)
				seen.add(s.cause.cpu);
		}
		report.input.cpus.forEach(c => c.events && seen.add(c.cpu));
		return [...seen].sort((x, y) => x - y);
	}

	name(index) {
		const t = this.tasks[index];

		if (index === IDLE)
			return 'idle';
		return t && index >= NAMED ? task(t[1], t[0]) : index === UNKNOWN ? 'not known' : 'another task';
	}

	comm(index) {
		return index >= NAMED && this.tasks[index] ? clean(this.tasks[index][1]) : '';
	}

	// The stalls that touch [from, to]. They are ordered by start, but a long one may begin far to the left.
	*stallsIn(from, to) {
		for (const s of this.stalls)
			if (s.bounds.start_earliest_ns <= to && s.bounds.end_latest_ns >= from)
				yield s;
	}

	*closeUpsIn(from, to) {
		for (const s of this.stalls)
			for (const c of s.close_ups || [])
				if (c.from_ns < to && c.to_ns > from)
					yield c;
	}

	// Every time that @pid ran on any CPU, as far as @stall's close-ups know: [from, to, cpu].
	runsOf(stall, pid) {
		const runs = [];

		for (const c of stall.close_ups || [])
			decodeCloseUp(c).forEach((lane, cpu) => lane.task.forEach((t, i) => {
				if (t >= NAMED && this.tasks[t][0] === pid)
					runs.push([lane.ts[i], lane.ts[i + 1], cpu]);
			}));
		return runs;
	}

	// "kswapd0 (pid 68) holds lru_lock ...": a hold that was no stall.
	holdAt(cpu, t) {
		const h = this.holds.find(x => x[0] === cpu && x[1] <= t && t < x[1] + x[2]);

		return !h ? null : task(h[4], h[3]) + ' holds lru_lock for ' + span(h[2]) + (h[5] === null ? '' : ', ' + count(h[5]) +
			' pages scanned') + (h[6] === null ? '' : ', ' + count(h[6]) + ' skipped');
	}

	silenceAt(cpu, t) {
		for (const s of this.stallsIn(t, t))
			for (const l of s.silences)
				if (l.cpu === cpu && l.from <= t && t < l.to)
					return l;
		return null;
	}

	switchAt(cpu, t) {
		for (const c of this.closeUpsIn(t, t)) {
			const lane = decodeCloseUp(c)[cpu], at = lane ? lastAt(lane.ts, t) : -1;

			if (at >= 0 && at < lane.task.length && lane.task[at] !== UNKNOWN)
				return { task: lane.task[at], from: lane.ts[at], to: lane.ts[at + 1] };
		}
		return null;
	}

	cellAt(cpu, t) {
		const cells = this.cells.get(cpu), a = this.activity, i = a ? Math.floor((t - a.from_ns) / a.width_ns) : -1;

		if (!cells || i < 0 || i >= a.slots || cells.busy[i] === CELL_UNKNOWN)
			return null;
		return { busy: cells.busy[i], top: cells.top[i], share: cells.share[i], from: a.from_ns + i * a.width_ns };
	}

	// In words, for the pointer and for who cannot see it.
	tell(cpu, t) {
		const silence = this.silenceAt(cpu, t), sw = this.switchAt(cpu, t), cell = this.cellAt(cpu, t);

		if (silence) {
			const states = { 3: 'holds lru_lock', 4: 'waits for a lock, interrupts off', 5: 'frozen', 6: 'silent, reason not known' };

			return task(silence.comm, silence.pid) + ' ' + states[silence.state] + '\n' + clock(silence.from) + ' .. ' +
				clock(silence.to) + ', ' + span(silence.to - silence.from);
		}
		const hold = this.holdAt(cpu, t), pause = this.pauses.find(p => p[0] <= t && t < p[1]);

		if (pause)
			return 'all CPUs silent at once: the machine or its tracing was paused for ' + span(pause[1] - pause[0]);
		if (hold)
			return hold;
		if (sw)
			return this.name(sw.task) + (sw.task === IDLE ? '' : ' runs') + '\n' + clock(sw.from) + ' .. ' + clock(sw.to) +
				', ' + span(sw.to - sw.from);
		if (cell)
			return (cell.busy ? 'busy for ' + cell.busy + ' % of ' : 'idle for ') + span(this.activity.width_ns) +
				' from ' + clock(cell.from) + (cell.busy ? ', mostly ' + this.name(cell.top) + ': ' + cell.share +
				' % or more' : '');
		return 'nothing recorded';
	}
}
