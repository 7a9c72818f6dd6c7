// The block function of lk_divergence: rows one after the other, each in tiles of classes. Included once per scalar and
// instruction set, after categorical-inl.h.

#if LK_IS_F64
#include "losses/divergence-inl.h"

// A tile of classes of one row, and what the map makes of it.
typedef struct {
  _Alignas(64) double q[LK_TILE], log_q[LK_TILE], p[LK_TILE], log_p[LK_TILE];
  _Alignas(64) double value[LK_TILE], slope[LK_TILE], pull[LK_TILE], turn[LK_TILE], bend[LK_TILE];
} lk_gaps;

// n is a multiple of LK_GROUP.
typedef void (*lk_divergence_map)(lk_gaps *restrict tile, int64_t n);
#define LK_DEFINE_DIVERGENCE_MAP(name, shift)                                                                          \
  static void lk_map_##name(lk_gaps *restrict tile, int64_t n) {                                                       \
    n &= -(int64_t)LK_GROUP;                                                                                           \
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) {                                                                    \
      lk_gap gap = lk_##name(tile->q[i], tile->log_q[i], tile->p[i], tile->log_p[i]);                                  \
      tile->value[i] = gap.value;                                                                                      \
      tile->slope[i] = gap.slope;                                                                                      \
      tile->pull[i] = gap.pull;                                                                                        \
      tile->turn[i] = gap.turn;                                                                                        \
      tile->bend[i] = gap.bend;                                                                                        \
    }                                                                                                                  \
  }
LK_DIVERGENCES(LK_DEFINE_DIVERGENCE_MAP)
#define LK_DIVERGENCE_ROW(name, shift) lk_map_##name,
static const lk_divergence_map lk_divergence_maps[lk_divergence_count] = {LK_DIVERGENCES(LK_DIVERGENCE_ROW)};
#define LK_SHIFT_ROW(name, shift) shift,
static const double lk_shifts[lk_divergence_count] = {LK_DIVERGENCES(LK_SHIFT_ROW)};

// The softmax of a row: p = exp((x − max) × scale)/(1 + rest).
typedef struct {
  double max, scale;
  int64_t top; // where the maximum stands, the first of several
  double rest; // Σ exp((x − max) × scale) without the top: so small a sum keeps its relative accuracy beside the 1
  double log_sum; // ln(1 + rest)
  double p_top;   // 1/(1 + rest)
} lk_shape;

static lk_shape lk_finish_shape(lk_shape shape, const double *lanes) {
  // A row without a finite greatest number gives NaN.
  shape.rest = lk_fold(lanes) + (shape.max - shape.max);
  shape.log_sum = log1p_f64(shape.rest);
  shape.p_top = 1 / (1 + shape.rest);
  return shape;
}

// The logarithms of a tile of probabilities, or the probabilities of logarithms.
LK_APART void lk_take_logarithms(const double *restrict p, double *restrict log_p, int64_t n) {
  n &= -(int64_t)LK_GROUP;
  LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) log_p[i] = log_f64(p[i]);
}

LK_APART void lk_take_exponentials(const double *restrict log_p, double *restrict p, int64_t n) {
  n &= -(int64_t)LK_GROUP;
  LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) p[i] = exp_f64(log_p[i]);
}

LK_APART void lk_take_softmax(const lk_shape *shape, double *restrict p, double *restrict log_p, int64_t n) {
  double max = shape->max, scale = shape->scale, log_sum = shape->log_sum, p_top = shape->p_top;
  n &= -(int64_t)LK_GROUP;
  LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) {
    double a = (log_p[i] - max) * scale;
    p[i] = exp_neg_f64(a) * p_top;
    log_p[i] = a - log_sum;
  }
}

// The gradient by the logits of an infinite divergence: towards less of the classes that make it infinite.
LK_APART void lk_fill_infinite(const lk_gaps *tile, double *g, int64_t n) {
  const double infinite = __builtin_inf();
  for (int64_t i = 0; i < n; ++i)
    g[i] = tile->pull[i] == infinite ? infinite : tile->p[i] > 0 ? -infinite : 0;
}

// A sum over a row: the term at the top, and those of all other classes.
typedef struct {
  double top, beside;
} lk_split_sum;

// Adds a tile of n classes; `top` is where the top stands in it, if it does.
LK_APART void lk_add_split(lk_split_sum *sum, double *lanes, double *x, int64_t top, int64_t n) {
  int is_here = top >= 0 && top < n;
  if (is_here) {
    sum->top = x[top];
    x[top] = 0;
  }
  sum_any_f64(lanes, x, n);
  if (is_here)
    x[top] = sum->top;
}

// What the derivatives by the logits need to know of the whole row.
typedef struct {
  double value;
  lk_split_sum pull, turn;
} lk_row_sums;

// The gradient by n classes of a row from its tile, by what the form says.
LK_APART void lk_take_gradient(lk_form form, const lk_shape *shape, double shift, const lk_row_sums *sums,
                               const lk_gaps *tile, double *restrict g, int64_t k, int64_t n) {
  double total = sums->pull.top + sums->pull.beside;
  if (form == lk_form_probabilities) {
    memcpy(g, tile->slope, (size_t)n * sizeof *g);
  } else if (form == lk_form_log_probabilities) {
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) g[i] = tile->pull[i] + shift * tile->p[i];
  } else if (total == __builtin_inf()) {
    lk_fill_infinite(tile, g, n);
  } else {
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) g[i] = tile->pull[i] - tile->p[i] * total;
    // 1 − p at the top without cancellation.
    if (shape->top >= k && shape->top < k + n)
      g[shape->top - k] = shape->p_top * (sums->pull.top * shape->rest - sums->pull.beside);
  }
}

// The second derivatives, in place of the gradient.
LK_APART void lk_take_curvature(lk_form form, const lk_shape *shape, double shift, const lk_row_sums *sums,
                                const lk_gaps *tile, double *restrict g, int64_t k, int64_t n) {
  const double infinite = __builtin_inf(), pulls = sums->pull.top + sums->pull.beside;
  const double turns = sums->turn.top + sums->turn.beside;
  const double *p = tile->p, *bend = tile->bend, *turn = tile->turn;
  if (form == lk_form_probabilities) {
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) {
      double at_zero = g[i] * g[i] == infinite ? infinite : 0;
      g[i] = p[i] == 0 ? at_zero : bend[i] / p[i] / p[i];
    }
  } else if (form == lk_form_log_probabilities) {
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) g[i] = turn[i] + shift * p[i];
  } else if (pulls == infinite) {
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) g[i] = abs_f64(g[i]);
  } else {
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) {
      g[i] = (1 - 2 * p[i]) * turn[i] + p[i] * (p[i] * turns - (1 - p[i]) * pulls);
    }
    // 1 − p at the top without cancellation.
    if (shape->top >= k && shape->top < k + n) {
      double top = shape->p_top, rest = top * shape->rest;
      g[shape->top - k] = rest * (rest * sums->turn.top - top * sums->pull.top) +
                          top * (top * sums->turn.beside - rest * sums->pull.beside);
    }
  }
}
#endif

// The shape of a row of n ≥ 1 logits.
LK_APART lk_shape LK(find_shape)(const LK_T *x, double scale, int64_t n) {
  double lanes[LK_LANES] = {0}, e[LK_TILE];
  LK_T max = LK(row_max)(x, n);
  int64_t top = LK(row_find)(x, max, n);
  lk_shape shape = {.max = (double)max, .scale = scale, .top = top < n ? top : 0};
  for (int64_t k = 0, length; k < n; k += length) {
    length = n - k < LK_TILE ? n - k : LK_TILE;
    LK_LOOP_OF(1)
    for (int64_t j = 0; j < length; ++j)
      e[j] = exp_neg_f64(((double)x[k + j] - shape.max) * scale);
    if (shape.top >= k && shape.top < k + length)
      e[shape.top - k] = 0;
    sum_any_f64(lanes, e, length);
  }
  return lk_finish_shape(shape, lanes);
}

// Fills a tile with n classes of a row and their logarithms; what is beyond them has probability 0.
LK_APART void LK(fill_classes)(const LK_T *restrict x, lk_form form, const lk_shape *shape, double *restrict p,
                               double *restrict log_p, int64_t n, int64_t padded) {
  double *to = form == lk_form_probabilities ? p : log_p;
  LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) to[i] = (double)x[i];
  if (form == lk_form_logits)
    lk_take_softmax(shape, p, log_p, padded);
  else if (form == lk_form_log_probabilities)
    lk_take_exponentials(log_p, p, padded);
  else
    lk_take_logarithms(p, log_p, padded);
  for (int64_t i = n; i < padded; ++i) {
    p[i] = 0;
    log_p[i] = -__builtin_inf();
  }
}

// The index of the first target that is not allowed, or −1.
LK_APART int64_t LK(find_bad_class)(const LK_T *x, lk_form form, int64_t n) {
  if (form == lk_form_probabilities)
    return LK(find_bad_weight)(x, n);
  LK_INT bad = 0;
  LK_LOOP for (int64_t i = 0; i < n; ++i) bad |= !(x[i] <= LK_LARGEST);
  if (!bad)
    return -1;
  int64_t i = 0;
  while (x[i] <= LK_LARGEST)
    ++i;
  return i;
}

// One row: its predictions and targets, as far as they are not the call's.
typedef struct {
  const LK_T *z, *t;
  lk_shape predictions, targets;
} LK(divergence_row);

LK_APART void LK(map_classes)(const lk_divergence_call *call, const LK(divergence_row) * row, lk_gaps *tile, int64_t k,
                              int64_t n) {
  int64_t padded = (n + LK_GROUP - 1) & -(int64_t)LK_GROUP;
  LK(fill_classes)(row->z + k, call->form, &row->predictions, tile->p, tile->log_p, n, padded);
  if (row->t)
    LK(fill_classes)(row->t + k, call->target_form, &row->targets, tile->q, tile->log_q, n, padded);
  lk_divergence_maps[call->divergence](tile, padded);
}

// The sums over a row; leaves its last tile.
LK_APART lk_row_sums LK(sum_row)(const lk_divergence_call *call, const LK(divergence_row) * row, lk_gaps *tile) {
  double lanes[LK_LANES] = {0}, pull_lanes[LK_LANES] = {0}, turn_lanes[LK_LANES] = {0};
  lk_row_sums sums = {0};
  int needs_sums = (call->rows.gradient || call->rows.curvature) && call->form == lk_form_logits;
  for (int64_t k = 0, n; k < call->rows.columns; k += n) {
    n = call->rows.columns - k < LK_TILE ? call->rows.columns - k : LK_TILE;
    LK(map_classes)(call, row, tile, k, n);
    sum_any_f64(lanes, tile->value, n);
    if (!needs_sums)
      continue;
    lk_add_split(&sums.pull, pull_lanes, tile->pull, row->predictions.top - k, n);
    if (call->rows.curvature)
      lk_add_split(&sums.turn, turn_lanes, tile->turn, row->predictions.top - k, n);
  }
  sums.value = call->factor * lk_fold(lanes);
  sums.pull.beside = lk_fold(pull_lanes);
  sums.turn.beside = lk_fold(turn_lanes);
  return sums;
}

LK_APART void LK(store_class_results)(LK_T *restrict to, const double *restrict g, double factor, int accumulate,
                                      int64_t n) {
  if (accumulate) {
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) to[i] += (LK_T)(factor * g[i]);
  } else {
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) to[i] = (LK_T)(factor * g[i]);
  }
}

// The derivatives by n classes of row i, from its tile.
static void LK(store_classes)(const lk_divergence_call *call, const LK(divergence_row) * row, const lk_row_sums *sums,
                              double factor, const lk_gaps *tile, int64_t i, int64_t k, int64_t n) {
  const lk_rows *rows = &call->rows;
  const lk_shape *shape = &row->predictions;
  double g[LK_TILE], shift = lk_shifts[call->divergence], scale = call->form == lk_form_logits ? shape->scale : 1;
  lk_take_gradient(call->form, shape, shift, sums, tile, g, k, n);
  if (rows->gradient)
    LK(store_class_results)
  ((LK_T *)rows->gradient + i * rows->gradient_stride + k, g, factor * scale, rows->accumulate, n);
  if (!rows->curvature)
    return;
  lk_take_curvature(call->form, shape, shift, sums, tile, g, k, n);
  LK(store_class_results)
  ((LK_T *)rows->curvature + i * rows->curvature_stride + k, g, factor * scale * scale, rows->accumulate, n);
}

static void LK(divergence_block)(const void *untyped, double factor, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_divergence_call *call = untyped;
  const lk_rows *rows = &call->rows;
  const LK_T *weights = rows->weights;
  LK_T *values = rows->values;
  int64_t columns = rows->columns;
  double lanes[LK_LANES] = {0};
  lk_gaps tile;
  partial->weight = (double)(end - begin);
  if (weights)
    LK(weight_block)(weights, begin, end, partial);
  if (!rows->targets)
    memset(&tile, 0, sizeof tile);
  for (int64_t i = begin; i < end && partial->status == lk_ok; ++i) {
    LK(divergence_row)
    row = {
        .z = (const LK_T *)rows->predictions + i * rows->prediction_stride,
        .t = rows->targets ? (const LK_T *)rows->targets + i * rows->target_stride : 0,
    };
    double weight = weights ? (double)weights[i] : 1;
    if (weight == 0) {
      if (values)
        values[i] = 0;
      if (rows->gradient && !rows->accumulate)
        memset((LK_T *)rows->gradient + i * rows->gradient_stride, 0, (size_t)columns * sizeof(LK_T));
      if (rows->curvature && !rows->accumulate)
        memset((LK_T *)rows->curvature + i * rows->curvature_stride, 0, (size_t)columns * sizeof(LK_T));
      continue;
    }
    int64_t bad = row.t ? LK(find_bad_class)(row.t, call->target_form, columns) : -1;
    if (bad >= 0) {
      partial->status = lk_bad_target;
      partial->bad_index = i * columns + bad;
      return;
    }
    if (call->form == lk_form_logits)
      row.predictions = LK(find_shape)(row.z, call->scale, columns);
    if (row.t && call->target_form == lk_form_logits)
      row.targets = LK(find_shape)(row.t, call->scale, columns);
    lk_row_sums sums = LK(sum_row)(call, &row, &tile);
    lanes[(i - begin) % LK_LANES] += weight * sums.value;
    if (values)
      values[i] = (LK_T)(weight * sums.value);
    for (int64_t k = 0, n; (rows->gradient || rows->curvature) && k < columns; k += n) {
      n = columns - k < LK_TILE ? columns - k : LK_TILE;
      if (columns > LK_TILE)
        LK(map_classes)(call, &row, &tile, k, n);
      LK(store_classes)(call, &row, &sums, factor * weight * call->factor, &tile, i, k, n);
    }
  }
  partial->value = lk_fold(lanes);
}
