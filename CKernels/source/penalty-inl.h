// The block function of lk_penalty. Included once per scalar and instruction set, after pointwise-inl.h. What is loaded
// and stored depends on the scalar, what is between does not.

#if LK_IS_F64
#include "penalties-inl.h"

// A tile of coefficients and what the terms have given so far.
typedef struct {
  _Alignas(64) double x[LK_TILE]; // in the proximal operator the point of what is left of the sum
  _Alignas(64) double value[LK_TILE];
  _Alignas(64) double slope[LK_TILE];
  _Alignas(64) double kink[LK_TILE];
  _Alignas(64) double step[LK_TILE];
} lk_penalty_tile;

// The mean and the parameter of a listed penalty, coefficient by coefficient.
typedef struct {
  _Alignas(64) double mean[LK_TILE];
  _Alignas(64) double scale[LK_TILE];
} lk_penalty_lists;

static void lk_load_lists(const lk_penalty_term *term, lk_penalty_lists *lists, int64_t begin, int64_t n,
                          int64_t padded) {
  stage_f64(lists->mean, term->means ? term->means + begin : 0, term->parameters[0], term->means ? n : 0, padded);
  stage_f64(lists->scale, term->scales ? term->scales + begin : 0, term->parameters[1], term->scales ? n : 0, padded);
}

#define LK_LOAD_uniform
#define LK_X_uniform tile->x[i]
#define LK_MEAN_uniform 0
#define LK_FIRST_uniform first
#define LK_LOAD_listed lk_load_lists(term, &lists, begin, n, padded);
#define LK_X_listed tile->x[i] - lists.mean[i]
#define LK_MEAN_listed lists.mean[i]
#define LK_FIRST_listed lists.scale[i]
#define LK_OPEN_MAP                                                                                                    \
  double c = term->coefficient, first = term->parameters[0], second = term->parameters[1];                             \
  lk_penalty_lists lists;                                                                                              \
  (void)c, (void)first, (void)second, (void)lists, (void)begin, (void)n;                                               \
  padded &= -(int64_t)LK_GROUP;
#define LK_EACH LK_LOOP_OF(1) for (int64_t i = 0; i < padded; ++i)
#define LK_TERM_ARGUMENTS const lk_penalty_term *term, lk_penalty_tile *tile, int64_t begin, int64_t n, int64_t padded

// Adds coefficient × penalty to the tile.
#define LK_DEFINE_BENDS(name, parameters, role)                                                                        \
  static void lk_##name##_add_value(LK_TERM_ARGUMENTS) {                                                               \
    LK_OPEN_MAP LK_LOAD_##parameters LK_EACH {                                                                         \
      tile->value[i] += c * lk_##name(LK_X_##parameters, LK_FIRST_##parameters, second).value;                         \
    }                                                                                                                  \
  }                                                                                                                    \
  static void lk_##name##_add_all(LK_TERM_ARGUMENTS) {                                                                 \
    LK_OPEN_MAP LK_LOAD_##parameters LK_EACH {                                                                         \
      lk_bend bend = lk_##name(LK_X_##parameters, LK_FIRST_##parameters, second);                                      \
      tile->value[i] += c * bend.value;                                                                                \
      tile->slope[i] += c * bend.slope;                                                                                \
      tile->kink[i] += c * bend.kink;                                                                                  \
    }                                                                                                                  \
  }
LK_PENALTIES(LK_DEFINE_BENDS)

// The proximal operator, of a quadratic as far as it goes.
#define LK_DEFINE_PROXIMAL_quadratic(name, parameters)                                                                 \
  static void lk_##name##_apply(LK_TERM_ARGUMENTS) {                                                                   \
    LK_OPEN_MAP LK_LOAD_##parameters LK_EACH {                                                                         \
      lk_share share = lk_##name##_share(c * tile->step[i], LK_FIRST_##parameters);                                    \
      tile->x[i] = share.point * tile->x[i] + share.mean * LK_MEAN_##parameters;                                       \
      tile->step[i] *= share.step;                                                                                     \
    }                                                                                                                  \
  }
#define LK_DEFINE_PROXIMAL_absolute(name, parameters)                                                                  \
  static void lk_##name##_apply(LK_TERM_ARGUMENTS) {                                                                   \
    LK_OPEN_MAP LK_LOAD_##parameters LK_EACH {                                                                         \
      double mean = LK_MEAN_##parameters, away = tile->x[i] - mean;                                                    \
      double reach = lk_##name##_reach(c * tile->step[i], LK_FIRST_##parameters);                                      \
      tile->x[i] = lk_magnitude(away) <= reach ? mean : tile->x[i] - lk_sign(away) * reach;                            \
    }                                                                                                                  \
  }
#define LK_DEFINE_PROXIMAL_other(name, parameters)                                                                     \
  static void lk_##name##_apply(LK_TERM_ARGUMENTS) {                                                                   \
    LK_OPEN_MAP LK_LOAD_##parameters LK_EACH {                                                                         \
      tile->x[i] = lk_##name##_proximal(tile->x[i], c * tile->step[i], LK_FIRST_##parameters, second);                 \
    }                                                                                                                  \
  }
#define LK_DEFINE_PROXIMAL(name, parameters, role) LK_DEFINE_PROXIMAL_##role(name, parameters)
LK_PENALTIES(LK_DEFINE_PROXIMAL)

typedef struct {
  void (*add_value)(LK_TERM_ARGUMENTS);
  void (*add_all)(LK_TERM_ARGUMENTS);
  void (*apply)(LK_TERM_ARGUMENTS);
  lk_penalty_role role;
} lk_penalty_maps;
#define LK_PENALTY_ROW(name, parameters, role)                                                                         \
  {lk_##name##_add_value, lk_##name##_add_all, lk_##name##_apply, lk_role_##role},
static const lk_penalty_maps lk_penalty_table[lk_penalty_count] = {LK_PENALTIES(LK_PENALTY_ROW)};

LK_INLINE double lk_kink_mean(const lk_penalty_term *term, int64_t i) {
  return term->penalty == lk_penalty_l1 ? 0 : (term->means ? term->means[i] : term->parameters[0]);
}

LK_INLINE double lk_kink_reach(const lk_penalty_term *term, double t, int64_t i) {
  t *= term->coefficient;
  return term->penalty == lk_penalty_l1 ? lk_l1_reach(t, term->parameters[0])
                                        : lk_laplace_reach(t, term->scales ? term->scales[i] : term->parameters[1]);
}

// The proximal operator of several kinks at once: the result is one of them or beside each of them, and the derivative
// at a kink tells on which side.
static double lk_between_kinks(const lk_penalty_call *call, double v, double t, int64_t i) {
  double result = v;
  for (int64_t p = 0; p < call->term_count; ++p) {
    const lk_penalty_term *term = &call->terms[p];
    if (lk_penalty_table[term->penalty].role != lk_role_absolute)
      continue;
    double mean = lk_kink_mean(term, i), slope = mean - v, reach = 0;
    for (int64_t q = 0; q < call->term_count; ++q) {
      const lk_penalty_term *other = &call->terms[q];
      if (lk_penalty_table[other->penalty].role != lk_role_absolute)
        continue;
      double away = mean - lk_kink_mean(other, i), other_reach = lk_kink_reach(other, t, i);
      if (away == 0)
        reach += other_reach;
      else
        slope += lk_sign(away) * other_reach;
    }
    if (lk_magnitude(slope) <= reach)
      return mean;
    result += lk_sign(slope) * lk_kink_reach(term, t, i);
  }
  return result;
}

// The quadratics first, which change point and step for what is left: kinks or one other penalty.
static void lk_apply_proximal(const lk_penalty_call *call, lk_penalty_tile *tile, int64_t begin, int64_t n,
                              int64_t padded) {
  int64_t kinks = 0;
  for (int64_t i = 0; i < padded; ++i)
    tile->step[i] = call->step;
  for (int64_t t = 0; t < call->term_count; ++t) {
    const lk_penalty_maps *maps = &lk_penalty_table[call->terms[t].penalty];
    kinks += maps->role == lk_role_absolute;
    if (maps->role == lk_role_quadratic)
      maps->apply(&call->terms[t], tile, begin, n, padded);
  }
  for (int64_t t = 0; t < call->term_count && kinks <= 1; ++t) {
    const lk_penalty_maps *maps = &lk_penalty_table[call->terms[t].penalty];
    if (maps->role != lk_role_quadratic)
      maps->apply(&call->terms[t], tile, begin, n, padded);
  }
  for (int64_t i = 0; i < n && kinks > 1; ++i)
    tile->x[i] = lk_between_kinks(call, tile->x[i], tile->step[i], begin + i);
}

// Leaves the sum of the terms in the tile, and in `slope` the derivative: the offset included, and of what a kink
// allows the number closest to 0.
static void lk_add_penalties(const lk_penalty_call *call, lk_penalty_tile *tile, int64_t begin, int64_t n,
                             int64_t padded) {
  memset(tile->value, 0, sizeof tile->value);
  int slope = call->gradient || call->slope;
  if (slope) {
    stage_f64(tile->slope, call->offset ? call->offset + begin : 0, 0, call->offset ? n : 0, padded);
    memset(tile->kink, 0, sizeof tile->kink);
  }
  for (int64_t t = 0; t < call->term_count; ++t) {
    const lk_penalty_maps *maps = &lk_penalty_table[call->terms[t].penalty];
    (slope ? maps->add_all : maps->add_value)(&call->terms[t], tile, begin, n, padded);
  }
  if (slope) {
    padded &= -(int64_t)LK_GROUP;
    LK_EACH tile->slope[i] = lk_soft(tile->slope[i], lk_magnitude(tile->kink[i]));
  }
}
#endif

static void LK(penalty_block)(const lk_penalty_call *call, int64_t begin, int64_t end, lk_partial *partial) {
  double lanes[LK_LANES] = {0};
  lk_penalty_tile tile;
  for (int64_t i = begin, n; i < end; i += n) {
    n = end - i < LK_TILE ? end - i : LK_TILE;
    int64_t padded = (n + LK_GROUP - 1) & -(int64_t)LK_GROUP;
    const LK_T *point = (const LK_T *)call->point + i;
    LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) tile.x[j] = (double)point[j];
    for (int64_t j = n; j < padded; ++j)
      tile.x[j] = 1;
    if (call->proximal) {
      LK_T *proximal = (LK_T *)call->proximal + i;
      lk_apply_proximal(call, &tile, i, n, padded);
      LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) proximal[j] = (LK_T)tile.x[j];
      continue;
    }
    lk_add_penalties(call, &tile, i, n, padded);
    sum_any_f64(lanes, tile.value, n);
    if (call->slope)
      memcpy(call->slope + i, tile.slope, (size_t)n * sizeof(double));
    LK_T *gradient = call->gradient ? (LK_T *)call->gradient + i : 0;
    double scale = call->scale;
    if (gradient && call->accumulate) {
      LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) gradient[j] = (LK_T)((double)gradient[j] + scale * tile.slope[j]);
    } else if (gradient) {
      LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) gradient[j] = (LK_T)(scale * tile.slope[j]);
    }
  }
  partial->value = lk_fold(lanes);
}
