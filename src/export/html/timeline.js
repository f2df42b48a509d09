// SPDX-License-Identifier: LGPL-2.1-or-later
// timeline.js - the drawing: a lane a CPU, a row a frozen task, what reclaim scanned, one stall in the middle
'use strict';

const GUTTER = 150, RIGHT = 12, AXIS = 24, HELD = 22, SCAN = 44, LANE_GAP = 3, TASK = 17, TITLE = 19, MOST_ROWS = 60, PAPER = 720, PAPER_HEIGHT = 900;
const STEPS = '\u2460\u2461\u2462\u2463\u2464\u2465\u2466\u2467\u2468\u2469';

function canvas(cls) {
	return make('canvas', cls);
}

// Sized in the page's pixels, sharp on any screen.
function context(el, height, paper) {
	const scale = window.devicePixelRatio || 1, width = paper ? PAPER : el.clientWidth || 900;

	el.style.height = height + 'px';
	if (el.width !== Math.round(width * scale) || el.height !== Math.round(height * scale)) {
		el.width = Math.round(width * scale);
		el.height = Math.round(height * scale);
	}
	const g = el.getContext('2d');

	g.setTransform(scale, 0, 0, scale, 0, 0);
	g.clearRect(0, 0, width, height);
	return { g, width };
}

function hatch(g, fg, x0, y0, w, h) {
	g.save();
	g.beginPath();
	g.rect(x0, y0, w, h);
	g.clip();
	g.strokeStyle = fg;
	g.lineWidth = 1;
	g.beginPath();
	for (let x = x0 - h - ((x0 - h) % 5); x < x0 + w; x += 5) {
		g.moveTo(x, y0 + h);
		g.lineTo(x + h, y0);
	}
	g.stroke();
	g.restore();
}

// Text that ends with an ellipsis where it has no room.
function fit(g, text, width) {
	if (g.measureText(text).width <= width)
		return text;
	while (text && g.measureText(text + '\u2026').width > width)
		text = text.slice(0, -1);
	return text ? text + '\u2026' : '';
}

class Timeline {
	constructor(lanes, words, onselect) {
		this.lanes = lanes;
		this.words = words;
		this.onselect = onselect;
		this.canvas = canvas('timeline');
		this.overview = canvas('overview');
		this.rows = [];
		this.stall = null;
		this.all();
		const redraw = () => this.redraw();

		new ResizeObserver(redraw).observe(this.canvas);
		window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
	}

	all() {
		const pad = (this.lanes.to - this.lanes.from) / 100;

		this.show(this.lanes.from - pad, this.lanes.to + pad);
	}

	// [from, to], kept inside the recording and above a microsecond.
	show(from, to) {
		const pad = (this.lanes.to - this.lanes.from) / 50, least = this.lanes.from - pad, most = this.lanes.to + pad;
		const length = Math.min(Math.max(to - from, 2 * US), most - least);

		this.from = Math.min(Math.max(from, least), most - length);
		this.to = this.from + length;
		this.redraw();
	}

	zoom(factor, at) {
		const t = at === undefined ? (this.from + this.to) / 2 : at;

		this.show(t - (t - this.from) * factor, t + (this.to - t) * factor);
	}

	pan(share) {
		const by = (this.to - this.from) * share;

		this.show(this.from + by, this.to + by);
	}

	select(stall) {
		const b = stall.bounds, victims = stall.victims || [];
		const last = Math.max(b.end_latest_ns, ...victims.map(v => v.to));
		const pad = Math.max((last - b.start_earliest_ns) * .22, 200 * US);

		this.stall = stall;
		this.rows = victims.slice().sort((x, y) => x.kind - y.kind || (y.to - y.from) - (x.to - x.from)).slice(0, MOST_ROWS);
		this.rows.forEach(v => { v.runs = this.lanes.runsOf(stall, v.pid); });
		this.show(b.start_earliest_ns - pad, last + pad);
	}

	redraw() {
		if (this.pending)
			return;
		this.pending = true;
		requestAnimationFrame(() => {
			this.pending = false;
			this.draw();
		});
	}

	x(t) {
		return GUTTER + (t - this.from) / (this.to - this.from) * (this.width - GUTTER - RIGHT);
	}

	time(x) {
		return this.from + (x - GUTTER) / (this.width - GUTTER - RIGHT) * (this.to - this.from);
	}

	// Where each lane and row is, from the top.
	layout() {
		const n = this.lanes.cpus.length, high = n <= 8 ? 24 : n <= 24 ? 16 : n <= 64 ? 11 : 7;
		let y = AXIS;

		this.places = [];
		if (this.lanes.activity && this.lanes.activity.scans.length) {
			this.places.push({ kind: 'scan', y, h: SCAN });
			y += SCAN + 8;
		}
		y += HELD;
		this.cpuTop = y;
		for (const cpu of this.lanes.cpus) {
			this.places.push({ kind: 'cpu', cpu, y, h: high });
			y += high + LANE_GAP;
		}
		this.cpuBottom = y;
		if (this.rows.length) {
			y += TITLE + 4;
			const high = this.paper ? TASK - 2 : TASK, fits = Math.max(8, Math.floor((PAPER_HEIGHT - y) / high));

			this.shown = this.paper ? this.rows.slice(0, fits) : this.rows;
			for (const row of this.shown) {
				this.places.push({ kind: 'task', row, y, h: high - 3 });
				y += high;
			}
		}
		return y + 4;
	}

	draw() {
		const height = this.layout();
		const { g, width } = context(this.canvas, height, this.paper);

		this.g = g;
		this.width = width;
		this.height = height;
		this.colours();
		this.font = g.font = '12px ' + getComputedStyle(document.body).fontFamily;
		g.textBaseline = 'middle';
		this.drawAxis();
		this.drawFreezes();
		for (const p of this.places)
			this[{ scan: 'drawScan', cpu: 'drawCpu', task: 'drawTask' }[p.kind]](p);
		this.drawPauses();
		this.drawBounds();
		this.drawSteps();
		this.drawTitle();
		this.drawCursor();
		this.drawOverview();
	}

	colours() {
		this.c = {};
		for (const name of ['ink', 'soft', 'line', 'card', 'accent', 'holding', 'spinning', 'frozen', 'silent', 'running', 'idle',
			'unknown', 'band', 'freeze', 'ran', 'skipped', 'scanned', 'on-colour', 'chosen'])
			this.c[name] = colour(name);
		this.kinds = this.words.kinds.map(k => colour('kind-' + k[0]));
	}

	text(s, x, y, fill, align) {
		this.g.fillStyle = fill;
		this.g.textAlign = align || 'left';
		this.g.fillText(s, x, y);
	}

	// A span, as wide as a pixel at least, cut to what is shown; null: not shown.
	cut(from, to) {
		if (to < this.from || from > this.to)
			return null;
		const x0 = Math.max(this.x(from), GUTTER), x1 = Math.min(this.x(to), this.width - RIGHT);

		return { x: x0, w: Math.max(x1 - x0, 1) };
	}

	box(from, to, y, h, fill) {
		const s = this.cut(from, to);

		if (s) {
			this.g.fillStyle = fill;
			this.g.fillRect(s.x, y, s.w, h);
		}
		return s;
	}

	step() {
		return nice((this.to - this.from) / Math.max(2, (this.width - GUTTER) / 120));
	}

	drawAxis() {
		const step = this.step(), places = Math.min(6, Math.max(0, 9 - Math.floor(Math.log10(step))));

		for (let t = Math.ceil(this.from / step) * step; t <= this.to; t += step) {
			const x = Math.round(this.x(t)) + .5;

			this.g.fillStyle = this.c.line;
			this.g.fillRect(x, AXIS - 6, 1, this.height);
			if (x > GUTTER - 20 && x < this.width - 30)
				this.text((t / SEC).toFixed(places), x, 9, this.c.soft, 'center');
		}
		this.text('seconds', 6, 9, this.c.soft);
	}

	// Behind everything: when something was frozen.
	drawFreezes() {
		for (const s of this.lanes.stallsIn(this.from, this.to))
			this.box(s.bounds.start_ns, s.bounds.end_ns, AXIS, this.height - AXIS, this.c.freeze);
	}

	drawScan(p) {
		const a = this.lanes.activity, most = Math.log10(Math.max(10, ...a.scans.map(s => s[2])));

		this.text('pages scanned', 6, p.y + 10, this.c.ink);
		this.text('of them skipped', 6, p.y + 26, this.c.skipped);
		for (const [slot, , scanned, skipped] of a.scans) {
			const from = a.from_ns + slot * a.width_ns, h = Math.max(2, p.h * Math.log10(Math.max(1, scanned)) / most);

			this.box(from, from + a.width_ns, p.y + p.h - h, h, this.c.scanned);
			if (skipped)
				this.box(from, from + a.width_ns, p.y + p.h - h * skipped / scanned, h * skipped / scanned, this.c.skipped);
		}
		for (const s of this.lanes.stallsIn(this.from, this.to))
			this.drawScanOf(s, p, most);
		this.g.fillStyle = this.c.line;
		this.g.fillRect(GUTTER, p.y + p.h, this.width - GUTTER - RIGHT, 1);
	}

	// The one scan of a hold lasted as long as the hold.
	drawScanOf(s, p, most) {
		const scan = s.cause.scan;

		if (!scan || !scan.nr_scanned || s.cause.kind !== 'lru_lock_hold')
			return;
		const h = Math.max(2, p.h * Math.log10(scan.nr_scanned) / most), skipped = h * (scan.nr_skipped || 0) / scan.nr_scanned;
		const b = this.box(s.bounds.start_ns, s.bounds.end_ns, p.y + p.h - h, h, this.c.scanned);

		this.box(s.bounds.start_ns, s.bounds.end_ns, p.y + p.h - skipped, skipped, this.c.skipped);
		if (b && b.w > 120 && h > 16)
			this.text(fit(this.g, 'one scan: ' + count(scan.nr_scanned) + ' pages' + (scan.nr_skipped === null ? '' : ', ' +
				percent(scan.nr_skipped, scan.nr_scanned) + ' skipped'), b.w - 16), b.x + 8, p.y + p.h - h / 2, this.c['on-colour']);
	}

	drawCpu(p) {
		const a = this.lanes.activity, cell = a ? a.width_ns / (this.to - this.from) * (this.width - GUTTER) : 0;

		if (p.h >= 11)
			this.text('CPU ' + p.cpu, 6, p.y + p.h / 2, this.c.ink);
		hatch(this.g, this.c.unknown, GUTTER, p.y, this.width - GUTTER - RIGHT, p.h);
		this.drawCells(p);
		if (cell > 3)
			for (const c of this.lanes.closeUpsIn(this.from, this.to))
				this.drawSwitches(p, decodeCloseUp(c)[p.cpu]);
		this.drawHolds(p);
		this.drawSilences(p);
	}

	// Holds of lru_lock, stall or not, along the upper edge.
	drawHolds(p) {
		const least = (this.to - this.from) / (this.width - GUTTER) / 4;	// a quarter of a pixel

		for (const [cpu, from, ns] of this.lanes.holds)
			if (cpu === p.cpu && ns > least)
				this.box(from, from + ns, p.y, Math.max(2, p.h / 5), this.c.holding);
	}

	// The machine, or its tracing, stood still: nothing is known, and nothing was frozen.
	drawPauses() {
		for (const [from, to] of this.lanes.pauses) {
			const b = this.box(from, to, this.cpuTop, this.cpuBottom - this.cpuTop, this.c.card);

			if (b && b.w > 2)
				hatch(this.g, this.c.soft, b.x, this.cpuTop, b.w, this.cpuBottom - this.cpuTop);
			if (b && b.w > 60)
				this.text('paused', b.x + b.w / 2, this.cpuTop - 8, this.c.soft, 'center');
		}
	}

	// As many columns as there are pixels, however many cells.
	drawCells(p) {
		const cells = this.lanes.cells.get(p.cpu), a = this.lanes.activity;

		if (!cells)
			return;
		const first = Math.max(0, Math.floor((this.from - a.from_ns) / a.width_ns));
		const last = Math.min(a.slots - 1, Math.floor((this.to - a.from_ns) / a.width_ns));

		for (let i = first; i <= last;) {
			const x0 = Math.floor(this.x(a.from_ns + i * a.width_ns));
			let busy = 0, known = 0, to = i;

			for (; to <= last && (to === i || Math.floor(this.x(a.from_ns + to * a.width_ns)) === x0); to++)
				if (cells.busy[to] !== CELL_UNKNOWN) {
					busy += cells.busy[to];
					known++;
				}
			if (known) {
				const from = a.from_ns + i * a.width_ns, end = a.from_ns + to * a.width_ns, h = p.h * busy / known / 100;

				this.blank(from, end, p);
				this.box(from, end, p.y + p.h - h, h, this.c.running);
			}
			i = to;
		}
	}

	blank(from, to, p) {
		const s = this.box(from, to, p.y, p.h, this.c.card);

		if (s) {
			this.g.fillStyle = this.c.idle;
			this.g.fillRect(s.x, p.y, s.w, p.h);
		}
	}

	drawSwitches(p, lane) {
		let lastX = -1;

		for (let i = Math.max(0, lane ? lastAt(lane.ts, this.from) : 0); lane && i < lane.task.length; i++) {
			const from = lane.ts[i], to = lane.ts[i + 1], t = lane.task[i];

			if (from > this.to)
				break;
			if (t === UNKNOWN || to <= this.from)
				continue;
			const s = this.cut(from, to);

			if (Math.floor(s.x) === lastX && s.w <= 1 && t === IDLE)
				continue;
			lastX = Math.floor(s.x);
			this.blank(from, to, p);
			if (t !== IDLE)
				this.drawRun(p, s, t);
		}
	}

	drawRun(p, s, t) {
		const chosen = this.cursor && this.cursor.place && this.cursor.place.kind === 'task' &&
			this.lanes.tasks[t] && this.lanes.tasks[t][0] === this.cursor.place.row.pid;

		this.g.fillStyle = chosen ? this.c.accent : this.c.running;
		this.g.fillRect(s.x, p.y, Math.max(s.w - (s.w > 3 ? 1 : 0), 1), p.h);
		if (s.w > 34 && p.h >= 11)
			this.text(fit(this.g, this.lanes.comm(t), s.w - 8), s.x + 4, p.y + p.h / 2, this.c.ink);
	}

	drawSilences(p) {
		const fills = { [LANE.HOLDING]: this.c.holding, [LANE.SPINNING]: this.c.spinning, [LANE.FROZEN]: this.c.frozen,
			[LANE.SILENT]: this.c.silent };

		for (const s of this.lanes.stallsIn(this.from, this.to))
			for (const { cpu, state, from, to, pid, comm } of s.silences) {
				if (cpu !== p.cpu)
					continue;
				const b = this.box(from, to, p.y, p.h, fills[state]);
				const says = { [LANE.HOLDING]: ' holds lru_lock', [LANE.SPINNING]: ' waits for it', [LANE.SILENT]: ' silent' }[state] || '';

				if (b && b.w > 60 && p.h >= 11)
					this.text(fit(this.g, task(comm, comm ? null : pid) + says, b.w - 12), b.x + 6, p.y + p.h / 2,
						this.c['on-colour']);
			}
	}

	// The uncertain part of start and end as bands, the best estimates as lines, the length between them.
	drawBounds() {
		const s = this.stall, top = this.cpuTop - 4, h = this.cpuBottom - this.cpuTop + 4;

		if (!s)
			return;
		const b = s.bounds, y = this.cpuTop - 12;

		for (const [from, to] of [[b.start_earliest_ns, b.start_latest_ns], [b.end_earliest_ns, b.end_latest_ns]]) {
			const c = to > from ? this.cut(from, to) : null;

			if (c && c.w > 1) {
				this.g.fillStyle = this.c.band;
				this.g.fillRect(c.x, top, c.w, h);
				hatch(this.g, this.c.holding, c.x, top, c.w, h);
			}
		}
		for (const t of [b.start_ns, b.end_ns])
			this.box(t, t, y - 5, this.height - y, this.c.holding);
		this.drawLength(b, y);
	}

	drawLength(b, y) {
		const c = this.cut(b.start_ns, b.end_ns);

		if (!c)
			return;
		this.g.fillStyle = this.c.holding;
		this.g.fillRect(c.x, y, c.w, 2);
		const says = span(b.end_ns - b.start_ns) + (c.w > 330 ? ' (' + span(Math.max(0, b.end_earliest_ns - b.start_latest_ns)) +
			' to ' + span(b.end_latest_ns - b.start_earliest_ns) + ')' : '');
		const w = this.g.measureText(says).width + 12, x = Math.min(Math.max(c.x + c.w / 2 - w / 2, GUTTER), this.width - RIGHT - w);

		this.g.fillStyle = this.c.card;
		this.g.fillRect(x, y - 8, w, 17);
		this.text(says, x + 6, y + 1, this.c.holding);
	}

	drawSteps() {
		if (!this.stall)
			return;
		let right = Infinity;

		for (let i = Math.min((this.stall.trigger || []).length, STEPS.length) - 1; i >= 0; i--) {
			const step = this.stall.trigger[i];
			const p = step.at && this.places.find(q => q.kind === 'cpu' && q.cpu === step.at.cpu);
			const c = p && this.cut(step.at.ts_ns, step.at.ts_ns);

			if (!c)
				continue;
			right = Math.min(c.x - 8, right - 17);
			this.drawStep(STEPS[i], right, p.y + p.h / 2);
		}
	}

	drawStep(sign, x, y) {
		this.g.fillStyle = this.c.card;
		this.g.beginPath();
		this.g.arc(x, y, 8, 0, 7);
		this.g.fill();
		this.g.font = '600 15px ' + getComputedStyle(document.body).fontFamily;
		this.text(sign, x, y + 1, this.c.ink, 'center');
		this.g.font = this.font;
	}

	drawTitle() {
		if (!this.rows.length)
			return;
		const y = this.cpuBottom + TITLE / 2 + 2, more = this.stall.tasks_frozen - this.shown.length;

		this.g.font = '600 ' + this.font;
		this.text('Frozen tasks' + (more > 0 ? ': ' + this.shown.length + ' of ' + this.stall.tasks_frozen : ''), 6, y, this.c.ink);
		this.g.font = this.font;
	}

	drawTask(p) {
		const r = p.row, y = p.y, h = p.h;

		this.g.fillStyle = this.kinds[r.kind];
		this.g.fillRect(6, y + 2, 9, h - 4);
		this.text(fit(this.g, clean(r.comm) || 'pid ' + r.pid, GUTTER - 30), 20, y + h / 2, this.c.ink);
		this.g.fillStyle = this.c.line;
		this.g.fillRect(GUTTER, y + h, this.width - GUTTER - RIGHT, 1);
		for (const [from, to] of r.runs)
			this.box(from, to, y + 1, h - 2, this.c.ran);
		const b = this.box(r.from, r.to, y, h, this.kinds[r.kind]);

		if (b)
			this.drawFrozen(r, b, y, h);
	}

	drawFrozen(r, b, y, h) {
		const says = this.words.kinds[r.kind][0] + ' ' + span(r.to - r.from) + (r.missed ? ', ' + many(r.missed, 'period') + ' missed' : '');
		const w = this.g.measureText(says).width + 12;

		if (r.missed && r.period * (b.w / (r.to - r.from)) >= 4)
			for (let i = 0; i < r.missed; i++)
				this.box(r.from + i * r.period, r.from + i * r.period, y, h, this.c['on-colour']);
		if (w > b.w)
			return;
		this.g.fillStyle = this.kinds[r.kind];
		this.g.fillRect(b.x, y, w, h);
		this.text(says, b.x + 6, y + h / 2 + .5, this.c['on-colour']);
	}

	drawCursor() {
		const at = this.cursor;

		if (!at || at.t < this.from || at.t > this.to)
			return;
		const x = Math.round(this.x(at.t));

		this.g.fillStyle = this.c.accent;
		this.g.fillRect(x, AXIS - 4, 1, this.height);
		if (at.place) {
			this.g.fillStyle = this.c.chosen;
			this.g.fillRect(0, at.place.y - 1, this.width, at.place.h + 2);
		}
	}

	drawOverview() {
		const { g, width } = context(this.overview, 30, this.paper), l = this.lanes, scale = (width - GUTTER - RIGHT) / (l.to - l.from);
		const x = t => GUTTER + (t - l.from) * scale;

		g.font = this.font;
		g.textBaseline = 'middle';
		g.fillStyle = this.c.idle;
		g.fillRect(GUTTER, 6, width - GUTTER - RIGHT, 18);
		for (const s of l.stalls) {
			g.fillStyle = s === this.stall ? this.c.holding : this.c.spinning;
			g.fillRect(x(s.bounds.start_ns), 6, Math.max(2, (s.bounds.end_ns - s.bounds.start_ns) * scale), 18);
		}
		g.strokeStyle = this.c.accent;
		g.lineWidth = 2;
		g.strokeRect(Math.max(GUTTER, x(this.from)) - 1, 3, Math.max(6, Math.min(x(this.to), width - RIGHT) - Math.max(GUTTER, x(this.from))) + 2, 24);
		g.fillStyle = this.c.soft;
		g.textAlign = 'left';
		g.fillText('whole recording', 6, 15);
	}
}
