/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pen.h - text for people: lines that fit the terminal, colour only if it is wanted
 *
 * Text for a pen may contain styles (S_BOLD ...), which are single control characters. All text from a recording goes
 * through pen_clean() first, which removes control characters. So a task's name can neither act on the terminal nor
 * forge a style.
 *
 * The pen_…() that return a string keep it in the pen, for the length of one pen_say(): PEN_SLOTS of them live at a time.
 */
#ifndef VMSTALL_WRITERS_PEN_H
#define VMSTALL_WRITERS_PEN_H

#include <stdio.h>

#include "model/writer.h"

#define PEN_SLOTS  32
#define PEN_ADVICES 32	/* more than there are */
#define PEN_INDENT 2	/* of a label */
#define PEN_FIELD  13	/* of the text behind a label */

#define S_BOLD	 "\001"
#define S_RED	 "\002"
#define S_YELLOW "\003"
#define S_GREEN	 "\004"
#define S_DIM	 "\005"
#define S_BLUE	 "\006"
#define S_END	 "\016"

struct pen {
	FILE *out;
	const struct recording_facts *facts;
	unsigned int width;	/* 40 to 120 */
	bool color, unicode;
	int verbose;
	bool failed;		/* memory ran out: nothing more is written, for the reader would not see what is missing */
	const struct advice *advised[PEN_ADVICES];	/* the diagnoses whose remedies were printed in full */
	char *slot[PEN_SLOTS];
	unsigned int next;
};

void pen_begin(struct pen *p, const struct report *r, const struct writer_options *opts, FILE *out);
/* Returns 0, -ENOMEM, or -EIO if a write failed. */
int pen_end(struct pen *p);

/* A paragraph: its first line begins at column @first, the others at @rest; broken at blanks. */
void pen_say(struct pen *p, unsigned int first, unsigned int rest, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Write a row of a table. As pen_say(), but if the row does not fit, the blanks that align it are dropped first. */
void pen_row(struct pen *p, unsigned int first, unsigned int rest, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Write a paragraph behind a label ("" repeats the last label): "  Event      mm_vmscan_lru_isolate ..." */
void pen_field(struct pen *p, const char *label, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Write a shell command. It is continued with backslashes, so that it can be pasted. */
void pen_command(struct pen *p, unsigned int indent, const char *command);
void pen_line(struct pen *p);				/* an empty line */
void pen_rule(struct pen *p, const char *title);	/* "-- title ------" across */

/* pen_words.c */
const char *pen_slot(struct pen *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *pen_clean(struct pen *p, const char *s);	/* '?' for characters that must not be shown */
const char *pen_cell(struct pen *p, const char *s, unsigned int width);	/* cleaned and padded */
const char *pen_task(struct pen *p, const char *comm, int64_t pid);	/* "kswapd0 (pid 38)" */
const char *pen_zone(struct pen *p, struct known zone);			/* "DMA", or its number */
const char *pen_time(struct pen *p, uint64_t ns);	/* sec.usec, as trace-cmd report */
const char *pen_span(struct pen *p, uint64_t ns);	/* "1.949 s", "12.3 ms" */
const char *pen_ms(struct pen *p, uint64_t ns);		/* "1949.014 ms": where microseconds matter */
const char *pen_count(struct pen *p, uint64_t n);	/* "10,430,403" */
const char *pen_known(struct pen *p, struct known v);	/* the count, or "unknown" */
const char *pen_bytes(struct pen *p, uint64_t n);	/* "39.8 GiB" */
const char *pen_percent(struct pen *p, uint64_t part, uint64_t whole);	/* 100 only when it is all */
const char *pen_many(struct pen *p, uint64_t n, const char *noun);	/* "1 task", "11 tasks" */
/* Was this advice printed before? Marks it as printed. */
bool pen_told(struct pen *p, const struct advice *a);
/* The number of columns that @s takes on a terminal. Styles take none. */
unsigned int pen_columns(const struct pen *p, const char *s);

static inline uint64_t span_of(uint64_t from, uint64_t to)
{
	return to > from ? to - from : 0;
}

#endif
