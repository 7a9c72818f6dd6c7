// Calls of the kernels with plain arguments, for kernels.py.

#include "CLossKernels.h"

#include <math.h>

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
    return NAN;
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
  return lk_categorical(&call, &result) == lk_ok ? result.value / result.weight : NAN;
}

static lk_update_call update_of(float *w, const float *g, float *first, float *second, int64_t count) {
  return (lk_update_call){
      .scalar = lk_scalar_float,
      .count = count,
      .parameters = w,
      .gradient = g,
      .states = {first, second},
      .scale = 1,
      .limit = INFINITY,
      .keep = 1,
      .threads = 1,
      .isa = lk_isa_best,
  };
}

// Steps of SGD with momentum, from step number `done`, with the hyperparameters of updates.py.
void peers_momentum(float *w, const float *g, float *first, float *second, int64_t count, int64_t done, int64_t steps) {
  lk_result result;
  for (int64_t t = done + 1; t <= done + steps; ++t) {
    lk_update_call call = update_of(w, g, first, second, count);
    call.update = lk_update_momentum;
    call.factors[0] = 1e-3;
    call.factors[1] = 0.9;
    call.factors[2] = 1;
    lk_update_run(&call, &result);
  }
}

// Steps of AdamW, likewise.
void peers_adam_w(float *w, const float *g, float *first, float *second, int64_t count, int64_t done, int64_t steps) {
  const double rate = 1e-3, beta1 = 0.9, beta2 = 0.999;
  lk_result result;
  for (int64_t t = done + 1; t <= done + steps; ++t) {
    lk_update_call call = update_of(w, g, first, second, count);
    call.update = lk_update_adam;
    call.keep = 1 - rate * 0.01;
    call.factors[0] = rate / (1 - pow(beta1, (double)t));
    call.factors[1] = 1 - beta1;
    call.factors[2] = beta2;
    call.factors[3] = 1 - beta2;
    call.factors[4] = 1 / sqrt(1 - pow(beta2, (double)t));
    call.factors[5] = 1e-8;
    lk_update_run(&call, &result);
  }
}
