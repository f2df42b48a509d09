// SPDX-License-Identifier: LGPL-2.1-or-later
// leaks.js - the page of vmstall leaks: is there one, where, how fast, how sure; then who else keeps memory, and what for
'use strict';

function place(p) {
	if (p.function)
		return clean(p.function) + (p.offset === null ? '' : '+0x' + p.offset.toString(16));
	return clean(p.address) || (p.order === null ? 'an unknown place' : 'pages of order ' + p.order + (p.gfp ? ', ' + clean(p.gfp) : ''));
}

function siteTasks(s) {
	return s.tasks.slice(0, 3).map(t => task(t.comm, t.pid)).join(', ') || 'unknown';
}

function rateText(r) {
	const signed = v => (v < 0 ? '\u2212' : '+') + bytes(Math.abs(v));

	return r ? signed(r.mean) + ' an hour (' + signed(r.low) + ' to ' + signed(r.high) + ')' : '';
}

function lifetime(ns) {
	return ns === null ? '' : span(ns);
}

// A suspect in full: the evidence is what convinces.
function suspectCard(s) {
	const f = s.figures, noun = s.layer === 'slab' ? 'object' : 'block';
	const title = make('h2', '', make('span', s.verdict === 'leak' ? 'bad' : 'warn', s.verdict === 'leak' ? 'Leak' : 'Suspected leak'),
		' #' + s.rank + ': ' + place(s.place) + ' left ' + many(f.live, noun) + ', ' + bytes(f.live_bytes));

	return make('section', 'card', title,
		make('p', '', make('span', 'tag', s.layer === 'slab' ? 'slab objects' : 'pages'),
			s.pattern ? make('span', 'tag', 'pattern: ' + s.pattern.replace(/_/g, ' ')) : null,
			make('span', 'tag', s.confidence + ' confidence')),
		facts([
			['Tasks', siteTasks(s)],
			['Request', s.place.gfp ? 'order ' + count(s.place.order) + ', ' + clean(s.place.gfp) : null],
			['Cache', clean(s.place.cache)],
			['Account', many(f.allocs, 'allocation') + ', ' + count(f.frees) + ' freed' + (f.freed_unseen ? ', ' + count(f.freed_unseen) +
				' freed unseen' : '') + (f.live_sure < f.live ? '; ' + count(f.live_sure) + ' of those left for sure' : '')],
			['Oldest', f.oldest_ns === null ? null : span(f.oldest_ns) + (f.median_lifetime_ns === null ? '' :
				', where half are freed within ' + span(f.median_lifetime_ns))],
			['Projected', f.bytes_per_day > 0 ? bytes(f.bytes_per_day) + ' a day' : null],
			['Growth', rateText(f.bytes_per_hour)],
			['Stack', s.place.stack.length ? make('span', 'mono', s.place.stack.map(clean).join(' \u2190 ')) : null],
		]),
		make('h3', '', 'Because'), make('ul', '', s.because.map(b => make('li', '', clean(b)))));
}

// Bars of what is left, so that the eye finds what grows.
function sitesTable(sites) {
	const most = Math.max(1, ...sites.map(s => s.figures.live_bytes));

	return sortable([
		{ head: 'site', cell: s => make('span', 'mono', place(s.place)), by: s => place(s.place) },
		{ head: 'verdict', cell: s => s.verdict, by: s => s.verdict },
		{ head: 'by', cell: siteTasks, by: siteTasks },
		{ head: 'allocated', n: true, cell: s => count(s.figures.allocs), by: s => s.figures.allocs },
		{ head: 'freed', n: true, cell: s => count(s.figures.frees), by: s => s.figures.frees },
		{ head: 'left', n: true, cell: s => count(s.figures.live), by: s => s.figures.live },
		{ head: 'bytes left', n: true, cell: s => measure(s.figures.live_bytes / most, bytes(s.figures.live_bytes)), by: s => s.figures.live_bytes },
		{ head: 'half within', n: true, cell: s => lifetime(s.figures.median_lifetime_ns), by: s => s.figures.median_lifetime_ns || 0 },
	], sites, 'Places that allocate');
}

function usesTable(uses) {
	const most = Math.max(1, ...uses.map(u => Math.abs(u.balance_bytes || 0)));

	return table([
		{ head: 'use', cell: u => u.use.replace(/_/g, ' ') },
		{ head: 'allocated', n: true, cell: u => u.recorded ? bytes(u.bytes) : 'not recorded' },
		{ head: 'freed', n: true, cell: u => u.recorded ? bytes(u.freed_bytes) : '' },
		{ head: 'left', n: true, cell: u => u.recorded ? measure(Math.abs(u.balance_bytes) / most, (u.balance_bytes < 0 ? '\u2212' : '+') +
			bytes(Math.abs(u.balance_bytes))) : '' },
		{ head: 'growth', n: true, cell: u => rateText(u.bytes_per_hour) },
	], uses, 'Uses of memory');
}

function meminfoTable(before, after) {
	const rows = Object.keys(before || {}).map(name => ({ name, before: before[name], after: after ? after[name] : null }));

	return table([
		{ head: '/proc/meminfo', cell: r => r.name },
		{ head: 'before', n: true, cell: r => bytes(r.before) },
		{ head: 'after', n: true, cell: r => r.after === null ? '' : bytes(r.after) },
		{ head: 'change', n: true, cell: r => r.after === null ? '' : (r.after < r.before ? '\u2212' : '+') + bytes(Math.abs(r.after - r.before)) },
	], rows, 'Copies of /proc/meminfo');
}

function leaksHeadline(l, leaks, suspects) {
	if (data.input.unanswered)
		return unanswered();
	if (leaks.length)
		return headline(leaks.slice(0, 3).map((s, i) => [i ? ', ' : '', make('span', 'who', place(s.place)), ' leaks ' +
			(s.figures.bytes_per_day > 0 ? bytes(s.figures.bytes_per_day) + ' a day' : 'memory')]),
		leaks.length > 3 ? ', and ' + many(leaks.length - 3, 'more site') : '');
	return headline(make('span', suspects.length ? 'warn' : 'good', 'No leak'), suspects.length ? ', ' + many(suspects.length, 'suspect') : '',
		', as far as ' + span(data.input.last_ns - data.input.first_ns) + ' can show');
}

class LeaksPage {
	build() {
		const l = data.leaks, of = v => data.sites.filter(s => s.verdict === v), leaks = of('leak'), suspects = of('suspect');
		const rest = data.sites.filter(s => s.verdict !== 'leak' && s.verdict !== 'suspect');

		show(l ? leaksHeadline(l, leaks, suspects) : refused(),
			...leaks.concat(suspects).map(suspectCard),
			rest.length ? card('Other sites', ...shortened(rest, sitesTable)) : null,
			l ? card('Uses of memory', usesTable(l.uses), make('p', 'soft', 'Slab objects lie in the pages behind slab: do not add the two ' +
				'up. Not in these figures: ' + count(l.slab_frees_of_unknown) + ' frees of objects and ' + count(l.page_frees_of_unknown) +
				' frees of pages (' + bytes(l.page_frees_of_unknown_bytes) + ') that were allocated before the recording or unseen.')) : null,
			l && l.meminfo_before ? card('What /proc/meminfo leaves unexplained', meminfoTable(l.meminfo_before, l.meminfo_after)) : null,
			l && l.blind_spots.length ? card('What the recorded kernel does not tell', make('ul', 'soft', l.blind_spots.map(b => make('li', '', clean(b))))) : null);
	}

	print() {}
}
