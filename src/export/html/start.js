// SPDX-License-Identifier: LGPL-2.1-or-later
// start.js - which page is this? And: on paper everything is light
'use strict';

const pages = {
	analyze: () => new AnalyzePage(),
	leaks: () => new LeaksPage(),
	gfp: () => new GfpPage(),
	reclaim: () => new ReclaimPage(),
	fleet: () => new FleetPage(),
};
const shownPage = pages[document.getElementById('data').dataset.page]();

// A4 with the margins of page.css has room for so many pixels.
const SHEET = { width: 720, height: 1040 };

// Smaller and smaller until it fits; the narrower print, the longer the lines.
function fitSheet(main) {
	let zoom = 1;

	do {
		main.style.width = Math.floor(SHEET.width / zoom) + 'px';
		if (main.offsetHeight * zoom <= SHEET.height)
			break;
		zoom *= .95;
	} while (zoom > .3);
	main.style.zoom = zoom;
}

function forPaper(on) {
	const main = document.getElementById('page');

	document.documentElement.toggleAttribute('data-print', on);
	main.style.width = main.style.zoom = '';
	shownPage.print(on);
	if (on)
		fitSheet(main);
}

document.title = shownPage.title ? shownPage.title() : (clean(data.input.recording).split('/').pop() || 'recording') + ' \u2013 vmstall';
shownPage.build();
window.addEventListener('beforeprint', () => forPaper(true));
window.addEventListener('afterprint', () => forPaper(false));
