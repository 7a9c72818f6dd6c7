// Included once for each scalar, as the kernels include math-inl.h.

#include "../../CKernels/source/math-inl.h"

LK_INLINE LK_T LK(apply)(test_function function, LK_T x) {
  switch (function) {
  case test_function_log1p_minus:
    return LK(log1p_minus)(x);
  case test_function_atan_unit:
    return LK(atan_unit)(x);
  case test_function_count:
    break;
  }
  return 0;
}

void LK(test_apply)(test_function function, const LK_T *x, LK_T *result, int64_t count) {
  for (int64_t i = 0; i < count; ++i)
    result[i] = LK(apply)(function, x[i]);
}

void LK(test_power)(const LK_T *x, const LK_T *exponents, LK_T *result, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    LK(power_parts) parts = LK(power_split)(x[i], exponents[i]);
    result[i] = LK(scale_by_power)(parts.y, parts.n);
  }
}

void LK(test_power_parts)(LK_T x, LK_T exponent, LK_T *parts) {
  LK(power_parts) s = LK(power_split)(x, exponent);
  parts[0] = s.m, parts[1] = s.k, parts[2] = s.y, parts[3] = s.n;
}
