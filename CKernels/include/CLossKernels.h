// The C ABI under the Swift module `Losses`. It has no stable API: it may change in any release.

#ifndef LK_CLOSSKERNELS_H
#define LK_CLOSSKERNELS_H

#include <stddef.h>
#include <stdint.h>

#define LK_EXPORT __attribute__((visibility("default")))

// The list of losses: the one place that names them. Ids, tables, parameter checks, tests and benchmarks come from it.
//   X(name, targets, work, parameter count, domain of the first parameter, of the second, of the third)
// `name` has a definition LK(name) in source/losses/, and LK(name_slopes) where it has parameters; `targets` is an
// lk_target_domain. `work`:
//   plain: a few arithmetic operations, so that memory is the limit, and much used: it gets a fused kernel as well;
//   light: a few operations;
//   heavy: transcendental and much used: every combination of results has a map of its own, several vectors in flight,
//          and with the parameters 1, 0 there is a fused kernel;
//   deep:  the same, but the gradient comes with the value: of a long map the value is a small part;
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

typedef enum { lk_scalar_float, lk_scalar_double } lk_scalar;

// In order of ability. `lk_isa_best` is the best one that the processor has, or the lower one that the environment
// variable LOSSES_ISA (baseline, avx2, avx512) names. Results do not depend on the choice.
typedef enum { lk_isa_baseline, lk_isa_avx2, lk_isa_avx512, lk_isa_best } lk_isa;

typedef enum {
  lk_ok,
  lk_bad_parameter, // result.bad_index: the term; result.bad_parameter: which of its parameters, -1: its coefficient
  lk_bad_target,    // result.bad_index: the sample
  lk_bad_weight,    // result.bad_index: the sample
  lk_out_of_memory,
  lk_bad_class_weight, // result.bad_index: the class
} lk_status;

#define LK_MAX_PARAMETERS 4

// The operations that a formula of the caller's own is made of: X(name, operands). add_products is ab + cd;
// choose_less(a, b, c, d) is c where a < b, otherwise d, and so choose_less_or_equal; choose_larger(a, b, c, d) is c
// where a > b, d where b > a, otherwise their mean.
#define LK_OPERATIONS(X)                                                                                               \
  X(add, 2)                                                                                                            \
  X(subtract, 2)                                                                                                       \
  X(multiply, 2)                                                                                                       \
  X(divide, 2)                                                                                                         \
  X(add_products, 4)                                                                                                   \
  X(copy, 1)                                                                                                           \
  X(negate, 1)                                                                                                         \
  X(choose_less, 4)                                                                                                    \
  X(choose_less_or_equal, 4)                                                                                           \
  X(choose_larger, 4)                                                                                                  \
  X(power, 2)                                                                                                          \
  X(absolute, 1)                                                                                                       \
  X(sign, 1)                                                                                                           \
  X(sqrt, 1)                                                                                                           \
  X(exp, 1)                                                                                                            \
  X(exp_neg, 1)                                                                                                        \
  X(expm1, 1)                                                                                                          \
  X(log, 1)                                                                                                            \
  X(log1p, 1)                                                                                                          \
  X(log1p_unit, 1)                                                                                                     \
  X(tanh, 1)                                                                                                           \
  X(sigmoid, 1)                                                                                                        \
  X(softplus, 1)                                                                                                       \
  X(erf, 1)

#define LK_OPERATION_ID(name, operands) lk_operation_##name,
typedef enum { LK_OPERATIONS(LK_OPERATION_ID) lk_operation_count } lk_operation;
#undef LK_OPERATION_ID

// One operation on registers, each a row of samples.
typedef struct {
  int32_t operation;
  int32_t result;
  int32_t operands[4];
  int32_t number; // the constant that is the second operand of every sample, in place of operands[1]; −1: none
} lk_instruction;

// A straight line of operations. The registers are: the predictions, the targets, the outputs, the first constants, and
// then whatever is needed.
typedef struct {
  const lk_instruction *instructions;
  int64_t instruction_count;
  const double *constants;
  int32_t constant_row_count; // of the constants that have a register
  int32_t output_count;
  int32_t register_count; // at most LK_MAX_REGISTERS
} lk_program;

#define LK_MAX_REGISTERS 100

// A loss of the caller's own: what it takes for the value, for value and gradient, for all three, and for the
// derivatives by the parameters.
typedef struct {
  lk_program value, both, all, slopes;
} lk_formula;

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

// A loss over the margins of a linear model, z = (X − shift) w + intercept, X being row-major rows × columns.
// X is read once: while a tile of rows is in cache, its margins, losses and share of the gradient are computed.
// Rows of weight 0 are skipped as if deleted. With an `order` the rows, targets and weights are those that it names, in
// that order, and so is the bad index of the result; multipliers and margins follow it.
typedef struct {
  const lk_term *terms; // null: no loss is evaluated, and `multipliers` take the place of its derivatives
  int64_t term_count;
  lk_scalar scalar;
  int64_t rows;
  int64_t columns;
  const void *features;
  const void *targets;
  const void *weights;        // null: every weight is 1
  const int64_t *order;       // rows numbers, which are not checked; null: all rows as they stand
  const double *coefficients; // columns; null where no margin is needed
  double intercept;
  const double *shift;       // columns, or null
  const double *multipliers; // rows; used where `terms` is null
  double *margins;           // rows, or null
  double *gradient;          // columns + 1, the last for the intercept, or null: Σ weight × derivative × row
  double *slopes; // term_count × LK_TERM_SLOTS, or null: Σ weight × derivative by coefficients and parameters
  int32_t threads;
  lk_isa isa;
} lk_linear_call;

LK_EXPORT lk_status lk_linear(const lk_linear_call *call, lk_result *result);

// gram = Σ multiplier × row rowᵀ, row = (X − shift), columns × columns, the lower triangle.
typedef struct {
  lk_scalar scalar;
  int64_t rows;
  int64_t columns;
  const void *features;
  const double *shift;       // columns, or null
  const double *multipliers; // rows; null: every multiplier is 1
  double *gram;
  int32_t threads;
  lk_isa isa;
} lk_gram_call;

LK_EXPORT lk_status lk_gram(const lk_gram_call *call, lk_result *result);

// The list of separable penalties, as LK_LOSSES is that of losses.
//   X(name, parameters, role)
// `name` has a definition lk_name in source/penalties-inl.h. `parameters`: uniform penalties have the same for all
// coefficients (a strength and a shape), listed ones (priors) a mean and a scale, each of which may be a list. `role`
// is what the penalty is in the proximal operator of a sum: quadratic; absolute, one kink between straight lines; or
// other.
#define LK_PENALTIES(X)                                                                                                \
  X(l1, uniform, absolute)                                                                                             \
  X(l2, uniform, quadratic)                                                                                            \
  X(smoothed_l1, uniform, other)                                                                                       \
  X(mcp, uniform, other)                                                                                               \
  X(scad, uniform, other)                                                                                              \
  X(gaussian, listed, quadratic)                                                                                       \
  X(laplace, listed, absolute)

#define LK_PENALTY_ID(name, parameters, role) lk_penalty_##name,
typedef enum { LK_PENALTIES(LK_PENALTY_ID) lk_penalty_count } lk_penalty;
#undef LK_PENALTY_ID

typedef enum { lk_role_quadratic, lk_role_absolute, lk_role_other } lk_penalty_role;

// One summand: coefficient × Σ penalty. Parameters are in their domains: the caller has checked them.
typedef struct {
  lk_penalty penalty;
  double coefficient;
  double parameters[2];
  const double *means;  // of a listed penalty, `count` numbers; null: parameters[0]
  const double *scales; // of a listed penalty, `count` numbers; null: parameters[1]
} lk_penalty_term;

// A sum of separable penalties at a point of `count` coefficients, all work in double. Where `proximal` is not null
// only it is computed: the coefficients not negative, and beside quadratics either absolute penalties or one other.
typedef struct {
  const lk_penalty_term *terms;
  int64_t term_count;
  lk_scalar scalar;
  int64_t count;
  const void *point;
  const double *offset; // added to the gradient before the number of least magnitude is taken at a kink; null: 0
  void *gradient;       // scale × the subgradient of least norm, or null; may be the same memory as `point`
  double *slope;        // the same without the scale, or null; may be the same memory as `offset`
  double scale;
  int32_t accumulate; // the gradient is added to what is there
  void *proximal;     // argmin_x ½‖x − point‖² + step × Σ, or null; may be the same memory as `point`
  double step;
  int32_t threads; // an upper bound; 0 chooses
  lk_isa isa;
} lk_penalty_call;

LK_EXPORT void lk_penalty_run(const lk_penalty_call *call, lk_result *result);

// A penalty that ties coefficients together, times `factor`, at a point of `count` coefficients, all work in double.
typedef struct {
  lk_scalar scalar;
  int64_t count;
  const void *point;
  double factor;
  double *gradient; // count numbers that the gradient is added to, or null
  int32_t threads;  // an upper bound; 0 chooses
  lk_isa isa;
} lk_coupling_call;

// Σ_g √|g| ‖x_g‖. `groups` has the group of each coefficient, a number from 0 to count − 1. The gradient of a group of
// zeros is 0.
LK_EXPORT lk_status lk_group_lasso(const lk_coupling_call *call, const ptrdiff_t *groups, lk_result *result);

// Its proximal operator: multiplies the numbers of each group in call.gradient by 1 − factor·√|g|/‖group‖, at least 0.
// Where there is a point, only those of groups that are all 0 in it.
LK_EXPORT lk_status lk_group_shrink(const lk_coupling_call *call, const ptrdiff_t *groups);

// Σ |xᵢ₊₁ − xᵢ|, with the subgradient of least norm.
LK_EXPORT lk_status lk_variation(const lk_coupling_call *call, lk_result *result);

// Replaces x by the minimum of ½‖z − x‖² + strength·Σ |zᵢ₊₁ − zᵢ|. With a NaN, or infinite numbers, everything is NaN.
LK_EXPORT lk_status lk_denoise(double *x, int64_t count, double strength);

// ½‖WᵀW − I‖², the squared Frobenius norm, of the matrix W of count / columns rows.
LK_EXPORT lk_status lk_orthogonality(const lk_coupling_call *call, int64_t columns, lk_result *result);

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

// A categorical loss over the scores of a linear model with a row of coefficients per class,
// Z = (X − shift) Wᵀ + intercepts, X being row-major rows × columns. X is read once, as in lk_linear; the loss is
// evaluated in double. Rows of weight 0, or with the ignored label, are skipped as if deleted. An `order` is that of
// lk_linear; scores follow it.
typedef struct {
  // What the loss is, its targets and class weights, these in double. Nothing of what is an array of rows of scores.
  const lk_categorical_call *loss; // null: no loss is evaluated
  lk_scalar scalar;                // of features and weights
  int64_t rows;
  int64_t columns;
  int64_t classes;
  const void *features;
  const void *weights;        // null: every weight is 1
  const int64_t *order;       // rows numbers, which are not checked; null: all rows as they stand
  const double *coefficients; // classes × columns
  const double *intercepts;   // classes
  const double *shift;        // columns, or null
  double *scores;             // rows × classes, or null
  double *gradient; // classes × (columns + 1), the last column for the intercepts, or null: Σ weight × derivative × row
  int32_t threads;
  lk_isa isa;
} lk_linear_classes_call;

LK_EXPORT lk_status lk_linear_classes(const lk_linear_classes_call *call, lk_result *result);

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

// Runs `body(context, block)` for every block, on at most `threads` threads; returns how many it used. The only
// parallel primitive: whoever calls it while another call runs in the process gets one thread.
LK_EXPORT int32_t lk_for_blocks(int64_t blocks, int32_t threads, void (*body)(void *context, int64_t block),
                                void *context);

// The best instruction set that calls use by default.
LK_EXPORT lk_isa lk_best_isa(void);

// Outputs of more bytes than this are written past the caches.
LK_EXPORT int64_t lk_last_level_cache(void);

// How many threads a call that chooses for itself may use: the least of affinity, OMP_NUM_THREADS and the CPU quota.
LK_EXPORT int32_t lk_available_threads(void);

// The CPU quota of a control group in whole processors, rounded up; 0 where there is none. `mount` is where control
// groups are mounted, `membership` the file that names the group ("/proc/self/cgroup").
LK_EXPORT int32_t lk_cpu_quota(const char *mount, const char *membership);

// output[i] = operation(a[i], b[i], …) for `count` elements. The output is none of the operands; those that the
// operation does not have are ignored.
LK_EXPORT void lk_operate(lk_operation operation, lk_scalar scalar, lk_isa isa, const void *const operands[4],
                          void *output, int64_t count);

#endif
