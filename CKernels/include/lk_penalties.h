// Penalties of coefficients.

#ifndef LK_PENALTIES_H
#define LK_PENALTIES_H

#include "lk_pointwise.h"

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

#endif
