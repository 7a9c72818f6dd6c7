// The tile: what every caller shares around the maps of the losses. Included once per scalar and instruction set.

// Value, first and second derivative with respect to the prediction.
typedef struct {
  LK_T value, gradient, curvature;
} LK(point);

#include "losses/regression-inl.h"
#include "losses/binary-inl.h"
#include "losses/margin-inl.h"

// A map evaluates a loss on a tile of n samples, n a multiple of LK_GROUP; outputs are null in the modes without them.
typedef void (*LK(map))(const LK_T *restrict z, const LK_T *restrict y, const LK_T *restrict k, LK_T *restrict value,
                        LK_T *restrict gradient, LK_T *restrict curvature, int64_t n);

// What is stored decides what is computed: the compiler removes the rest.
#define LK_MAP_BODY(name, store_value, store_gradient, store_curvature)                                                \
  {                                                                                                                    \
    LK(point) p = LK(name)(z[i], y[i], k);                                                                             \
    if (store_value)                                                                                                   \
      value[i] = p.value;                                                                                              \
    if (store_gradient)                                                                                                \
      gradient[i] = p.gradient;                                                                                        \
    if (store_curvature)                                                                                               \
      curvature[i] = p.curvature;                                                                                      \
  }
#define LK_DEFINE_MAP(name, mode, store_value, store_gradient, store_curvature)                                        \
  static void LK(LK_CONCAT(name, mode))(const LK_T *restrict z, const LK_T *restrict y, const LK_T *restrict k,        \
                                        LK_T *restrict value, LK_T *restrict gradient, LK_T *restrict curvature,       \
                                        int64_t n) {                                                                   \
    (void)value, (void)gradient, (void)curvature;                                                                      \
    int64_t i = 0, whole = n & -(int64_t)(LK_INTERLEAVE * LK_GROUP);                                                   \
    n &= -(int64_t)LK_GROUP;                                                                                           \
    LK_LOOP_OF(LK_INTERLEAVE)                                                                                          \
    for (; i < whole; ++i)                                                                                             \
      LK_MAP_BODY(name, store_value, store_gradient, store_curvature)                                                  \
    LK_LOOP_OF(1) for (i = whole; i < n; ++i) LK_MAP_BODY(name, store_value, store_gradient, store_curvature)          \
  }
#define LK_DEFINE_MAPS(name, targets, work, count, first, second)                                                      \
  LK_DEFINE_MAP(name, _value, 1, 0, 0)                                                                                 \
  LK_DEFINE_MAP(name, _gradient, 0, 1, 0)                                                                              \
  LK_DEFINE_MAP(name, _both, 1, 1, 0)                                                                                  \
  LK_DEFINE_MAP(name, _all, 1, 1, 1)
LK_LOSSES(LK_DEFINE_MAPS)

// Indexed by loss and mode.
#define LK_MAP_ROW(name, targets, work, count, first, second)                                                          \
  {LK(name##_value), LK(name##_gradient), LK(name##_both), LK(name##_all)},
static const LK(map) LK(maps)[lk_loss_count][4] = {LK_LOSSES(LK_MAP_ROW)};

// Where a tile of inputs does not fill whole groups it is copied here; results always land here.
typedef struct {
  _Alignas(64) LK_T z[LK_TILE];
  _Alignas(64) LK_T y[LK_TILE];
  _Alignas(64) LK_T value[LK_TILE];
  _Alignas(64) LK_T gradient[LK_TILE];
  _Alignas(64) LK_T curvature[LK_TILE];
} LK(tile);

// Copies n samples and fills up with a constant. Whole vectors are moved, because a load that spans several smaller
// stores has to wait for them: that is most of the time of a short call.
LK_APART void LK(stage)(LK_T *to, const LK_T *from, LK_T filler, int64_t n, int64_t padded) {
  typedef LK_T vector __attribute__((vector_size(64), aligned(sizeof(LK_T))));
  enum { width = 64 / sizeof(LK_T) };
  int64_t whole = n & -(int64_t)width;
  for (int64_t i = 0; i < whole; i += width)
    *(vector *)(to + i) = *(const vector *)(from + i);
  for (int64_t i = whole; i < padded; i += width)
    *(vector *)(to + i) = filler - (vector){0};
  for (int64_t i = whole; i < n; ++i)
    to[i] = from[i];
}

// The parameters of a term in the scalar's own precision.
LK_INLINE void LK(parameters)(const lk_term *term, LK_T *k) {
  for (int i = 0; i < LK_MAX_PARAMETERS; ++i)
    k[i] = (LK_T)term->parameters[i];
}

static inline void LK(combine)(LK_T *restrict total, const LK_T *restrict part, LK_T coefficient, int first,
                               int64_t n) {
  n &= -(int64_t)LK_GROUP;
  if (first) {
    LK_LOOP for (int64_t i = 0; i < n; ++i) total[i] = coefficient * part[i];
  } else {
    LK_LOOP for (int64_t i = 0; i < n; ++i) total[i] += coefficient * part[i];
  }
}

LK_APART void LK(evaluate_sum)(const lk_term *terms, int64_t term_count, const LK_T *z, const LK_T *y, LK(tile) * tile,
                               lk_mode mode, int64_t n) {
  LK_T k[LK_MAX_PARAMETERS];
  _Alignas(64) LK_T value[LK_TILE], gradient[LK_TILE], curvature[LK_TILE];
  for (int64_t t = 0; t < term_count; ++t) {
    LK(parameters)(&terms[t], k);
    LK(maps)[terms[t].loss][mode](z, y, k, value, gradient, curvature, n);
    LK_T c = (LK_T)terms[t].coefficient;
    if (mode != lk_mode_gradient)
      LK(combine)(tile->value, value, c, t == 0, n);
    if (mode != lk_mode_value)
      LK(combine)(tile->gradient, gradient, c, t == 0, n);
    if (mode == lk_mode_all)
      LK(combine)(tile->curvature, curvature, c, t == 0, n);
  }
}

// Fills the tile's results with Σ coefficient × loss over the terms; n is a multiple of LK_GROUP.
LK_INLINE void LK(evaluate)(const lk_term *terms, int64_t term_count, const LK_T *z, const LK_T *y, LK(tile) * tile,
                            lk_mode mode, int64_t n) {
  LK_T k[LK_MAX_PARAMETERS];
  if (term_count == 1 && terms->coefficient == 1) {
    LK(parameters)(terms, k);
    LK(maps)[terms->loss][mode](z, y, k, tile->value, tile->gradient, tile->curvature, n);
  } else {
    LK(evaluate_sum)(terms, term_count, z, y, tile, mode, n);
  }
}

// Whether sample i may be in the data; a sample of weight 0 is as if deleted.
LK_INLINE int LK(target_is_good)(lk_target_domain domain, LK_T y) {
  switch (domain) {
  case lk_targets_any:
    return 1;
  case lk_targets_nonnegative:
    return (y >= 0) & (y <= LK_LARGEST);
  case lk_targets_unit:
    return (y >= 0) & (y <= 1);
  case lk_targets_signs:
    return (y == 1) | (y == -1);
  }
  return 0;
}

LK_INLINE int LK(weight_is_good)(LK_T w) { return (w >= 0) & (w <= LK_LARGEST); }

LK_INLINE int LK(all_targets_good)(lk_target_domain domain, const LK_T *y, const LK_T *w, int64_t n) {
  LK_INT bad = 0;
  if (w) {
    LK_LOOP for (int64_t i = 0; i < n; ++i) bad |= !LK(target_is_good)(domain, y[i]) & (w[i] != 0);
  } else {
    LK_LOOP for (int64_t i = 0; i < n; ++i) bad |= !LK(target_is_good)(domain, y[i]);
  }
  return !bad;
}

// The index of the first target that the domain forbids, or −1. The common answer costs one vectorized pass.
LK_APART int64_t LK(find_bad_target)(lk_target_domain domain, const LK_T *y, const LK_T *w, int64_t n) {
  int good = 1;
  switch (domain) {
  case lk_targets_any:
    break;
  case lk_targets_nonnegative:
    good = LK(all_targets_good)(lk_targets_nonnegative, y, w, n);
    break;
  case lk_targets_unit:
    good = LK(all_targets_good)(lk_targets_unit, y, w, n);
    break;
  case lk_targets_signs:
    good = LK(all_targets_good)(lk_targets_signs, y, w, n);
    break;
  }
  if (good)
    return -1;
  int64_t i = 0;
  while (LK(target_is_good)(domain, y[i]) || (w && w[i] == 0))
    ++i;
  return i;
}

LK_APART int64_t LK(find_bad_weight)(const LK_T *w, int64_t n) {
  LK_INT bad = 0;
  LK_LOOP for (int64_t i = 0; i < n; ++i) bad |= !LK(weight_is_good)(w[i]);
  if (!bad)
    return -1;
  int64_t i = 0;
  while (LK(weight_is_good)(w[i]))
    ++i;
  return i;
}

// Looks for what may not be in a tile of samples that starts at `begin`, the weights first.
LK_INLINE int LK(inspect)(const lk_term *terms, int64_t term_count, const LK_T *y, const LK_T *w, int64_t begin,
                          int64_t n, lk_partial *partial) {
  int64_t bad = w ? LK(find_bad_weight)(w, n) : -1;
  lk_status status = lk_bad_weight;
  for (int64_t t = 0; t < term_count && bad < 0; ++t) {
    lk_target_domain domain = lk_target_domains[terms[t].loss];
    if (domain == lk_targets_any)
      continue;
    bad = LK(find_bad_target)(domain, y, w, n);
    status = lk_bad_target;
  }
  if (bad < 0)
    return 1;
  partial->status = status;
  partial->bad_index = begin + bad;
  return 0;
}

// Sums run in fixed virtual lanes in double, so that their order depends on nothing but the index.
LK_INLINE void LK(sum)(double *restrict lanes, const LK_T *restrict x, int64_t n) {
  for (int64_t i = 0; i < n; i += LK_LANES) {
    LK_UNROLL for (int j = 0; j < LK_LANES; ++j) lanes[j] += (double)x[i + j];
  }
}

// The part of a tile beyond whole lanes counts as zeros.
static void LK(sum_any)(double *restrict lanes, const LK_T *restrict x, int64_t n) {
  int64_t whole = n & -(int64_t)LK_LANES;
  LK(sum)(lanes, x, whole);
  for (int64_t i = whole; i < n; ++i)
    lanes[i - whole] += (double)x[i];
}
