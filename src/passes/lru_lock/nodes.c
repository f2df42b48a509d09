// SPDX-License-Identifier: LGPL-2.1-or-later
/* nodes.c - remember the nodes that events name */
#include "passes/lru_lock/nodes.h"

void nodes_saw(struct nodes *n, int32_t nid)
{
	n->many |= n->any && n->only != nid;
	n->only = nid;
	n->any = true;
}

/* -1: it wrote no such event. */
static int32_t kswapd_nid(const struct nodes *n, int32_t pid)
{
	for (size_t i = 0; i < n->nr_kswapds; i++)
		if (n->kswapds[i].pid == pid)
			return n->kswapds[i].nid;
	return -1;
}

void nodes_saw_kswapd(struct nodes *n, const struct event *ev)
{
	nodes_saw(n, ev->kswapd.nid);
	if (n->nr_kswapds == MAX_NODES || kswapd_nid(n, ev->pid) >= 0)
		return;
	n->kswapds[n->nr_kswapds].pid = ev->pid;
	n->kswapds[n->nr_kswapds++].nid = ev->kswapd.nid;
}

void nodes_settle(const struct nodes *n, struct hold *h)
{
	int32_t nid = h->nid.is ? -1 : kswapd_nid(n, h->pid);

	if (nid >= 0)
		h->nid = KNOWN(nid);
	else if (!h->nid.is && n->any && !n->many)
		h->nid = KNOWN(n->only);
	h->node_unclear = !h->nid.is && n->many;
}
