// SPDX-License-Identifier: LGPL-2.1-or-later
/* encode.c - what are the bytes of an event's record, by the kernel's own format? */
#include "scene.h"

#include <event-parse.h>
#include <string.h>

static size_t end_of(const struct tep_format_field *field)
{
	return (size_t)field->offset + (size_t)field->size;
}

/* The structure's size; what is dynamic comes behind it. */
static size_t fixed_size(const struct tep_event *tep)
{
	const struct tep_format_field *f;
	size_t end = 0;

	for (f = tep->format.common_fields; f; f = f->next)
		end = end_of(f) > end ? end_of(f) : end;
	for (f = tep->format.fields; f; f = f->next)
		end = end_of(f) > end ? end_of(f) : end;
	return (end + 3) / 4 * 4;
}

static bool fits(int64_t value, size_t size)
{
	int64_t limit = size < 8 ? INT64_C(1) << (8 * size) : 0;

	return size == 8 || (value < limit && value >= -limit / 2);
}

static void put_number(
	struct bytes *record, const struct tep_event *tep, const struct tep_format_field *f, int64_t value)
{
	size_t size = (size_t)f->size;

	if (size != 1 && size != 2 && size != 4 && size != 8)
		scene_oops("%s.%s is no number", tep->name, f->name);
	if (!fits(value, size))
		scene_oops("%lld does not fit %s.%s of %zu bytes", (long long)value, tep->name, f->name, size);
	bytes_put(record, (size_t)f->offset, (uint64_t)value, size);
}

static void put_data(struct bytes *record, const struct tep_event *tep, const struct tep_format_field *f,
	const void *data, size_t len)
{
	if (f->flags & TEP_FIELD_IS_DYNAMIC) {
		bytes_put(record, (size_t)f->offset, (uint64_t)len << 16 | record->len, 4);
		bytes_add(record, data, len);
		return;
	}
	if (!(f->flags & TEP_FIELD_IS_ARRAY) || len > (size_t)f->size)
		scene_oops("%zu bytes do not fit %s.%s of %d", len, tep->name, f->name, f->size);
	memcpy(record->p + f->offset, data, len);
}

/* The field by the first of the names that this kernel has; NULL when none. */
static struct tep_format_field *find_field(struct tep_event *tep, const char *names)
{
	struct tep_format_field *f = NULL;
	char name[64];
	size_t len;

	for (; !f && *names; names += len + (names[len] == '|')) {
		len = strcspn(names, "|");
		if (len >= sizeof(name))
			scene_oops("field name %s is too long", names);
		memcpy(name, names, len);
		name[len] = '\0';
		f = tep_find_any_field(tep, name);
	}
	return f;
}

static void put_field(struct bytes *record, struct tep_event *tep, const struct scene_field *field)
{
	bool optional = field->name[0] == '?';
	const struct tep_format_field *f = find_field(tep, field->name + optional);

	if (!f && optional)
		return;
	if (!f)
		scene_oops("%s has no field %s on this kernel", tep->name, field->name);
	if (field->string)
		put_data(record, tep, f, field->string, strlen(field->string) + 1);
	else if (field->bytes)
		put_data(record, tep, f, field->bytes, field->len);
	else
		put_number(record, tep, f, field->number);
}

/* A __data_loc field that was not given is an empty string, as the kernel would record it. */
static void put_missing_strings(struct bytes *record, const struct tep_event *tep)
{
	const struct tep_format_field *f;
	static const unsigned char none[4];

	for (f = tep->format.fields; f; f = f->next)
		if (f->flags & TEP_FIELD_IS_DYNAMIC && !memcmp(record->p + f->offset, none, sizeof(none)))
			put_data(record, tep, f, "", 1);
}

struct bytes scene_encode(const struct scene *s, const struct scene_format *format, const struct scene_at *at,
	const struct scene_field *fields)
{
	const struct scene_field common[] = {
		INT("common_type", format->tep->id),
		INT("common_flags", at->flags),
		INT("common_preempt_count", at->preempt),
		INT("common_pid", at->pid),
	};
	struct bytes record = { .big_endian = s->o.big_endian };

	bytes_zero(&record, fixed_size(format->tep));
	for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++)
		put_field(&record, format->tep, &common[i]);
	for (; fields->name; fields++)
		put_field(&record, format->tep, fields);
	put_missing_strings(&record, format->tep);
	return record;
}
