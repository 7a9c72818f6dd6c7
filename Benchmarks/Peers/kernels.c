// Calls of the kernels with plain arguments, for peers.py.

#include "CLossKernels.h"

// Value and gradient of the mean of a pointwise loss of one to three parameters.
double peers_pointwise(const char *name, const double *parameters, const float *z, const float *y, float *gradient,
                       int64_t count) {
  lk_term term = {.loss = lk_loss_count, .coefficient = 1, .parameters = {parameters[0], parameters[1], parameters[2]}};
#define PEERS_NAME(loss_name, ...)                                                                                     \
  if (!__builtin_strcmp(name, #loss_name))                                                                             \
    term.loss = lk_loss_##loss_name;
  LK_LOSSES(PEERS_NAME)
  lk_call call = {
      .terms = &term,
      .term_count = 1,
      .scalar = lk_scalar_float,
      .count = count,
      .predictions = z,
      .targets = y,
      .gradient = gradient,
      .scale = 1,
      .mean = 1,
      .threads = 1,
      .isa = lk_isa_best,
  };
  lk_result result;
  if (term.loss == lk_loss_count || lk_pointwise(&call, &result) != lk_ok)
    return __builtin_nan("");
  return result.value / result.weight;
}

// Value and gradient of the mean of the softmax cross-entropy.
double peers_cross_entropy(const float *z, const int32_t *y, float *gradient, int64_t rows, int64_t classes) {
  lk_categorical_call call = {
      .loss = lk_categorical_cross_entropy,
      .rows = rows,
      .classes = classes,
      .predictions = z,
      .prediction_stride = classes,
      .targets = y,
      .target_kind = lk_classes_i32,
      .gradient = gradient,
      .gradient_stride = classes,
      .scale = 1,
      .mean = 1,
      .threads = 1,
      .isa = lk_isa_best,
  };
  lk_result result;
  return lk_categorical(&call, &result) == lk_ok ? result.value / result.weight : __builtin_nan("");
}
