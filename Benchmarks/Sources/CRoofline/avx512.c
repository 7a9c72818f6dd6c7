// Loops for AVX-512.

#if defined(__x86_64__)

#define CR_BYTES 64
#pragma clang attribute push(__attribute__((target("avx512f"), min_vector_width(512))), apply_to = function)
#include "loops-inl.h"
#pragma clang attribute pop

const cr_loops cr_loops_avx512 = CR_LOOPS("avx512");

#endif
