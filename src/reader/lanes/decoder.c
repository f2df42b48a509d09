// SPDX-License-Identifier: LGPL-2.1-or-later
/* decoder.c - which plugin decodes which event id of this recording? */
#include "reader/lanes/decoder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event-parse.h>

#include "decode/decode.h"
#include "decode/plugin_set.h"

/* A format whose id no record can have is as good as none. */
static void bind_one(struct decoder *d, struct tep_handle *tep, const struct event_spec *spec)
{
	struct tep_event *format = tep_find_event_by_name(tep, spec->system, spec->name);
	const char *field = NULL;

	if (!format || format->id < 0 || format->id >= NR_EVENT_IDS)
		return;
	if (event_bind(tep, format, spec, &d->bindings[d->nr_bindings], &field)) {
		d->unusable[d->nr_unusable++] = (struct unusable){ spec, field, (uint16_t)format->id };
		return;
	}
	d->ids[format->id].binding = (uint16_t)++d->nr_bindings;
	d->ids[format->id].kind = (uint16_t)spec->kind;
	d->kinds |= KIND(spec->kind);
}

/* Number the ids that have a format. No known kernel has a common_type wider than two bytes. */
static int number_ids(struct decoder *d, struct tep_handle *tep)
{
	int nr = tep_get_events_count(tep);

	d->slot_ids = calloc((size_t)(nr > 0 ? nr : 0) + 1, sizeof(*d->slot_ids));
	if (!d->slot_ids)
		return -ENOMEM;
	d->nr_slots = 1;
	for (int i = 0; i < nr; i++) {
		const struct tep_event *format = tep_get_event(tep, i);

		if (!format || format->id < 0 || format->id >= NR_EVENT_IDS || d->ids[format->id].slot)
			continue;
		d->ids[format->id].slot = (uint16_t)d->nr_slots;
		d->slot_ids[d->nr_slots++] = (uint16_t)format->id;
	}
	return 0;
}

int decoder_init(struct decoder *d, struct tep_handle *tep, const struct plugin_set *plugins)
{
	size_t nr;
	const struct event_spec *const *specs = plugin_set_specs(plugins, &nr);
	int err = common_bind(tep, &d->common);

	if (!err && d->common.type.from_size != 2)
		err = -ENOMSG;
	if (err)
		return err;
	d->bindings = calloc(nr ? nr : 1, sizeof(*d->bindings));
	d->unusable = calloc(nr ? nr : 1, sizeof(*d->unusable));
	d->ids = calloc(NR_EVENT_IDS, sizeof(*d->ids));
	if (!d->bindings || !d->unusable || !d->ids || nr >= UINT16_MAX)
		return -ENOMEM;
	err = number_ids(d, tep);
	for (size_t i = 0; !err && i < nr; i++)
		bind_one(d, tep, specs[i]);
	return err;
}

void decoder_clear(struct decoder *d)
{
	free(d->bindings);
	free(d->unusable);
	free(d->ids);
	free(d->slot_ids);
	*d = (struct decoder){ 0 };
}

bool decoder_decode(const struct decoder *d, const void *data, size_t size, struct event *ev)
{
	uint16_t binding;

	if (!common_decode(&d->common, data, size, ev)) {
		ev->kind = EVENT_OTHER;
		ev->id = 0;
		ev->pid = -1;
		ev->flags = ev->preempt = 0;
		ev->present = 0;
		return false;
	}
	binding = d->ids[ev->id].binding;
	return !binding || payload_decode(&d->bindings[binding - 1], data, size, ev);
}
