// Kernels for every processor of the target: SSE2 on x86-64, NEON on arm64.

#include "kernels-inl.h"

const lk_kernels lk_kernels_baseline = LK_TABLE;
