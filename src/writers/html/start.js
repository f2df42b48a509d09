// SPDX-License-Identifier: LGPL-2.1-or-later
// start.js - which page is this? And: on paper everything is light
'use strict';

const pages = { analyze: () => new AnalyzePage() };
const shownPage = pages[document.getElementById('data').dataset.page]();

// A4 with the margins of page.css has room for so many pixels.
const SHEET = { width: 720, height: 1040 };

function forPaper(on) {
	const main = document.getElementById('page');

	document.documentElement.toggleAttribute('data-print', on);
	main.style.width = on ? SHEET.width + 'px' : '';
	main.style.zoom = '';
	shownPage.print(on);
	if (on)
		main.style.zoom = Math.min(1, SHEET.height / main.offsetHeight);
}

document.title = (clean(data.input.recording).split('/').pop() || 'recording') + ' \u2013 vmstall';
shownPage.build();
window.addEventListener('beforeprint', () => forPaper(true));
window.addEventListener('afterprint', () => forPaper(false));
