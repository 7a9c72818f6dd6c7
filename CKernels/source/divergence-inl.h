// The block function of lk_divergence: rows one after the other, each in tiles of classes. Included once per scalar and
// instruction set, after categorical-inl.h.

#if LK_IS_F64
#include "losses/divergence-inl.h"

// A tile of classes of one row, and what the map makes of it.
typedef struct {
  _Alignas(64) double q[LK_TILE], log_q[LK_TILE], p[LK_TILE], log_p[LK_TILE];
  _Alignas(64) double value[LK_TILE], slope[LK_TILE], pull[LK_TILE];
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

// What the gradient by the logits needs to know of the whole row.
typedef struct {
  double value;
  double pull_top, pull_beside; // the pull at the top, and the sum of all others
} lk_row_sums;
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
static lk_row_sums LK(sum_row)(const lk_divergence_call *call, const LK(divergence_row) * row, lk_gaps *tile) {
  double lanes[LK_LANES] = {0}, pull_lanes[LK_LANES] = {0};
  lk_row_sums sums = {0};
  int needs_pull = call->rows.gradient && call->form == lk_form_logits;
  for (int64_t k = 0, n; k < call->rows.columns; k += n) {
    n = call->rows.columns - k < LK_TILE ? call->rows.columns - k : LK_TILE;
    LK(map_classes)(call, row, tile, k, n);
    sum_any_f64(lanes, tile->value, n);
    if (!needs_pull)
      continue;
    int64_t top = row->predictions.top - k;
    double pull = 0;
    if (top >= 0 && top < n) {
      pull = sums.pull_top = tile->pull[top];
      tile->pull[top] = 0;
    }
    sum_any_f64(pull_lanes, tile->pull, n);
    if (top >= 0 && top < n)
      tile->pull[top] = pull;
  }
  sums.value = call->factor * lk_fold(lanes);
  sums.pull_beside = lk_fold(pull_lanes);
  return sums;
}

// The gradient by n classes of a row, from its tile.
LK_APART void LK(store_classes)(const lk_divergence_call *call, const LK(divergence_row) * row, const lk_row_sums *sums,
                                double factor, const lk_gaps *tile, LK_T *gradient, int64_t k, int64_t n) {
  double g[LK_TILE], shift = lk_shifts[call->divergence], total = sums->pull_top + sums->pull_beside;
  if (call->form == lk_form_logits) {
    const lk_shape *shape = &row->predictions;
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) g[i] = tile->pull[i] - tile->p[i] * total;
    if (total == (double)LK_INFINITE)
      lk_fill_infinite(tile, g, n);
    // 1 − p at the top without cancellation.
    if (shape->top >= k && shape->top < k + n && total != (double)LK_INFINITE)
      g[shape->top - k] = shape->p_top * (sums->pull_top * shape->rest - sums->pull_beside);
    factor *= shape->scale;
  } else if (call->form == lk_form_log_probabilities) {
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) g[i] = tile->pull[i] + shift * tile->p[i];
  } else {
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) g[i] = tile->slope[i];
  }
  if (call->rows.accumulate) {
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) gradient[k + i] += (LK_T)(factor * g[i]);
  } else {
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) gradient[k + i] = (LK_T)(factor * g[i]);
  }
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
    LK_T *gradient = rows->gradient ? (LK_T *)rows->gradient + i * rows->gradient_stride : 0;
    double weight = weights ? (double)weights[i] : 1;
    if (weight == 0) {
      if (values)
        values[i] = 0;
      if (gradient && !rows->accumulate)
        memset(gradient, 0, (size_t)columns * sizeof *gradient);
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
    for (int64_t k = 0, n; gradient && k < columns; k += n) {
      n = columns - k < LK_TILE ? columns - k : LK_TILE;
      if (columns > LK_TILE)
        LK(map_classes)(call, &row, &tile, k, n);
      LK(store_classes)(call, &row, &sums, factor * weight * call->factor, &tile, gradient, k, n);
    }
  }
  partial->value = lk_fold(lanes);
}
