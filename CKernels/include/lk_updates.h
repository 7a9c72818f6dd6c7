// Update rules of optimizers.

#ifndef LK_UPDATES_H
#define LK_UPDATES_H

#include "lk_penalties.h"

// The list of update rules: what a step does to a parameter, given its gradient.
//   X(name, number of states)
// `name` has a definition LK(name_update) in source/updates-inl.h, which says what its factors are.
#define LK_UPDATES(X)                                                                                                  \
  X(descent, 0)                                                                                                        \
  X(momentum, 1)                                                                                                       \
  X(nesterov, 1)                                                                                                       \
  X(adam, 2)                                                                                                           \
  X(amsgrad, 3)                                                                                                        \
  X(nadam, 2)                                                                                                          \
  X(adamax, 2)                                                                                                         \
  X(adabelief, 2)                                                                                                      \
  X(yogi, 2)                                                                                                           \
  X(lion, 1)                                                                                                           \
  X(signum, 1)                                                                                                         \
  X(rmsprop, 1)                                                                                                        \
  X(rmsprop_momentum, 2)                                                                                               \
  X(centered_rmsprop, 2)                                                                                               \
  X(centered_rmsprop_momentum, 3)                                                                                      \
  X(adagrad, 1)                                                                                                        \
  X(adadelta, 2)                                                                                                       \
  X(rprop, 2)                                                                                                          \
  X(average, 0)

#define LK_UPDATE_ID(name, states) lk_update_##name,
typedef enum { LK_UPDATES(LK_UPDATE_ID) lk_update_count } lk_update;
#undef LK_UPDATE_ID

#define LK_UPDATE_FACTORS 7

// One step of `count` parameters, in the scalar's own precision. What happens to each, in this order: the gradient is
// multiplied by `scale`, its magnitude cut to `limit`, and decay × parameter added; the parameter is multiplied by
// `keep`, then the rule moves it; then the proximal operator of separable penalties is applied, in double.
typedef struct {
  lk_update update;
  lk_scalar scalar;
  int64_t count;
  void *parameters;
  const void *gradient;
  void *states[3]; // as many as the rule has
  double factors[LK_UPDATE_FACTORS];
  double scale;
  double limit; // infinity: none
  double decay;
  double keep;
  const lk_penalty_term *penalties; // lists are those of these parameters
  int64_t penalty_count;
  double penalty_step;
  int32_t threads; // an upper bound; 0 chooses
  lk_isa isa;
} lk_update_call;

LK_EXPORT void lk_update_run(const lk_update_call *call, lk_result *result);

// One step of Adafactor for a matrix of `rows` rows of `columns` parameters, or, where there are no `row_means`, for a
// vector of `columns` ones. The gradient is prepared as for lk_update_run. Sums are in double.
typedef struct {
  lk_scalar scalar;
  int64_t rows;
  int64_t columns;
  void *parameters;
  const void *gradient;
  void *row_means; // of the squares of the gradient; null for a vector
  void *squares;   // the means of the columns, or the squares of a vector
  double share;    // of the new squares in the old ones
  double rate;     // times the root mean square of the parameters, or `least` if that is less
  double least;
  double epsilon;   // the least root of a mean square, whose own square is a normal number
  double threshold; // the greatest root mean square of a step in units of the rate
  double scale;
  double limit;
  double decay;
  double keep;
  int32_t threads; // an upper bound; 0 chooses
  lk_isa isa;
} lk_adafactor_call;

LK_EXPORT void lk_adafactor(const lk_adafactor_call *call, lk_result *result);

// result.value = Σ (scale × x)², in double; result.weight = how many blocks have a number that is not finite.
typedef struct {
  lk_scalar scalar;
  int64_t count;
  const void *vector;
  double scale;
  int32_t skip_value; // only finiteness is asked for
  int32_t threads;    // an upper bound; 0 chooses
  lk_isa isa;
} lk_square_sum_call;

LK_EXPORT void lk_square_sum(const lk_square_sum_call *call, lk_result *result);

#endif
