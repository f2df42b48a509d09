/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * protobuf.h - protocol buffers' wire format, written into a growing buffer
 *
 * A message is its fields, one after the other, in any order. A message inside another one lies between pb_begin() and
 * pb_end(). A field has only a number here (1 to 2^29 - 1); its name is in the schema.
 */
#ifndef VMSTALL_PROTOBUF_H
#define VMSTALL_PROTOBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero it to begin. After an allocation failed, @failed is set and everything else does nothing. */
struct protobuf { unsigned char *p; size_t len, cap; bool failed; };

/* uint32, uint64, bool, enum. */
void pb_uint(struct protobuf *b, uint32_t field, uint64_t v);
/* int32, int64: not the zigzag of sint32 and sint64. */
void pb_int(struct protobuf *b, uint32_t field, int64_t v);
void pb_fixed64(struct protobuf *b, uint32_t field, uint64_t v);
/* string: bytes of @s that are no UTF-8 become U+FFFD, because some readers would refuse the whole message. */
void pb_text(struct protobuf *b, uint32_t field, const char *s);
/* bytes, or a message that is already encoded. */
void pb_bytes(struct protobuf *b, uint32_t field, const void *data, size_t len);

/* Append fields that are already encoded. */
void pb_append(struct protobuf *b, const struct protobuf *more);

/* Begin a message inside this one; pass the returned value to its pb_end(). Messages may nest. */
size_t pb_begin(struct protobuf *b, uint32_t field);
void pb_end(struct protobuf *b, size_t begun);

/* Empty it and keep the memory. */
void pb_reset(struct protobuf *b);
void pb_free(struct protobuf *b);

#endif
