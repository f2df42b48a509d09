// SPDX-License-Identifier: LGPL-2.1-or-later
// fleet.js - the page of vmstall fleet: is it getting better, who is to blame, and every stall with the way to its recording
'use strict';

const SVG = 'http://www.w3.org/2000/svg';

function draw(tag, attributes, ...inside) {
	const el = document.createElementNS(SVG, tag);

	for (const [name, value] of Object.entries(attributes))
		el.setAttribute(name, value);
	el.append(...inside);
	return el;
}

function perHour(v) {
	return v === null ? 'unknown' : v === 0 ? '0' : v >= 100 ? count(v) : v >= 1 ? v.toFixed(1) : v.toPrecision(2);
}

function rateOf(g) {
	return g.stalls_per_hour === null ? 'no time covered' : perHour(g.stalls_per_hour) + ' an hour (' + perHour(g.low_per_hour) + ' to ' +
		perHour(g.high_per_hour) + ')';
}

function title(el, text) {
	const t = draw('title', {});

	t.textContent = text;
	el.append(t);
	return el;
}

// A point a week and release, with the interval that holds the true rate 19 times in 20.
class WeekChart {
	constructor(weeks) {
		this.weeks = weeks.filter(w => w.stalls_per_hour !== null && w.week !== null);
		this.names = [...new Set(this.weeks.map(w => w.week))].sort();
		this.releases = [...new Set(this.weeks.map(w => w.release))];
		const most = Math.max(1e-6, ...this.weeks.map(w => Math.min(w.high_per_hour, 4 * w.stalls_per_hour)));

		this.step = nice(most / 4);
		this.most = this.step * Math.ceil(most / this.step);
		this.size = { w: 1100, h: 240, left: 60, bottom: 40, top: 12 };
	}

	x(week, release) {
		const s = this.size, wide = (s.w - s.left - 10) / this.names.length, n = this.releases.length;

		return s.left + (this.names.indexOf(week) + .5) * wide + (this.releases.indexOf(release) - (n - 1) / 2) * Math.min(14, wide / (n + 1));
	}

	y(rate) {
		const s = this.size;

		return s.h - s.bottom - Math.min(1, rate / this.most) * (s.h - s.bottom - s.top);
	}

	axis(svg) {
		const s = this.size, each = Math.ceil(this.names.length / 12);

		for (let rate = 0; rate <= this.most; rate += this.step) {
			const y = this.y(rate), label = draw('text', { x: s.left - 8, y: y + 4, 'text-anchor': 'end', class: 'label' });

			label.textContent = String(Number(rate.toPrecision(3)));
			svg.append(draw('line', { x1: s.left, x2: s.w - 10, y1: y, y2: y, class: 'grid' }), label);
		}
		this.names.forEach((name, i) => {
			const label = draw('text', { x: s.left + (i + .5) * (s.w - s.left - 10) / this.names.length, y: s.h - 16, 'text-anchor': 'middle', class: 'label' });

			label.textContent = name;
			if (i % each === 0)
				svg.append(label);
		});
	}

	point(w) {
		const x = this.x(w.week, w.release), shade = 'release' + this.releases.indexOf(w.release) % 5, g = draw('g', { class: shade });

		g.append(draw('line', { x1: x, x2: x, y1: this.y(w.low_per_hour), y2: this.y(w.high_per_hour), class: 'interval' }),
			draw('circle', { cx: x, cy: this.y(w.stalls_per_hour), r: 5 }));
		return title(g, 'week of ' + w.week + ', ' + (clean(w.release) || 'no release') + ': ' + rateOf(w) + ', ' + many(w.stalls, 'stall') +
			' in ' + w.covered_hours.toFixed(2) + ' h of ' + many(w.recordings, 'recording'));
	}

	build() {
		const s = this.size, svg = draw('svg', { viewBox: '0 0 ' + s.w + ' ' + s.h, role: 'img', 'aria-label': 'Stalls an hour, by week and release' });

		this.axis(svg);
		this.weeks.forEach(w => svg.append(this.point(w)));
		return [svg, make('ul', 'legend', this.releases.map((r, i) => make('li', '', make('i', 'release' + i % 5), clean(r) || 'no release')))];
	}
}

function groupTable(name, groups) {
	const most = Math.max(1e-9, ...groups.map(g => g.stalls_per_hour || 0));

	return sortable([
		{ head: name, cell: g => clean(g.name) || 'not known', by: g => clean(g.name) },
		{ head: 'recordings', n: true, cell: g => count(g.recordings), by: g => g.recordings },
		{ head: 'failed', n: true, cell: g => g.failed ? count(g.failed) : '', by: g => g.failed },
		{ head: 'hours covered', n: true, cell: g => g.covered_hours.toFixed(2), by: g => g.covered_hours },
		{ head: 'stalls', n: true, cell: g => g.stalls === null ? '' : count(g.stalls), by: g => g.stalls || 0 },
		{ head: 'stalls an hour', n: true, cell: g => measure((g.stalls_per_hour || 0) / most, rateOf(g)), by: g => g.stalls_per_hour || 0 },
		{ head: 'median', n: true, cell: g => g.median_ns === null ? '' : span(g.median_ns), by: g => g.median_ns || 0 },
		{ head: 'worst', n: true, cell: g => g.worst_ns === null ? '' : span(g.worst_ns), by: g => g.worst_ns || 0 },
	], groups, 'Recordings by ' + name);
}

function culpritTable(culprits) {
	const most = Math.max(1, ...culprits.map(c => c.stalls));

	return sortable([
		{ head: 'task', cell: c => [clean(c.cause_comm) || 'not known', c.new ? make('span', 'tag', 'new') : null], by: c => clean(c.cause_comm) },
		{ head: 'cause', cell: c => clean(c.cause).replace(/_/g, ' '), by: c => clean(c.cause) },
		{ head: 'diagnosis', cell: c => clean(c.diagnosis).replace(/_/g, ' '), by: c => clean(c.diagnosis) },
		{ head: 'stalls', n: true, cell: c => measure(c.stalls / most, count(c.stalls)), by: c => c.stalls },
		{ head: 'recordings', n: true, cell: c => count(c.recordings), by: c => c.recordings },
		{ head: 'time', n: true, cell: c => c.total_ns === null ? '' : span(c.total_ns), by: c => c.total_ns || 0 },
		{ head: 'worst', n: true, cell: c => c.worst_ns === null ? '' : span(c.worst_ns), by: c => c.worst_ns || 0 },
		{ head: 'first', cell: c => clean(c.first_date), by: c => clean(c.first_date) },
	], culprits, 'What stalled them');
}

// A link only where the address is one that vmstall makes: relative, nothing that a browser would run.
function recordingCell(r) {
	const name = clean(r.path);

	if (!r.link || !/^\.\/[\w.~\/%-]+$/.test(r.link))
		return name;
	const a = make('a', '', name);

	a.href = r.link;
	return a;
}

// Every stall, as rows that can be searched and ordered; no more of them at a time than can be looked at.
class StallList {
	constructor() {
		const by = new Map(data.recordings.map(([id, path, date, vehicle, release, kernel, link]) =>
			[id, { path, date, vehicle, release, kernel, link }]));

		this.rows = data.stalls.map(([id, stall, start, duration, cause, comm, diagnosis, tasks, cpus, all, confidence]) => ({
			r: by.get(id) || { path: '', date: '', vehicle: '', release: '', kernel: '' }, stall, start, duration, cause, comm, diagnosis,
			tasks, cpus: cpus === null ? '' : cpus + (all === null ? '' : ' of ' + all), confidence,
		}));
		this.rows.forEach(s => {
			s.words = [s.r.path, s.r.date, s.r.vehicle, s.r.release, s.r.kernel, s.cause, s.comm, s.diagnosis, s.confidence].map(clean)
				.join('\n').toLowerCase();
		});
		this.place = make('div', '');
		this.order = { by: s => s.duration, down: true };
	}

	columns() {
		return [
			{ head: 'date', cell: s => clean(s.r.date), by: s => clean(s.r.date) },
			{ head: 'recording', cell: s => recordingCell(s.r), by: s => clean(s.r.path) },
			{ head: 'vehicle', cell: s => clean(s.r.vehicle), by: s => clean(s.r.vehicle) },
			{ head: 'release', cell: s => clean(s.r.release), by: s => clean(s.r.release) },
			{ head: 'kernel', cell: s => clean(s.r.kernel), by: s => clean(s.r.kernel) },
			{ head: '#', n: true, cell: s => String(s.stall), by: s => s.stall },
			{ head: 'start', n: true, cell: s => s.start === null ? '' : clock(s.start), by: s => s.start },
			{ head: 'length', n: true, cell: s => span(s.duration), by: s => s.duration },
			{ head: 'cause', cell: s => clean(s.cause), by: s => clean(s.cause) },
			{ head: 'by', cell: s => clean(s.comm), by: s => clean(s.comm) },
			{ head: 'tasks', n: true, cell: s => s.tasks === null ? '' : count(s.tasks), by: s => s.tasks || 0 },
			{ head: 'CPUs', n: true, cell: s => s.cpus, by: s => s.cpus },
			{ head: 'confidence', cell: s => clean(s.confidence), by: s => clean(s.confidence) },
		];
	}

	filtered() {
		const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);

		return this.rows.filter(s => words.every(w => s.words.includes(w)));
	}

	show() {
		const found = this.filtered(), sign = this.order.down ? 1 : -1, value = this.order.by;
		const rows = found.slice().sort((a, b) => { const x = value(a), y = value(b); return (x < y ? 1 : x > y ? -1 : 0) * sign; }).slice(0, 200);
		const el = table(this.columns(), rows, 'Stalls of all recordings');

		[...el.tHead.rows[0].cells].forEach((th, i) => this.head(th, this.columns()[i]));
		this.place.replaceChildren(make('p', 'soft', many(found.length, 'stall') + (found.length > rows.length ? ', of which ' + rows.length + ' are shown' : '') +
			(this.rows.length < data.fleet.all.stalls ? '; these are the longest ' + count(this.rows.length) + ' of ' + count(data.fleet.all.stalls) : '')),
		make('div', 'wide', el));
	}

	head(th, column) {
		if (column.by.toString() === this.order.by.toString())
			th.setAttribute('aria-sort', this.order.down ? 'descending' : 'ascending');
		th.replaceChildren(button(column.head, 'Order by ' + column.head, () => {
			this.order = { by: column.by, down: column.by.toString() === this.order.by.toString() ? !this.order.down : true };
			this.show();
		}));
	}

	build() {
		this.search = make('input', 'screen');
		this.search.type = 'search';
		this.search.placeholder = 'Words that a row must have: a task, a kernel, a vehicle, a date \u2026';
		this.search.setAttribute('aria-label', 'Filter the stalls');
		this.search.addEventListener('input', () => this.show());
		this.show();
		return [this.search, this.place];
	}
}

class FleetPage {
	title() {
		return clean(data.fleet.database).split('/').pop() + ' \u2013 vmstall fleet';
	}

	headline() {
		const all = data.fleet.all, first = data.fleet.culprits[0];

		if (!all.recordings)
			return 'No recordings in this database';
		if (!all.stalls)
			return [make('span', 'good', 'No stall'), ' in ' + many(all.recordings, 'recording') + ', ' + all.covered_hours.toFixed(1) + ' h covered'];
		return [make('span', 'who', many(all.stalls, 'stall')), ' in ' + many(all.recordings, 'recording') + ', ' + (all.stalls_per_hour === null ?
			'' : perHour(all.stalls_per_hour) + ' an hour, ') + many(first.stalls, 'stall') + ' by ' +
				(clean(first.cause_comm) || 'an unknown task')];
	}

	since() {
		const s = data.fleet.since;

		return s ? make('p', 'says', 'Before ' + clean(s.date) + ': ' + rateOf(s.before) + '; since then: ' + rateOf(s.since) + '.') : null;
	}

	failures() {
		const f = data.fleet.failures;

		return f.length ? card(many(f.length, 'file') + ' could not be analysed', ...shortened(f, rows => table([
			{ head: 'file', cell: x => clean(x.path) }, { head: 'status', cell: x => clean(x.status) }, { head: 'why', cell: x => clean(x.error) },
		], rows, 'Files that could not be analysed'))) : null;
	}

	build() {
		const f = data.fleet, all = f.all, groups = [['kernel', f.kernels], ['release', f.releases], ['vehicle', f.vehicles]];

		document.getElementById('page').replaceChildren(...[
			make('header', '', make('div', 'file', clean(f.database) + ', ' + many(f.files, 'file') + ', ' + many(all.recordings, 'recording') + ', ' +
				count(all.failed) + ' failed, ' + all.covered_hours.toFixed(2) + ' h that could have shown a stall'), make('h1', '', this.headline())),
			all.stalls ? make('p', 'says', (all.stalls_per_hour === null ? '' : 'With 95 % confidence the true rate is between ' + perHour(all.low_per_hour) +
				' and ' + perHour(all.high_per_hour) + ' an hour. ') + 'Half of them are longer than ' + span(all.median_ns) + '; the worst was ' + span(all.worst_ns) + '.') : null,
			this.since(),
			data.weeks.some(w => w.stalls_per_hour !== null && w.week !== null) ? card('Stalls an hour, by week and release', ...new WeekChart(data.weeks).build()) : null,
			f.culprits.length ? card('What stalled them', ...shortened(f.culprits, culpritTable)) : null,
			...groups.filter(g => g[1].length).map(([name, list]) => card('By ' + name, ...shortened(list, rows => groupTable(name, rows)))),
			data.stalls.length ? card('Every stall', ...new StallList().build()) : null,
			this.failures(),
			footer(),
		].filter(Boolean));
	}

	print() {}
}
