// Evaluation of linear models.

#ifndef LK_LINEAR_H
#define LK_LINEAR_H

#include "lk_categorical.h"
#include "lk_pointwise.h"

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

#endif
