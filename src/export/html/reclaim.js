// SPDX-License-Identifier: LGPL-2.1-or-later
// reclaim.js - the page of vmstall reclaim: what every task paid for memory, what kswapd did
'use strict';

function skipText(p) {
	return p.skip_ratio === null ? '' : percent(p.skip_ratio, 1);
}

function whoReclaimed(tasks, kind) {
	const rows = tasks.filter(t => t[kind].count || t[kind].unfinished || t[kind].unbegun || (kind === 'direct' && t.woke_kswapd));
	const most = Math.max(1, ...rows.map(t => t[kind].total_ns || 0));
	const ns = name => ({ n: true, cell: t => t[kind][name] === null ? '' : span(t[kind][name]), by: t => t[kind][name] || 0 });

	return shortened(rows, list => sortable([
		{ head: 'task', cell: t => task(t.comm, t.pid), by: t => clean(t.comm) },
		{ head: 'reclaims', n: true, cell: t => count(t[kind].count), by: t => t[kind].count },
		{ head: 'total', n: true, cell: t => t[kind].total_ns === null ? '' : measure(t[kind].total_ns / most, span(t[kind].total_ns)),
			by: t => t[kind].total_ns || 0 },
		{ head: 'median', ...ns('median_ns') }, { head: '99 % within', ...ns('p99_ns') }, { head: 'longest', ...ns('max_ns') },
		{ head: 'scanned', n: true, cell: t => t.pages.scanned === null ? '' : count(t.pages.scanned), by: t => t.pages.scanned || 0 },
		{ head: 'skipped', n: true, cell: t => skipText(t.pages), by: t => t.pages.skip_ratio || 0 },
		{ head: 'reclaimed', n: true, cell: t => t.pages.reclaimed === null ? '' : count(t.pages.reclaimed), by: t => t.pages.reclaimed || 0 },
		{ head: 'woke kswapd', n: true, cell: t => count(t.woke_kswapd), by: t => t.woke_kswapd },
	], list, 'Tasks that reclaimed: ' + kind));
}

function pagesTable(t) {
	const rows = Object.entries(t.pages_by).filter(e => e[1].scanned || e[1].freed || e[1].reclaimed).concat([['all', t.pages]]);
	const cell = name => r => r[1][name] === null ? '' : count(r[1][name]);

	return table([
		{ head: 'pages', cell: r => r[0] },
		{ head: 'scanned', n: true, cell: cell('scanned') }, { head: 'of active lists', n: true, cell: cell('scanned_active') },
		{ head: 'skipped', n: true, cell: cell('skipped') }, { head: 'share', n: true, cell: r => skipText(r[1]) },
		{ head: 'reclaimed', n: true, cell: cell('reclaimed') },
		{ head: 'efficiency', n: true, cell: r => r[1].efficiency === null ? '' : percent(r[1].efficiency, 1) },
		{ head: 'freed', n: true, cell: r => ['kswapd', 'other'].includes(r[0]) ? '' : cell('freed')(r) }, { head: 'written', n: true, cell: cell('written') },
	], rows, 'Pages, by who reclaimed them');
}

function kswapdTable(list) {
	return table([
		{ head: 'kswapd', cell: k => task(k.comm, k.pid) },
		{ head: 'woke', n: true, cell: k => k.wakes === null ? 'unknown' : count(k.wakes) },
		{ head: 'asked for more', n: true, cell: k => k.rewakes === null ? '' : count(k.rewakes) },
		{ head: 'awake', n: true, cell: k => k.awake_ns === null ? '' : span(k.awake_ns) },
		{ head: 'of it on a CPU', n: true, cell: k => k.ran_ns === null ? '' : span(k.ran_ns) },
		{ head: 'scanned', n: true, cell: k => k.pages.scanned === null ? '' : count(k.pages.scanned) },
		{ head: 'skipped', n: true, cell: k => skipText(k.pages) },
		{ head: 'reclaimed', n: true, cell: k => k.pages.reclaimed === null ? '' : count(k.pages.reclaimed) },
		{ head: 'doubt', cell: k => [k.cut ? 'awake at an edge of the recording' : '', k.doubtful ? 'events were lost' : ''].filter(Boolean).join(', ') },
	], list, 'What kswapd did');
}

function reclaimHeadline(t) {
	const d = t.direct, own = d.count + t.memcg.count + t.node.count;

	if (data.input.unanswered)
		return unanswered();
	return headline(own ? [make('span', 'who', many(own, 'reclaim') + ' by tasks'), ', ' + span((d.total_ns || 0) + (t.memcg.total_ns || 0) +
		(t.node.total_ns || 0)) + ' of their time'] : 'No task had to reclaim by itself');
}

class ReclaimPage {
	build() {
		const r = data.reclaim, t = r.totals;

		if (!t) {
			show(refused());
			return;
		}
		show(reclaimHeadline(t),
			t.pages.skip_ratio === null ? null : make('p', 'says', 'Of ' + count(t.pages.scanned) + ' pages scanned, ' + count(t.pages.skipped) +
				' were skipped (' + skipText(t.pages) + ').'),
			r.kswapd.length ? card('kswapd', kswapdTable(r.kswapd)) : null,
			...['direct', 'memcg', 'node'].filter(k => t[k].count).map(k => card({ direct: 'Direct reclaim', memcg: 'Reclaim of a cgroup', node:
				'Reclaim of a node' }[k], ...whoReclaimed(r.tasks, k))),
			card('Pages', pagesTable(t), make('p', 'soft', 'scanned: includes skipped pages; efficiency: reclaimed pages as a share of those scanned on ' +
				'inactive lists; freed: by the end events of the reclaims, includes what shrinkers freed')));
	}

	print() {}
}
