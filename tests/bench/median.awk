# SPDX-License-Identifier: LGPL-2.1-or-later
# median.awk - the middle one of a list of numbers, with blanks between them; for table.awk and kmem.awk

function median(list,	n, v, i, j, t) {
	n = split(list, v, " ")
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; j--) {
			t = v[j]; v[j] = v[j - 1]; v[j - 1] = t
		}
	return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}
