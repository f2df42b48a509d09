// SPDX-License-Identifier: LGPL-2.1-or-later
// gfp.js - the page of vmstall gfp: who allocates where it must not, who need not have, who takes the low zones
'use strict';

const CONTEXTS = {
	hardirq: 'in a hardware interrupt', softirq: 'in a softirq', nmi: 'in an NMI', irqs_off: 'with interrupts off',
	atomic_not_needed: 'where sleeping was fine',
};

function gfpContext(f) {
	if (f.context !== 'preempt_off')
		return CONTEXTS[f.context] || clean(f.context);
	return f.depth ? 'with preemption off, ' + f.depth + ' deep: under a spinlock or the like' : 'with softirqs off';
}

function gfpSite(f) {
	return f.function ? clean(f.function) + '+0x' + f.offset.toString(16) : f.site === null ? 'an unknown place' : '0x' + f.site.toString(16);
}

function findingCard(f) {
	const cls = { certain: 'bad', likely: 'warn' }[f.severity] || 'soft';

	return make('section', 'card', make('h2', '', make('span', cls, f.severity), ': ' + clean(f.event) + ' at ' + gfpSite(f) + ', ' +
		many(f.count, 'time') + ' ' + gfpContext(f)),
	facts([
		['Flags', clean(f.gfp_flags)],
		['When', clock(f.first_ns) + ' .. ' + clock(f.last_ns)],
		['By', clean(f.comms) || 'whatever task was interrupted'],
		['Stack', f.stack ? make('span', 'mono', clean(f.stack).split(';').join(' \u2190 ')) : null],
		['Sure', f.confidence + ' confidence' + (f.doubt ? ': ' + clean(f.doubt) : '')],
		['First record', f.first ? 'CPU ' + f.first.cpu + ' at ' + clock(f.first.ts_ns) + ', file offset ' + f.first.offset : null],
	]));
}

function reverseTable(list) {
	return sortable([
		{ head: 'times', n: true, cell: f => count(f.count), by: f => f.count },
		{ head: 'site', cell: f => make('span', 'mono', gfpSite(f)), by: gfpSite },
		{ head: 'call', cell: f => clean(f.event), by: f => clean(f.event) },
		{ head: 'flags', cell: f => clean(f.gfp_flags), by: f => clean(f.gfp_flags) },
		{ head: 'by', cell: f => clean(f.comms), by: f => clean(f.comms) },
		{ head: 'order up to', n: true, cell: f => String(f.max_order), by: f => f.max_order },
	], list, 'Atomic allocations that need not be');
}

// Pages taken over time, a bar a piece.
function spansChart(z) {
	const most = Math.max(1, ...z.pages_by_span), el = make('div', 'bars');

	z.pages_by_span.forEach((n, i) => {
		const bar = make('i', '');

		bar.style.height = 100 * n / most + '%';
		bar.title = count(n) + ' pages from ' + clock(z.from_ns + i * z.span_ns);
		el.append(bar);
	});
	el.setAttribute('role', 'img');
	el.setAttribute('aria-label', 'Pages taken over time, at most ' + count(most) + ' in ' + span(z.span_ns));
	return el;
}

function zoneCard(z) {
	const page = data.input.file.page_size || 4096, most = Math.max(1, ...z.users.map(u => u.pages));

	return card('Zone ' + clean(z.zone) + ': ' + count(z.pages) + ' pages taken' + (z.floor ? ' or more' : '') + ' below ' +
		bytes(z.end_pfn * page) + ', ' + percent(z.asked_pages, Math.max(1, z.pages)) + ' of them by requests for this zone or a lower one',
	spansChart(z), make('p', 'soft', 'from ' + clock(z.from_ns) + ', ' + span(z.span_ns) + ' a bar'),
	...shortened(z.users, users => sortable([
		{ head: 'task', cell: u => task(u.comm, u.pid), by: u => clean(u.comm) },
		{ head: 'pages', n: true, cell: u => measure(u.pages / most, count(u.pages)), by: u => u.pages },
		{ head: 'allocations', n: true, cell: u => count(u.allocs), by: u => u.allocs },
		{ head: 'from', n: true, cell: u => clock(u.first_ns), by: u => u.first_ns },
		{ head: 'to', n: true, cell: u => clock(u.last_ns), by: u => u.last_ns },
		{ head: 'flags', cell: u => clean(u.gfp_flags), by: u => clean(u.gfp_flags) },
	], users, 'Who took pages of zone ' + clean(z.zone))));
}

function gfpHeadline(g, wrong) {
	const sure = wrong.filter(f => f.severity !== 'possible'), first = sure[0];

	if (data.input.unanswered)
		return unanswered();
	if (sure.length)
		return headline(make('span', 'who', gfpSite(first)), ' calls ' + clean(first.event) + '(' + clean(first.gfp_flags) + '), which may sleep, ' +
			gfpContext(first).replace(/[,:].*/, '') +
			(sure.length > 1 ? ', and ' + many(sure.length - 1, 'more place') : ''));
	if (!g.checked && !g.atomic)
		return headline('Nothing to check: no allocation occurs');
	return headline(make('span', wrong.length || data.coverage.some(c => !c.possible) ? 'warn' : 'good', 'No allocation that may sleep ' +
		(g.preempt_kept ? 'where it must not' : 'in an interrupt or with interrupts off')), wrong.length ? ' for sure, ' +
		many(wrong.length, 'place') + ' in doubt' : '', ', of ' + count(g.checked) + ' checked');
}

class GfpPage {
	build() {
		const g = data.gfp, wrong = data.gfp_findings.filter(f => f.context !== 'atomic_not_needed');
		const reverse = data.gfp_findings.filter(f => f.context === 'atomic_not_needed');

		show(g ? gfpHeadline(g, wrong) : refused(),
			...wrong.slice(0, 50).map(findingCard),
			wrong.length > 50 ? make('p', 'soft', many(wrong.length - 50, 'more finding') + ': vmstall gfp --csv FILE') : null,
			wrong.some(f => f.severity !== 'possible') ? card('What to do', make('p', '', 'Allocate before the lock is taken or the interrupt ' +
				'comes, or use GFP_NOWAIT or GFP_ATOMIC and handle failure. GFP_NOIO and GFP_NOFS may sleep: they are no remedy. ' +
				'CONFIG_DEBUG_ATOMIC_SLEEP makes the kernel report such calls itself.')) : null,
			reverse.length ? card('Atomic without a visible need: these use the emergency reserves where waiting might do',
				...shortened(reverse, reverseTable)) : null,
			...data.low_zones.map(zoneCard));
	}

	print() {}
}
