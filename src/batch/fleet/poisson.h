/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* poisson.h - how sure is a rate, when so many were counted? */
#ifndef VMSTALL_BATCH_POISSON_H
#define VMSTALL_BATCH_POISSON_H

#include <stdint.h>

struct interval { double low, high; };

/*
 * The exact 95 % interval of a Poisson mean of which @n were counted (Garwood 1936): a smaller mean than low would show
 * @n or more, a larger one than high @n or fewer, less than once in 40 times. Of 0: from 0 to 3.69.
 */
struct interval poisson_interval(uint64_t n);

#endif
