// SPDX-License-Identifier: LGPL-2.1-or-later
/* kernel.c - make a tep handle from format files */
#include "kernel.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <traceevent/event-parse.h>

const char *const all_kernels[] = { "4.15", "5.4", "5.10", "5.10-arm64", "5.15", "6.1", "6.1-arm64", "6.8", "6.12",
	"6.18", NULL };

static char *read_file(const char *path, size_t *ret_len)
{
	static char text[65536];
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	*ret_len = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[*ret_len] = '\0';
	return text;
}

static void add_file(struct tep_handle *tep, const char *path)
{
	char system[64] = "";
	size_t len;
	char *text = read_file(path, &len);

	path = strstr(path, "/formats/") + strlen("/formats/");
	assert_int_equal(sscanf(path, "%*[^/]/%63[^/]", system), 1);
	assert_int_equal(tep_parse_event(tep, text, len, system), 0);
}

/* libtracecmd does the same: the size of a sub-buffer comes from this format. */
static void add_header_page(struct tep_handle *tep, const char *kernel)
{
	char path[256], *text;
	size_t len;

	snprintf(path, sizeof(path), VMSTALL_FIXTURES "/formats/%s/header_page", kernel);
	text = read_file(path, &len);
	assert_int_equal(tep_parse_header_page(tep, text, len, 8), 0);
}

struct tep_handle *kernel_open(const char *kernel, bool big_endian)
{
	struct tep_handle *tep = tep_alloc();
	char pattern[256];
	glob_t files;

	assert_non_null(tep);
	tep_set_loglevel(TEP_LOG_NONE);
	tep_set_long_size(tep, 8);
	tep_set_file_bigendian(tep, big_endian ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tep_set_local_bigendian(tep, tep_is_bigendian() ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	if (!*kernel)
		return tep;
	if (!strchr(kernel, '/'))
		add_header_page(tep, kernel);
	snprintf(pattern, sizeof(pattern), VMSTALL_FIXTURES "/formats/%s%s/*.format", kernel,
		strchr(kernel, '/') ? "" : "/*");
	assert_int_equal(glob(pattern, 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		add_file(tep, files.gl_pathv[i]);
	globfree(&files);
	return tep;
}

struct tep_event *kernel_event(struct tep_handle *tep, const char *system, const char *name)
{
	struct tep_event *format = tep_find_event_by_name(tep, system, name);

	assert_non_null(format);
	return format;
}

struct tep_event *kernel_add(struct tep_handle *tep, const char *fields, const char *print_fmt)
{
	static const char common[] = "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
				     "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
				     "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
				     "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n";
	char text[4096];
	int len = snprintf(text, sizeof(text), "name: made\nID: 7\nformat:\n%s%s\nprint fmt: %s\n",
		strstr(fields, "common_pid") ? "" : common, fields, print_fmt);

	assert_in_range(len, 1, sizeof(text) - 1);
	tep_parse_event(tep, text, (unsigned long)len, "test");
	return kernel_event(tep, "test", "made");
}

static void store(struct bytes_of *r, int offset, int size, int64_t value)
{
	bool big = tep_is_file_bigendian(r->format->tep);

	for (int i = 0; i < size; i++)
		r->data[offset + (big ? size - 1 - i : i)] = (unsigned char)((uint64_t)value >> (8 * i));
}

static struct tep_format_field *field_of(struct bytes_of *r, const char *field)
{
	struct tep_format_field *f = tep_find_any_field(r->format, field);

	if (!f)
		fail_msg("%s has no field %s", r->format->name, field);
	return f;
}

void put(struct bytes_of *r, const char *field, int64_t value)
{
	struct tep_format_field *f = field_of(r, field);

	store(r, f->offset, f->size, value);
}

/* The text of dynamic strings goes to the end of the record. */
void put_string(struct bytes_of *r, const char *field, const char *s)
{
	struct tep_format_field *f = field_of(r, field);
	size_t len = strlen(s) + 1, from = f->flags & TEP_FIELD_IS_RELATIVE ? (size_t)f->offset + 4 : 0;

	if (!(f->flags & TEP_FIELD_IS_DYNAMIC)) {
		memcpy(r->data + f->offset, s, strnlen(s, (size_t)f->size));
		return;
	}
	assert_true(r->size + len <= sizeof(r->data));
	store(r, f->offset, 4, (int64_t)(len << 16 | (r->size - from)));
	memcpy(r->data + r->size, s, len);
	r->size += len;
}

struct bytes_of record_of(struct tep_event *format)
{
	struct bytes_of r = { .format = format };

	for (struct tep_format_field *f = format->format.fields; f; f = f->next) {
		if (f->size > 0 && (size_t)(f->offset + f->size) > r.size)
			r.size = (size_t)(f->offset + f->size);
	}
	if (r.size < 8)
		r.size = 8;
	assert_true(r.size < sizeof(r.data) / 2);
	put(&r, "common_type", format->id);
	put(&r, "common_pid", 42);
	put(&r, "common_flags", EVENT_FL_IRQS_OFF);
	put(&r, "common_preempt_count", 3);
	return r;
}
