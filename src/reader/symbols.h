/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * symbols.h - the kernel's functions by address, from the text of /proc/kallsyms that a recording saved
 *
 * Most analyses need no function names, and a kernel has 150,000 of them. So the text is parsed only when the first name is
 * asked for.
 */
#ifndef VMSTALL_SYMBOLS_H
#define VMSTALL_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols;

/* Make an empty table; NULL: out of memory. */
struct symbols *symbols_new(void);
bool symbols_are_loaded(const struct symbols *s);
/*
 * Parse lines "ADDRESS TYPE NAME [MODULE]" in @text, @len bytes. Call it once. If memory runs out, there are fewer
 * symbols, and symbols_have_failed().
 */
void symbols_load(struct symbols *s, const char *text, size_t len);
/* Memory ran out before symbols_load(): there are none. */
void symbols_fail(struct symbols *s);
bool symbols_have_failed(const struct symbols *s);
/* NULL is fine; returns NULL. */
struct symbols *symbols_free(struct symbols *s);

/**
 * symbols_find - the function that contains @address
 * @ret_offset: the distance of @address from its start
 *
 * NULL: none is near. An address behind a module's last function, or in a module that was loaded later, gets no name: no
 * name is better than a wrong one. The name lives as long as @s.
 */
const char *symbols_find(const struct symbols *s, uint64_t address, uint64_t *ret_offset);

#endif
