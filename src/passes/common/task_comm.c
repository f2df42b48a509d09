// SPDX-License-Identifier: LGPL-2.1-or-later
/* task_comm.c - what is the task of this pid called? Events know best, then the names that the file saved */
#include <string.h>

#include "passes/common/pass.h"
#include "state/trackers.h"

void task_comm(const struct pass_ctx *ctx, int32_t pid, char ret[TASK_COMM_LEN])
{
	const char *comm = pid < 0 ? "(interrupt)" : trackers_comm(ctx->trackers, pid);
	size_t len;

	if (!*comm && ctx->names)
		comm = ctx->names->comm(ctx->names->data, pid);
	len = comm ? strnlen(comm, TASK_COMM_LEN - 1) : 0;
	memcpy(ret, comm ? comm : "", len);
	ret[len] = '\0';
}
