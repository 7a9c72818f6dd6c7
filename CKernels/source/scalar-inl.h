// Everything that depends on the scalar, for the scalar that LK_IS_F64 names.

#if LK_IS_F64
#define LK_T double
#define LK_INT int64_t
#define LK(name) LK_CONCAT(name, _f64)
#define LK_LARGEST 0x1.fffffffffffffp1023
#define LK_SQRT_IS_LINEAR 0x1p27
#define LK_UNROLL _Pragma("clang loop vectorize_width(8) interleave_count(4)")
#define LK_INTERLEAVE 4
#else
#define LK_T float
#define LK_INT int32_t
#define LK(name) LK_CONCAT(name, _f32)
#define LK_LARGEST 0x1.fffffep127f
#define LK_SQRT_IS_LINEAR 0x1p13f
#define LK_UNROLL _Pragma("clang loop vectorize_width(16) interleave_count(2)")
#if defined(LK_MANY_REGISTERS)
#define LK_INTERLEAVE 8
#else
#define LK_INTERLEAVE 4
#endif
#endif

#include "math-inl.h"
#include "tile-inl.h"
#include "pointwise-inl.h"
#include "linear-inl.h"
#include "penalty-inl.h"
#include "categorical-inl.h"
#include "ordinal-inl.h"

#undef LK_IS_F64
#undef LK_T
#undef LK_INT
#undef LK
#undef LK_LARGEST
#undef LK_SQRT_IS_LINEAR
#undef LK_UNROLL
#undef LK_INTERLEAVE
#undef LK_ALL_LANES
#undef LK_HOT_LANES
#undef LK_MINUS_INFINITY
#undef LK_PRAGMA_CLASSES
#undef LK_SOFTMAX_MAP_softmax
#undef LK_SOFTMAX_MAP_rows
#undef LK_SOFTMAX_MAP_labels
#undef LK_SOFTMAX_MAP
#undef LK_SOFTMAX_ROW_softmax
#undef LK_SOFTMAX_ROW_rows
#undef LK_SOFTMAX_ROW_labels
#undef LK_SOFTMAX_ROW
#undef LK_AHEAD
#undef LK_OPERATION
#undef LK_OPERANDS_1
#undef LK_OPERANDS_2
#undef LK_OPERANDS_3
#undef LK_OPERANDS_4
#undef LK_DEFINE_OPERATION
#undef LK_OPERATION_ROW
#undef LK_LINE
#undef LK_MAP_BODY
#undef LK_DEFINE_MAP
#undef LK_INTERLEAVE_plain
#undef LK_INTERLEAVE_heavy
#undef LK_INTERLEAVE_wide
#undef LK_DEFINE_MAPS
#undef LK_MAP_ROW
#undef LK_DEFINE_SLOPE_MAP
#undef LK_DEFINE_SLOPE_MAP_0
#undef LK_DEFINE_SLOPE_MAP_1
#undef LK_DEFINE_SLOPE_MAP_2
#undef LK_SLOPE_ROW
#undef LK_SLOPE_ROW_0
#undef LK_SLOPE_ROW_1
#undef LK_SLOPE_ROW_2
#undef LK_DEFINE_FUSED
#undef LK_DEFINE_FUSED_plain
#undef LK_DEFINE_FUSED_heavy
#undef LK_DEFINE_FUSED_wide
#undef LK_FUSED_ROW
#undef LK_FUSED_ROW_plain
#undef LK_FUSED_ROW_heavy
#undef LK_FUSED_ROW_wide
