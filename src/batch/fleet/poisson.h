/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* poisson.h - how sure is a rate that comes from so many stalls? */
#ifndef VMSTALL_BATCH_POISSON_H
#define VMSTALL_BATCH_POISSON_H

#include <stdint.h>

struct interval { double low, high; };

/*
 * The exact 95 % interval of a Poisson mean when @n were counted (Garwood 1936). With a mean below low, a count of @n or
 * more has a chance of less than 1 in 40. With a mean above high, so has a count of @n or fewer. For a count of 0 it is
 * 0 to 3.69.
 */
struct interval poisson_interval(uint64_t n);

#endif
