// The pointwise losses.

#ifndef LK_LOSSES_H
#define LK_LOSSES_H

#include "lk_basics.h"

// The list of losses: the one place that names them. Ids, tables, parameter checks, tests and benchmarks come from it.
//   X(name, targets, work, parameter count, domain of the first parameter, of the second, of the third)
// `name` has a definition LK(name) in source/losses/, and LK(name_slopes) where it has parameters; `targets` is an
// lk_target_domain. `work`:
//   plain: a few arithmetic operations, so that memory is the limit, and much used: it gets a fused kernel as well;
//   light: a few operations;
//   heavy: transcendental and much used: every combination of results has a map of its own, several vectors in flight,
//          and with the parameters 1, 0 there is a fused kernel;
//   deep:  the same, but the gradient comes with the value, which is a small part of a long map; no fused kernel;
//   wide:  transcendental, in as little code as possible.
// The position is the id: append, never reorder.
#define LK_LOSSES(X)                                                                                                   \
  X(squared_error, any, plain, 0, none, none, none)                                                                    \
  X(absolute_error, any, plain, 0, none, none, none)                                                                   \
  X(huber, any, plain, 1, positive, none, none)                                                                        \
  X(smooth_l1, any, light, 1, positive, none, none)                                                                    \
  X(pseudo_huber, any, wide, 1, positive, none, none)                                                                  \
  X(log_cosh, any, wide, 0, none, none, none)                                                                          \
  X(quantile, any, plain, 1, open_unit, none, none)                                                                    \
  X(expectile, any, light, 1, open_unit, none, none)                                                                   \
  X(epsilon_insensitive, any, light, 1, nonnegative, none, none)                                                       \
  X(poisson, nonnegative, heavy, 0, none, none, none)                                                                  \
  X(logistic, unit, heavy, 2, positive, closed_unit, none)                                                             \
  X(focal, unit, deep, 2, closed_unit, nonnegative, none)                                                              \
  X(hinge, signs, light, 0, none, none, none)                                                                          \
  X(squared_hinge, signs, light, 0, none, none, none)                                                                  \
  X(smoothed_hinge, signs, light, 1, positive, none, none)                                                             \
  X(modified_huber, signs, light, 0, none, none, none)                                                                 \
  X(perceptron, signs, light, 0, none, none, none)                                                                     \
  X(exponential, signs, heavy, 0, none, none, none)                                                                    \
  X(robust, any, wide, 2, below_infinity, positive, none)                                                              \
  X(robust_likelihood, any, wide, 2, nonnegative, positive, none)                                                      \
  X(power, any, wide, 1, at_least_one, none, none)                                                                     \
  X(squared_epsilon_insensitive, any, light, 1, nonnegative, none, none)                                               \
  X(cauchy, any, wide, 1, positive, none, none)                                                                        \
  X(geman_mcclure, any, light, 1, positive, none, none)                                                                \
  X(welsch, any, wide, 1, positive, none, none)                                                                        \
  X(tukey, any, light, 1, positive, none, none)                                                                        \
  X(fair, any, wide, 1, positive, none, none)                                                                          \
  X(arctan, any, wide, 1, positive, none, none)                                                                        \
  X(student_t, any, wide, 2, positive, positive, none)                                                                 \
  X(logistic_distance, any, wide, 0, none, none, none)                                                                 \
  X(squared_log_error, above_minus_one, wide, 0, none, none, none)                                                     \
  X(absolute_percentage_error, any, light, 1, positive, none, none)                                                    \
  X(symmetric_absolute_percentage_error, any, light, 0, none, none, none)                                              \
  X(gamma, positive, wide, 0, none, none, none)                                                                        \
  X(tweedie, by_power, wide, 1, outside_unit, none, none)                                                              \
  X(negative_binomial, nonnegative, wide, 1, positive, none, none)                                                     \
  X(cross_entropy_of_probabilities, unit, wide, 0, none, none, none)                                                   \
  X(poly1, unit, wide, 1, at_least_minus_one, none, none)                                                              \
  X(asymmetric, unit, wide, 3, nonnegative, nonnegative, closed_unit)                                                  \
  X(generalized_cross_entropy, unit, wide, 1, closed_unit, none, none)                                                 \
  X(sigmoid, signs, wide, 0, none, none, none)                                                                         \
  X(savage, signs, wide, 0, none, none, none)                                                                          \
  X(distance_weighted_discrimination, signs, wide, 1, positive, none, none)

#define LK_LOSS_ID(name, ...) lk_loss_##name,
typedef enum {
  LK_LOSSES(LK_LOSS_ID) lk_loss_count,
  lk_loss_custom = lk_loss_count, // a loss of the caller's own: lk_term.formula
} lk_loss;
#undef LK_LOSS_ID

// What a target may be.
typedef enum {
  lk_targets_any,             // every number; NaN and infinity follow IEEE rules
  lk_targets_nonnegative,     // finite and >= 0
  lk_targets_positive,        // finite and > 0
  lk_targets_above_minus_one, // finite and > -1
  lk_targets_unit,            // in [0, 1]
  lk_targets_signs,           // -1 or +1
  lk_targets_by_power,        // any, nonnegative or positive: the power of a Tweedie distribution decides
} lk_target_domain;

// What a parameter may be; finite, if nothing else is said.
typedef enum {
  lk_domain_none,
  lk_domain_positive,           // > 0
  lk_domain_nonnegative,        // >= 0
  lk_domain_open_unit,          // in (0, 1)
  lk_domain_closed_unit,        // in [0, 1]
  lk_domain_below_infinity,     // -infinity too
  lk_domain_at_least_one,       // >= 1
  lk_domain_at_least_minus_one, // >= -1
  lk_domain_outside_unit,       // <= 0 or >= 1
  lk_domain_one_or_two,         // 1 or 2
} lk_domain;

#endif
