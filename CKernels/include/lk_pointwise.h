// Evaluation of losses of single numbers.

#ifndef LK_POINTWISE_H
#define LK_POINTWISE_H

#include "lk_formulas.h"
#include "lk_losses.h"

// One summand of a loss: coefficient × loss(parameters).
typedef struct {
  lk_loss loss;
  double coefficient; // with 0 the summand is 0, even where the loss is not finite
  double parameters[LK_MAX_PARAMETERS];
  const lk_formula *formula; // of lk_loss_custom
} lk_term;

// The derivatives of a term: by its coefficient, then by its parameters.
#define LK_TERM_SLOTS (1 + LK_MAX_PARAMETERS)

typedef struct {
  lk_target_domain targets;
  int32_t parameter_count;
  lk_domain parameter_domains[LK_MAX_PARAMETERS];
} lk_loss_info;

// Facts of one loss of the list.
LK_EXPORT lk_loss_info lk_info(lk_loss loss);

// What the targets of a term may be: never lk_targets_by_power.
LK_EXPORT lk_target_domain lk_targets_of(const lk_term *term);

// One evaluation over `count` samples. Pointers are to `scalar`; outputs that are null are not computed.
typedef struct {
  const lk_term *terms;
  int64_t term_count;
  lk_scalar scalar;
  int64_t count;
  const void *predictions;
  const void *targets;
  const void *weights; // null: every weight is 1
  void *values;        // weight × loss of each sample
  void *gradient;      // factor × weight × derivative; may be the same memory as `predictions`
  void *curvature;     // factor × weight × second derivative
  double *slopes;      // term_count × LK_TERM_SLOTS: factor × Σ weight × derivative by coefficients and parameters
  double scale;        // the factor, before any division
  int32_t mean;        // the factor is scale / sum of weights instead of scale
  int32_t accumulate;  // gradient and curvature are added to what is there
  int32_t skip_value;  // result.value is not wanted
  int32_t threads;     // an upper bound; 0 chooses
  lk_isa isa;
} lk_call;

typedef struct {
  double value;  // Σ weight × loss
  double weight; // Σ weight: the count where there are no weights
  int64_t bad_index;
  int32_t bad_parameter;
  int32_t threads; // what the evaluation used
  lk_isa isa;
} lk_result;

LK_EXPORT lk_status lk_pointwise(const lk_call *call, lk_result *result);

#endif
