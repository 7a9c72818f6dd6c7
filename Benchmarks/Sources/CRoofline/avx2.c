// Loops for AVX2.

#if defined(__x86_64__)

#define CR_BYTES 32
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "loops-inl.h"
#pragma clang attribute pop

const cr_loops cr_loops_avx2 = CR_LOOPS("avx2");

#endif
