#include "CTestSupport.h"

// As the kernels are compiled.
#pragma clang fp contract(off)

#define LK_INLINE static inline __attribute__((always_inline))
#define LK_PASTE(a, b) a##b
#define LK_CONCAT(a, b) LK_PASTE(a, b)

#define LK_IS_F64 1
#define LK_T double
#define LK(name) LK_CONCAT(name, _f64)
#include "functions-inl.h"
#undef LK_IS_F64
#undef LK_T
#undef LK_UINT
#undef LK

#define LK_IS_F64 0
#define LK_T float
#define LK(name) LK_CONCAT(name, _f32)
#include "functions-inl.h"
