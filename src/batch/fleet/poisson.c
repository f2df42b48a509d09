// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * poisson.c - the exact interval, computed with the incomplete gamma function
 *
 * P(a, x) is the chance that a Poisson variable of mean x is a or more. Series and continued fraction are those of
 * Abramowitz and Stegun, 6.5.29 and 6.5.31. Each is used where it converges fast.
 */
#include "batch/fleet/poisson.h"

#include <math.h>

enum { STEPS_MAX = 100000 };
#define TAIL	0.025
#define EPSILON 1e-14

static double by_series(double a, double x)
{
	double term = 1 / a, sum = term;

	for (int i = 1; i < STEPS_MAX && term > sum * EPSILON; i++) {
		term *= x / (a + i);
		sum += term;
	}
	return sum;
}

/* The continued fraction, by Lentz's method. */
static double by_fraction(double a, double x)
{
	double b = x + 1 - a, c = 1e300, d = 1 / b, h = d, delta = 0;

	for (int i = 1; i < STEPS_MAX && fabs(delta - 1) > EPSILON; i++) {
		double an = -i * (i - a);

		b += 2;
		d = 1 / (an * d + b);
		c = b + an / c;
		delta = c * d;
		h *= delta;
	}
	return h;
}

static double gamma_p(double a, double x)
{
	double scale = exp(a * log(x) - x - lgamma(a));

	return x < a + 1 ? scale * by_series(a, x) : 1 - scale * by_fraction(a, x);
}

/* Find the x at which P(a, x) is @p. P grows with x, so bisection finds it. */
static double gamma_inverse(double a, double p)
{
	double low = 0, high = a + 20 + 10 * sqrt(a);

	for (int i = 0; i < 200 && high - low > EPSILON * high; i++) {
		double middle = (low + high) / 2;

		if (gamma_p(a, middle) < p)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}

struct interval poisson_interval(uint64_t n)
{
	return (struct interval){ .low = n ? gamma_inverse((double)n, TAIL) : 0,
		.high = gamma_inverse((double)n + 1, 1 - TAIL) };
}
