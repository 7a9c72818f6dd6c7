// The tile: what every caller shares around the maps of the losses. Included once per scalar and instruction set.

// Value, first and second derivative with respect to the prediction.
typedef struct {
  LK_T value, gradient, curvature;
} LK(point);

#include "losses/regression-inl.h"
#include "losses/robust-inl.h"
#include "losses/rates-inl.h"
#include "losses/relative-inl.h"
#include "losses/binary-inl.h"
#include "losses/margin-inl.h"

// Asks for a share of the inputs two whole tiles ahead: the hardware's own prefetching stops at a page's end, and a
// tile is too much work for the processor to look past.
LK_INLINE void LK(fetch_ahead)(const LK_T *x, int64_t begin, int64_t end) {
  enum { line = 64 / sizeof(LK_T) };
  for (int64_t j = begin & -(int64_t)line; j < end; j += line)
    __builtin_prefetch(x + 2 * LK_TILE + j);
}

#include "formula-inl.h"

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
    n &= -(int64_t)LK_GROUP;                                                                                           \
    LK_LOOP_OF(LK_IN_FLIGHT)                                                                                           \
    for (int64_t i = 0; i < n; ++i)                                                                                    \
      LK_MAP_BODY(name, store_value, store_gradient, store_curvature)                                                  \
  }
#define LK_DEFINE_DEEP_MAP(name, mode, store_value, store_gradient, store_curvature)                                   \
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
#define LK_DEFINE_MAPS_plain(name)                                                                                     \
  LK_DEFINE_MAP(name, _value, 1, 0, 0)                                                                                 \
  LK_DEFINE_MAP(name, _gradient, 0, 1, 0)                                                                              \
  LK_DEFINE_FEW_MAPS(name)
#define LK_DEFINE_MAPS_heavy(name) LK_DEFINE_MAPS_deep(name) LK_DEFINE_DEEP_MAP(name, _gradient, 0, 1, 0)
#define LK_DEFINE_MAPS_deep(name)                                                                                      \
  LK_DEFINE_DEEP_MAP(name, _value, 1, 0, 0)                                                                            \
  LK_DEFINE_DEEP_MAP(name, _both, 1, 1, 0)                                                                             \
  LK_DEFINE_MAP(name, _all, 1, 1, 1)
#define LK_DEFINE_FEW_MAPS(name)                                                                                       \
  LK_DEFINE_MAP(name, _both, 1, 1, 0)                                                                                  \
  LK_DEFINE_MAP(name, _all, 1, 1, 1)
#define LK_DEFINE_MAPS_light(name) LK_DEFINE_FEW_MAPS(name)
#define LK_DEFINE_MAPS_wide(name) LK_DEFINE_FEW_MAPS(name)
#define LK_DEFINE_MAPS(name, targets, work, ...) LK_DEFINE_MAPS_##work(name)
LK_LOSSES(LK_DEFINE_MAPS)

// Indexed by loss and mode. Where a loss has few maps, value and gradient are computed together: a call that wants one
// of them pays for both.
#define LK_MAP_ROW_plain(name) LK(name##_value), LK(name##_gradient), LK(name##_both), LK(name##_all)
#define LK_MAP_ROW_light(name) LK(name##_both), LK(name##_both), LK(name##_both), LK(name##_all)
#define LK_MAP_ROW_heavy(name) LK_MAP_ROW_plain(name)
#define LK_MAP_ROW_deep(name) LK(name##_value), LK(name##_both), LK(name##_both), LK(name##_all)
#define LK_MAP_ROW_wide(name) LK_MAP_ROW_light(name)
#define LK_MAP_ROW(name, targets, work, ...) {LK_MAP_ROW_##work(name)},
static const LK(map) LK(maps)[lk_loss_count][4] = {LK_LOSSES(LK_MAP_ROW)};

// The derivatives by the parameters, one row of LK_TILE numbers each, in double for both scalars. A definition per loss
// that has parameters: LK(name_slopes)(z, y, k, d) fills d.
#if LK_IS_F64
typedef void (*LK(slope_map))(const LK_T *restrict z, const LK_T *restrict y, const LK_T *restrict k,
                              LK_T *restrict slopes, int64_t n);
#define LK_DEFINE_SLOPE_MAP_OF(name, count)                                                                            \
  static void LK(name##_slope_map)(const LK_T *restrict z, const LK_T *restrict y, const LK_T *restrict k,             \
                                   LK_T *restrict slopes, int64_t n) {                                                 \
    n &= -(int64_t)LK_GROUP;                                                                                           \
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) {                                                                    \
      LK_T d[3] = {0, 0, 0};                                                                                           \
      LK(name##_slopes)(z[i], y[i], k, d);                                                                             \
      slopes[i] = d[0];                                                                                                \
      if (count > 1)                                                                                                   \
        slopes[LK_TILE + i] = d[1];                                                                                    \
      if (count > 2)                                                                                                   \
        slopes[2 * LK_TILE + i] = d[2];                                                                                \
    }                                                                                                                  \
  }
#define LK_DEFINE_SLOPE_MAP_0(name)
#define LK_DEFINE_SLOPE_MAP_1(name) LK_DEFINE_SLOPE_MAP_OF(name, 1)
#define LK_DEFINE_SLOPE_MAP_2(name) LK_DEFINE_SLOPE_MAP_OF(name, 2)
#define LK_DEFINE_SLOPE_MAP_3(name) LK_DEFINE_SLOPE_MAP_OF(name, 3)
#define LK_DEFINE_SLOPE_MAP(name, targets, work, count, ...) LK_DEFINE_SLOPE_MAP_##count(name)
#define LK_SLOPE_ROW_0(name) 0,
#define LK_SLOPE_ROW_1(name) LK(name##_slope_map),
#define LK_SLOPE_ROW_2(name) LK(name##_slope_map),
#define LK_SLOPE_ROW_3(name) LK(name##_slope_map),
#define LK_SLOPE_ROW(name, targets, work, count, ...) LK_SLOPE_ROW_##count(name)
LK_LOSSES(LK_DEFINE_SLOPE_MAP)
static const LK(slope_map) LK(slope_maps)[lk_loss_count] = {LK_LOSSES(LK_SLOPE_ROW)};
#endif

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

// One term, without its coefficient.
LK_INLINE void LK(evaluate_term)(const lk_term *term, const LK_T *z, const LK_T *y, LK_T *value, LK_T *gradient,
                                 LK_T *curvature, lk_mode mode, int64_t n, int ahead) {
  if (term->loss == lk_loss_custom) {
    const lk_formula *formula = term->formula;
    const lk_program *program = mode == lk_mode_value ? &formula->value
                                : mode == lk_mode_all ? &formula->all
                                                      : &formula->both;
    LK(run_program)(program, z, y, (LK_T *[]){value, gradient, curvature}, n, ahead);
  } else {
    if (ahead) {
      LK(fetch_ahead)(z, 0, n);
      LK(fetch_ahead)(y, 0, n);
    }
    LK_T k[LK_MAX_PARAMETERS];
    LK(parameters)(term, k);
    LK(maps)[term->loss][mode](z, y, k, value, gradient, curvature, n);
  }
}

// Terms of coefficient 0 are left out.
LK_APART void LK(evaluate_sum)(const lk_term *terms, int64_t term_count, const LK_T *z, const LK_T *y, LK(tile) * tile,
                               lk_mode mode, int64_t n, int ahead) {
  _Alignas(64) LK_T value[LK_TILE], gradient[LK_TILE], curvature[LK_TILE];
  int first = 1;
  for (int64_t t = 0; t < term_count; ++t) {
    LK_T c = (LK_T)terms[t].coefficient;
    if (c == 0)
      continue;
    LK(evaluate_term)(&terms[t], z, y, value, gradient, curvature, mode, n, ahead && first);
    if (mode != lk_mode_gradient)
      LK(combine)(tile->value, value, c, first, n);
    if (mode != lk_mode_value)
      LK(combine)(tile->gradient, gradient, c, first, n);
    if (mode == lk_mode_all)
      LK(combine)(tile->curvature, curvature, c, first, n);
    first = 0;
  }
  if (first) {
    size_t size = (size_t)n * sizeof(LK_T);
    memset(tile->value, 0, size);
    memset(tile->gradient, 0, size);
    memset(tile->curvature, 0, size);
  }
}

// Fills the tile's results with Σ coefficient × loss over the terms; n is a multiple of LK_GROUP. `ahead` says that two
// more tiles follow, which are to be fetched.
LK_INLINE void LK(evaluate)(const lk_term *terms, int64_t term_count, const LK_T *z, const LK_T *y, LK(tile) * tile,
                            lk_mode mode, int64_t n, int ahead) {
  if (term_count == 1 && terms->coefficient == 1)
    LK(evaluate_term)(terms, z, y, tile->value, tile->gradient, tile->curvature, mode, n, ahead);
  else
    LK(evaluate_sum)(terms, term_count, z, y, tile, mode, n, ahead);
}

// Whether sample i may be in the data; a sample of weight 0 is as if deleted.
LK_INLINE int LK(target_is_good)(lk_target_domain domain, LK_T y) {
  switch (domain) {
  case lk_targets_any:
  case lk_targets_by_power:
    return 1;
  case lk_targets_nonnegative:
    return (y >= 0) & (y <= LK_LARGEST);
  case lk_targets_positive:
    return (y > 0) & (y <= LK_LARGEST);
  case lk_targets_above_minus_one:
    return (y > -1) & (y <= LK_LARGEST);
  case lk_targets_unit:
    return (y >= 0) & (y <= 1);
  case lk_targets_signs:
    return (y == 1) | (y == -1);
  }
  return 0;
}

LK_INLINE int LK(weight_is_good)(LK_T w) { return (w >= 0) & (w <= LK_LARGEST); }

// The greatest target that a domain of targets from 0 allows.
LK_INLINE LK_T LK(greatest_target)(lk_target_domain domain) { return domain == lk_targets_unit ? 1 : LK_LARGEST; }

// Whether no target is bad; it may be 0 where none is. Patterns of bits of positive numbers are in the order of the
// numbers, those of negative numbers and NaN above: their maximum is found faster than a comparison of each.
LK_INLINE int LK(all_targets_good)(lk_target_domain domain, const LK_T *y, const LK_T *w, int64_t n) {
  LK_INT bad = 0;
  if (w) {
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) bad |= !LK(target_is_good)(domain, y[i]) & (w[i] != 0);
  } else if (domain == lk_targets_unit || domain == lk_targets_nonnegative) {
    LK_UINT greatest = 0;
    LK_LOOP_OF(4) for (int64_t i = 0; i < n; ++i) {
      LK_UINT bits = LK(to_bits)(y[i]);
      greatest = bits > greatest ? bits : greatest;
    }
    bad = greatest > LK(to_bits)(LK(greatest_target)(domain));
  } else {
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) bad |= !LK(target_is_good)(domain, y[i]);
  }
  return !bad;
}

// The index of the first target that the domain forbids, or −1. The common answer costs one vectorized pass.
LK_APART int64_t LK(find_bad_target)(lk_target_domain domain, const LK_T *y, const LK_T *w, int64_t n) {
  int good = 1;
  switch (domain) {
  case lk_targets_any:
  case lk_targets_by_power:
    break;
  case lk_targets_positive:
    good = LK(all_targets_good)(lk_targets_positive, y, w, n);
    break;
  case lk_targets_above_minus_one:
    good = LK(all_targets_good)(lk_targets_above_minus_one, y, w, n);
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
  for (int64_t i = 0; i < n; ++i)
    if (!LK(target_is_good)(domain, y[i]) && !(w && w[i] == 0))
      return i;
  return -1; // a target is −0
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
    lk_target_domain domain = lk_targets_of(&terms[t]);
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

// Adds weight × x to the lanes.
LK_APART void LK(weighted_sum)(double *restrict lanes, const LK_T *restrict x, const LK_T *restrict w, int64_t n) {
  double products[LK_TILE];
  LK_LOOP for (int64_t i = 0; i < n; ++i) products[i] = w[i] == 0 ? 0 : (double)w[i] * (double)x[i];
  sum_any_f64(lanes, products, n);
}

static double LK(tile_sum)(const LK_T *x, const LK_T *w, int64_t n) {
  double lanes[LK_LANES] = {0};
  if (w)
    LK(weighted_sum)(lanes, x, w, n);
  else
    LK(sum_any)(lanes, x, n);
  return lk_fold(lanes);
}

// Adds Σ weight × derivative by each parameter of a loss of the list. In double for both scalars: sums over all samples
// cancel, and it halves the code.
#if LK_IS_F64
LK_APART void LK(add_parameter_slopes)(const lk_term *term, const LK_T *z, const LK_T *y, const LK_T *w, int64_t n,
                                       int64_t padded, double *sums) {
  _Alignas(64) LK_T slopes[LK_MAX_PARAMETERS * LK_TILE];
  LK_T k[LK_MAX_PARAMETERS];
  LK(parameters)(term, k);
  LK(slope_maps)[term->loss](z, y, k, slopes, padded);
  for (int32_t p = 0; p < lk_parameter_counts[term->loss]; ++p)
    sums[p] += LK(tile_sum)(slopes + p * LK_TILE, w, n);
}
#else
LK_APART void LK(add_parameter_slopes)(const lk_term *term, const LK_T *z, const LK_T *y, const LK_T *w, int64_t n,
                                       int64_t padded, double *sums) {
  _Alignas(64) double wide_z[LK_TILE], wide_y[LK_TILE], wide_w[LK_TILE];
  LK_LOOP for (int64_t i = 0; i < padded; ++i) wide_z[i] = z[i], wide_y[i] = y[i];
  if (w) {
    LK_LOOP for (int64_t i = 0; i < n; ++i) wide_w[i] = w[i];
  }
  add_parameter_slopes_f64(term, wide_z, wide_y, w ? wide_w : 0, n, padded, sums);
}
#endif

// Adds Σ weight × derivative of the first n samples to `sums`, LK_TERM_SLOTS for each term: by the coefficient, then by
// the parameters, these without the coefficient. z and y are filled up to whole groups.
LK_APART void LK(add_slopes)(const lk_term *terms, int64_t term_count, const LK_T *z, const LK_T *y, const LK_T *w,
                             int64_t n, double *sums) {
  _Alignas(64) LK_T value[LK_TILE], slopes[LK_MAX_PARAMETERS * LK_TILE];
  int64_t padded = (n + LK_GROUP - 1) & -(int64_t)LK_GROUP;
  for (int64_t t = 0; t < term_count; ++t, sums += LK_TERM_SLOTS) {
    const lk_term *term = &terms[t];
    // The map may fill in the gradient too: the memory of the slopes has room for it.
    LK(evaluate_term)(term, z, y, value, slopes, 0, lk_mode_value, padded, 0);
    sums[0] += LK(tile_sum)(value, w, n);
    if (term->loss == lk_loss_custom) {
      int32_t count = term->formula->slopes.output_count;
      LK_T *rows[LK_MAX_PARAMETERS];
      for (int32_t p = 0; p < count; ++p)
        rows[p] = slopes + p * LK_TILE;
      LK(run_program)(&term->formula->slopes, z, y, rows, padded, 0);
      for (int32_t p = 0; p < count; ++p)
        sums[1 + p] += LK(tile_sum)(slopes + p * LK_TILE, w, n);
    } else if (lk_parameter_counts[term->loss]) {
      LK(add_parameter_slopes)(term, z, y, w, n, padded, sums + 1);
    }
  }
}
