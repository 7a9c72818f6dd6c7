// Loops for every processor of the target: SSE2 on x86-64, NEON on arm64.

#define CR_BYTES 16
#include "loops-inl.h"

const cr_loops cr_loops_baseline = CR_LOOPS("baseline");
