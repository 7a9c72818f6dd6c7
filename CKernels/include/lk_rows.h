// Losses of rows of predictions: distributions, divergences, several labels.

#ifndef LK_ROWS_H
#define LK_ROWS_H

#include "lk_pointwise.h"

// One evaluation over rows of predictions; strides are in elements. Outputs that are null are not computed. A row of
// weight 0 is as if deleted.
typedef struct {
  lk_scalar scalar;
  int64_t count;   // rows
  int64_t columns; // predictions of a row
  const void *predictions;
  int64_t prediction_stride;
  const void *targets;
  int64_t target_stride; // of targets that are rows
  const void *weights;   // null: every weight is 1
  void *values;          // weight × loss of each row
  void *gradient;        // factor × weight × derivative by each prediction; may be the same memory as `predictions`
  int64_t gradient_stride;
  void *curvature; // factor × weight × second derivative by each prediction
  int64_t curvature_stride;
  double scale;       // the factor, before any division
  int32_t mean;       // the factor is scale / sum of weights instead of scale
  int32_t accumulate; // gradient and curvature are added to what is there
  int32_t skip_value; // result.value is not wanted
  int32_t threads;    // an upper bound; 0 chooses
  lk_isa isa;
} lk_rows;

// The losses that compare several numbers predicted for each sample, the columns of its row, with one target.
//   X(name, kind)
// `kind`: a pair is of two columns and has definitions LK(name) and, in double for both scalars, lk_name_bends in
// source/losses/distribution-inl.h; so is a joint one, whose value and derivatives share their work, so that it has one
// map for all modes but curvature; a straight one is of straight pieces, without curvature; levels are that, of any
// number of columns.
#define LK_DISTRIBUTIONS(X)                                                                                            \
  X(gaussian, pair)                                                                                                    \
  X(gaussian_log_variance, joint)                                                                                      \
  X(laplace, joint)                                                                                                    \
  X(continuous_ranked_probability, joint)                                                                              \
  X(interval_score, straight)                                                                                          \
  X(quantiles, levels)

#define LK_DISTRIBUTION_ID(name, kind) lk_distribution_##name,
typedef enum { LK_DISTRIBUTIONS(LK_DISTRIBUTION_ID) lk_distribution_count } lk_distribution_loss;
#undef LK_DISTRIBUTION_ID

#define LK_MAX_COLUMNS 256

// Parameters are in their domains, and there are at most LK_MAX_COLUMNS columns: the caller has checked that.
typedef struct {
  lk_rows rows;
  lk_distribution_loss loss;
  double parameter;     // the floor of a variance, the factor of what an interval misses, or that of crossed quantiles
  const double *levels; // of quantiles: `columns` numbers
} lk_distribution_call;

LK_EXPORT lk_status lk_distribution(const lk_distribution_call *call, lk_result *result);

// The divergences of rows of distributions.
//   X(name, shift)
// `name` has a definition lk_name in source/losses/divergence-inl.h, which says what the shift is.
#define LK_DIVERGENCES(X)                                                                                              \
  X(kullback_leibler, 1)                                                                                               \
  X(reverse_kullback_leibler, 0)                                                                                       \
  X(jeffreys, 1)                                                                                                       \
  X(jensen_shannon, 0)                                                                                                 \
  X(total_variation, 0)                                                                                                \
  X(hellinger, 0.5)                                                                                                    \
  X(entropy, 0)

#define LK_DIVERGENCE_ID(name, shift) lk_divergence_##name,
typedef enum { LK_DIVERGENCES(LK_DIVERGENCE_ID) lk_divergence_count } lk_divergence_loss;
#undef LK_DIVERGENCE_ID

// What stands in a row.
typedef enum { lk_form_logits, lk_form_log_probabilities, lk_form_probabilities } lk_form;

// There is at least one column where there are rows. result.bad_index of lk_bad_target: the element of the rows.
typedef struct {
  lk_rows rows; // `targets` is null for the entropy
  lk_divergence_loss divergence;
  lk_form form;        // of the predictions
  lk_form target_form; // of the targets
  double scale;        // what logits are multiplied by
  double factor;       // what the divergence is multiplied by
} lk_divergence_call;

LK_EXPORT lk_status lk_divergence(const lk_divergence_call *call, lk_result *result);

// Several labels for each row: each element of the matrices is a sample, whose weight is that of its row times that of
// its column. result.bad_index of lk_bad_target: the element of the rows.
typedef struct {
  lk_rows rows; // `values` is a matrix as well
  const lk_term *terms;
  int64_t term_count;
  const void *class_weights; // of the columns, checked by the caller; null: every one is 1
  double class_scale;        // what they are multiplied by; set by lk_multilabel
  // What multiplies the weight of the positive class in each column; null: 1. There is one term then, the logistic
  // loss.
  const void *positive_weights;
  int64_t value_stride;
} lk_multilabel_call;

LK_EXPORT lk_status lk_multilabel(const lk_multilabel_call *call, lk_result *result);

#endif
