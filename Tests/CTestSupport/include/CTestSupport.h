#ifndef CTESTSUPPORT_H
#define CTESTSUPPORT_H

#include <stdint.h>

// Memory allocations of the calling thread, counted by standing in for malloc and its relatives (glibc only).

// Whether allocations are counted on this platform.
int test_counts_allocations(void);

// How many allocations this thread has made so far.
int64_t test_allocation_count(void);

// Functions of the kernels' math-inl.h that only losses use. As operations of formulas, where the others are, they
// would add 41 kB to every program.

typedef enum { test_function_log1p_minus, test_function_atan_unit, test_function_count } test_function;

// result[i] = function(x[i]).
void test_apply_f32(test_function function, const float *x, float *result, int64_t count);
void test_apply_f64(test_function function, const double *x, double *result, int64_t count);

// result[i] = x[i] to the power of exponents[i], put together from the parts of power_split.
void test_power_f32(const float *x, const float *exponents, float *result, int64_t count);
void test_power_f64(const double *x, const double *exponents, double *result, int64_t count);

// The four parts of power_split: m, k, y and n.
void test_power_parts_f32(float x, float exponent, float *parts);
void test_power_parts_f64(double x, double exponent, double *parts);

#endif
