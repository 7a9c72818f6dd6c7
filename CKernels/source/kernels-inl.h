// The kernels of one instruction set: the source that baseline.c, avx2.c and avx512.c compile. Nothing here may call
// OpenMP: the compiler outlines a parallel body into a function that does not inherit the target attribute.

#include "kernels.h"

// Wide vectors are passed between functions that are always inlined: no ABI is involved.
#pragma clang diagnostic ignored "-Wpsabi"

#define LK_PASTE(a, b) a##b
#define LK_CONCAT(a, b) LK_PASTE(a, b)
#define LK_LOOP _Pragma("clang loop vectorize(enable)")
// Maps are long chains of dependent operations: several vectors in flight hide the latencies. What is left, and short
// calls, go one by one. Eight vectors of AVX-512 in flight were no faster than four. Maps of one loop have as many as
// the processor's window of waiting instructions needs: on AVX2 two (one took 1.4 times as long as four, two 1.15
// times), elsewhere one (1.1 times).
#define LK_INTERLEAVE 4
#if !defined(LK_IN_FLIGHT)
#define LK_IN_FLIGHT 1
#endif
#define LK_PRAGMA(text) _Pragma(#text)
#define LK_LOOP_OF(count) LK_PRAGMA(clang loop vectorize(enable) interleave_count(count))

// What a tile map computes; the position is the column of the table of maps.
typedef enum { lk_mode_value, lk_mode_gradient, lk_mode_both, lk_mode_all } lk_mode;

#define LK_COUNT_OF(name, targets, work, count, ...) count,
static const int32_t lk_parameter_counts[lk_loss_count] = {LK_LOSSES(LK_COUNT_OF)};

#define LK_KIND_OF(name, kind, count, first, second) lk_kind_##kind,
static const lk_categorical_kind lk_categorical_kinds[lk_categorical_count] = {LK_CATEGORICAL_LOSSES(LK_KIND_OF)};

// The sum of the lanes, halving: the order is part of the result.
static inline double lk_fold(const double *lanes) {
  typedef double d8 __attribute__((vector_size(64), aligned(8)));
  const d8 *x = (const d8 *)lanes;
  d8 s = (x[0] + x[2]) + (x[1] + x[3]);
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}
_Static_assert(LK_LANES == 32, "lk_fold adds 32 lanes");

// Streaming stores are weakly ordered: they must be visible before what tells others that the call is done.
static inline void lk_fence(void) {
#if defined(__x86_64__)
  __builtin_ia32_sfence();
#endif
}

// double first: the linear kernels of float evaluate the loss in double.
#define LK_IS_F64 1
#include "scalar-inl.h"
#define LK_IS_F64 0
#include "scalar-inl.h"

#define LK_TABLE                                                                                                       \
  {                                                                                                                    \
    .pointwise = {pointwise_block_f32, pointwise_block_f64}, .weights = {weight_block_f32, weight_block_f64},          \
    .linear = {linear_block_f32, linear_block_f64},                                                                    \
    .linear_classes = {linear_classes_block_f32, linear_classes_block_f64}, .gram = {gram_block_f32, gram_block_f64},  \
    .product = {product_block_f32, product_block_f64}, .penalty = {penalty_block_f32, penalty_block_f64},              \
    .update = {update_block_f32, update_block_f64}, .square_sum = {square_sum_block_f32, square_sum_block_f64},        \
    .adafactor = {adafactor_block_f32, adafactor_block_f64}, .operate = {operate_f32, operate_f64},                    \
    .categorical = {categorical_block_f32, categorical_block_f64},                                                     \
    .categorical_weights = {categorical_weights_f32, categorical_weights_f64},                                         \
    .distribution = {distribution_block_f32, distribution_block_f64},                                                  \
    .divergence = {divergence_block_f32, divergence_block_f64}, .ordinal = {ordinal_block_f32, ordinal_block_f64},     \
    .multilabel = {multilabel_block_f32, multilabel_block_f64},                                                        \
  }
