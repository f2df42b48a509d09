// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * bind.c - where does this recording keep the fields that a spec names?
 *
 * Only the recording's own format counts. The kernel version says nothing, because vendors backport fields.
 */
#include "decode/bind.h"

#include <errno.h>
#include <string.h>

#include <traceevent/event-parse.h>

static bool name_is(const char *name, const char *one, size_t len)
{
	return strncmp(name, one, len) == 0 && name[len] == '\0';
}

struct tep_format_field *find_field_of(struct tep_event *format, const char *names)
{
	struct tep_format_field *f;
	size_t len;

	for (; *names; names += len + (names[len] == '|')) {
		len = strcspn(names, "|");
		for (f = format->format.fields; f; f = f->next) {
			if (name_is(f->name, names, len))
				return f;
		}
	}
	return NULL;
}

static bool bind_int(const struct tep_format_field *f, struct bound_field *ret)
{
	if (f->flags & (TEP_FIELD_IS_ARRAY | TEP_FIELD_IS_DYNAMIC))
		return false;
	ret->load = LOAD_INT;
	ret->is_signed = f->flags & TEP_FIELD_IS_SIGNED;
	return f->size == 1 || f->size == 2 || f->size == 4 || f->size == 8;
}

static bool bind_string(const struct tep_format_field *f, struct bound_field *ret)
{
	if (!(f->flags & TEP_FIELD_IS_STRING) || !(f->flags & TEP_FIELD_IS_ARRAY))
		return false;
	ret->load = LOAD_CHARS;
	if (f->flags & TEP_FIELD_IS_RELATIVE)
		ret->load = LOAD_REL_LOC;
	else if (f->flags & TEP_FIELD_IS_DYNAMIC)
		ret->load = LOAD_DATA_LOC;
	return ret->load == LOAD_CHARS || f->size == 4;
}

/*
 * Only the record says how many addresses there are: the declared size is an example. Before 5.2 the list was declared
 * as one number, "unsigned long caller". Its addresses are then as wide as the file's long.
 */
static bool bind_addresses(const struct tep_format_field *f, struct bound_field *ret)
{
	bool array = f->flags & TEP_FIELD_IS_ARRAY;

	if (f->flags & TEP_FIELD_IS_DYNAMIC)
		return false;
	ret->load = LOAD_ADDRESSES;
	ret->from_size = array ? f->elementsize : (uint32_t)tep_get_long_size(f->event->tep);
	return ret->from_size == 4 || ret->from_size == 8;
}

static bool bind_field(const struct tep_format_field *f, uint8_t type, struct bound_field *ret)
{
	*ret = (struct bound_field){ 0 };
	if (!f || f->offset < 0 || f->size < 0 || (!f->size && type != FIELD_STACK))
		return false;
	ret->from = (uint32_t)f->offset;
	ret->from_size = (uint32_t)f->size;
	if (type == FIELD_STACK)
		return bind_addresses(f, ret);
	return type == FIELD_STRING ? bind_string(f, ret) : bind_int(f, ret);
}

/* Both members are below 2^31, so the sum fits. */
static void need(uint32_t *min_size, const struct bound_field *f)
{
	if (f->from + f->from_size > *min_size)
		*min_size = f->from + f->from_size;
}

/* An absent field keeps from_size 0 and decodes to 0. */
static bool bind_common(
	const struct tep_event *format, const char *name, struct common_binding *b, struct bound_field *ret)
{
	const struct tep_format_field *f;

	for (f = format->format.common_fields; f && strcmp(f->name, name) != 0;)
		f = f->next;
	if (!bind_field(f, FIELD_INT, ret)) {
		*ret = (struct bound_field){ 0 };
		return false;
	}
	need(&b->min_size, ret);
	return true;
}

static bool at(const struct bound_field *f, uint32_t from, uint32_t size)
{
	return f->from == from && f->from_size == size;
}

static int common_bind_from(struct tep_handle *tep, const struct tep_event *format, struct common_binding *ret)
{
	*ret = (struct common_binding){ .swap = tep_is_file_bigendian(tep) != (bool)tep_is_bigendian() };
	bind_common(format, "common_flags", ret, &ret->flags);
	bind_common(format, "common_preempt_count", ret, &ret->preempt);
	if (!bind_common(format, "common_type", ret, &ret->type) || !bind_common(format, "common_pid", ret, &ret->pid))
		return -ENOMSG;
	ret->mainline = !ret->swap && at(&ret->type, 0, 2) && at(&ret->flags, 2, 1) && at(&ret->preempt, 3, 1) &&
			at(&ret->pid, 4, 4);
	return 0;
}

int common_bind(struct tep_handle *tep, struct common_binding *ret)
{
	struct tep_event *format;

	for (int i = 0; (format = tep_get_event(tep, i)); i++) {
		if (common_bind_from(tep, format, ret) == 0)
			return 0;
	}
	return -ENOMSG;
}

/* Nearly all fields are as wide as the member and not swapped: a copy is enough for them. */
static uint8_t quicker_load(const struct bound_field *f, bool swap)
{
	if (f->load != LOAD_INT || swap || f->is_bool || f->from_size != f->to_size)
		return f->load;
	return f->from_size == 8 ? LOAD_COPY8 : f->from_size == 4 ? LOAD_COPY4 : LOAD_INT;
}

static int bind_one(struct tep_event *format, const struct field_spec *spec, struct event_binding *b)
{
	struct bound_field *f = &b->fields[b->nr_fields];

	if (!bind_field(find_field_of(format, spec->names), spec->type, f))
		return spec->has ? 0 : -ENOMSG;
	f->to = spec->offset;
	f->to_size = spec->size;
	f->is_bool = spec->type == FIELD_BOOL;
	f->load = quicker_load(f, b->common.swap);
	b->present |= spec->has;
	b->nr_fields++;
	if (f->load != LOAD_ADDRESSES)
		need(&b->min_size, f);
	return 0;
}

int event_bind(struct tep_handle *tep, struct tep_event *format, const struct event_spec *spec,
	struct event_binding *ret, const char **reterr_field)
{
	const char *missing = "common_type, common_pid";
	int err;

	if (spec->nr_fields > BINDING_MAX_FIELDS)
		return -E2BIG;
	*ret = (struct event_binding){ .spec = spec };
	err = common_bind_from(tep, format, &ret->common);
	ret->min_size = ret->common.min_size;
	for (uint32_t i = 0; i < spec->nr_fields && !err; i++) {
		missing = spec->fields[i].names;
		err = bind_one(format, &spec->fields[i], ret);
	}
	if (err && reterr_field)
		*reterr_field = missing;
	return err;
}
