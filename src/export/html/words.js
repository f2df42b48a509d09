// SPDX-License-Identifier: LGPL-2.1-or-later
// words.js - what every page says: which recording, what could not be answered, what was lost
'use strict';

function aboutFile(input) {
	const cpus = input.cpus.length;

	return [
		clean(input.recording),
		input.first_ns === null ? null : clock(input.first_ns) + ' .. ' + clock(input.last_ns) + ' (' +
			span(input.last_ns - input.first_ns) + ' on ' + many(cpus, 'CPU') + ')',
		input.kernel ? 'Linux ' + clean(input.kernel) + (input.machine ? ' ' + clean(input.machine) : '') :
			'kernel release not in the file',
		'clock ' + (clean(input.clock) || 'unknown'),
		many(input.events, 'event'),
		askedWindow(input),
	].filter(Boolean).join(', ');
}

function headline(...inside) {
	return make('header', '', make('div', 'file', aboutFile(data.input)), make('h1', '', ...inside));
}

// A whole page: its parts, then what every page ends with.
function show(...parts) {
	document.getElementById('page').replaceChildren(...[...parts, coverageCard(), footer()].filter(Boolean));
}

function refused() {
	return headline('Not analysed: the clock of this recording is not in seconds');
}

function unanswered() {
	const u = data.input.unanswered;

	return make('div', '', headline(make('span', 'warn', 'Cannot tell'), ' ' + u.question), make('p', 'says', clean(u.why) + '.'));
}

// What is no stall because it stopped one task alone, and not for long.
function belowLimit() {
	const b = data.input.below_limit;

	return b ? '; below the limit for one task alone, ' + span(b.limit_ns) + ': ' + task(b.comm, b.pid) + ' spent ' + span(b.reclaim_ns + b.compaction_ns) +
		' in reclaim and compaction from ' + clock(b.from_ns) + ' on' : '';
}

function askedWindow(input) {
	const w = input.window;

	return w ? 'only stalls that touch ' + (w.from_ns === null ? 'the start' : clock(w.from_ns)) + ' .. ' +
		(w.to_ns === null ? 'the end' : clock(w.to_ns)) : null;
}

// What the recording does not allow to say, and what would.
function coverageCard() {
	const asked = data.coverage.filter(c => !c.possible);
	const bad = data.notes.filter(n => n.level !== 'info'), rest = data.notes.filter(n => n.level === 'info');
	const items = (list, cls) => list.map(n => make('li', cls, clean(n.text)));

	if (!asked.length && !data.notes.length)
		return null;
	const all = card('What this recording cannot say, and what was lost',
		asked.length ? make('ul', '', asked.map(c => make('li', '', clean(c.analysis) + ': not analysed' +
			(c.missing ? ', ' + clean(c.missing) + ' not recorded' : '') +
			(c.unknown ? ', not known whether ' + clean(c.unknown) + ' was recorded' : '') + '. ',
		c.hint ? make('code', 'screen', clean(c.hint)) : null))) : null,
		make('ul', '', items(bad, 'warn'), items(rest, 'soft screen')));

	all.classList.add('cannot');
	return all;
}

function footer() {
	return make('footer', '', 'vmstall ' + clean(data.tool.version) + '. Times are seconds of the recording\u2019s clock, as trace-cmd report prints them.');
}

// What a diagnosis means and what to do, the most direct remedy first.
function adviceParts(a) {
	const lines = (a.remedy || '').split('\n').filter(Boolean);

	return {
		why: make('div', '', make('h2', '', 'Why'), make('p', '', clean(a.why))),
		what: lines.length ? make('div', '', make('h2', '', 'What to do'), make('p', '', clean(lines[0])),
			lines.length > 1 ? make('details', 'screen', make('summary', '', many(lines.length - 1, 'other way')),
				make('ul', '', lines.slice(1).map(l => make('li', '', clean(l)))),
				a.source ? make('p', 'soft', 'Source: ' + clean(a.source)) : null) : null) : null,
	};
}
