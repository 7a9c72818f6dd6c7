// Losses of rows of class scores, and of scores with thresholds.

#ifndef LK_CATEGORICAL_H
#define LK_CATEGORICAL_H

#include "lk_pointwise.h"

// The losses of rows of class scores, as LK_LOSSES is the list of the pointwise ones.
//   X(name, kind, parameter count, domain of the first parameter, domain of the second)
// `kind`: a softmax loss is Σ target × f(ln p) with p the softmax of the row and f a definition LK(name_class) in
// source/losses/categorical-inl.h; a row loss has its own functions of a row in source/row-losses-inl.h, and compares
// with `rows` of targets of either kind or with `labels` only.
#define LK_CATEGORICAL_LOSSES(X)                                                                                       \
  X(cross_entropy, softmax, 1, closed_unit, none)                                                                      \
  X(log_likelihood, rows, 0, none, none)                                                                               \
  X(likelihood, rows, 0, none, none)                                                                                   \
  X(focal, softmax, 1, nonnegative, none)                                                                              \
  X(poly1, softmax, 1, none, none)                                                                                     \
  X(generalized_cross_entropy, softmax, 1, closed_unit, none)                                                          \
  X(crammer_singer, labels, 1, nonnegative, none)                                                                      \
  X(weston_watkins, labels, 2, one_or_two, nonnegative)                                                                \
  X(perceptron, labels, 0, none, none)                                                                                 \
  X(sparsemax, rows, 0, none, none)

#define LK_CATEGORICAL_ID(name, kind, count, first, second) lk_categorical_##name,
typedef enum { LK_CATEGORICAL_LOSSES(LK_CATEGORICAL_ID) lk_categorical_count } lk_categorical_loss;
#undef LK_CATEGORICAL_ID

typedef enum { lk_kind_softmax, lk_kind_rows, lk_kind_labels } lk_categorical_kind;

typedef struct {
  lk_categorical_kind kind;
  int32_t parameter_count;
  lk_domain parameter_domains[LK_MAX_PARAMETERS];
} lk_categorical_info;

// Facts of one loss of the list.
LK_EXPORT lk_categorical_info lk_info_categorical(lk_categorical_loss loss);

// What the targets are: one class index for each row, or rows of `scalar`, the distributions.
typedef enum { lk_classes_u8, lk_classes_i32, lk_classes_i64, lk_classes_distribution } lk_class_targets;

// What the weight of a class multiplies, q being the target before smoothing.
typedef enum {
  lk_weighting_samples, // Σ w q is a factor of the row's weight, and so enters the mean's denominator
  lk_weighting_targets, // w is a factor of the smoothed target; Σ w q enters the denominator
  lk_weighting_losses,  // w is a factor of the smoothed target, and nothing enters the denominator
} lk_class_weighting;

// One evaluation over `rows` rows of `classes` scores; strides are in elements. Outputs that are null are not computed.
// A row of weight 0 or with the ignored label is as if deleted: its results are 0.
typedef struct {
  lk_categorical_loss loss;
  double parameters[LK_MAX_PARAMETERS];
  lk_scalar scalar;
  int64_t rows;
  int64_t classes; // at least 1 where there are rows
  const void *predictions;
  int64_t prediction_stride;
  const void *targets;
  lk_class_targets target_kind;
  int64_t target_stride;     // of distributions
  const void *weights;       // of the rows; null: every weight is 1
  const void *class_weights; // null: every weight is 1
  lk_class_weighting weighting;
  int32_t has_ignored; // `ignored` is a label that deletes its row
  int64_t ignored;
  void *values;   // weight × loss of each row
  void *gradient; // factor × weight × derivative; may be the same memory as `predictions`
  int64_t gradient_stride;
  void *curvature; // factor × weight × second derivative by each score
  int64_t curvature_stride;
  const void *direction; // where it is not null, `gradient` gets factor × weight × Hessian × direction instead
  int64_t direction_stride;
  double scale;       // the factor, before any division
  int32_t mean;       // the factor is scale / sum of weights instead of scale
  int32_t accumulate; // gradient and curvature are added to what is there
  int32_t skip_value; // result.value is not wanted
  int32_t threads;    // an upper bound; 0 chooses
  lk_isa isa;
} lk_categorical_call;

// result.bad_index of lk_bad_target: the row, or the element of the rows where targets are distributions.
LK_EXPORT lk_status lk_categorical(const lk_categorical_call *call, lk_result *result);

// The cumulative-link loss of scores s and increasing thresholds θ: −ln(σ(θ_y − s) − σ(θ_{y−1} − s)), with θ_{−1} = −∞
// and θ_{classes − 1} = ∞. All work is in double.
typedef struct {
  lk_scalar scalar;
  int64_t rows;
  int64_t classes; // at least 1
  const void *predictions;
  const void *targets;
  lk_class_targets target_kind; // of class indices
  const void *weights;          // of the rows; null: every weight is 1
  int32_t has_ignored;          // `ignored` is a label that deletes its row
  int64_t ignored;
  const void *thresholds;   // classes − 1, increasing: the caller has checked them
  void *values;             // weight × loss of each row
  void *gradient;           // factor × weight × derivative; may be the same memory as `predictions`
  void *curvature;          // factor × weight × second derivative
  void *threshold_gradient; // classes − 1: factor × Σ weight × derivative by each threshold
  double scale;             // the factor, before any division
  int32_t mean;             // the factor is scale / sum of weights instead of scale
  int32_t accumulate;       // what is written is added to what is there
  int32_t threads;          // an upper bound; 0 chooses
  lk_isa isa;
} lk_ordinal_call;

LK_EXPORT lk_status lk_ordinal(const lk_ordinal_call *call, lk_result *result);

#endif
