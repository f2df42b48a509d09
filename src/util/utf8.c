// SPDX-License-Identifier: LGPL-2.1-or-later
/* utf8.c - which characters are in a string that may be no text at all? */
#include "util/utf8.h"

#include <stdbool.h>

/* The length of a character in bytes, by its first byte; 0: no character begins with this byte. */
static int length(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c < 0xe0)
		return 2;
	if (c >= 0xe0 && c < 0xf0)
		return 3;
	return c >= 0xf0 && c < 0xf5 ? 4 : 0;
}

/* An encoding longer than needed, a surrogate, or a number beyond Unicode is not UTF-8. */
static bool is_scalar(uint32_t c, int len)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	return c >= least[len] && c < 0x110000 && (c < 0xd800 || c > 0xdfff);
}

uint32_t utf8_next(const char **s)
{
	const unsigned char *b = (const unsigned char *)*s;
	int len = length(b[0]), i;
	uint32_t c;

	(*s)++;
	if (len < 2)
		return len ? b[0] : UTF8_BAD;
	c = b[0] & (0xffU >> (len + 1));
	for (i = 1; i < len; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return UTF8_BAD;
		c = c << 6 | (b[i] & 0x3f);
	}
	if (!is_scalar(c, len))
		return UTF8_BAD;
	*s += len - 1;
	return c;
}

int utf8_is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}
