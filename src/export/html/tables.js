// SPDX-License-Identifier: LGPL-2.1-or-later
// tables.js - the stalls as rows that move the view, and everything about the one that is shown
'use strict';

function causedBy(s) {
	return s.cause.kind === 'unexplained' ? 'not explained' : task(s.cause.comm, s.cause.pid);
}

function cpusFrozen(s) {
	return s.cpus_frozen === null ? '' : s.cpus_frozen + (s.cpus_total === null ? '' : ' of ' + s.cpus_total);
}

const stallColumns = [
	{ head: '#', n: true, cell: s => String(s.stall_id) },
	{ head: 'start', n: true, cell: s => clock(s.bounds.start_ns) },
	{ head: 'length', n: true, cell: s => span(s.bounds.end_ns - s.bounds.start_ns) },
	{ head: 'cause', cell: s => s.cause.kind },
	{ head: 'by', cell: causedBy },
	{ head: 'tasks frozen', n: true, cell: s => count(s.tasks_frozen) },
	{ head: 'CPUs frozen', n: true, cell: cpusFrozen },
	{ head: 'confidence', cell: s => s.evidence.confidence || '' },
];

function stallTable(stalls, choose) {
	const el = table(stallColumns, stalls, 'Stalls, by start. Choose one to see it in the timeline.');

	[...el.tBodies[0].rows].forEach((tr, i) => {
		tr.className = 'row';
		tr.tabIndex = 0;
		tr.dataset.stall = stalls[i].stall_id;
		tr.addEventListener('click', () => choose(stalls[i]));
		tr.addEventListener('keydown', e => {
			if (e.key === 'Enter' || e.key === ' ') {
				e.preventDefault();
				choose(stalls[i]);
			}
		});
	});
	return el;
}

function boundText(best, earliest, latest, rule) {
	return clock(best) + (earliest === latest ? '' : ' (' + clock(earliest) + ' .. ' + clock(latest) + ')') +
		(rule ? ', by ' + (data.words.rules[rule] || rule) : '');
}

function scanText(c) {
	const s = c.scan, skipped = s.nr_skipped !== null && s.nr_scanned ? ' (' + percent(s.nr_skipped, s.nr_scanned) + ')' : '';

	if (s.nr_scanned === null)
		return null;
	return 'list ' + (s.lru || 'unknown') + ', classzone ' + (clean(s.zone_name) || 'unknown') + ', order ' + count(s.order) +
		'; requested ' + count(s.nr_requested) + ', scanned ' + count(s.nr_scanned) + ', skipped ' + count(s.nr_skipped) +
		skipped + ', taken ' + count(s.nr_taken) + (c.scanned_bytes === null ? '' : '; ' + bytes(c.scanned_bytes) +
		' of memory walked' + (c.ns_per_page === null ? '' : ' at ' + c.ns_per_page.toFixed(1) + ' ns a page'));
}

// Who asked for it: allocation, wake-up, scan, hold, freeze.
function chainList(s) {
	const steps = (s.trigger || []).map(t => make('li', '', make('span', 'mono', (t.at ? clock(t.at.ts_ns) + '  ' : '')),
		task(t.comm, t.pid) + (t.at ? ' on CPU ' + t.at.cpu : '') + ': ' + clean(t.what) +
		(t.order === null ? '' : ', order ' + t.order) + (t.zone === null ? '' : ', zone ' + (clean(t.zone_name) || t.zone)) +
		(t.gfp ? ', ' + clean(t.gfp) : '')));

	if (s.cause.kind === 'lru_lock_hold')
		steps.push(make('li', '', make('span', 'mono', clock(s.bounds.start_ns) + '  '), task(s.cause.comm, s.cause.pid) +
			' took lru_lock' + (s.cause.cpu === null ? '' : ' on CPU ' + s.cause.cpu) +
			(s.lock_sleeps ? '' : ', interrupts off,') + ' and began to scan'));
	if (s.tasks_frozen)
		steps.push(make('li', '', make('span', 'mono', clock(s.bounds.end_ns) + '  '), 'the end: ' + many(s.tasks_frozen, 'task') +
			' had been frozen, ' + span(s.frozen_task_ns) + ' of task time'));
	return make('ol', '', steps);
}

function victimTable(s) {
	const kinds = data.words.kinds, names = new Map(s.victims.map(v => [v.pid, v.comm]));
	const left = s.tasks_frozen - s.victims.length;
	const el = table([
		{ head: 'task', cell: v => [chip(kinds[v.kind][0]), clean(v.comm)] },
		{ head: 'pid', n: true, cell: v => String(v.pid) },
		{ head: 'how', cell: v => kinds[v.kind][0] },
		{ head: 'CPU', n: true, cell: v => v.cpu === null ? '' : String(v.cpu) },
		{ head: 'from', n: true, cell: v => clock(v.from) },
		{ head: 'frozen for', n: true, cell: v => span(v.to - v.from) },
		{ head: 'missed', cell: v => v.missed ? v.missed + (v.period ? ' \u00d7 ' + span(v.period) : '') : '' },
		{ head: 'waited for', cell: v => v.waits === null ? '' : task(names.get(v.waits) || '', v.waits) },
		{ head: 'confidence', cell: v => ['', 'low', 'medium', 'high'][v.confidence] || '' },
	], s.victims, 'Frozen tasks');

	return [el, left > 0 ? make('p', 'soft', many(left, 'more task') + ': vmstall analyze --victims FILE') : null];
}

function chip(kind) {
	const el = make('span', 'chip');

	el.style.setProperty('background', 'var(--kind-' + kind + ')');
	return el;
}

function refText(name, r) {
	return r ? name + ': CPU ' + r.cpu + ' at ' + clock(r.ts_ns) + ', file offset ' + r.offset : null;
}

function userText(u) {
	return task(u.comm, u.pid) + ' was given ' + many(u.pages, 'page') + ' in ' + many(u.allocs, 'allocation') +
		(u.gfp ? ', ' + clean(u.gfp) : '');
}

// All that is known of one stall, under the timeline.
function stallDetails(s) {
	const b = s.bounds, e = s.evidence;

	if (!s.victims)
		return [make('p', 'soft', 'Of ' + count(data.all_stalls) + ' stalls this page tells the longest in full; vmstall analyze -v tells all.')];
	const list = (title, items) => items.length ? [make('h3', '', title), make('ul', '', items.map(i => make('li', '', i)))] : [];

	return [
		make('h3', '', 'How it came about'), chainList(s),
		make('h3', '', 'Measured'), facts([
			['Event', s.cause.event ? 'at ' + clock(s.cause.event.ts_ns) + ' on CPU ' + s.cause.event.cpu + ', file offset ' +
				s.cause.event.offset : 'none recorded'],
			['Scan', scanText(s.cause)],
			['Start', boundText(b.start_ns, b.start_earliest_ns, b.start_latest_ns, b.start_rule)],
			['End', boundText(b.end_ns, b.end_earliest_ns, b.end_latest_ns, b.end_rule)],
			['Length', span(b.end_ns - b.start_ns) + ' (' + span(Math.max(0, b.end_earliest_ns - b.start_latest_ns)) + ' to ' +
				span(b.end_latest_ns - b.start_earliest_ns) + '), ' + (b.evidence || '')],
			s.cause.capped_least_ns === null ? null : ['Predicted', 'with a limit of 32768 skipped folios to a scan, ' +
				(s.cause.capped_ns !== null ? 'about ' + span(s.cause.capped_ns) : span(s.cause.capped_least_ns) + ' to ' +
				span(s.cause.capped_most_ns) + ': the sizes of the folios are not recorded')],
			s.time_split ? ['Of it', span(s.time_split.running_ns) + ' running, ' + span(s.time_split.runnable_ns) +
				' runnable but not running, ' + span(s.time_split.blocked_ns) + ' asleep'] : null,
		]),
		...list('Who took pages of that zone before', (s.zone_users || []).map(userText)),
		...list('What it rests on (' + (e.confidence || 'not stated') + ' confidence' + (e.grade ? ', ' + e.grade : '') + ')',
			e.because.map(clean).concat(e.lost_in_window === null ? ['an unknown number of events was lost inside it'] :
				e.lost_in_window ? [many(e.lost_in_window, 'event') + ' lost inside it'] : [],
			['First', 'Worst', 'Last'].map(n => refText(n + ' record', e[n.toLowerCase()])).filter(Boolean))),
		...(s.victims.length ? [make('h3', '', 'Frozen tasks'), make('div', 'scroll', victimTable(s))] : []),
	];
}
