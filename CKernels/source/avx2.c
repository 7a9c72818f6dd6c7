// Kernels for AVX2. Fused multiply-add is not used, so that results are those of every other instruction set.

#if defined(__x86_64__)

#define LK_IN_FLIGHT 2
#define LK_LONG_VECTORS

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "kernels-inl.h"
#pragma clang attribute pop

const lk_kernels lk_kernels_avx2 = LK_TABLE;

#endif
