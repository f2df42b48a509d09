// SPDX-License-Identifier: LGPL-2.1-or-later
/* formats.c - how does the scene's kernel lay out its events? */
#include "scene.h"

#include <dirent.h>
#include <event-parse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text of a file of the kernel's formats; NULL when there is none. */
static char *read_text(const struct scene *s, const char *name)
{
	char path[512], *text = NULL;
	size_t len = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/formats/%s/%s", VMSTALL_FIXTURES, s->o.kernel, name);
	f = fopen(path, "r");
	if (!f)
		return NULL;
	if (getdelim(&text, &len, '\0', f) < 0)
		scene_oops("%s is empty", path);
	fclose(f);
	return text;
}

/* What the size of a long decides: long, pointers and size_t. */
static bool is_long(const char *decl)
{
	return strchr(decl, '*') || strstr(decl, "size_t") || (strstr(decl, "long") && !strstr(decl, "long long"));
}

static unsigned int aligned(unsigned int offset, const char *decl, unsigned int size)
{
	unsigned int to = is_long(decl) ? 4 : !strncmp(decl, "char ", 5) ? 1 : size < 8 ? size : 8;

	return (offset + to - 1) / to * to;
}

/*
 * A 64-bit kernel's format as a 32-bit one declares it: "\tfield:DECL;\toffset:N;\tsize:N;\tsigned:N;" with longs of 4
 * bytes, each field at its natural alignment.
 */
static char *text_for_32_bit(char *text)
{
	struct bytes out = { 0 };
	unsigned int offset = 0, size, sign;
	char decl[128], line[256];
	const char *at = text;

	for (size_t len; *at; at += len + (at[len] == '\n')) {
		len = strcspn(at, "\n");
		if (*at == '\t' &&
			sscanf(at, "\tfield:%127[^;];\toffset:%*u;\tsize:%u;\tsigned:%u;", decl, &size, &sign) == 3) {
			size = is_long(decl) ? size / 2 : size;
			offset = aligned(offset, decl, size);
			snprintf(line, sizeof(line), "\tfield:%s;\toffset:%u;\tsize:%u;\tsigned:%u;\n", decl, offset,
				size, sign);
			bytes_add(&out, line, strlen(line));
			offset += size;
		} else {
			bytes_add(&out, at, len);
			bytes_add(&out, "\n", 1);
		}
	}
	bytes_add(&out, "", 1);
	free(text);
	return (char *)out.p;
}

static void split(const char *event, char *system, size_t len)
{
	size_t colon = strcspn(event, ":");

	if (!event[colon] || colon >= len)
		scene_oops("\"%s\" is no system:event", event);
	memcpy(system, event, colon);
	system[colon] = '\0';
}

static char *format_text(const struct scene *s, const char *event)
{
	char system[64], file[256], *text;

	split(event, system, sizeof(system));
	snprintf(file, sizeof(file), "%s/%s.format", system, event + strlen(system) + 1);
	text = read_text(s, file);
	return text && s->o.long_size == 4 ? text_for_32_bit(text) : text;
}

static struct scene_format *find_known(struct scene *s, const char *event)
{
	for (size_t i = 0; i < s->nr_formats; i++) {
		struct scene_format *f = &s->formats[i];
		size_t len = strlen(f->system);

		if (!strncmp(event, f->system, len) && event[len] == ':' && !strcmp(event + len + 1, f->name))
			return f;
	}
	return NULL;
}

struct scene_format *scene_format(struct scene *s, const char *event)
{
	struct scene_format *f = find_known(s, event);
	char system[64], *text;

	if (f)
		return f;
	text = format_text(s, event);
	if (!text)
		scene_oops("kernel %s has no event %s", s->o.kernel, event);
	split(event, system, sizeof(system));
	/* A print text that the library can't parse leaves the fields usable. */
	tep_parse_event(s->tep, text, strlen(text), system);
	s->formats = scene_grow(s->formats, &s->cap_formats, s->nr_formats, sizeof(*s->formats));
	f = &s->formats[s->nr_formats++];
	*f = (struct scene_format){
		.system = strdup(system), .name = strdup(event + strlen(system) + 1), .text = text
	};
	f->tep = tep_find_event_by_name(s->tep, f->system, f->name);
	if (!f->tep)
		scene_oops("the format of %s can't be parsed", event);
	return f;
}

bool scene_knows(const struct scene *s, const char *event)
{
	char *text = format_text(s, event);

	free(text);
	return text;
}

void scene_enable(struct scene *s, const char *events)
{
	char path[512], event[512];
	struct dirent **list;
	int nr;

	if (strchr(events, ':')) {
		scene_format(s, events);
		return;
	}
	snprintf(path, sizeof(path), "%s/formats/%s/%s", VMSTALL_FIXTURES, s->o.kernel, events);
	nr = scandir(path, &list, NULL, alphasort);
	if (nr < 0)
		scene_oops("kernel %s has no events of %s", s->o.kernel, events);
	for (int i = 0; i < nr; i++) {
		char *end = strstr(list[i]->d_name, ".format");

		snprintf(event, sizeof(event), "%s:%.*s", events, end ? (int)(end - list[i]->d_name) : 0,
			list[i]->d_name);
		if (end)
			scene_format(s, event);
		free(list[i]);
	}
	free(list);
}

/* The fixture is of a 64-bit kernel with pages of 4096 bytes. */
char *scene_header(const struct scene *s, const char *name)
{
	const unsigned int start = 8 + s->o.long_size;
	char *text;

	if (strcmp(name, "header_page") || (s->o.long_size == 8 && s->o.page_size == 4096)) {
		text = read_text(s, name);
		if (!text)
			scene_oops("kernel %s has no %s", s->o.kernel, name);
		return text;
	}
	if (asprintf(&text,
		    "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
		    "\tfield: local_t commit;\toffset:8;\tsize:%u;\tsigned:1;\n"
		    "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
		    "\tfield: char data;\toffset:%u;\tsize:%u;\tsigned:1;\n",
		    s->o.long_size, start, s->o.page_size - start) < 0)
		scene_oops("no memory");
	return text;
}
