// SPDX-License-Identifier: LGPL-2.1-or-later
// base.js - elements, and values as people read them. Whatever a recording says becomes text, never markup.
'use strict';

const data = JSON.parse(document.getElementById('data').textContent);
const US = 1e3, MS = 1e6, SEC = 1e9;

// An element with a class, and what is in it: text or elements.
function make(tag, cls, ...inside) {
	const el = document.createElement(tag);

	if (cls)
		el.className = cls;
	for (const part of inside.flat(Infinity))
		if (part !== null && part !== undefined)
			el.append(part);	// a string becomes a text node
	return el;
}

function button(label, title, onclick) {
	const el = make('button', '', label);

	el.type = 'button';
	el.title = title;
	el.addEventListener('click', onclick);
	return el;
}

// Names may hold what acts on text instead of being seen.
function clean(s) {
	return s === null || s === undefined ? '' :
		String(s).replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, '\ufffd');
}

function colour(name) {
	return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
}

// "55.962957", as trace-cmd report writes it.
function clock(ns) {
	const us = Math.max(0, Math.round(ns / US)), s = Math.floor(us / 1e6);

	return s + '.' + String(us - s * 1e6).padStart(6, '0');
}

function digits(v, n) {
	return v >= 100 ? v.toFixed(0) : Number(v >= 10 ? v.toFixed(1) : v.toFixed(n)).toString();
}

// "1.949 s", "12.3 ms": as the report on the terminal says it.
function span(ns) {
	const a = Math.abs(ns);

	if (a >= 100 * SEC)
		return (ns / SEC).toFixed(0) + ' s';
	if (a >= SEC)
		return (ns / SEC).toFixed(3) + ' s';
	if (a >= MS)
		return digits(ns / MS, 2) + ' ms';
	return a >= US ? digits(ns / US, 1) + ' us' : Math.round(ns) + ' ns';
}

function count(n) {
	return n === null || n === undefined ? 'unknown' : Math.round(n).toLocaleString('en-US');
}

function many(n, noun) {
	return count(n) + ' ' + noun + (n === 1 ? '' : 's');
}

function bytes(n) {
	const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
	let at = 0;

	for (; n >= 1024 && at < units.length - 1; at++)
		n /= 1024;
	return (at && n < 100 ? n.toFixed(1) : Math.round(n)) + ' ' + units[at];
}

function percent(part, of) {
	const p = 100 * part / of;

	return p < 100 && p > 99.99 ? '> 99.99 %' : p.toFixed(p > 99 && p < 100 ? 2 : p < 10 ? 1 : 0) + ' %';
}

function task(comm, pid) {
	return (comm ? clean(comm) : 'a task') + (pid === null || pid === undefined ? '' : ' (pid ' + pid + ')');
}

// The next of 1, 2, 5, 10, 20 ...
function nice(v) {
	const unit = 10 ** Math.floor(Math.log10(v));

	return [1, 2, 5, 10].map(m => m * unit).find(s => s >= v * .999);
}

// A table of what was found: columns are { head, n: a number, cell: row => text or element }.
function table(columns, rows, caption) {
	const el = make('table', '');
	const cells = (tag, what) => columns.map(c => make(tag, c.n ? 'n' : '', what(c)));
	const head = make('tr', '', cells('th', c => c.head));

	head.querySelectorAll('th').forEach(th => { th.scope = 'col'; });
	el.append(make('caption', 'hidden', caption), make('thead', '', head),
		make('tbody', '', rows.map(r => make('tr', '', cells('td', c => c.cell(r))))));
	return el;
}

// The same, ordered by the column whose head is chosen: by(row) is what it is ordered by.
function sortable(columns, rows, caption) {
	const el = table(columns, rows, caption), body = el.tBodies[0], trs = [...body.rows];

	[...el.tHead.rows[0].cells].forEach((th, i) => {
		const order = button(columns[i].head, 'Order by ' + columns[i].head, () => {
			const down = th.getAttribute('aria-sort') !== 'descending', value = columns[i].by;
			const places = rows.map((r, at) => at).sort((a, b) => {
				const x = value(rows[a]), y = value(rows[b]);

				return (x < y ? 1 : x > y ? -1 : 0) * (down ? 1 : -1) || a - b;
			});

			th.parentNode.querySelectorAll('th').forEach(o => o.removeAttribute('aria-sort'));
			th.setAttribute('aria-sort', down ? 'descending' : 'ascending');
			body.append(...places.map(at => trs[at]));
		});

		th.replaceChildren(order);
	});
	return el;
}

// A figure with a bar behind it: @share of the longest.
function measure(share, text) {
	const el = make('span', 'measure', text);

	el.style.setProperty('--share', Math.max(0, Math.min(100, 100 * share)) + '%');
	return el;
}

// The first twenty, and all where somebody asks: what is not looked at is not built.
function shortened(rows, build) {
	const place = make('div', '', build(rows.slice(0, 20)));
	const more = button('All ' + count(rows.length), 'Show every row', () => {
		place.className = 'scroll';
		place.replaceChildren(build(rows));
		more.remove();
	});

	more.classList.add('screen');
	return rows.length > 20 ? [place, more] : [place];
}

function card(title, ...inside) {
	return make('section', 'card', make('h2', '', title), ...inside);
}

function facts(pairs) {
	return make('dl', '', pairs.filter(p => p && p[1] !== null && p[1] !== undefined && p[1] !== '')
		.map(([name, value]) => [make('dt', '', name), make('dd', '', value)]));
}
