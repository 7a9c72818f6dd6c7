// Everything that depends on the scalar, for the scalar that LK_IS_F64 names.

#if LK_IS_F64
#define LK_T double
#define LK_INT int64_t
#define LK(name) LK_CONCAT(name, _f64)
#define LK_LARGEST 0x1.fffffffffffffp1023
#define LK_SQRT_IS_LINEAR 0x1p27
#define LK_UNROLL _Pragma("clang loop vectorize_width(8) interleave_count(4)")
#define LK_UNROLL_FLIGHT LK_UNROLL
#else
#define LK_T float
#define LK_INT int32_t
#define LK(name) LK_CONCAT(name, _f32)
#define LK_LARGEST 0x1.fffffep127f
#define LK_SQRT_IS_LINEAR 0x1p13f
#define LK_UNROLL _Pragma("clang loop vectorize_width(16) interleave_count(2)")
#define LK_UNROLL_FLIGHT _Pragma("clang loop vectorize_width(16) interleave_count(4)")
#endif

// Four of the longest vectors: what a fused kernel of a long chain of operations takes side by side.
#define LK_FLIGHT (256 / (int)sizeof(LK_T))
#define LK_INFINITE ((LK_T)__builtin_inff())
#define LK_NOT_A_NUMBER ((LK_T)__builtin_nanf(""))

#include "math-inl.h"
#include "tile-inl.h"
#include "pointwise-inl.h"
#include "multilabel-inl.h"
#include "linear-inl.h"
#include "penalty-inl.h"
#include "update-inl.h"
#include "adafactor-inl.h"
#include "categorical-inl.h"
#include "linear-classes-inl.h"
#include "distribution-inl.h"
#include "divergence-inl.h"
#include "ordinal-inl.h"

#undef LK_IS_F64
#undef LK_T
#undef LK_INT
#undef LK_UINT
#undef LK
#undef LK_LARGEST
#undef LK_INFINITE
#undef LK_NOT_A_NUMBER
#undef LK_SQUARE_IS_ENOUGH
#undef LK_SQRT_IS_LINEAR
#undef LK_UNROLL
#undef LK_UNROLL_FLIGHT
#undef LK_FLIGHT
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
#undef LK_DEFINE_RUN
#undef LK_DEFINE_RUNS
#undef LK_DEFINE_RUNS_1
#undef LK_DEFINE_RUNS_2
#undef LK_DEFINE_RUNS_4
#undef LK_RUNS_1
#undef LK_RUNS_2
#undef LK_RUNS_4
#undef LK_RUNS_ROW
#undef LK_LINE
#undef LK_MAP_BODY
#undef LK_DEFINE_MAP
#undef LK_DEFINE_DEEP_MAP
#undef LK_DEFINE_FEW_MAPS
#undef LK_DEFINE_MAPS_plain
#undef LK_DEFINE_MAPS_light
#undef LK_DEFINE_MAPS_heavy
#undef LK_DEFINE_MAPS_deep
#undef LK_DEFINE_MAPS_wide
#undef LK_DEFINE_MAPS
#undef LK_MAP_ROW
#undef LK_MAP_ROW_plain
#undef LK_MAP_ROW_light
#undef LK_MAP_ROW_heavy
#undef LK_MAP_ROW_deep
#undef LK_MAP_ROW_wide
#undef LK_DEFINE_SLOPE_MAP
#undef LK_DEFINE_SLOPE_MAP_0
#undef LK_DEFINE_SLOPE_MAP_1
#undef LK_DEFINE_SLOPE_MAP_2
#undef LK_DEFINE_SLOPE_MAP_3
#undef LK_DEFINE_SLOPE_MAP_OF
#undef LK_SLOPE_ROW
#undef LK_SLOPE_ROW_0
#undef LK_SLOPE_ROW_1
#undef LK_SLOPE_ROW_2
#undef LK_SLOPE_ROW_3
#undef LK_DEFINE_UPDATE_MAP
#undef LK_UPDATE_ROW
#undef LK_DEFINE_DIVERGENCE_MAP
#undef LK_DIVERGENCE_ROW
#undef LK_SHIFT_ROW
#undef LK_DEFINE_PAIR_MAP
#undef LK_DEFINE_PAIR_MAPS
#undef LK_DEFINE_PAIR_MAPS_pair
#undef LK_DEFINE_PAIR_MAPS_joint
#undef LK_DEFINE_PAIR_MAPS_levels
#undef LK_PAIR_ROW
#undef LK_PAIR_ROW_pair
#undef LK_PAIR_ROW_joint
#undef LK_PAIR_ROW_levels
#undef LK_DEFINE_FUSED
#undef LK_DEFINE_FUSED_plain
#undef LK_DEFINE_FUSED_light
#undef LK_DEFINE_FUSED_heavy
#undef LK_DEFINE_FUSED_deep
#undef LK_DEFINE_FUSED_wide
#undef LK_FUSED_ROW
#undef LK_FUSED_ROW_plain
#undef LK_FUSED_ROW_light
#undef LK_FUSED_ROW_heavy
#undef LK_FUSED_ROW_deep
#undef LK_FUSED_ROW_wide
