// SPDX-License-Identifier: LGPL-2.1-or-later
/* pen_words.c - values of a report as text for people */
#include "export/text/pen.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "util/clock.h"
#include "util/text.h"
#include "util/utf8.h"

static const char *keep(struct pen *p, char *s)
{
	char **slot = &p->slot[p->next++ % PEN_SLOTS];

	free(*slot);
	*slot = s;
	p->failed |= !s;
	return s ? s : "?";
}

const char *pen_slot(struct pen *p, const char *fmt, ...)
{
	struct text t = { 0 };
	va_list ap;

	va_start(ap, fmt);
	text_addv(&t, fmt, ap);
	va_end(ap);
	return keep(p, text_take(&t));
}

static bool is_shown(const struct pen *p, uint32_t c)
{
	if (c < 0x80)
		return !utf8_is_control(c);
	return p->unicode && c != UTF8_BAD && !utf8_is_control(c) && wcwidth((wchar_t)c) > 0;
}

const char *pen_clean(struct pen *p, const char *s)
{
	char *to = malloc((s ? strlen(s) : 0) + 1), *at = to;
	const char *from;

	while (to && s && *(from = s)) {
		if (is_shown(p, utf8_next(&s)))
			at = mempcpy(at, from, (size_t)(s - from));
		else
			*at++ = '?';
	}
	if (to)
		*at = '\0';
	return keep(p, to);
}

const char *pen_cell(struct pen *p, const char *s, unsigned int width)
{
	const char *clean = pen_clean(p, s);
	unsigned int columns = pen_columns(p, clean);

	return pen_slot(p, "%s%*s", clean, columns < width ? (int)(width - columns) : 0, "");
}

const char *pen_task(struct pen *p, const char *comm, int64_t pid)
{
	return pen_slot(p, "%s (pid %" PRId64 ")", *comm ? pen_clean(p, comm) : "a task", pid);
}

const char *pen_zone(struct pen *p, struct known zone)
{
	char buf[24];
	const char *name;

	if (!zone.is)
		return "unknown";
	name = zone_name(p->facts, zone.v, buf, sizeof(buf));
	return pen_clean(p, name);
}

const char *pen_time(struct pen *p, uint64_t ns)
{
	uint64_t us = rounded_us(ns);

	return pen_slot(p, "%" PRIu64 ".%06" PRIu64, us / 1000000, us % 1000000);
}

const char *pen_span(struct pen *p, uint64_t ns)
{
	if (ns >= 3600 * UINT64_C(1000000000))
		return pen_slot(p, "%" PRIu64 " h %" PRIu64 " min", ns / (3600 * UINT64_C(1000000000)),
			ns / (60 * UINT64_C(1000000000)) % 60);
	if (ns >= 1000000000)
		return pen_slot(p, "%.3f s", (double)ns / 1e9);
	if (ns >= 100000000)
		return pen_slot(p, "%.0f ms", (double)ns / 1e6);
	if (ns >= 1000000)
		return pen_slot(p, "%.*f ms", ns % 1000000 ? 1 : 0, (double)ns / 1e6);
	return ns >= 1000 ? pen_slot(p, "%.0f us", (double)ns / 1e3) : pen_slot(p, "%" PRIu64 " ns", ns);
}

const char *pen_ms(struct pen *p, uint64_t ns)
{
	uint64_t us = rounded_us(ns);

	return pen_slot(p, "%" PRIu64 ".%03" PRIu64 " ms", us / 1000, us % 1000);
}

const char *pen_count(struct pen *p, uint64_t n)
{
	char buf[32], *at = buf + sizeof(buf);
	int digits = 0;

	*--at = '\0';
	do {
		if (digits && digits % 3 == 0)
			*--at = ',';
		*--at = (char)('0' + n % 10);
		digits++;
	} while (n /= 10);
	return pen_slot(p, "%s", at);
}

const char *pen_known(struct pen *p, struct known v)
{
	if (!v.is)
		return "unknown";
	return v.v < 0 ? pen_slot(p, "%" PRId64, v.v) : pen_count(p, (uint64_t)v.v);
}

const char *pen_bytes(struct pen *p, uint64_t n)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double v = (double)n;
	size_t i = 0;

	for (; v >= 1023.95 && i < 6; i++)
		v /= 1024;
	return pen_slot(p, "%.*f %s", i ? 1 : 0, v, units[i]);
}

const char *pen_percent(struct pen *p, uint64_t part, uint64_t whole)
{
	double percent = whole ? 100.0 * (double)part / (double)whole : 0;

	if (part < whole && percent > 99.9)	/* cut, because rounding could give 100 */
		return pen_slot(p, "%.4f %%", percent > 99.9999 ? 99.9999 : percent - 0.00005);
	return part == whole && whole ? "100 %" : pen_slot(p, "%.1f %%", percent);
}

const char *pen_many(struct pen *p, uint64_t n, const char *noun)
{
	const char *plural = *noun && noun[strlen(noun) - 1] == 's' ? "es" : "s";

	return pen_slot(p, "%s %s%s", pen_count(p, n), noun, n == 1 ? "" : plural);
}
