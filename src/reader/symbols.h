/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * symbols.h - the kernel's functions by address, from the text of /proc/kallsyms that a recording saved
 *
 * Most questions need no function's name, and a kernel has 150,000 of them: nothing is parsed before the first is asked for.
 */
#ifndef VMSTALL_SYMBOLS_H
#define VMSTALL_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols;

/* Empty; NULL: out of memory. */
struct symbols *symbols_new(void);
bool symbols_are_loaded(const struct symbols *s);
/* From lines "ADDRESS TYPE NAME [MODULE]" in @text, @len bytes. Once; when memory runs out there are fewer. */
void symbols_load(struct symbols *s, const char *text, size_t len);
/* NULL is fine; returns NULL. */
struct symbols *symbols_free(struct symbols *s);

/**
 * symbols_find - the function that @address is in
 * @ret_offset: how far into it
 *
 * NULL: none is near. What is behind a module's last function, or another that was loaded later, has no name: better none
 * than a wrong one. The name lives as long as @s.
 */
const char *symbols_find(const struct symbols *s, uint64_t address, uint64_t *ret_offset);

#endif
