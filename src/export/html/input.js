// SPDX-License-Identifier: LGPL-2.1-or-later
// input.js - the timeline under the hand: pointer, wheel, keys, and what they say
'use strict';

function placeAt(tl, y) {
	return tl.places.find(p => y >= p.y - 1 && y < p.y + p.h + 3) || null;
}

function tellScan(tl, t) {
	const a = tl.lanes.activity, slot = Math.floor((t - a.from_ns) / a.width_ns), s = a.scans.find(c => c[0] === slot);

	if (!s)
		return 'no isolate event in ' + span(a.width_ns);
	return many(s[1], 'isolate event') + ' in ' + span(a.width_ns) + '\n' + count(s[2]) + ' pages scanned' +
		(s[3] === null ? '; how many were skipped was not recorded' : ', ' + count(s[3]) + ' skipped (' +
		percent(s[3], Math.max(1, s[2])) + ')');
}

function tellTask(tl, r, t) {
	const run = r.runs.find(x => x[0] <= t && t < x[1]), kind = tl.words.kinds[r.kind];
	const lines = [task(r.comm, r.pid)];

	if (t >= r.from && t < r.to) {
		lines.push(kind[0] + ': ' + kind[1], clock(r.from) + ' .. ' + clock(r.to) + ', ' + span(r.to - r.from));
		if (r.missed)
			lines.push(many(r.missed, 'period') + ' of ' + span(r.period) + ' missed');
		if (r.waits !== null)
			lines.push('waits for pid ' + r.waits);
	} else {
		lines.push(run ? 'runs on CPU ' + run[2] + ', ' + clock(run[0]) + ' .. ' + clock(run[1]) + ', ' + span(run[1] - run[0]) :
			'does not run');
	}
	return lines.join('\n');
}

function tellAt(tl, place, t) {
	if (!place)
		return '';
	if (place.kind === 'cpu')
		return 'CPU ' + place.cpu + ': ' + tl.lanes.tell(place.cpu, t);
	return place.kind === 'scan' ? tellScan(tl, t) : tellTask(tl, place.row, t);
}

class Tip {
	constructor() {
		this.el = make('div', 'tip');
		this.el.hidden = true;
		document.body.append(this.el);
	}

	show(text, x, y) {
		this.el.hidden = !text;
		this.el.textContent = text;
		this.el.style.left = Math.max(4, Math.min(x + 14, innerWidth - this.el.offsetWidth - 8)) + 'px';
		this.el.style.top = (y + this.el.offsetHeight + 24 > innerHeight ? y - this.el.offsetHeight - 10 : y + 16) + 'px';
	}

	hide() {
		this.el.hidden = true;
	}
}

function pointAt(tl, tip, e) {
	const r = tl.canvas.getBoundingClientRect(), t = tl.time(e.clientX - r.left);

	tl.cursor = e.clientX - r.left < GUTTER ? null : { t, place: placeAt(tl, e.clientY - r.top) };
	tip.show(tl.cursor ? clock(t) + '\n' + tellAt(tl, tl.cursor.place, t) : '', e.clientX, e.clientY);
	tl.redraw();
}

function handlePointer(tl, tip) {
	const el = tl.canvas;
	let grabbed = null;

	el.addEventListener('pointerdown', e => {
		grabbed = { x: e.clientX, from: tl.from, to: tl.to };
		el.setPointerCapture(e.pointerId);
	});
	el.addEventListener('pointermove', e => {
		if (grabbed) {
			const by = (grabbed.x - e.clientX) / (tl.width - GUTTER - RIGHT) * (grabbed.to - grabbed.from);

			tl.show(grabbed.from + by, grabbed.to + by);
		}
		pointAt(tl, tip, e);
	});
	el.addEventListener('pointerup', () => { grabbed = null; });
	el.addEventListener('pointercancel', () => { grabbed = null; });
	el.addEventListener('pointerleave', () => {
		tl.cursor = null;
		tip.hide();
		tl.redraw();
	});
	el.addEventListener('dblclick', e => tl.zoom(.4, tl.time(e.clientX - el.getBoundingClientRect().left)));
	el.addEventListener('wheel', e => {
		if (!e.ctrlKey && !e.shiftKey)
			return;		// the page scrolls
		e.preventDefault();
		tl.zoom((e.deltaY || e.deltaX) > 0 ? 1.25 : .8, tl.time(e.clientX - el.getBoundingClientRect().left));
	}, { passive: false });
}

// Up and down walk the lanes and rows, and say what happens there in the middle of the view.
function moveRow(tl, tip, live, by) {
	const at = tl.cursor && tl.cursor.place ? tl.places.findIndex(p => p.y === tl.cursor.place.y) : -1;
	const place = tl.places[Math.max(0, Math.min(tl.places.length - 1, at < 0 ? (by > 0 ? 0 : tl.places.length - 1) : at + by))];

	tl.cursor = { t: (tl.from + tl.to) / 2, place };
	const says = clock(tl.cursor.t) + '\n' + tellAt(tl, place, tl.cursor.t), r = tl.canvas.getBoundingClientRect();

	live.textContent = says;
	tip.show(says, r.left + tl.x(tl.cursor.t), r.top + place.y);
	tl.redraw();
}

function handleKeys(tl, tip, live, moves) {
	tl.canvas.tabIndex = 0;
	tl.canvas.addEventListener('keydown', e => {
		const keys = {
			ArrowLeft: () => tl.pan(e.shiftKey ? -.8 : -.15),
			ArrowRight: () => tl.pan(e.shiftKey ? .8 : .15),
			ArrowUp: () => moveRow(tl, tip, live, -1),
			ArrowDown: () => moveRow(tl, tip, live, 1),
			'+': () => tl.zoom(.6), '=': () => tl.zoom(.6), '-': () => tl.zoom(1 / .6),
			Home: moves.all, 0: moves.all, Enter: moves.stall, n: moves.next, p: moves.previous,
			Escape: () => { tl.cursor = null; tip.hide(); tl.redraw(); },
		};

		if (!keys[e.key] || e.ctrlKey || e.metaKey || e.altKey)
			return;
		e.preventDefault();
		keys[e.key]();
	});
	tl.canvas.addEventListener('blur', () => tip.hide());
}

function handleOverview(tl, choose) {
	tl.overview.addEventListener('click', e => {
		const r = tl.overview.getBoundingClientRect(), l = tl.lanes, half = (tl.to - tl.from) / 2;
		const t = l.from + (e.clientX - r.left - GUTTER) / (r.width - GUTTER - RIGHT) * (l.to - l.from);
		const near = 4 * (l.to - l.from) / (r.width - GUTTER);
		const hit = l.stalls.find(s => s.bounds.start_ns - near <= t && t <= s.bounds.end_ns + near);

		if (hit)
			choose(hit);
		else
			tl.show(t - half, t + half);
	});
}
