// SPDX-License-Identifier: LGPL-2.1-or-later
/* shard.c - a file's name decides which machine takes it */
#include "batch/input/shard.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

static bool parse_number(const char *text, const char **ret_end, unsigned int *ret)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	*ret_end = end;
	*ret = (unsigned int)v;
	return *text >= '0' && *text <= '9' && v <= 1000000;
}

int shard_parse(const char *text, struct shard *ret, char **reterr_why)
{
	const char *end = text;

	if (parse_number(text, &end, &ret->k) && *end == '/' && parse_number(end + 1, &end, &ret->n) && !*end && ret->k &&
		ret->k <= ret->n)
		return 0;
	return fail(reterr_why, -EINVAL, "'%s' is not K/N, with K from 1 to N", text);
}

/* Read a number from the environment: 0, or -ENOENT, or -EINVAL with one sentence. */
static int number_of(const char *name, unsigned int *ret, char **why)
{
	const char *text = getenv(name), *end;

	if (!text || !*text)
		return -ENOENT;
	if (!parse_number(text, &end, ret) || *end)
		return fail(why, -EINVAL, "%s=%s is not a number", name, text);
	return 0;
}

/* An array may begin at any index (--array=1-8, 0-7), but must not leave out any. */
static int from_slurm(struct shard *ret, char **why)
{
	unsigned int id, least = 0, most = 0, count = 0;
	int err = number_of("SLURM_ARRAY_TASK_ID", &id, why);

	if (err)
		return err == -ENOENT ? 0 : err;
	err = number_of("SLURM_ARRAY_TASK_COUNT", &count, why);
	if (!err)
		err = number_of("SLURM_ARRAY_TASK_MIN", &least, why);
	if (err == -ENOENT)
		return fail(why, -EINVAL, "SLURM_ARRAY_TASK_ID is set, but not _COUNT and _MIN: which of how many? Use --shard");
	if (err)
		return err;
	if (!number_of("SLURM_ARRAY_TASK_MAX", &most, why) && most - least + 1 != count)
		return fail(why, -EINVAL, "the array has gaps (%u tasks from %u to %u): use --array=1-N, or --shard", count, least, most);
	if (id < least || id - least >= count)
		return fail(why, -EINVAL, "SLURM_ARRAY_TASK_ID=%u is not one of %u tasks from %u on", id, count, least);
	*ret = (struct shard){ id - least + 1, count };
	return 1;
}

static int from_kubernetes(struct shard *ret, char **why)
{
	unsigned int index, count = 0;
	int err = number_of("JOB_COMPLETION_INDEX", &index, why);

	if (err)
		return err == -ENOENT ? 0 : err;
	err = number_of("JOB_COMPLETION_COUNT", &count, why);
	if (err == -ENOENT)
		return fail(why, -EINVAL, "JOB_COMPLETION_INDEX is set, but not JOB_COMPLETION_COUNT: one of how many?");
	if (!err && index >= count)
		return fail(why, -EINVAL, "JOB_COMPLETION_INDEX=%u is not one of %u", index, count);
	if (!err)
		*ret = (struct shard){ index + 1, count };
	return err ? err : 1;
}

int shard_from_environment(struct shard *ret, char **reterr_why)
{
	int found = from_slurm(ret, reterr_why);

	return found ? found : from_kubernetes(ret, reterr_why);
}

bool shard_has(const struct shard *s, const char *key)
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx ctx;
	uint64_t v = 0;

	if (s->n < 2)
		return true;
	sha256_init(&ctx);
	sha256_update(&ctx, strlen(key), (const uint8_t *)key);
	sha256_digest(&ctx, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(v); i++)
		v = v << 8 | digest[i];
	return v % s->n == s->k - 1;
}
