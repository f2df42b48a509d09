// SPDX-License-Identifier: LGPL-2.1-or-later
// analyze.js - the page of vmstall analyze: verdict, why, what to do, timeline, stalls, one stall in full
'use strict';

function longest(stalls) {
	return stalls.reduce((a, b) => b.bounds.end_ns - b.bounds.start_ns > a.bounds.end_ns - a.bounds.start_ns ? b : a);
}

// Who froze whom, in the words of a headline.
function whoFrozeWhom(s) {
	const who = s.cause.kind === 'unexplained' ? 'Something that was not recorded' : clean(s.cause.comm) || 'A task';
	const all = s.cpus_frozen !== null && s.cpus_frozen === s.cpus_total;
	const where = !s.cpus_frozen ? '' : all ? ' on all ' + many(s.cpus_total, 'CPU') : ' on ' + cpusFrozen(s) + ' CPUs';
	const length = span(s.bounds.end_ns - s.bounds.start_ns);

	if (s.tasks_frozen === null)
		return [make('span', 'who', who), ' froze an unknown number of tasks' + where + ' for ' + length];
	if (!s.tasks_frozen)
		return [make('span', 'who', who), ' was stopped for ' + length];
	return [make('span', 'who', who), ' froze ' + many(s.tasks_frozen, 'task') + where + ' for ' + length];
}

function stallTags(s) {
	return make('p', '', make('span', 'tag', s.cause.kind.replace(/_/g, ' ')), make('span', 'tag', 'at ' + clock(s.bounds.start_ns)),
		s.evidence.confidence ? make('span', 'tag', s.evidence.confidence + ' confidence') : null,
		s.evidence.grade ? make('span', 'tag', s.evidence.grade) : null);
}

function verdict(worst) {
	const least = data.tool.min_stall_ns, n = data.all_stalls;

	if (data.input.time_refused)
		return refused();
	if (data.input.unanswered)
		return unanswered();
	if (!n)
		return make('div', '', headline(make('span', 'good', 'No stall'), ' of ' + span(least) + ' or more', belowLimit()), make('p', 'says',
			data.input.isolate_events ? many(data.input.isolate_events, 'isolate event') + ', the longest lru_lock hold ' +
				span(data.input.longest_hold_ns || 0) + '.' : 'No isolate event was recorded.',
			data.coverage.some(c => !c.possible) ? ' Not everything could be checked: see below.' : ''));
	return make('div', '', headline(whoFrozeWhom(worst)), make('p', 'says', clean(worst.says)), stallTags(worst),
		n > 1 ? make('p', 'says', 'The longest of ', make('strong', '', count(n) + ' stalls'), ' of ' + span(least) +
			' or more: choose one in the table below.') : null);
}

function adviceCards(s) {
	const a = data.advice[s.advice], parts = a && a.why ? adviceParts(a) : {};

	return [parts.why, parts.what].filter(Boolean).map(part => make('section', 'card', part));
}

function legend(tl) {
	const item = (name, text, how) => {
		const i = make('i', how || '');

		i.style.setProperty('--of', 'var(--' + name + ')');
		return make('li', '', i, text);
	};
	const used = new Set(data.stalls.flatMap(s => (s.victims || []).map(v => v.kind)));
	const states = new Set(data.stalls.flatMap(s => s.silences.map(l => l.state)));

	return make('ul', 'legend', [
		states.has(LANE.HOLDING) ? item('holding', 'holds lru_lock') : null,
		states.has(LANE.SPINNING) ? item('spinning', 'waits for the lock, interrupts off') : null,
		states.has(LANE.SILENT) ? item('silent', 'silent, reason not known') : null,
		!states.has(LANE.HOLDING) && data.holds.length ? item('holding', 'lru_lock held for a short time, along the upper edge') : null,
		item('running', 'a task runs'), item('idle', 'idle'), item('unknown', 'not recorded', 'hatched'),
		data.stalls.length ? item('holding', 'the stall began or ended somewhere in here', 'hatched') : null,
		...tl.words.kinds.map((k, i) => used.has(i) ? item('kind-' + k[0], k[0] + ': ' + k[1]) : null),
		used.size ? item('ran', 'the task ran; light ticks: periods it missed') : null,
	]);
}

function controls(moves, many) {
	return make('div', 'bar', button('\u2212', 'Zoom out (-)', moves.out), button('+', 'Zoom in (+)', moves.in),
		data.stalls.length ? button('This stall', 'Show the whole stall (Enter)', moves.stall) : null, button('Whole recording', 'Show everything (Home)', moves.all),
		many ? button('\u25c0 Previous', 'Previous stall (p)', moves.previous) : null,
		many ? button('Next \u25b6', 'Next stall (n)', moves.next) : null,
		make('span', 'hint', 'Drag to move, double-click or Ctrl+wheel to zoom; keys: \u2190 \u2192 + \u2212 Home Enter n p, \u2191 \u2193 read a lane'));
}

class AnalyzePage {
	constructor() {
		this.lanes = new Lanes(data);
		this.timeline = new Timeline(this.lanes, data.words);
		this.advice = make('div', 'pair');
		this.details = make('section', 'card screen');
		this.live = make('div', 'hidden');
		this.live.setAttribute('aria-live', 'polite');
		this.moves = {
			in: () => this.timeline.zoom(.5), out: () => this.timeline.zoom(2),
			all: () => this.timeline.all(),
			stall: () => this.stall && this.timeline.select(this.stall),
			next: () => this.step(1), previous: () => this.step(-1),
		};
	}

	// What is on the screen, but as much of it as a sheet of paper has room for.
	print(on) {
		this.timeline.paper = on;
		this.timeline.draw();
	}

	step(by) {
		const at = data.stalls.indexOf(this.stall) + by;

		if (data.stalls[at])
			this.choose(data.stalls[at]);
	}

	choose(stall) {
		this.stall = stall;
		this.timeline.select(stall);
		this.advice.replaceChildren(...adviceCards(stall));
		this.details.replaceChildren(make('h2', '', 'Stall ' + stall.stall_id + ': ', ...whoFrozeWhom(stall)),
			...stallDetails(stall));
		this.live.textContent = 'Stall ' + stall.stall_id + ': ' + causedBy(stall) + ', ' +
			span(stall.bounds.end_ns - stall.bounds.start_ns) + ', ' +
			(stall.tasks_frozen === null ? 'unknown which tasks' : many(stall.tasks_frozen, 'task')) + ' frozen';
		for (const tr of this.table ? this.table.tBodies[0].rows : []) {
			tr.removeAttribute('aria-current');
			if (Number(tr.dataset.stall) === stall.stall_id)
				tr.setAttribute('aria-current', 'true');
		}
	}

	describe() {
		const c = this.timeline.canvas, tip = new Tip();

		c.setAttribute('role', 'application');
		c.setAttribute('aria-label', 'Timeline of ' + many(this.lanes.cpus.length, 'CPU') + ' and of the frozen tasks. Left and right move, ' +
			'plus and minus zoom, up and down read a lane, n and p go to the next and the previous stall. The tables below say the same.');
		this.timeline.overview.setAttribute('role', 'img');
		this.timeline.overview.setAttribute('aria-label', 'The whole recording with its stalls');
		handlePointer(this.timeline, tip);
		handleKeys(this.timeline, tip, this.live, this.moves);
		handleOverview(this.timeline, s => this.choose(s));
	}

	timelineCard() {
		return make('section', 'card', make('h2', 'screen', 'Timeline'), controls(this.moves, data.stalls.length > 1),
			this.timeline.overview, this.timeline.canvas, legend(this.timeline), this.live);
	}

	build() {
		const worst = data.stalls.length ? longest(data.stalls) : null;

		if (data.stalls.length > 1)
			this.table = stallTable(data.stalls, s => this.choose(s));
		show(
			verdict(worst),
			worst ? this.advice : null,
			data.input.time_refused ? null : this.timelineCard(),
			this.table ? make('section', 'card screen', make('h2', '', many(data.all_stalls, 'stall'), data.stalls.length < data.all_stalls ? ', the longest ' + count(data.stalls.length) +
				' of them; --csv FILE lists all' : ''), make('div', 'scroll', this.table)) : null,
			worst ? this.details : null);
		if (data.input.time_refused)
			return;
		this.describe();
		if (worst)
			this.choose(worst);
	}
}
