// Kernels for AVX-512 (F, BW, DQ, VL).

#if defined(__x86_64__)

#define LK_LONG_VECTORS
#define LK_LONGEST_VECTORS

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"), min_vector_width(512))),     \
                             apply_to = function)
#include "kernels-inl.h"
#pragma clang attribute pop

const lk_kernels lk_kernels_avx512 = LK_TABLE;

#endif
