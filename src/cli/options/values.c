// SPDX-License-Identifier: LGPL-2.1-or-later
/* values.c - parse the arguments of options */
#include "cli/options/values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/answer.h"
#include "util/text.h"

#define NS_PER_S UINT64_C(1000000000)

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Parse digits, with or without a point, exactly, in units of @unit ns. @ret_end: the text that follows. */
static int parse_decimal(const char *s, uint64_t unit, uint64_t *ret, const char **ret_end)
{
	uint64_t whole = 0, part = 0, scale = unit;
	const char *begin = s;

	for (; is_digit(*s); s++)
		if (__builtin_mul_overflow(whole, 10, &whole) ||
			__builtin_add_overflow(whole, (uint64_t)(*s - '0'), &whole))
			return -ERANGE;
	if (*s == '.')
		for (s++; is_digit(*s); s++) {
			scale /= 10;
			part += scale * (uint64_t)(*s - '0');
		}
	*ret_end = s;
	if (s == begin || (s == begin + 1 && *begin == '.'))
		return -EINVAL;
	if (__builtin_mul_overflow(whole, unit, &whole) || __builtin_add_overflow(whole, part, ret))
		return -ERANGE;
	return 0;
}

int parse_duration(const char *s, uint64_t *ret_ns, char **reterr_why)
{
	static const struct { const char *name; uint64_t ns; } units[] = {
		{ "", 1000000 }, { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", NS_PER_S },
	};
	const char *unit = s + strspn(s, "0123456789."), *end;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(unit, units[i].name) && !parse_decimal(s, units[i].ns, ret_ns, &end) && end == unit)
			return 0;
	return fail(reterr_why, -EINVAL, "'%s' is no duration: write 10ms, 1.5s, 250us or 900ns", s);
}

int parse_seconds(const char *s, uint64_t *ret_ns, char **reterr_why)
{
	const char *end;

	if (!parse_decimal(s, NS_PER_S, ret_ns, &end) && !*end)
		return 0;
	return fail(reterr_why, -EINVAL, "'%s' is no time: write seconds as trace-cmd report prints them, 5144.543210",
		s);
}

static bool is_confidence(const char *term, struct fail_on *f)
{
	for (int c = CONFIDENCE_LOW; c <= CONFIDENCE_HIGH; c++)
		if (!strcmp(term, confidence_name((enum confidence)c))) {
			f->confidence = (enum confidence)c;
			return true;
		}
	return false;
}

static bool is_cause(const char *term, struct fail_on *f)
{
	for (int c = 0; c < NR_CAUSES; c++)
		if (!strcmp(term, cause_name((enum cause)c))) {
			f->cause = (enum cause)c;
			f->has_cause = true;
			return true;
		}
	return false;
}

static int parse_term(const char *term, struct fail_on *f, char **reterr_why)
{
	char *unused = NULL;

	if (!strcmp(term, "any") || is_confidence(term, f) || is_cause(term, f))
		return 0;
	if (is_digit(*term) && !parse_duration(term, &f->least_ns, &unused))
		return 0;
	free(unused);
	return fail(reterr_why, -EINVAL,
		"'%s' is no threshold: write any, a duration (100ms), low, medium, high, or a cause (lru_lock_hold); "
		"parted by commas, all must hold", term);
}

int parse_fail_on(const char *s, struct fail_on *ret, char **reterr_why)
{
	struct fail_on f = { .is = true };
	char term[32];
	int err = 0;

	for (size_t n; !err; s += n + 1) {
		n = strcspn(s, ",");
		if (n >= sizeof(term))
			return fail(reterr_why, -EINVAL, "'%.40s' is no threshold", s);
		memcpy(term, s, n);
		term[n] = '\0';
		err = parse_term(term, &f, reterr_why);
		if (!s[n])
			break;
	}
	if (!err)
		*ret = f;
	return err;
}

static bool meets(const struct fail_on *f, const struct stall *s)
{
	uint64_t length = s->at.end > s->at.start ? s->at.end - s->at.start : 0;

	return length >= f->least_ns && s->confidence >= f->confidence && (!f->has_cause || s->cause == f->cause);
}

bool fail_on_met(const struct fail_on *f, const struct report *r)
{
	for (size_t i = 0; f->is && i < r->nr_stalls; i++)
		if (meets(f, &r->stalls[i]))
			return true;
	return false;
}

bool fail_on_answered(const struct fail_on *f, const struct report *r)
{
	return !f->is || (f->has_cause ? cause_answered(r, f->cause) : question_decided(r));
}
